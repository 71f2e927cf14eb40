internal import CConfinement
import Foundation
import SystemLibrary

/// What a process gives up for good before it runs somebody else's code: files but for a few, the network, other processes,
/// and memory without end.
///
/// Landlock and seccomp, which need no privileges, hold whatever that code does to the program. They act on the thread that
/// enters and on those that it starts, so that a process enters before it has any other.
public struct Confinement: Sendable {
  /// Files and folders that can be read.
  public var readable: [String]
  /// The folder in which files can be written.
  public var writable: String

  /// Whether this system can confine: a kernel with Landlock (Linux 5.13 or newer, unless it is switched off) and seccomp.
  public static var isAvailable: Bool { nbs_landlock_version() > 0 && nbs_filters_calls() != 0 }

  /// What measuring memory and counting processors reads.
  private static let measures = [
    "/proc/meminfo", "/proc/self/statm", "/proc/self/cgroup", "/sys/fs/cgroup", "/sys/devices/system/cpu",
    "/dev/null", "/dev/urandom",
  ]

  /// Enters it: the thread that calls, for good.
  ///
  /// - Throws: where the kernel refuses.
  public func enter() throws(Refusal) {
    let readable = (self.readable + Self.measures).map { strdup($0) }
    let writable = strdup(writable)
    defer { for path in readable + [writable] { free(path) } }
    func constant(_ paths: [UnsafeMutablePointer<CChar>?]) -> [UnsafePointer<CChar>?] {
      paths.map { $0.map { UnsafePointer($0) } } + [nil]
    }
    let code = nbs_confine_files(constant(readable), constant([writable]))
    try Self.check(code, "Landlock")
    try Self.check(nbs_confine_calls(), "seccomp")
  }

  /// Why the kernel does not confine.
  public struct Refusal: Error {
    /// In a sentence.
    public let message: String
  }

  private static func check(_ code: Int32, _ part: String) throws(Refusal) {
    guard code != 0 else { return }
    throw Refusal(
      message: "The kernel does not confine the process (\(part): \(String(cString: strerror(code)))).")
  }

  /// Bounds what this process may take: memory, the sizes of files, the time of its processors.
  ///
  /// - Parameter seconds: how long it has.
  public static func limitResources(seconds: Double) {
    let information = ProcessInfo.processInfo
    // Several are graded at once, and one that takes all memory would end the others.
    let share = Int(information.physicalMemory) / 2 / information.activeProcessorCount
    let memory = rlim_t(min(max(share, 1 << 30), 4 << 30))
    limit(RLIMIT_DATA, to: memory)
    // Memory that is shared counts here alone; stacks and the heap's arenas are reserved and not used.
    limit(RLIMIT_AS, to: memory + (16 << 30))
    limit(RLIMIT_CORE, to: 0)
    limit(RLIMIT_FSIZE, to: 256 << 20)
    limit(RLIMIT_NOFILE, to: 256)
    limit(RLIMIT_CPU, to: rlim_t(seconds.rounded(.up) + 1) * rlim_t(information.activeProcessorCount))
    // A file that grows too large is an error, and not the end.
    signal(SIGXFSZ, SIG_IGN)
  }

  private static func limit(_ resource: __rlimit_resource, to value: rlim_t) {
    var limit = rlimit()
    guard getrlimit(Int32(resource.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = min(limit.rlim_cur, value)
    limit.rlim_max = min(limit.rlim_max, value)
    setrlimit(Int32(resource.rawValue), &limit)
  }
}

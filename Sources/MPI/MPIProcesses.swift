public import Foundations
public import NeuralEngine
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The processes that `mpirun` or `srun` has started.
public final class MPIProcesses: ProcessGroup {
  /// The rank among all processes.
  public let rank: Int
  /// How many processes were started.
  public let count: Int
  /// How many threads this process may take.
  public let threads: Int
  private let library: MPILibrary
  /// Whether all processes are where this one is, so that they can end in good order.
  private let isTogether = Atomic(false)
  /// What is told to the user goes here, whatever has become of standard error.
  private let complaints: Int32

  /// Joins the other processes; returns when all are there. Only one process's outputs are the user's, so that the
  /// others fall silent.
  ///
  /// - Throws: `missing-library`.
  public init(_ launch: MPILaunch) throws(CodedError) {
    library = try MPILibrary()
    // Each has its share of the machine, unless told otherwise.
    threads = launch.threads
    setenv("NBS_THREADS", String(threads), 0)
    var (granted, rank, count): (Int32, Int32, Int32) = (0, 0, 1)
    _ = library.initialize(nil, nil, MPILibrary.funneled, &granted)
    _ = library.rank(library.world, &rank)
    _ = library.size(library.world, &count)
    self.rank = Int(rank)
    self.count = Int(count)
    complaints = dup(STDERR_FILENO)
    if rank > 0 { fallSilent() }
    MPIProcesses.joined.withLock { $0 = self }
    on_exit({ status, _ in MPIProcesses.joined.withLock { $0 }?.exit(status) }, nil)
  }

  /// What this process belongs to: it must leave it before it ends.
  private static let joined = Mutex<MPIProcesses?>(nil)

  /// Seconds that a process leaves to the first one to say what is wrong.
  private static let patience: UInt32 = 3

  private func exit(_ status: Int32) {
    if isTogether.load(ordering: .relaxed) {
      _ = library.finalize()
    } else {
      if rank > 0 { sleep(MPIProcesses.patience) }
      _ = library.abort(library.world, status)
    }
  }

  /// Says that all processes have come to the same point, behind which each of them ends.
  public func haveFinished() { isTogether.store(true, ordering: .relaxed) }

  private func fallSilent() {
    let nothing = open("/dev/null", O_RDWR)
    guard nothing >= 0 else { return }
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { dup2(nothing, stream) }
    close(nothing)
  }

  /// Sends and receives, all messages at once.
  public func exchange(_ sent: [ProcessMessage], _ received: [ProcessMessage]) {
    var requests = [OpaquePointer?](repeating: nil, count: sent.count + received.count)
    requests.withUnsafeMutableBufferPointer { requests in
      guard let base = requests.baseAddress else { return }
      for (place, message) in received.enumerated() {
        _ = library.receive(
          message.memory, Int32(message.bytes), library.byte, Int32(message.process), 0, library.world,
          base + place)
      }
      for (place, message) in sent.enumerated() {
        _ = library.send(
          message.memory, Int32(message.bytes), library.byte, Int32(message.process), 0, library.world,
          base + received.count + place)
      }
      _ = library.waitForAll(Int32(requests.count), base, nil)
    }
  }

  /// Says what is wrong, with the name of this machine, and ends all processes.
  public func abandon(_ reason: String) -> Never {
    let words = "nbs: process \(rank) on \(MPIProcesses.host): \(reason)\n"
    _ = words.withCString { write(complaints, $0, strlen($0)) }
    _ = library.abort(library.world, 1)
    _exit(1)
  }

  /// The name of this machine.
  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

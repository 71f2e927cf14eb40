import Foundations
import Synchronization
import SystemLibrary

/// This program started once more, as a process of its own, so that a notebook that crashes takes no other along.
///
/// It goes by `posix_spawn` and not by Foundation's `Process`: several run at once, each on a thread, and a
/// pipe that another's child inherits by accident ends only with that child. Nor should it inherit what a
/// thread of Dispatch's has blocked, which is every signal. It stays in this program's group, so that Ctrl-C reaches it.
public struct ChildProcess: Sendable {
  /// How a process ended.
  public enum Ending: Sendable, Equatable {
    /// By itself, with this code.
    case exited(Int32)
    /// By this signal.
    case signalled(Int32)
  }

  /// What it wrote to standard output.
  public let output: [UInt8]
  /// What it wrote to standard error.
  public let messages: [UInt8]
  /// How it ended.
  public let ending: Ending

  /// How long a process that is told to end has for it, before it is killed.
  private static let grace = Duration.milliseconds(500)

  /// Runs the program to its end; nil when it cannot be started.
  ///
  /// - Parameters:
  ///   - input: the file that is its standard input.
  ///   - environment: variables besides those of this process.
  ///   - isCancelled: asked again and again; true ends the process.
  public init?(
    _ arguments: [String], environment: [String: String] = [:], input: String = "/dev/null",
    isCancelled: () -> Bool = { false }
  ) {
    let started = ChildProcess.starting.withLock { _ in Started(arguments, environment, input) }
    guard let child = started else { return nil }
    (output, messages) = child.read(isCancelled: isCancelled)
    var status: Int32 = 0
    while waitpid(child.process, &status, 0) == -1, errno == EINTR {}
    ending = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
  }

  /// Held from making pipes until no other child can inherit them.
  private static let starting = Mutex(())

  /// A process that runs, and the ends of the pipes that its output and its messages come from.
  private struct Started {
    let process: pid_t
    private let ends: [Int32]

    init?(_ arguments: [String], _ environment: [String: String], _ input: String) {
      var pipes: [[Int32]] = []
      for _ in 0..<2 {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { break }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        pipes.append(ends)
      }
      defer { for ends in pipes { close(ends[1]) } }
      guard pipes.count == 2, let child = Started.spawn(arguments, environment, input, pipes.map { $0[1] })
      else {
        for ends in pipes { close(ends[0]) }
        return nil
      }
      process = child
      ends = pipes.map { $0[0] }
    }

    private static func spawn(
      _ arguments: [String], _ environment: [String: String], _ input: String, _ outputs: [Int32]
    ) -> pid_t? {
      #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
        var attributes: posix_spawnattr_t?
        var inherited = _NSGetEnviron().pointee
      #else
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        var inherited = environ
      #endif
      var nothing = sigset_t()
      guard posix_spawn_file_actions_init(&actions) == 0, posix_spawnattr_init(&attributes) == 0 else {
        return nil
      }
      defer {
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
      }
      posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, outputs[0], STDOUT_FILENO)
      posix_spawn_file_actions_adddup2(&actions, outputs[1], STDERR_FILENO)
      sigemptyset(&nothing)
      posix_spawnattr_setsigmask(&attributes, &nothing)
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
      let words = (["nbs"] + arguments).map { strdup($0) } + [nil]
      // The first of two variables of one name counts.
      var variables = environment.map { strdup("\($0)=\($1)") } as [UnsafeMutablePointer<CChar>?]
      let own = variables.count
      while let variable = inherited.pointee {
        variables.append(variable)
        inherited += 1
      }
      variables.append(nil)
      defer { for text in words + variables[..<own] { free(text) } }
      var child = pid_t()
      return posix_spawn(&child, ProgramFile.path, &actions, &attributes, words, variables) == 0
        ? child : nil
    }

    /// Reads both pipes to their ends, and ends the process when it is cancelled.
    func read(isCancelled: () -> Bool) -> (output: [UInt8], messages: [UInt8]) {
      var bytes: [[UInt8]] = [[], []]
      var sources = ends.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      var buffer = [UInt8](repeating: 0, count: 1 << 14)
      var cancellation: ContinuousClock.Instant?
      while sources.contains(where: { $0.fd >= 0 }) {
        if let told = cancellation {
          if ContinuousClock.now - told > ChildProcess.grace { kill(process, SIGKILL) }
        } else if isCancelled() {
          kill(process, SIGTERM)
          cancellation = .now
        }
        guard poll(&sources, nfds_t(sources.count), 50) > 0 else { continue }
        for index in sources.indices where sources[index].revents != 0 {
          let count = systemRead(sources[index].fd, &buffer, buffer.count)
          if count > 0 {
            bytes[index] += buffer[..<count]
          } else if count == 0 || errno != EINTR {
            close(sources[index].fd)
            sources[index].fd = -1
          }
        }
      }
      return (bytes[0], bytes[1])
    }
  }
}

/// The system's call, which a method of the same name hides.
private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(file, bytes, count)
}

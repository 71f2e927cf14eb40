import Glibc
import Synchronization

/// This program started once more, as a process of its own.
///
/// It goes by `posix_spawn` and not by Foundation's `Process`: several run at once, each on a thread, and a
/// pipe that another's child inherits by accident ends only with that child. Nor should it inherit what a
/// thread of Dispatch's has blocked, which is every signal.
struct OwnProcess {
  /// What it wrote to standard output.
  let output: [UInt8]
  /// The signal that ended it, if one did.
  let signal: Int32?

  /// Runs it to its end, without standard input and with its messages dropped; nil when it cannot be started.
  init?(_ arguments: [String]) {
    guard let (child, end) = OwnProcess.starting.withLock({ _ in OwnProcess.start(arguments) }) else {
      return nil
    }
    defer { close(end) }
    output = OwnProcess.read(end)
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1, errno == EINTR {}
    signal = status & 0x7F == 0 ? nil : status & 0x7F
  }

  /// Held from making a pipe until no other child can inherit it.
  private static let starting = Mutex(())

  /// The child, and the end of the pipe that its output comes from.
  private static func start(_ arguments: [String]) -> (child: pid_t, output: Int32)? {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    defer { close(ends[1]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    if let child = spawn(arguments, output: ends[1]) { return (child, ends[0]) }
    close(ends[0])
    return nil
  }

  private static func spawn(_ arguments: [String], output: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    var nothing = sigset_t()
    guard posix_spawn_file_actions_init(&actions) == 0, posix_spawnattr_init(&attributes) == 0 else {
      return nil
    }
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    sigemptyset(&nothing)
    posix_spawnattr_setsigmask(&attributes, &nothing)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let words = (["nbs"] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var child = pid_t()
    return posix_spawn(&child, "/proc/self/exe", &actions, &attributes, words, environ) == 0 ? child : nil
  }

  private static func read(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<count]
      } else if count == 0 || errno != EINTR {
        return bytes
      }
    }
  }
}

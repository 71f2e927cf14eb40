import Foundation
import Testing

/// A terminal with the program in it and nobody before it: a test types, and waits for what appears.
final class PseudoTerminal {
  private let master: Int32
  private var child: pid_t = 0
  private var status: Int32?
  private var bytes: [UInt8] = []
  /// How much of ``text`` earlier expectations have seen.
  private var seen = 0
  private var isClosed = false

  /// The home of the program, and its working folder.
  let home: Program.Folder

  /// Starts the prompt.
  ///
  /// - Parameters:
  ///   - home: the home folder; a new one unless given.
  ///   - columns: how wide the window is.
  ///   - environment: more variables, or others: the type of the terminal, say; empty ones are left out.
  init(
    home: Program.Folder? = nil, columns: UInt16 = 80, environment: [String: String] = [:]
  ) async throws {
    self.home = try home ?? Program.Folder()
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    var (master, slave) = (Int32(-1), Int32(-1))
    var name = [CChar](repeating: 0, count: 128)
    try #require(openpty(&master, &slave, &name, nil, &size) == 0)
    self.master = master
    // The program opens it by its name: the first terminal that it opens becomes its own.
    close(slave)
    try #require(fcntl(master, F_SETFL, fcntl(master, F_GETFL) | O_NONBLOCK) == 0)
    try #require(fcntl(master, F_SETFD, FD_CLOEXEC) == 0)
    let path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let usual = [
      "HOME": self.home.url.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm",
    ]
    let variables = usual.merging(environment) { $1 }.filter { !$0.value.isEmpty }
    child = try PseudoTerminal.spawn(Program.path, on: path, variables)
    try await expect("In [1]: ")
  }

  deinit {
    if status == nil {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
    if !isClosed { close(master) }
  }

  /// A process in a session of its own, whose controlling terminal is the first that it opens.
  private static func spawn(
    _ program: String, on terminal: String, _ environment: [String: String]
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 0...2 as ClosedRange<Int32> {
      posix_spawn_file_actions_addopen(&actions, descriptor, terminal, O_RDWR, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What a tests' runner ignores or blocks is no business of the program's.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGINT, SIGHUP, SIGTERM] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let newSession: Int32 = 0x80
    posix_spawnattr_setflags(
      &attributes, Int16(newSession | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)))
    var arguments = [strdup(program), nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for string in arguments + variables { free(string) } }
    var child: pid_t = 0
    try #require(posix_spawn(&child, program, &actions, &attributes, &arguments, &variables) == 0)
    return child
  }

  /// Types; `\r` is the Return key.
  func type(_ keys: String) throws {
    let bytes = Array(keys.utf8)
    try #require(write(master, bytes, bytes.count) == bytes.count)
  }

  /// Types and waits for `answer` to appear.
  func type(_ keys: String, _ answer: String, sourceLocation: SourceLocation = #_sourceLocation) async throws
  {
    try type(keys)
    try await expect(answer, sourceLocation: sourceLocation)
  }

  /// Types a line and waits for `answer` to appear.
  func enter(_ line: String, _ answer: String, sourceLocation: SourceLocation = #_sourceLocation) async throws
  {
    try await type(line + "\r", answer, sourceLocation: sourceLocation)
  }

  /// Enters lines, each of them a cell.
  func enterCells(_ lines: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    for line in lines.split(separator: "\n") {
      try await enter(String(line), "\nIn [", sourceLocation: sourceLocation)
    }
  }

  /// Sends the program a signal.
  func signal(_ number: Int32) { kill(child, number) }

  /// Gives the terminal the ways that a shell leaves it in: whole lines, each key echoed.
  func makeCooked() {
    var ways = termios()
    tcgetattr(master, &ways)
    ways.c_lflag |= tcflag_t(ICANON | ECHO)
    tcsetattr(master, TCSANOW, &ways)
  }

  /// Changes the size of the window.
  func resize(columns: UInt16) {
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  /// Closes the terminal's other end, as a window does that is closed.
  func hangUp() {
    close(master)
    isClosed = true
  }

  /// Waits for `wanted` to appear behind whatever was waited for before.
  func expect(_ wanted: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let end = ContinuousClock.now + .seconds(10)
    while true {
      let text = text
      let rest = text[text.index(text.startIndex, offsetBy: seen)...]
      if let range = rest.firstRange(of: wanted) {
        seen = text.distance(from: text.startIndex, to: range.upperBound)
        return
      }
      guard readSome() || (status == nil && ContinuousClock.now < end) else {
        Issue.record(
          "\(wanted.debugDescription) did not appear after \(String(rest.suffix(800)).debugDescription)",
          sourceLocation: sourceLocation)
        throw Missing()
      }
      try await Task.sleep(for: .milliseconds(5))
    }
  }

  /// What a test waited for in vain.
  struct Missing: Error {}

  /// What the program wrote, escape sequences and all.
  var raw: String {
    while readSome() {}
    return String(decoding: bytes, as: UTF8.self)
  }

  /// What the program wrote, its lines ended by `\n` alone.
  var text: String {
    let plain = raw.replacing(/\u{1B}\[[0-9;?]*[A-Za-z]/, with: "")
    return String(String.UnicodeScalarView(plain.unicodeScalars.filter { $0 != "\r" }))
  }

  /// Waits for the program to end, and gives its exit code; nil when a signal ended it.
  func end() async throws -> Int32? {
    let limit = ContinuousClock.now + .seconds(10)
    while status == nil, ContinuousClock.now < limit {
      _ = readSome()
      var word: Int32 = 0
      if waitpid(child, &word, WNOHANG) == child { status = word }
      try await Task.sleep(for: .milliseconds(5))
    }
    let word = try #require(status, "the program did not end")
    return word & 0x7F == 0 ? word >> 8 & 0xFF : nil
  }

  private func readSome() -> Bool {
    if isClosed { return false }
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(master, &buffer, buffer.count)
    guard count > 0 else { return false }
    bytes += buffer[..<count]
    return true
  }
}

/// Keys that have no letter.
enum Key {
  static let control = (
    a: "\u{1}", c: "\u{3}", d: "\u{4}", e: "\u{5}", k: "\u{B}", r: "\u{12}", u: "\u{15}"
  )
  static let up = "\u{1B}[A"
  static let down = "\u{1B}[B"
  static let left = "\u{1B}[D"
  static let delete = "\u{1B}[3~"
  static let tab = "\t"

  /// Text as a terminal hands it on when it is pasted.
  static func paste(_ text: String) -> String { "\u{1B}[200~\(text)\u{1B}[201~" }
}

import Foundation

/// The built program, run as a user runs it.
struct Program {
  /// What came of a run.
  struct Result {
    let status: Int32
    let output: String
    let errors: String
    /// The most memory it held before it was interrupted, in kilobytes; nil for a run that was left alone.
    let peakMemory: Int?
  }

  /// The binary beside the tests' own bundle.
  static let path: String = {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let candidates = [bundle, bundle.deletingLastPathComponent(), Bundle.main.bundleURL]
    return candidates.map { $0.appending(path: "nbs").path }.first {
      FileManager.default.isExecutableFile(atPath: $0)
    } ?? "nbs"
  }()

  /// A folder of the test's own, gone with it.
  final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "nbs-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Writes a file and gives its path.
    @discardableResult func file(_ name: String, _ text: String) throws -> String {
      try FileManager.default.createDirectory(
        at: url.appending(path: name).deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url.appending(path: name))
      return path(name)
    }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func text(_ name: String) throws -> String {
      try String(contentsOf: url.appending(path: name), encoding: .utf8)
    }
  }

  /// Runs the program to its end.
  ///
  /// - Parameters:
  ///   - interruptedAfter: seconds after which it gets `signal`: what Ctrl-C sends.
  ///   - interruptedWhen: asked again and again, for a minute at most, until it says that it is to get `signal`.
  ///   - home: the user's folder.
  ///   - data: where runs are kept; nil for the place in `home`, or a folder of this run's own.
  ///   - variables: more of its environment.
  ///   - currentFolder: where it is started; nil for where the tests are.
  ///   - program: another program than nbs.
  static func run(
    _ arguments: [String], input: String = "", interruptedAfter: Double? = nil,
    interruptedWhen: (() throws -> Bool)? = nil, signal: Int32 = SIGINT,
    home: String = "/nonexistent", data: String? = nil, variables: [String: String] = [:],
    currentFolder: String? = nil, program: String = path
  ) throws -> Result {
    let own = try Folder()
    defer { withExtendedLifetime(own) {} }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    if let currentFolder { process.currentDirectoryURL = URL(fileURLWithPath: currentFolder) }
    process.environment = environment(
      home: home, data: data ?? (home == "/nonexistent" ? own.url.path : nil)
    ).merging(variables) { $1 }
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = stderr
    try process.run()
    stdin.fileHandleForWriting.write(Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    var peakMemory: Int?
    if let interruptedAfter {
      Thread.sleep(forTimeInterval: interruptedAfter)
      peakMemory = Program.peakMemory(of: process.processIdentifier)
      kill(process.processIdentifier, signal)
    }
    if let interruptedWhen {
      let end = Date(timeIntervalSinceNow: 60)
      while process.isRunning, Date() < end, try !interruptedWhen() { Thread.sleep(forTimeInterval: 0.02) }
      kill(process.processIdentifier, signal)
    }
    let output = stdout.fileHandleForReading.readDataToEndOfFile()
    let errors = stderr.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors, as: UTF8.self), peakMemory: peakMemory)
  }

  /// What a run finds in its environment: nothing of the machine's, and never the user's own store.
  static func environment(home: String = "/nonexistent", data: String?) -> [String: String] {
    var environment = ["HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
    environment["XDG_DATA_HOME"] = data
    return environment
  }

  private static func peakMemory(of process: Int32) -> Int? {
    let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").compactMap { Int($0) }.first
  }
}

/// Python, where it is there with what a test needs of it.
enum Python {
  /// A Python that has Jupyter's nbformat: `NBS_PYTHON`, else the system's; nil where neither has it.
  static let withNBFormat: String? = {
    let candidates = [ProcessInfo.processInfo.environment["NBS_PYTHON"], "/usr/bin/python3"].compactMap(
      \.self)
    return candidates.first { python in
      FileManager.default.isExecutableFile(atPath: python)
        && (try? Program.run(["-c", "import nbformat"], program: python).status) == 0
    }
  }()
}

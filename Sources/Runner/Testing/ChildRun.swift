import Foundation

/// `nbs run` in a process of its own, so that several run at once, each with its engine and its memory, and one that
/// crashes takes none of the others along.
public struct ChildRun: Sendable {
  /// What came of it.
  public struct Result: Sendable {
    /// The exit code, or what a shell makes of a signal.
    let status: Int32
    /// The summary that it printed; nil where it crashed.
    let summary: Summary?
    /// What it wrote to standard error.
    let messages: String
    /// The report in Markdown; nil where it wrote none.
    let report: String?
  }

  /// The part of the summary that a test needs.
  struct Summary: Decodable, Sendable {
    struct Mistake: Decodable, Sendable {
      let message: String
      let line: Int?
    }

    struct Cell: Decodable, Sendable {
      let number: Int
      let title: String?
      let status: String
      let seconds: Double?
      let error: Mistake?
    }
    let status: String
    let seconds: Double?
    let cells: [Cell]?
    /// What kept the notebook from running at all.
    let diagnostics: [Mistake]?
  }

  private let timeLimit: String?
  private let threads: Int
  private let isCancelled: @Sendable () -> Bool

  /// Prepares runs.
  ///
  /// - Parameters:
  ///   - timeLimit: how long each may take, as `--timeout` has it.
  ///   - threads: how many threads each may use, so that all that run at once use no more than there are cores.
  ///   - isCancelled: asked again and again; true ends them.
  public init(timeLimit: String?, threads: Int, isCancelled: @escaping @Sendable () -> Bool) {
    self.timeLimit = timeLimit
    self.threads = threads
    self.isCancelled = isCancelled
  }

  /// Runs a notebook to its end.
  ///
  /// - Parameter parameters: what to set, each as `name=value`.
  func run(_ notebook: String, parameters: [String]) -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nbs-test-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      return Result(status: 2, summary: nil, messages: "\(error.localizedDescription)\n", report: nil)
    }
    let report = folder.appending(path: "report.md")
    var arguments = ["run", notebook] + parameters.flatMap { ["-p", $0] }
    arguments += ["--json", "--no-record", "--export", report.path, "--scratch", folder.path + "/written"]
    if let timeLimit { arguments += ["--timeout", timeLimit] }
    let isSet = ProcessInfo.processInfo.environment["NBS_THREADS"] != nil
    guard
      let child = ChildProcess(
        arguments, environment: isSet ? [:] : ["NBS_THREADS": String(threads)], isCancelled: isCancelled)
    else {
      return Result(
        status: 2, summary: nil, messages: "The program could not be started again.\n", report: nil)
    }
    let status: Int32 =
      switch child.ending {
      case .exited(let code): code
      case .signalled(let number): 128 + number
      }
    return Result(
      status: status, summary: try? JSONDecoder().decode(Summary.self, from: Data(child.output)),
      messages: String(decoding: child.messages, as: UTF8.self),
      report: try? String(contentsOf: report, encoding: .utf8))
  }
}

import Foundation
import REPL

/// `nbs run` in a process of its own, so that several run at once, each with its engine and its memory, and one that
/// crashes takes none of the others along.
struct ChildRun: Sendable {
  /// What came of it.
  struct Result: Sendable {
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
    struct Cell: Decodable, Sendable {
      struct Mistake: Decodable, Sendable { let message: String }
      let number: Int
      let title: String?
      let status: String
      let seconds: Double?
      let error: Mistake?
    }
    let status: String
    let seconds: Double?
    let cells: [Cell]?
  }

  let arguments: [String]
  /// How many threads it may use, so that all that run at once use no more than there are cores.
  let threads: Int

  /// Runs it to its end.
  ///
  /// - Parameter parameters: what to set, each as `name=value`.
  func run(_ notebook: String, parameters: [String]) -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nbs-test-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let status = try start([notebook] + parameters.flatMap { ["-p", $0] }, in: folder)
      return Result(
        status: status, summary: summary(folder.appending(path: "summary.json")),
        messages: text(folder.appending(path: "messages.txt")) ?? "",
        report: text(folder.appending(path: "report.md")))
    } catch {
      return Result(status: 2, summary: nil, messages: "\(error.localizedDescription)\n", report: nil)
    }
  }

  private func start(_ run: [String], in folder: URL) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let report = folder.appending(path: "report.md").path
    process.arguments = ["run"] + run + ["--json", "--no-record", "--export", report] + arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try file(folder.appending(path: "summary.json"))
    process.standardError = try file(folder.appending(path: "messages.txt"))
    let end = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in end.signal() }
    try process.run()
    end.wait()
    return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
  }

  private var environment: [String: String] {
    return ["NBS_THREADS": String(threads)].merging(ProcessInfo.processInfo.environment) { $1 }
  }

  private func file(_ url: URL) throws -> FileHandle {
    try Data().write(to: url)
    return try FileHandle(forWritingTo: url)
  }

  private func summary(_ url: URL) -> Summary? {
    (try? Data(contentsOf: url)).flatMap { try? JSONDecoder().decode(Summary.self, from: $0) }
  }

  private func text(_ url: URL) -> String? { try? String(contentsOf: url, encoding: .utf8) }
}

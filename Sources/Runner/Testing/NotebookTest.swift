import Diagnostics
import Foundation
import Notebooks
public import Rendering

/// One notebook run and held against the report beside it.
public struct NotebookTest: Sendable {
  /// How it went.
  public enum Verdict: Equatable, Sendable {
    /// It shows what the report says.
    case passed
    /// It ran to its end with parameters of its own, so that there is nothing to compare.
    case ran(parameters: [String])
    /// The report was written anew.
    case blessed
    /// The notebook shows other things than the report, which another version of nbs may have made.
    case differs([ReportComparison.Difference], otherVersion: String?)
    /// There is no report to compare with.
    case noReport
    /// It did not run to its end, or its report could not be written: the exit code that says so, and why.
    case failed(status: Int32, messages: String)
  }

  /// The notebook.
  public let path: String
  let run: ChildRun.Result
  /// How it went.
  public let verdict: Verdict

  /// Where the report of a notebook stands: `xor.md` beside `xor.nbs`.
  static func reportPath(of notebook: String) -> String {
    let ending = NotebookForm(path: notebook)?.ending ?? ""
    return notebook.dropLast(ending.count) + NotebookForm.markdown.ending
  }

  /// Runs a notebook.
  ///
  /// A notebook whose full run takes long says in its header, `test: rows=1000 epochs=1`, what a test sets to make it
  /// short. Its report is of the full run, so nothing is compared then.
  ///
  /// - Parameters:
  ///   - blesses: writes the report instead of comparing with it; always that of the full run.
  ///   - isFull: whether what the header says of tests is left aside.
  public init(_ path: String, with child: ChildRun, blesses: Bool, isFull: Bool) {
    self.path = path
    let header = blesses || isFull ? nil : NotebookFile.load(path).file?.notebook.header["test"]
    let parameters = header?.split(separator: " ").map(String.init) ?? []
    run = child.run(path, parameters: parameters)
    verdict =
      run.status == 0 && !parameters.isEmpty
      ? .ran(parameters: parameters) : NotebookTest.verdict(on: run, of: path, blesses: blesses)
  }

  private static func verdict(on run: ChildRun.Result, of path: String, blesses: Bool) -> Verdict {
    guard run.status == 0, let found = run.report else {
      return .failed(status: run.status, messages: run.messages)
    }
    let place = reportPath(of: path)
    let expected = try? String(contentsOfFile: place, encoding: .utf8)
    if blesses {
      guard expected != found else { return .passed }
      do { try OutputFile.write(found, to: place) } catch {
        return .failed(status: unreadable, messages: error.message)
      }
      return .blessed
    }
    guard let expected else { return .noReport }
    let (file, mistakes) = NotebookFile.load(path)
    guard let notebook = file?.notebook else {
      return .failed(status: unreadable, messages: mistakes.map(\.message).joined(separator: "\n"))
    }
    let comparison = ReportComparison(expected: expected, found: found, notebook: notebook)
    return comparison.differences.isEmpty
      ? .passed : .differs(comparison.differences, otherVersion: comparison.otherVersion)
  }

  /// The exit code for a file that cannot be read or written.
  private static let unreadable: Int32 = 2

  /// What to say about it, lines without a newline at the end.
  public var words: String {
    let time = run.summary?.seconds.map { String(format: " (%.1f s)", $0) } ?? ""
    switch verdict {
    case .passed: return "ok      \(path)\(time)"
    case .ran(let parameters):
      return "ok      \(path)\(time), with \(parameters.joined(separator: " ")) and not compared"
    case .blessed: return "blessed \(path): \(NotebookTest.reportPath(of: path)) is written"
    case .noReport:
      return "DIFFERS \(path)\(time)\n  There is no \(NotebookTest.reportPath(of: path)) to compare with. "
        + "`nbs test --bless \(path)` writes it."
    case .differs(let differences, let otherVersion):
      let places = differences.map { "  \(place($0.cell)):\n" + $0.lines.map { "    \($0)\n" }.joined() }
      return "DIFFERS \(path)\(time)  - committed, + found\n" + places.joined().dropLast()
        + (otherVersion.map { "\n  " + madeBy($0) } ?? "")
    case .failed(_, let messages):
      let messages = messages.split(separator: "\n").filter { !$0.hasPrefix("report: ") }
      return "FAILED  \(path)\(time)\n" + messages.map { "  \($0)" }.joined(separator: "\n")
    }
  }

  private func madeBy(_ version: String) -> String {
    "\(NotebookTest.reportPath(of: path)) was made by nbs \(version), and this is nbs \(Release.version), whose numbers may "
      + "differ. `nbs test --bless \(path)` updates it."
  }

  /// A cell as a reader counts it: cells of prose as well.
  func place(_ code: Int) -> String {
    guard let cells = run.summary?.cells, cells.indices.contains(code - 1) else {
      return "above the first cell of code"
    }
    return "cell \(cells[code - 1].number)" + (cells[code - 1].title.map { ", \($0)" } ?? "")
  }
}

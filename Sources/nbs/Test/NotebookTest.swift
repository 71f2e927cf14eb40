import Foundation
import Notebooks
import Rendering

/// One notebook run and held against the report beside it.
struct NotebookTest: Sendable {
  /// How it went.
  enum Verdict: Equatable, Sendable {
    case passed
    /// It ran to its end with parameters of its own, so that there is nothing to compare.
    case ran(parameters: [String])
    /// The report was written anew.
    case blessed
    /// The notebook shows other things than the report, which another version of nbs may have made.
    case differs([ReportComparison.Difference], otherVersion: String?)
    /// There is no report to compare with.
    case noReport
    /// It did not run to its end.
    case failed(status: Int32)
  }

  let path: String
  let run: ChildRun.Result
  let verdict: Verdict

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
  init(_ path: String, with child: ChildRun, blesses: Bool, isFull: Bool) {
    self.path = path
    let header = blesses || isFull ? nil : NotebookFile.load(path).file?.notebook.header["test"]
    let parameters = header?.split(separator: " ").map(String.init) ?? []
    run = child.run(path, parameters: parameters)
    verdict =
      run.status == 0 && !parameters.isEmpty
      ? .ran(parameters: parameters) : NotebookTest.verdict(on: run, of: path, blesses: blesses)
  }

  private static func verdict(on run: ChildRun.Result, of path: String, blesses: Bool) -> Verdict {
    guard run.status == 0, let found = run.report else { return .failed(status: run.status) }
    let place = reportPath(of: path)
    let expected = try? String(contentsOfFile: place, encoding: .utf8)
    if blesses {
      guard expected != found else { return .passed }
      return (try? OutputFile.write(found, to: place)) == nil
        ? .failed(status: ExitStatus.usage.rawValue) : .blessed
    }
    guard let expected else { return .noReport }
    guard let notebook = NotebookFile.load(path).file?.notebook else {
      return .failed(status: ExitStatus.usage.rawValue)
    }
    let comparison = ReportComparison(expected: expected, found: found, notebook: notebook)
    return comparison.differences.isEmpty
      ? .passed : .differs(comparison.differences, otherVersion: comparison.otherVersion)
  }

  /// How the program ends when this is the worst of its tests; nil when it passed.
  var exitStatus: ExitStatus? {
    switch verdict {
    case .passed, .ran, .blessed: nil
    case .differs, .noReport: .otherOutputs
    case .failed(let status): ExitStatus(rawValue: status) ?? .failedCell
    }
  }

  /// What to say about it, lines without a newline at the end.
  var words: String {
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
      return "DIFFERS \(path)\(time)  - as committed, + as found\n" + places.joined().dropLast()
        + (otherVersion.map { "\n  " + madeBy($0) } ?? "")
    case .failed:
      let messages = run.messages.split(separator: "\n").filter { !$0.hasPrefix("report: ") }
      return "FAILED  \(path)\(time)\n" + messages.map { "  \($0)" }.joined(separator: "\n")
    }
  }

  private func madeBy(_ version: String) -> String {
    "\(NotebookTest.reportPath(of: path)) was made by nbs \(version), and this is nbs \(NBS.version), whose numbers may "
      + "differ. `nbs test --bless \(path)` writes it anew."
  }

  /// A cell as a reader counts it: cells of prose as well.
  private func place(_ code: Int) -> String {
    guard let cells = run.summary?.cells, cells.indices.contains(code - 1) else {
      return "above the first cell of code"
    }
    return "cell \(cells[code - 1].number)" + (cells[code - 1].title.map { ", \($0)" } ?? "")
  }
}

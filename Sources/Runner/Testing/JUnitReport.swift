import Diagnostics
import Foundation
import Rendering

/// The outcome of tests in JUnit's XML, which CI systems read: a suite for each notebook, a case for each cell of code.
public struct JUnitReport {
  private let tests: [NotebookTest]

  /// The outcome of tests.
  public init(_ tests: [NotebookTest]) { self.tests = tests }

  /// The file.
  public func xml() -> String {
    let suites = tests.map { suite($0) }
    let failures = suites.map(\.failures).reduce(0, +)
    let count = suites.map(\.cases.count).reduce(0, +)
    let body = suites.map(\.xml).joined(separator: "\n")
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      + "<testsuites name=\"nbs\" tests=\"\(count)\" failures=\"\(failures)\">\n\(body)\n</testsuites>\n"
  }

  private struct Suite {
    let name: String
    let seconds: Double
    var cases: [(name: String, seconds: Double, failure: String?, isSkipped: Bool)]

    var failures: Int { cases.count { $0.failure != nil } }

    var xml: String {
      let lines = cases.map { item in
        let head =
          "    <testcase classname=\"\(name.escaped)\" name=\"\(item.name.escaped)\" time=\"\(item.seconds.inXML)\""
        if item.isSkipped { return head + "><skipped/></testcase>" }
        guard let failure = item.failure else { return head + "/>" }
        let summary = failure.split(separator: "\n").first.map(String.init) ?? ""
        return head + "><failure message=\"\(summary.escaped)\">\(failure.escaped)</failure></testcase>"
      }
      let skipped = cases.count(where: \.isSkipped)
      return
        "  <testsuite name=\"\(name.escaped)\" tests=\"\(cases.count)\" failures=\"\(failures)\" skipped=\"\(skipped)\" "
        + "time=\"\(seconds.inXML)\">\n\(lines.joined(separator: "\n"))\n  </testsuite>"
    }
  }

  private func suite(_ test: NotebookTest) -> Suite {
    var differences: [Int: String] = [:]
    if case .differs(let found, _) = test.verdict {
      for difference in found {
        differences[difference.cell, default: ""] += difference.lines.map { $0 + "\n" }.joined()
      }
    }
    let cells = test.run.summary?.cells ?? []
    var suite = Suite(name: test.path, seconds: test.run.summary?.seconds ?? 0, cases: [])
    suite.cases = cells.enumerated().map { index, cell in
      (
        "cell \(cell.number)" + (cell.title.map { ": \($0)" } ?? ""), cell.seconds ?? 0,
        cell.error?.message ?? differences[index + 1], cell.status == "not run"
      )
    }
    suite.cases.append(("report", 0, reportFailure(of: test, differences[0]), false))
    return suite
  }

  /// What went wrong that no cell is to blame for.
  private func reportFailure(of test: NotebookTest, _ difference: String?) -> String? {
    switch test.verdict {
    case .passed, .ran, .blessed: nil
    case .differs: difference
    case .noReport: "There is no \(NotebookTest.reportPath(of: test.path)) to compare with."
    case .failed(_, let messages):
      test.run.summary?.cells?.contains { $0.error != nil } == true
        ? nil : messages.isEmpty ? "It did not complete." : messages
    }
  }
}

extension Double {
  fileprivate var inXML: String { String(format: "%.3f", self) }
}

extension String {
  /// The text in XML, without the control characters that XML has no place for.
  fileprivate var escaped: String { escapedForMarkup { $0.isAllowedInXML ? $0 : nil } }
}

import Diagnostics
import Foundation
import Outputs
import Rendering
import Sessions

/// A page of `Tests/Cases`: headings that name cases, and below each the cells of one session with what they
/// show. A cell with no `text` fence behind it shows nothing.
struct CaseFile {
  /// One session.
  struct Case {
    var heading: String
    var cells: [Cell] = []
  }

  /// One cell, and where its lines stand in the file.
  struct Cell {
    /// The line behind the fence that opens it.
    let firstLine: Int
    let source: String
    /// What it must show; empty for nothing.
    var expected: String
    /// The lines from the fence of the output up to behind its end, or where one would have to be put.
    var outputLines: Range<Int>
  }

  private(set) var lines: [String]
  private(set) var cases: [Case] = []

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var number = 0
    while number < lines.count {
      let line = lines[number]
      if line.hasPrefix("#") {
        cases.append(Case(heading: String(line.drop { $0 == "#" || $0 == " " })))
      } else if line == "```nbs", !cases.isEmpty {
        let end = lines[number...].firstIndex(of: "```") ?? lines.count - 1
        cases[cases.count - 1].cells.append(cell(number + 1..<end))
        number = cases[cases.count - 1].cells.last.map { $0.outputLines.upperBound - 1 } ?? end
      }
      number += 1
    }
  }

  private func cell(_ body: Range<Int>) -> Cell {
    let source = lines[body].joined(separator: "\n")
    let behind = body.upperBound + 1
    let fence = behind + 1
    guard fence < lines.count, lines[behind].isEmpty, lines[fence] == "```text",
      let end = lines[fence...].firstIndex(of: "```")
    else {
      return Cell(firstLine: body.lowerBound, source: source, expected: "", outputLines: behind..<behind)
    }
    return Cell(
      firstLine: body.lowerBound, source: source, expected: lines[fence + 1..<end].joined(separator: "\n"),
      outputLines: behind..<end + 1)
  }

  /// The page with `outputs` in place of what each cell is said to show.
  func recording(_ outputs: [[String]]) -> String {
    var lines = lines
    for (recorded, shown) in zip(cases, outputs).reversed() {
      for (cell, text) in zip(recorded.cells, shown).reversed() {
        let fence = text.isEmpty ? [] : ["", "```text", text, "```"]
        lines.replaceSubrange(cell.outputLines, with: fence)
      }
    }
    return lines.joined(separator: "\n")
  }
}

extension CaseFile.Case {
  /// What each cell shows in a session of its own, as a report would show it.
  func run() -> [String] {
    let session = Session()
    return cells.enumerated().map { index, cell in
      var shown: [String] = []
      let outcome = session.evaluate(SourceText(cell.source, name: "cell \(index + 1)")) {
        shown.append(withoutMemory($0).text(.report))
      }
      if outcome == .incomplete { shown.append("(incomplete)") }
      return shown.filter { !$0.isEmpty }.joined(separator: "\n")
    }
  }

  /// An output without how much memory there is, which differs from machine to machine, and with it where lines break.
  private func withoutMemory(_ output: Output) -> Output {
    guard case .error(var diagnostic) = output else { return output }
    diagnostic.message.replace(/(room for|at most) [\d.]+ (GB|GiB)/) { "\($0.output.1) N \($0.output.2)" }
    return .error(diagnostic)
  }
}

import Diagnostics
import Foundations

/// Reads a `.nbs` file: cuts it at its markers and has each part read.
struct NotebookReader {
  /// More errors than this, or more notices, help nobody, and a file that is no notebook may have a million.
  private static let maximumCount = 20

  private let file: FileText
  private var diagnostics: [Diagnostic] = []
  private var cells: [Cell] = []
  private var lineOfID: [String: Int] = [:]
  /// How many errors (`true`) and notices there were.
  private var counts: [Bool: Int] = [:]

  static func read(_ file: FileText) -> NotebookReading {
    var reader = NotebookReader(file: file)
    let top = HeaderReader(file.bytes)
    reader.report(top.diagnostics)
    if top.isReadable { reader.readCells(from: top.position) }
    return reader.reading(top.header)
  }

  private func reading(_ header: NotebookHeader) -> NotebookReading {
    guard !diagnostics.contains(where: { $0.severity == .error }) else {
      return NotebookReading(notebook: nil, diagnostics: diagnostics)
    }
    var cells = cells
    if let last = cells.popLast() { cells.append(last.ending) }
    let notebook = Notebook(header: header, cells: cells)
    return NotebookReading(notebook: notebook, diagnostics: diagnostics)
  }

  private mutating func readCells(from start: Int) {
    var cell = (start: start, line: 1 + newlines(0..<start), hasMarker: false)
    var line = cell.line
    for range in SourceLines.Ranges(file.bytes, start..<file.bytes.count) {
      if MarkerLine.matches(file.bytes[range]) {
        readCell(cell.start..<range.lowerBound, line: cell.line, hasMarker: cell.hasMarker)
        cell = (range.lowerBound, line, true)
      }
      line += 1
    }
    readCell(cell.start..<file.bytes.count, line: cell.line, hasMarker: cell.hasMarker)
  }

  private mutating func readCell(_ range: Range<Int>, line: Int, hasMarker: Bool) {
    guard !range.isEmpty, counts[true, default: 0] < Self.maximumCount else { return }
    var reader = CellReader(file.bytes)
    let cell = reader.read(range, firstLine: line, hasMarker: hasMarker)
    report(reader.diagnostics)
    let marker = SourceSpan(range.lowerBound, range.lowerBound + (cell.keptMarker?.utf8.count ?? 0))
    checkID(of: cell, marker, line)
    cells.append(cell)
  }

  private mutating func checkID(of cell: Cell, _ span: SourceSpan, _ line: Int) {
    guard let id = cell.explicitID else { return }
    guard let earlier = lineOfID[id] else { return lineOfID[id] = line }
    report([
      Diagnostic(
        .duplicateID,
        "The cell in line \(earlier) already has the id `\(id)`. Give this cell another id, or none: one "
          + "is then computed.", at: span)
    ])
  }

  private func newlines(_ range: Range<Int>) -> Int {
    file.bytes[range].count { $0 == UInt8(ascii: "\n") }
  }

  private mutating func report(_ found: [Diagnostic]) {
    for diagnostic in found {
      let isError = diagnostic.severity == .error
      counts[isError, default: 0] += 1
      guard counts[isError, default: 0] <= Self.maximumCount else { continue }
      diagnostics.append(diagnostic.located(in: file.source))
    }
  }
}

import Diagnostics
import Foundations
import JSON

/// Reads one cell out of the bytes of a file.
struct CellReader {
  private let bytes: [UInt8]
  private(set) var diagnostics: [Diagnostic] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the cell that stands at `range`.
  ///
  /// - Parameters:
  ///   - firstLine: the line, from 1, that the range begins with.
  ///   - hasMarker: whether that line is a marker.
  mutating func read(_ range: Range<Int>, firstLine: Int, hasMarker: Bool) -> Cell {
    var marker = Marker()
    var body = range
    if hasMarker {
      let line = markerLine(range)
      let reading = MarkerReader.read(bytes, line)
      (marker, diagnostics) = (reading.marker, reading.diagnostics)
      body = min(line.upperBound + 1, range.upperBound)..<range.upperBound
    }
    let layout = layout(of: body, kind: marker.kind)
    let source = marker.kind == .code ? code(layout.content) : prose(layout.content)
    var cell = Cell(
      marker.kind, source, title: marker.title, role: marker.role, attributes: marker.attributes)
    cell.firstLine = firstLine + (hasMarker ? 1 : 0) + layout.blankLines
    cell.hasMarker = hasMarker
    if hasMarker { cell.keptMarker = text(markerLine(range)) }
    keepBody(of: &cell, body.lowerBound..<layout.content.upperBound)
    let isEmpty = layout.content.isEmpty && hasMarker
    let gap = isEmpty ? markerLine(range).upperBound : layout.content.upperBound
    cell.keptGap = text(gap..<range.upperBound)
    return cell
  }

  private func markerLine(_ range: Range<Int>) -> Range<Int> {
    var lines = SourceLines.Ranges(bytes, range)
    return lines.next() ?? range
  }

  /// The part of a cell from its first line with something in it to its last, and the blank lines before it.
  private func layout(of body: Range<Int>, kind: Cell.Kind) -> (content: Range<Int>, blankLines: Int) {
    var content: Range<Int>?
    var blankLines = 0
    for line in SourceLines.Ranges(bytes, body) {
      if isBlank(line, kind) {
        if content == nil { blankLines += 1 }
      } else {
        content = (content?.lowerBound ?? line.lowerBound)..<line.upperBound
      }
    }
    guard let content else { return (body.lowerBound..<body.lowerBound, 0) }
    return (content, blankLines)
  }

  private func isBlank(_ line: Range<Int>, _ kind: Cell.Kind) -> Bool {
    let line = bytes[line]
    if kind == .code { return SourceLines.isBlank(line) }
    return SourceLines.isBlank(line.first == UInt8(ascii: "#") ? line.dropFirst() : line)
  }

  /// A body that would be written in just this way need not be kept.
  private func keepBody(of cell: inout Cell, _ range: Range<Int>) {
    let body = text(cell.source.isEmpty ? range.lowerBound..<range.lowerBound : range)
    if !body.hasSameBytes(as: NotebookWriter.body(of: cell)) { cell.keptBody = body }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

extension CellReader {
  private mutating func code(_ range: Range<Int>) -> String {
    var lines: [ArraySlice<UInt8>] = []
    for line in SourceLines.Ranges(bytes, range) {
      if MarkerLine.nearlyMatches(bytes[line]) { reportNearMarker(line) }
      lines.append(MarkerLine.unescaped(bytes[line]))
    }
    return joined(lines)
  }

  private mutating func prose(_ range: Range<Int>) -> String {
    var lines: [ArraySlice<UInt8>] = []
    for line in SourceLines.Ranges(bytes, range) {
      let plain = MarkerLine.unescaped(bytes[line])
      if plain.starts(with: Array("# ".utf8)) {
        lines.append(plain.dropFirst(2))
      } else {
        if !SourceLines.isBlank(plain), !plain.elementsEqual("#".utf8) { reportProse(line) }
        lines.append([])
      }
    }
    return joined(lines)
  }

  private func joined(_ lines: [ArraySlice<UInt8>]) -> String {
    String(decoding: Array(lines.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
  }

  private mutating func reportNearMarker(_ line: Range<Int>) {
    guard !diagnostics.contains(where: { $0.code == .nearMarker }) else { return }
    diagnostics.append(
      Diagnostic(
        .nearMarker,
        "This line is a comment. A cell begins with `# %%`, with one space before the signs and one after.",
        at: SourceSpan(line.lowerBound, line.upperBound), suggestion: "# %%", severity: .notice))
  }

  /// One such line is enough for a cell: after a forgotten `# %%` all that follow are the same mistake.
  private mutating func reportProse(_ line: Range<Int>) {
    guard !diagnostics.contains(where: { $0.code == .badProse }) else { return }
    diagnostics.append(
      Diagnostic(
        .badProse,
        "Every line of a markdown or raw cell begins with `# `. If code begins here, put a line `# %%` before it.",
        at: SourceSpan(line.lowerBound, line.upperBound)))
  }
}

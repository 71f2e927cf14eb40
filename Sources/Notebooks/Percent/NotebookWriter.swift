/// Writes a notebook as a `.nbs` file: what is kept of its spelling as it was, the rest in canonical form.
struct NotebookWriter {
  private let notebook: Notebook
  private var text = ""

  static func text(of notebook: Notebook) -> String {
    var writer = NotebookWriter(notebook: notebook)
    writer.write()
    return writer.text
  }

  private mutating func write() {
    writeHeader()
    for cell in notebook.cells {
      endLine()
      writeCell(cell)
    }
  }

  private mutating func writeHeader() {
    if let kept = notebook.header.kept {
      text = kept
    } else {
      text = notebook.header.canonical
      if !text.isEmpty, !notebook.cells.isEmpty { text += "\n" }
    }
  }

  private mutating func writeCell(_ cell: Cell) {
    let marker = needsMarker(cell) ? cell.keptMarker ?? Marker(of: cell).line : nil
    let body = cell.keptBody ?? Self.body(of: cell)
    text += marker ?? ""
    if marker != nil, !body.isEmpty { text += "\n" }
    text += body
    let isLast = cell.index == notebook.cells.count - 1
    text += isLast ? cell.keptEnding ?? "\n" : cell.keptGap ?? "\n\n"
  }

  private mutating func endLine() {
    if !text.isEmpty, text.utf8.last != UInt8(ascii: "\n") { text += "\n" }
  }

  /// Whether a cell must begin with a marker: only the first can do without, when it is plain code and its own
  /// first line would not be taken for the top of the file.
  private func needsMarker(_ cell: Cell) -> Bool {
    if cell.hasMarker || cell.index > 0 || cell.source.isEmpty || cell.keptMarker != nil { return true }
    var plain = Marker(of: cell)
    plain.attributes = []
    guard plain == Marker(), cell.attributes.isEmpty else { return true }
    let top = text + Self.body(of: cell)
    if top.utf8.starts(with: FileText.byteOrderMark) { return true }
    let reading = HeaderReader(Array(top.utf8))
    return reading.position != text.utf8.count || !reading.diagnostics.isEmpty
  }
}

extension NotebookWriter {
  /// The canonical lines of a cell, without the newline that ends the last.
  static func body(of cell: Cell) -> String {
    let lines = cell.source.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard !cell.source.isEmpty else { return "" }
    let written = lines.map { line in
      MarkerLine.escaped(cell.kind == .code ? ArraySlice(Array(line)) : prose(Array(line)))
    }
    return String(decoding: Array(written.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
  }

  private static func prose(_ line: [UInt8]) -> ArraySlice<UInt8> {
    ArraySlice(line.isEmpty ? [UInt8(ascii: "#")] : Array("# ".utf8) + line)
  }
}

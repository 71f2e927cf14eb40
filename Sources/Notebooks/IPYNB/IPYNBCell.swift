import Diagnostics
import JSON

/// A cell of a `.ipynb` file and a cell of a notebook, each made from the other.
enum IPYNBCell {
  /// What is written from other sources than a cell's `jupyter={…}`.
  private static let ownKeys: Set<String> = ["nbs", "tags"]

  // MARK: To Jupyter

  static func json(of cell: Cell, in notebook: Notebook, _ outputs: CellOutputs?) -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("cell_type", .string(cell.kind.rawValue)), .init("id", .string(cell.id)),
      .init("source", .lines(cell.source)),
    ]
    if cell.kind == .code {
      let items = outputs?.items ?? []
      members.append(.init("execution_count", JSONValue(outputs?.executionCount)))
      members.append(
        .init("outputs", .array(items.map { $0.json(executionCount: outputs?.executionCount) })))
    } else if let attachments = cell[.attachments], attachments.members != nil {
      members.append(.init("attachments", attachments))
    }
    let metadata = sharedMetadata(of: cell, in: notebook)
    let restored = self.cell(
      from: .object(members + [.init("metadata", .object(metadata))]).sortedByKey)
    let own = spelling(of: cell, restored, isLast: cell.index == notebook.cells.count - 1)
    let nbs = own.isEmpty ? [] : [JSONValue.Member("nbs", .object(own))]
    return .object(members + [.init("metadata", .object(metadata + nbs))])
  }

  /// The metadata that Jupyter has a place for.
  private static func sharedMetadata(of cell: Cell, in notebook: Notebook) -> [JSONValue.Member] {
    var members = foreignMembers(of: cell)
    let own = cell[.tags].flatMap { AttributeRules.areTags($0) ? $0.array : nil } ?? []
    let derived = derivedTags(of: cell, in: notebook).map(JSONValue.string).filter { !own.contains($0) }
    if cell[.tags].map(AttributeRules.areTags) ?? false || !derived.isEmpty {
      members.append(.init("tags", .array(own + derived)))
    }
    return members
  }

  /// What Jupyter's programs have to know of a cell to run it as nbs does, in the tags that they go by.
  private static func derivedTags(of cell: Cell, in notebook: Notebook) -> [String] {
    guard cell.kind == .code else { return [] }
    return (notebook.runnableCells.contains(cell.index) ? [] : [skipped])
      + (cell.expectedError == nil ? [] : [failing])
  }

  private static let skipped = "skip-execution"
  private static let failing = "raises-exception"

  /// What must be kept for nbs because a cell made from all the rest, `restored`, would be spelled otherwise.
  private static func spelling(of cell: Cell, _ restored: Cell?, isLast: Bool) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    let marker = cell.hasMarker || cell.index > 0 ? line(of: cell) : ""
    if restored.map(line)?.hasSameBytes(as: marker) != true {
      members.append(.init("marker", .string(marker)))
    }
    if let body = cell.keptBody { members.append(.init("body", .string(body))) }
    if isLast, let ending = cell.keptEnding, ending != "\n" {
      members.append(.init("ending", .string(ending)))
    } else if !isLast, let gap = cell.keptGap, gap != "\n\n" {
      members.append(.init("gap", .string(gap)))
    }
    return members
  }

  private static func line(of cell: Cell) -> String { cell.keptMarker ?? Marker(of: cell).line }

  private static func foreignMembers(of cell: Cell) -> [JSONValue.Member] {
    (cell[.jupyter]?.members ?? []).filter { !ownKeys.contains($0.key) }
  }

  // MARK: From Jupyter

  /// The cell that a cell of a file stands for; nil when it has no kind or text that nbs knows.
  static func cell(from json: JSONValue) -> Cell? {
    guard let kind = json["cell_type"]?.string.flatMap(Cell.Kind.init), let text = json["source"]?.joinedLines
    else { return nil }
    var cell = Cell(kind, text)
    let metadata = json["metadata"] ?? .object([])
    restoreMarker(&cell, metadata["nbs"]?["marker"]?.string)
    takeID(&cell, json["id"]?.string)
    takeTags(&cell, metadata["tags"])
    takeForeign(&cell, metadata)
    // Attachments that are no object are none.
    let attachments = json["attachments"].flatMap { $0.members == nil ? nil : $0 }
    if kind != .code, attachments != cell[.attachments] { cell[.attachments] = attachments }
    restoreSpacing(&cell, metadata["nbs"])
    return cell
  }

  /// Takes over what a stored marker says, unless the cell has become one of another kind since.
  private static func restoreMarker(_ cell: inout Cell, _ line: String?) {
    guard let line else { return }
    guard !line.isEmpty else { return cell.hasMarker = false }
    let bytes = Array(line.utf8)
    let (marker, diagnostics) = MarkerReader.read(line: line)
    guard MarkerLine.matches(bytes[...]), !bytes.contains(UInt8(ascii: "\n")), !bytes.contains(0),
      !diagnostics.contains(where: { $0.severity == .error })
    else { return }
    cell.title = marker.title
    cell.attributes = marker.attributes
    guard marker.kind == cell.kind else { return }
    cell.role = marker.role
    cell.keptMarker = line
  }

  /// An id that Jupyter gave wins, for a copied cell takes all its metadata along and gets an id of its own. One
  /// that nbs had computed is computed again.
  private static func takeID(_ cell: inout Cell, _ id: String?) {
    guard let id, id != cell.explicitID, cell.explicitID != nil || !CellID.looksComputed(id) else { return }
    cell.explicitID = id
  }

  private static func takeTags(_ cell: inout Cell, _ tags: JSONValue?) {
    let own = (cell[.tags]?.array ?? []).compactMap(\.string)
    // Those that were derived are derived again.
    let derived = Set(
      (cell.role == .exercise ? [skipped] : []) + (cell.expectedError == nil ? [] : [failing])
    ).subtracting(own)
    let all = (tags?.array ?? []).compactMap(\.string)
    let words = all.filter { !derived.contains($0) }
    guard words.count < all.count ? words != own : tags != cell[.tags] else { return }
    var seen: Set<String> = []
    cell.tags = words.filter { AttributeRules.areTags(.array([.string($0)])) && seen.insert($0).inserted }
  }

  private static func takeForeign(_ cell: inout Cell, _ metadata: JSONValue) {
    let foreign = (metadata.members ?? []).filter { !ownKeys.contains($0.key) }
    guard JSONValue.object(foreign) != JSONValue.object(foreignMembers(of: cell)) else { return }
    cell[.jupyter] = foreign.isEmpty ? nil : .object(foreign)
  }

  private static func restoreSpacing(_ cell: inout Cell, _ stored: JSONValue?) {
    cell.keptBody = stored?["body"]?.string
    cell.keptGap = stored?["gap"]?.string
    cell.keptEnding = stored?["ending"]?.string
    guard !spacingIsTrue(cell) else { return }
    cell.keptBody = nil
    cell.keptGap = nil
    cell.keptEnding = nil
  }

  /// Whether the stored spelling still spells this cell: Jupyter may have changed the text and left it alone.
  private static func spacingIsTrue(_ cell: Cell) -> Bool {
    guard cell.keptBody != nil || cell.keptGap != nil || cell.keptEnding != nil else { return true }
    let body = cell.keptBody ?? NotebookWriter.body(of: cell)
    return [cell.keptGap, cell.keptEnding].allSatisfy { tail in
      let marker = Marker(of: Cell(cell.kind, "")).line
      let text = marker + (body.isEmpty ? "" : "\n" + body) + (tail ?? "\n")
      let read = NotebookFormat.read(text, name: "").notebook
      guard let first = read?.cells.first, read?.cells.count == 1 else { return false }
      return first.source.hasSameBytes(as: cell.source) && first.keptEnding == (tail ?? "\n")
    }
  }
}

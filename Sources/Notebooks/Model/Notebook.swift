/// A notebook: a header and cells, each of prose or of code. What a run puts out is never part of it.
///
/// A notebook that was read remembers how it was spelled. What nobody touches is written back byte for byte;
/// what is changed through these properties is written in the canonical form.
///
/// ```swift
/// let notebook = Notebook(cells: [Cell(.markdown, "# Sums"), Cell(.code, "print 1 + 1")])
/// let text = NotebookFormat.write(notebook)  // the lines of a .nbs file
/// ```
public struct Notebook: Sendable, Equatable {
  /// Title, version, language and whatever else stands at the top.
  public var header: NotebookHeader
  /// The cells in order.
  ///
  /// Whatever changes here, every cell's ``Cell/index`` and ``Cell/id`` are brought up to date; who makes many
  /// changes should make them to a copy of the list and assign that.
  public var cells: [Cell] { didSet { Self.number(&cells) } }

  /// Creates a notebook.
  public init(header: NotebookHeader = NotebookHeader(), cells: [Cell] = []) {
    self.header = header
    self.cells = cells
    Self.number(&self.cells)
  }

  /// This notebook without the memory of how it was spelled.
  var forgettingSpelling: Notebook {
    var plain = Notebook(header: header, cells: cells.map(\.forgettingSpelling))
    plain.header.kept = nil
    return plain
  }
}

extension Notebook {
  /// Gives every cell its index, and an id that no other cell has.
  ///
  /// Ids that somebody chose come first: a computed one steps aside for them with `-2`, `-3` and so on. A
  /// chosen id that occurs twice, as after copying a cell, stays with the first.
  private static func number(_ cells: inout [Cell]) {
    var taken: Set<String> = []
    for index in cells.indices {
      cells[index].index = index
      guard let chosen = cells[index].explicitID else { continue }
      let id = unused(chosen, in: &taken)
      if id != chosen { cells[index].explicitID = id }
      cells[index].id = id
    }
    var counts: [String: Int] = [:]
    for index in cells.indices where cells[index].explicitID == nil {
      cells[index].id = unused(cells[index].contentID, in: &taken, counts: &counts)
    }
  }

  private static func unused(_ id: String, in taken: inout Set<String>) -> String {
    var counts: [String: Int] = [:]
    return unused(id, in: &taken, counts: &counts)
  }

  /// `id`, or `id-2` and so on. The counts keep a thousand equal cells from trying a thousand suffixes each.
  private static func unused(
    _ id: String, in taken: inout Set<String>, counts: inout [String: Int]
  ) -> String {
    var count = counts[id, default: 1]
    var candidate = count == 1 ? id : CellID.suffixed(id, count)
    while !taken.insert(candidate).inserted {
      count += 1
      candidate = CellID.suffixed(id, count)
    }
    counts[id] = count
    return candidate
  }
}

/// One cell of a notebook.
public struct Cell: Sendable, Equatable {
  /// What a cell holds.
  public enum Kind: String, Sendable, CaseIterable {
    /// Commands and maths, which a run evaluates.
    case code
    /// Prose.
    case markdown
    /// Text that is handed on as it is.
    case raw
  }

  /// What a code cell is for in a walkthrough.
  public enum Role: String, Sendable, CaseIterable {
    /// The learner is to fill it in.
    case exercise
    /// It answers the exercise before it; a run from top to bottom takes it in the exercise's place.
    case solution
    /// It looks at the state that the exercise before it should have reached.
    case check
    /// It looks closer where grades are given; learners never see it.
    case hiddenCheck = "check hidden"
  }

  /// What this cell holds.
  public var kind: Kind {
    didSet {
      keptMarker = nil
      keptBody = nil
      keptGap = nil
      keptEnding = nil
      contentID = CellID.computed(kind: kind, source: source)
      id = explicitID ?? contentID
    }
  }
  /// What it is for in a walkthrough; only a code cell can be for anything, and for others it is not written.
  public var role: Role? { didSet { keptMarker = nil } }
  /// The words behind `# %%`, if any.
  public var title: String? { didSet { keptMarker = nil } }
  /// The `key=value` pairs of the marker, in order.
  public var attributes: [CellAttribute] {
    didSet {
      keptMarker = nil
      id = explicitID ?? contentID
    }
  }
  /// The text: prose without its `# `, code as it runs.
  ///
  /// It has no blank lines at its start or end, and its lines end in `\n`: whatever is assigned is trimmed to
  /// that.
  public var source: String {
    didSet {
      source = SourceLines.trimmed(source)
      keptBody = nil
      contentID = CellID.computed(kind: kind, source: source)
      id = explicitID ?? contentID
    }
  }
  /// The words of the first heading in its text, if there is one.
  package var headline: String? {
    source.split(separator: "\n").first { $0.hasPrefix("#") }
      .map { String($0.drop { $0 == "#" || $0 == " " }) }
  }
  /// The id: the one that its marker gives, or one computed from kind and source. Unique in its notebook.
  public internal(set) var id: String
  /// The line of the file, from 1, that the first line of ``source`` stands in; 1 for a cell that was not
  /// read from a `.nbs` file.
  public internal(set) var firstLine = 1
  /// The place in the notebook, from 0.
  public internal(set) var index = 0

  /// The id that kind and source give, whatever the marker says.
  var contentID: String
  /// Whether the cell has a marker; the text before the first marker of a file is a cell that has none.
  var hasMarker = true
  /// The marker line as it was read.
  var keptMarker: String?
  /// The lines between the marker and ``keptGap`` as they were read, where they are not canonical.
  var keptBody: String?
  /// What stood between this cell's text and the next marker, from the newline that ends the text.
  var keptGap: String?
  /// What stood behind this cell's text when it was the last: the final newline, or none, or several.
  var keptEnding: String?

  /// Creates a cell.
  public init(
    _ kind: Kind = .code, _ source: String, title: String? = nil, role: Role? = nil,
    attributes: [CellAttribute] = []
  ) {
    self.kind = kind
    self.source = SourceLines.trimmed(source)
    self.title = title
    self.role = role
    self.attributes = attributes
    contentID = CellID.computed(kind: kind, source: self.source)
    id = contentID
    id = explicitID ?? contentID
  }

  /// This cell as the last of a file, where what stands behind it is no gap between cells.
  var ending: Cell {
    var last = self
    last.keptEnding = keptGap
    last.keptGap = nil
    return last
  }

  /// This cell without the memory of how it was spelled.
  var forgettingSpelling: Cell {
    var plain = self
    plain.keptMarker = nil
    plain.keptBody = nil
    plain.keptGap = nil
    plain.keptEnding = nil
    return plain
  }
}

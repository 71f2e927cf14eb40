import JSON

/// What a marker line says about its cell.
struct Marker: Equatable {
  var title: String?
  var kind = Cell.Kind.code
  var role: Cell.Role?
  var attributes: [CellAttribute] = []

  init() {}

  init(of cell: Cell) {
    title = cell.title
    kind = cell.kind
    role = cell.kind == .code ? cell.role : nil
    attributes = cell.attributes
  }

  /// The canonical line: single spaces, and quotes around a title only where it needs them.
  var line: String {
    var words = ["# %%"]
    if let title, !title.isEmpty { words.append(Self.spelled(title)) }
    if kind != .code { words.append("[\(kind.rawValue)]") }
    if let role, kind == .code { words.append("[\(role.rawValue)]") }
    words += attributes.map { "\($0.key)=\($0.text)" }
    return words.joined(separator: " ")
  }

  /// A title as it is where it would be read as itself, else in quotes: `"Set x=1"`.
  private static func spelled(_ title: String) -> String {
    let hasControls = title.unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" }
    var expected = Marker()
    expected.title = title
    if !hasControls {
      let (marker, diagnostics) = MarkerReader.read(line: "# %% " + title)
      let isSame = marker == expected && marker.title?.hasSameBytes(as: title) == true
      if isSame, diagnostics.isEmpty { return title }
    }
    return title.jsonQuoted
  }
}

/// Rows of comma-separated values as RFC 4180 has them, for a reader's spreadsheet and terminal.
public struct CSVText {
  /// The rows so far.
  public private(set) var text = ""
  private let lineEnd: String

  /// Creates a table without rows.
  public init(lineEnd: String = "\n") { self.lineEnd = lineEnd }

  /// Adds a row. Its fields are shown and not obeyed: control characters become spaces, and a text that a spreadsheet would
  /// take for a formula gets an apostrophe before it (OWASP, "CSV Injection").
  public mutating func add(_ fields: [String]) {
    text += fields.map(Self.field).joined(separator: ",") + lineEnd
  }

  private static func field(_ text: String) -> String {
    let clean = text.onOneLine
    let isFormula = clean.first.map { "=+-@".contains($0) } == true && Double(clean) == nil
    let field = isFormula ? "'" + clean : clean
    let isPlain = !field.contains { $0 == "," || $0 == "\"" }
    return isPlain ? field : "\"" + field.replacing("\"", with: "\"\"") + "\""
  }

  /// A number in full.
  public static func number(_ value: Double?) -> String { value.map { $0.isNaN ? "nan" : "\($0)" } ?? "" }
}

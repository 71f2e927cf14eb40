public import Diagnostics
import Foundation
import Foundations

/// A diagnostic for programs: an editor, a CI system.
public struct DiagnosticSummary: Encodable {
  let code: String
  let severity: String
  let message: String
  let notes: [String]
  let suggestion: String?
  /// What the diagnostic's source is called: `xor.nbs, cell 4`.
  let source: String?
  /// The line of the file, or of the cell in a Jupyter notebook or a Markdown page; from 1.
  let line: Int?
  /// The character of the line, from 1.
  let column: Int?

  /// Describes a diagnostic.
  public init(_ diagnostic: Diagnostic) {
    code = diagnostic.code.rawValue
    severity = diagnostic.severity == .error ? "error" : "notice"
    message = diagnostic.message
    notes = diagnostic.notes
    suggestion = diagnostic.suggestion
    source = diagnostic.source?.name
    let place = diagnostic.source.flatMap { source in diagnostic.span.map { source.line(at: $0.start) } }
    line = place.map { $0.number + (diagnostic.source?.firstLine ?? 1) - 1 }
    column = place.map { $0.prefix.count + 1 }
  }
}

extension Encodable {
  /// The value as JSON, its members in alphabetical order.
  public func json() -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let data = try? encoder.encode(self) else { return "null" }
    return String(decoding: data, as: UTF8.self)
  }
}

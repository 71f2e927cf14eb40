public import Diagnostics

extension Parser {
  /// The quoted texts in a source, their escapes resolved: file names among them.
  public static func texts(in source: SourceText) -> [String] {
    Lexer(source).tokens.compactMap { if case .string(let text) = $0.kind { text } else { nil } }
  }
}

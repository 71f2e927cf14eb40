public import Foundations

/// What went wrong, where, why and what to try: as data, so that a test can look into it, a notebook can
/// expect it, and every front end shows it in its own way. Processes of one run tell it to each other; no file holds it.
///
/// ```swift
/// let result = Parser.parse(SourceText("b = (2 +* 3)", name: "cell 1"))
/// let text = result.diagnostics.map { $0.rendered(width: 72) }.joined(separator: "\n")
/// ```
public struct Diagnostic: Error, Sendable, Equatable, Codable {
  /// How grave it is.
  public enum Severity: Sendable, Equatable, Codable {
    /// The cell stops here.
    case error
    /// The cell goes on; the reader should know.
    case notice
  }

  /// The kind of mistake.
  public let code: ErrorCode
  /// How grave it is.
  public var severity: Severity
  /// One or two sentences: what is wrong, and what to do about it. Code stands in backquotes.
  public var message: String
  /// The part of the source that is to blame, if any part is.
  public var span: SourceSpan?
  /// The source that ``span`` points into.
  public var source: SourceText?
  /// More to know, each a sentence of its own.
  public var notes: [String]
  /// One way out, as text that could be typed: `epochs`, `layer flat flatten`.
  public var suggestion: String?

  /// Creates an error, or a notice when `severity` says so.
  public init(
    _ code: ErrorCode, _ message: String, at span: SourceSpan? = nil, notes: [String] = [],
    suggestion: String? = nil, severity: Severity = .error
  ) {
    self.code = code
    self.message = message
    self.span = span
    self.notes = notes
    self.suggestion = suggestion
    self.severity = severity
  }

  /// Creates the diagnostic of an error that knows no source text.
  public init(_ error: CodedError, at span: SourceSpan? = nil) {
    self.init(error.code, error.message, at: span, suggestion: error.suggestion)
  }

  /// The same diagnostic, pointing into `source`; one that already knows its source keeps it.
  public func located(in source: SourceText) -> Diagnostic {
    guard self.source == nil else { return self }
    var located = self
    located.source = source
    return located
  }

  /// The same diagnostic, blaming `span` unless it already blames something.
  public func blaming(_ span: SourceSpan) -> Diagnostic {
    guard self.span == nil else { return self }
    var blamed = self
    blamed.span = span
    return blamed
  }
}

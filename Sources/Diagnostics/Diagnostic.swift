/// What went wrong, where, why and what to try: as data, so that a test can look into it, a notebook can
/// expect it, and every front end shows it in its own way.
public struct Diagnostic: Error, Sendable, Equatable {
  /// How grave it is.
  public enum Severity: Sendable, Equatable {
    /// The cell stops here.
    case error
    /// The cell goes on; the reader should know.
    case notice
  }

  /// The stable name of this kind of mistake: lowercase words joined by hyphens, `unknown-option`.
  public let code: String
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
    _ code: String, _ message: String, at span: SourceSpan? = nil, notes: [String] = [],
    suggestion: String? = nil, severity: Severity = .error
  ) {
    self.code = code
    self.message = message
    self.span = span
    self.notes = notes
    self.suggestion = suggestion
    self.severity = severity
  }

  /// The headline: `UNKNOWN OPTION` for the code `unknown-option`.
  public var title: String {
    code.split(separator: "-").joined(separator: " ").uppercased()
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

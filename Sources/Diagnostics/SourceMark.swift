/// A piece of source and what it is, so that a page can set it apart without knowing the language.
public struct SourceMark: Sendable, Equatable {
  /// What a piece of source is.
  public enum Kind: String, Sendable, CaseIterable {
    /// The first word of a command.
    case verb
    /// A word of the language.
    case keyword
    /// The key of an option.
    case key
    case number
    case string
    case comment
  }

  /// Where it stands.
  public var span: SourceSpan
  /// What it is.
  public var kind: Kind

  /// Creates a mark.
  public init(_ span: SourceSpan, _ kind: Kind) {
    self.span = span
    self.kind = kind
  }
}

/// Why the engine would not do what it was asked. Nothing has changed when it is thrown.
///
/// The engine knows no source text, so this carries no place; whoever holds the source adds it.
public struct EngineError: Error, Sendable, Equatable {
  /// The stable name of this kind of mistake: `shape-mismatch`, `cycle`.
  public let code: String
  /// What is wrong and what to do about it, naming layers and shapes.
  public let message: String
  /// A fix that could be typed, if there is an obvious one.
  public let suggestion: String?

  /// Creates an error.
  public init(_ code: String, _ message: String, suggestion: String? = nil) {
    self.code = code
    self.message = message
    self.suggestion = suggestion
  }
}

/// The reason that something was refused or failed. Nothing has changed when it is thrown.
///
/// The modules below the language know no source text, so this carries no place; whoever holds the source adds it.
public struct CodedError: Error, Sendable, Equatable {
  /// The kind of mistake.
  public let code: ErrorCode
  /// What is wrong and what to do about it, naming layers, files, rows and shapes.
  public let message: String
  /// A fix that could be typed, if there is an obvious one.
  public let suggestion: String?

  /// Creates an error.
  public init(_ code: ErrorCode, _ message: String, suggestion: String? = nil) {
    self.code = code
    self.message = message
    self.suggestion = suggestion
  }
}

import Diagnostics
import NeuralEngine

/// Runs engine code; an error of the engine's gets the place in the source that it lacks.
@inline(__always)
func locating<Result>(_ span: SourceSpan, _ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as EngineError { throw Diagnostic(error, at: span) }
}

extension Diagnostic {
  /// An error of the engine's at a place in the source.
  init(_ error: EngineError, at span: SourceSpan?) {
    self.init(error.code, error.message, at: span, suggestion: error.suggestion)
  }
}

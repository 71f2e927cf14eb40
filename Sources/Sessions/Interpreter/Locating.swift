import Diagnostics
import NetworkSchema
import NeuralEngine

/// Runs engine code; an error of the engine's gets the place in the source that it lacks.
@inline(__always)
func locating<Result>(_ span: SourceSpan, _ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as EngineError { throw Diagnostic(error, at: span) }
}

/// Runs code that makes something of a command's options; a mistake in one of them is shown there.
func locating<Result>(_ arguments: CommandArguments, _ body: () throws -> Result) throws -> Result {
  do { return try locating(arguments.span, body) } catch let violation as SchemaViolation {
    throw Diagnostic(
      "bad-value", violation.message, at: violation.option.map(arguments.span) ?? arguments.span,
      suggestion: violation.suggestion)
  }
}

extension Diagnostic {
  /// An error of the engine's at a place in the source.
  init(_ error: EngineError, at span: SourceSpan?) {
    self.init(error.code, error.message, at: span, suggestion: error.suggestion)
  }
}

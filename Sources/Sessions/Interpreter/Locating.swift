import Diagnostics
import Foundations
import NeuralEngine

/// Runs engine code; an error of the engine's gets the place in the source that it lacks.
@inline(__always)
func locating<Result>(_ span: SourceSpan, _ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as CodedError { throw Diagnostic(error, at: span) }
}

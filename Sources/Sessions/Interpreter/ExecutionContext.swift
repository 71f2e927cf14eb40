import Diagnostics
import Outputs

/// A piece of a program, compiled: run it to get its value.
typealias Evaluation = (ExecutionContext) throws -> Value

/// What running code needs to reach: the session, the function's own values, and where outputs go.
final class ExecutionContext {
  let session: Session
  /// The parameters and variables of the function that runs; empty outside of functions.
  var locals: [Value?] = []
  /// How many functions deep the program is.
  var depth = 0
  private let stack = StackGuard()
  private let sink: (Output) -> Void

  init(session: Session, sink: @escaping (Output) -> Void) {
    self.session = session
    self.sink = sink
  }

  func emit(_ output: Output) { sink(output) }

  /// Throws when somebody asked the cell to stop.
  @inline(__always)
  func checkInterruption() throws {
    if session.interruption.isRequested { throw Interruption() }
  }

  /// Calls a user's function with as many values as it has parameters.
  func call(_ function: UserFunction, _ arguments: [Value?]) throws -> Value {
    guard depth < 100_000, stack.hasRoom else {
      throw Diagnostic(
        "recursion-too-deep",
        "`\(function.name)` has called itself \(depth) levels deep and never came to an end. Give it a case that stops."
      )
    }
    var inner = arguments
    while inner.count < function.slotCount { inner.append(nil) }
    swap(&locals, &inner)
    depth += 1
    defer {
      locals = inner
      depth -= 1
    }
    try checkInterruption()
    return try function.body(self)
  }
}

/// Thrown when somebody asked the cell to stop; what has been done stays done.
struct Interruption: Error {
  /// Whether the user has been told already, as by a training that says how far it got.
  var isReported = false
}

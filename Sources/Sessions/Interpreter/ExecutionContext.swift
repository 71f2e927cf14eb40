import Diagnostics
import Foundations
import NeuralEngine
import Outputs

/// What running code needs to reach: the session, the values of the functions that run, and where outputs go.
final class ExecutionContext {
  let session: Session
  /// The values of all the functions that run, the innermost one's last.
  private var locals: [Value?] = []
  /// Where those of the innermost begin.
  private var base = 0
  /// How many functions deep the program is.
  private var depth = 0
  /// Whether a loop runs, whose progress is told.
  var isInLoop = false
  private let stack = StackGuard()
  /// How often it was asked whether to stop.
  private var questions = 0
  private var memory = MemoryWatch()
  private let sink: (Output) -> Void

  init(session: Session, sink: @escaping (Output) -> Void) {
    self.session = session
    self.sink = sink
  }

  func emit(_ output: Output) { sink(output) }

  /// A value of the function that runs.
  subscript(local slot: Int) -> Value? {
    get { locals[base + slot] }
    set { locals[base + slot] = newValue }
  }

  /// Throws when somebody asked the cell to stop, or when there is no memory left to go on with: small values that a loop
  /// gathers use it up as well as large ones.
  @inline(__always)
  func checkInterruption() throws {
    if session.interruption.isRequested { throw Interruption() }
    questions &+= 1
    if questions & 0x3F == 0 { try checkMemory() }
  }

  @inline(never)
  private func checkMemory() throws {
    do throws(CodedError) { try memory.check() } catch { throw Diagnostic(error.code, error.message) }
  }

  /// The result of an operation, which leaves parts of a large one out when the cell is to stop.
  @inline(__always)
  func whole(_ tensor: Tensor) throws -> Tensor {
    if tensor.count > 1 << 16 { try checkInterruption() }
    return tensor
  }

  /// Calls a user's function with as many arguments as it has parameters.
  func call(_ function: UserFunction, _ arguments: [Node]) throws -> Value {
    let inner = locals.count
    let outer = base
    defer {
      locals.removeLast(locals.count - inner)
      base = outer
    }
    for argument in arguments { locals.append(try argument.evaluate(self)) }
    while locals.count < inner + function.slotCount { locals.append(nil) }
    base = inner
    for (slot, id) in function.markedParameters {
      if case .tensor(let tensor)? = self[local: slot] {
        self[local: slot] = .tensor(tensor.stamped(variable: id))
      }
    }
    return try enter(function)
  }

  private func enter(_ function: UserFunction) throws -> Value {
    guard stack.hasRoom else {
      throw Diagnostic(
        .recursionTooDeep,
        "`\(function.name)` is called too many levels deep, by itself or through others. If it ends at all, "
          + "a loop takes it further; else add the case that ends it."
      )
    }
    try checkInterruption()
    depth += 1
    defer { depth -= 1 }
    return try function.body.evaluate(self)
  }
}

/// Thrown when somebody asked the cell to stop; what has been done stays done.
struct Interruption: Error {
  /// Whether the user has been told already, as by a training that says how far it got.
  var isReported = false
}

extension Error {
  /// Whether it says that somebody stopped the cell: the engine's work ends by a diagnostic of its own.
  var isInterruption: Bool { self is Interruption || (self as? Diagnostic)?.code == .interrupted }
}

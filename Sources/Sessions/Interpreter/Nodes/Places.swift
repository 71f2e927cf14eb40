import Diagnostics
import Language
import NeuralEngine

/// What an assignment writes to.
class Place {
  /// Where it stands in the source.
  let span: SourceSpan

  init(_ span: SourceSpan) { self.span = span }

  func store(_ value: Value, _ context: ExecutionContext) throws {}

  /// Whether an array that stands here remembers what its elements were computed from. What a session's variable is given
  /// from its own value is plain numbers, so that a training loop does not remember its past.
  var recordsParts: Bool { false }

  /// Changes the array that stands here. Nobody else holds it meanwhile, so that writing one element does not
  /// copy the others. Where the place ``recordsParts``, `body` may leave an array that remembers what it was made from.
  func change(_ context: ExecutionContext, _ body: (inout Tensor) throws -> Void) throws {}
}

/// A variable of the session. An array becomes the variable's own; see ``SessionState``.
final class VariablePlace: Place {
  private let variable: Variable

  init(_ variable: Variable, _ span: SourceSpan) {
    self.variable = variable
    super.init(span)
  }

  override func store(_ value: Value, _ context: ExecutionContext) throws {
    let session = context.session
    if session.state[variable] == nil { try session.claim(variable.name, for: .variable, at: span) }
    session.state.assign(value, to: variable)
  }

  override func change(_ context: ExecutionContext, _ body: (inout Tensor) throws -> Void) throws {
    let session = context.session
    var tensor = try (session.state[variable] ?? session.lookUp(variable.name, at: span)).array(at: span)
    session.state[variable] = nil
    defer { session.state[variable] = .tensor(tensor) }
    try body(&tensor)
  }
}

/// A function's own parameter or variable.
final class LocalPlace: Place {
  private let slot: Int
  /// Set for those that the function differentiates by.
  private let mark: Int32?

  init(slot: Int, mark: Int32?, _ span: SourceSpan) {
    self.slot = slot
    self.mark = mark
    super.init(span)
  }

  override func store(_ value: Value, _ context: ExecutionContext) throws {
    if let mark, case .tensor(let tensor) = value {
      context[local: slot] = .tensor(tensor.stamped(variable: mark))
    } else {
      context[local: slot] = value
    }
  }

  override var recordsParts: Bool { true }

  override func change(_ context: ExecutionContext, _ body: (inout Tensor) throws -> Void) throws {
    var tensor = try (context[local: slot] ?? .nothing).array(at: span)
    context[local: slot] = nil
    defer { context[local: slot] = .tensor(mark.map { tensor.stamped(variable: $0) } ?? tensor) }
    try body(&tensor)
  }
}

/// `a[…]`
final class ElementPlace: Place {
  private let whole: Place
  private let indexes: [IndexNodes]

  init(of whole: Place, _ indexes: [IndexNodes], _ span: SourceSpan) {
    self.whole = whole
    self.indexes = indexes
    super.init(span)
  }

  override func store(_ value: Value, _ context: ExecutionContext) throws {
    let part = try value.array(at: span)
    let selected = try indexes.map { try $0.evaluate(context) }
    try whole.change(context) { tensor in
      try locating(span) {
        try Tensor.assign(part, at: selected, of: &tensor, isRecorded: whole.recordsParts)
      }
    }
  }
}

/// `hid.weights`
final class FieldPlace: Place {
  private let base: Node
  private let field: Identifier

  init(_ base: Node, _ field: Identifier, _ span: SourceSpan) {
    self.base = base
    self.field = field
    super.init(span)
  }

  override func store(_ value: Value, _ context: ExecutionContext) throws {
    try context.session.setField(field, of: base.evaluate(context), to: value, at: span)
  }

  override func change(_ context: ExecutionContext, _ body: (inout Tensor) throws -> Void) throws {
    let owner = try base.evaluate(context)
    var tensor = try context.session.field(field, of: owner, at: span).array(at: span).detached()
    try body(&tensor)
    try context.session.setField(field, of: owner, to: .tensor(tensor), at: span)
  }
}

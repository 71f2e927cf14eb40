import Diagnostics
import Language
import NeuralEngine

/// `a[…]`
final class IndexNode: Node {
  private let base: Node
  private let indexes: [IndexNodes]

  init(_ base: Node, _ indexes: [IndexNodes], _ span: SourceSpan) {
    self.base = base
    self.indexes = indexes
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    guard let field = base as? FieldNode else { return try item(of: base.evaluate(context), context) }
    let owner = try field.owner(context)
    guard case .data(let data) = owner else { return try item(of: field.value(of: owner, context), context) }
    let selected = try indexes.map { try $0.evaluate(context) }
    if let rows = try context.session.rows(field.field, of: data, selected, at: span) { return rows }
    return try item(of: field.value(of: owner, context), selected, context)
  }

  private func item(of value: Value, _ context: ExecutionContext) throws -> Value {
    try item(of: value, indexes.map { try $0.evaluate(context) }, context)
  }

  private func item(of value: Value, _ selected: [ArrayIndex], _ context: ExecutionContext) throws -> Value {
    if case .list(let items) = value { return try Value.item(of: items, selected, at: span) }
    let array = try value.array(at: base.span)
    return .tensor(try context.whole(locating(span) { try array.selecting(selected) }))
  }
}

/// One of the indexes between brackets.
enum IndexNodes {
  case at(Node)
  case slice(start: Node?, stop: Node?, step: Node?)

  func evaluate(_ context: ExecutionContext) throws -> ArrayIndex {
    switch self {
    case .at(let node):
      let array = try node.tensor(context)
      return try locating(node.span) { try ArrayIndex(array) }
    case .slice(nil, nil, nil): return .all
    case .slice(let start, let stop, let step):
      return .slice(
        start: try IndexNodes.bound(start, context), stop: try IndexNodes.bound(stop, context),
        step: try IndexNodes.bound(step, context))
    }
  }

  private static func bound(_ node: Node?, _ context: ExecutionContext) throws -> Int? {
    try node?.evaluate(context).wholeNumber(
      "A slice's bound", atLeast: .min, at: node?.span ?? SourceSpan(0, 0))
  }
}

/// `a.T`, `hid.weights`
final class FieldNode: Node {
  private let base: Node
  fileprivate let field: Identifier
  /// What stands behind the dot.
  var name: String { field.name }

  init(_ base: Node, _ field: Identifier, _ span: SourceSpan) {
    self.base = base
    self.field = field
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    try value(of: owner(context), context)
  }

  /// What stands before the dot.
  fileprivate func owner(_ context: ExecutionContext) throws -> Value { try base.evaluate(context) }

  /// What stands behind it.
  fileprivate func value(of owner: Value, _ context: ExecutionContext) throws -> Value {
    try context.session.field(field, of: owner, at: span)
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    let value = try base.evaluate(context)
    if field.name == "T", case .tensor(let tensor) = value {
      return try context.whole(locating(span) { try tensor.transposed() })
    }
    return try context.session.field(field, of: value, at: span).array(at: span)
  }
}

/// `grad L wrt W, b`
final class GradientNode: Node {
  private let loss: Node
  private let targets: [Node]
  private let names: [String]

  init(_ loss: Node, _ targets: [Node], names: [String], _ span: SourceSpan) {
    self.loss = loss
    self.targets = targets
    self.names = names
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    let loss = try loss.tensor(context)
    let targets = try targets.map { try $0.tensor(context) }
    let results = try locating(span) { try gradients(of: loss, withRespectTo: targets, names: names) }
    try context.checkInterruption()
    return results.count == 1 ? .tensor(results[0]) : .list(results.map { .tensor($0) })
  }
}

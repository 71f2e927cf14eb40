import Diagnostics
import Foundations
import Localization
import NeuralEngine
import Outputs

/// An operator between two arrays.
class OperandsNode: TensorNode {
  final let left: Node
  final let right: Node

  init(_ left: Node, _ right: Node, _ span: SourceSpan) {
    self.left = left
    self.right = right
    super.init(span)
  }
}

/// `a + b` and the like, element by element.
final class BinaryNode: OperandsNode {
  private let operation: BinaryOperation
  /// Set for operations that can leave the finite numbers.
  private let notice: NonFiniteNotice?

  init(_ operation: BinaryOperation, _ left: Node, _ right: Node, _ span: SourceSpan) {
    self.operation = operation
    notice = operation == .divide || operation == .power ? NonFiniteNotice(span: span) : nil
    super.init(left, right, span)
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    let a = try left.tensor(context)
    let b = try right.tensor(context)
    let result = try context.whole(locating(span) { try Tensor.binary(operation, a, b) })
    notice?.check(result, from: a, b, context)
    return result
  }
}

/// `a + b`, which joins texts as well.
final class AdditionNode: Node {
  private let left: Node
  private let right: Node

  init(_ left: Node, _ right: Node, _ span: SourceSpan) {
    self.left = left
    self.right = right
    super.init(span)
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    try evaluate(context).array(at: span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    let a = try left.evaluate(context)
    let b = try right.evaluate(context)
    switch (a, b) {
    case (.string(let first), .string(let second)):
      let bytes = first.utf8.count + second.utf8.count
      if bytes > 1 << 20 {
        try locating(span) {
          try MemoryLimit.check([bytes], bytesEach: 1, for: "A text of \(bytes) characters")
        }
      }
      return .string(first + second)
    case (.string, _), (_, .string):
      let other = if case .string = a { b } else { a }
      throw Diagnostic(
        .badType,
        "`+` joins texts with texts, but one of these is \(other.kindName): `text(x)` makes a text of it.",
        at: span)
    default:
      let (first, second) = (try a.array(at: left.span), try b.array(at: right.span))
      return .tensor(try context.whole(locating(span) { try Tensor.binary(.add, first, second) }))
    }
  }
}

/// `a == b`, which compares texts as well.
final class EqualityNode: OperandsNode {
  private let isEqual: Bool

  init(isEqual: Bool, _ left: Node, _ right: Node, _ span: SourceSpan) {
    self.isEqual = isEqual
    super.init(left, right, span)
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    let a = try left.evaluate(context)
    let b = try right.evaluate(context)
    if case .string(let first) = a, case .string(let second) = b {
      return Tensor((first == second) == isEqual)
    }
    let first = try a.array(at: left.span)
    let second = try b.array(at: right.span)
    return try context.whole(
      locating(span) { try Tensor.binary(isEqual ? .equal : .notEqual, first, second) })
  }
}

/// `a and b`: single truth values stop at the first that decides; arrays go element by element.
final class LogicalNode: OperandsNode {
  private let operation: BinaryOperation

  init(_ operation: BinaryOperation, _ left: Node, _ right: Node, _ span: SourceSpan) {
    self.operation = operation
    super.init(left, right, span)
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    let a = try left.tensor(context)
    if a.rank == 0 {
      let truth = a.scalar != 0
      if truth == (operation == .or) { return Tensor(truth) }
    }
    let b = try right.tensor(context)
    return try context.whole(locating(span) { try Tensor.binary(operation, a, b) })
  }
}

/// `a @ b`
final class MatrixProductNode: OperandsNode {
  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    let a = try left.tensor(context)
    let b = try right.tensor(context)
    return try context.whole(locating(span) { try Tensor.matrixProduct(a, b) })
  }
}

/// `-a` and the functions that go element by element.
final class UnaryNode: TensorNode {
  private let operation: UnaryOperation
  private let operand: Node
  private let notice: NonFiniteNotice?

  init(_ operation: UnaryOperation, _ operand: Node, _ span: SourceSpan) {
    self.operation = operation
    self.operand = operand
    notice = [.log, .sqrt, .exp].contains(operation) ? NonFiniteNotice(span: span) : nil
    super.init(span)
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    let argument = try operand.tensor(context)
    try locating(span) { try argument.checkRoom() }
    let result = try context.whole(Tensor.unary(operation, argument))
    notice?.check(result, from: argument, nil, context)
    return result
  }
}

/// `not a`
final class NotNode: TensorNode {
  private let operand: Node

  init(_ operand: Node, _ span: SourceSpan) {
    self.operand = operand
    super.init(span)
  }

  override func tensor(_ context: ExecutionContext) throws -> Tensor {
    let operand = try operand.tensor(context)
    try locating(span) { try operand.checkRoom() }
    return try context.whole(operand.logicalNot())
  }
}

/// Says once for each place in the source that a value is infinite or not a number.
final class NonFiniteNotice {
  private let span: SourceSpan
  private var isGiven = false

  init(span: SourceSpan) { self.span = span }

  @inline(__always)
  func check(_ result: Tensor, from a: Tensor, _ b: Tensor?, _ context: ExecutionContext) {
    guard !isGiven, let origin = result.nonFiniteOrigin(from: a, b) else { return }
    isGiven = true
    let message =
      switch origin {
      case .infinite:
        localized("The result is infinite (`inf`): a division by zero, or a number too large.")
      case .notANumber:
        localized("The result is not a number (`nan`), as from 0/0 or the log of a negative number.")
      }
    context.emit(
      .notice(context.session.located(Diagnostic(.notFinite, message, at: span, severity: .notice))))
  }
}

import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Compiler {
  func binary(
    _ operation: BinaryOperator, _ left: Expression, _ right: Expression, _ span: SourceSpan
  ) -> Evaluation {
    let a = compile(left)
    let b = compile(right)
    switch operation {
    case .and, .or: return logical(operation, a, b, left, right, span)
    case .matrixProduct:
      return { context in
        let x = try a(context).array(at: left.span)
        let y = try b(context).array(at: right.span)
        return .tensor(try locating(span) { try Tensor.matrixProduct(x, y) })
      }
    case .equal, .notEqual: return equality(operation == .equal, a, b, left, right, span)
    case .divide, .power: return watched(operation.tensorOperation, a, b, left, right, span)
    default:
      let tensorOperation = operation.tensorOperation
      return { context in
        let x = try a(context).array(at: left.span)
        let y = try b(context).array(at: right.span)
        return .tensor(try locating(span) { try Tensor.binary(tensorOperation, x, y) })
      }
    }
  }

  /// An operation that can leave the finite numbers; where it first does, a notice says so.
  private func watched(
    _ operation: BinaryOperation, _ a: @escaping Evaluation, _ b: @escaping Evaluation, _ left: Expression,
    _ right: Expression, _ span: SourceSpan
  ) -> Evaluation {
    let notice = NonFiniteNotice(span: span)
    return { context in
      let x = try a(context).array(at: left.span)
      let y = try b(context).array(at: right.span)
      let result = try locating(span) { try Tensor.binary(operation, x, y) }
      notice.check(result, from: x, y, context)
      return .tensor(result)
    }
  }

  /// Single truth values stop at the first that decides; arrays go element by element.
  private func logical(
    _ operation: BinaryOperator, _ a: @escaping Evaluation, _ b: @escaping Evaluation, _ left: Expression,
    _ right: Expression, _ span: SourceSpan
  ) -> Evaluation {
    { context in
      let x = try a(context).array(at: left.span)
      if x.rank == 0 {
        let truth = x.values[0] != 0
        if truth == (operation == .or) { return .tensor(Tensor(truth)) }
      }
      let y = try b(context).array(at: right.span)
      return .tensor(try locating(span) { try Tensor.binary(operation.tensorOperation, x, y) })
    }
  }

  private func equality(
    _ isEqual: Bool, _ a: @escaping Evaluation, _ b: @escaping Evaluation, _ left: Expression,
    _ right: Expression, _ span: SourceSpan
  ) -> Evaluation {
    { context in
      let x = try a(context)
      let y = try b(context)
      if case .string(let first) = x, case .string(let second) = y {
        return .tensor(Tensor((first == second) == isEqual))
      }
      let first = try x.array(at: left.span)
      let second = try y.array(at: right.span)
      return .tensor(try locating(span) { try Tensor.binary(isEqual ? .equal : .notEqual, first, second) })
    }
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
      case .infinite: "This gives an infinite value (`inf`): a division by zero, or a number too large."
      case .notANumber:
        "This gives a value that is not a number (`nan`), such as 0/0 or the log of a negative."
      }
    context.emit(
      .notice(context.session.located(Diagnostic("not-finite", message, at: span, severity: .notice))))
  }
}

extension BinaryOperator {
  /// The operation on arrays; `@` is none of them.
  var tensorOperation: BinaryOperation {
    switch self {
    case .or: .or
    case .and: .and
    case .equal: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .add: .add
    case .subtract: .subtract
    case .multiply, .matrixProduct: .multiply
    case .divide: .divide
    case .power: .power
    }
  }
}

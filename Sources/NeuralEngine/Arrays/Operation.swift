/// An operation on each element of an array.
public enum UnaryOperation: UInt8, Sendable, CaseIterable {
  case negate, exp, log, sqrt, abs, sin, cos, tan, tanh, sigmoid, relu, step, sign, round, floor, ceil
}

/// An operation on each pair of elements of two arrays.
public enum BinaryOperation: UInt8, Sendable, CaseIterable {
  case add, subtract, multiply, divide, power
  case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
  case and, or

  /// How the language writes the operation, for error messages.
  public var symbol: String {
    switch self {
    case .add: "+"
    case .subtract: "-"
    case .multiply: "*"
    case .divide: "/"
    case .power: "^"
    case .equal: "=="
    case .notEqual: "!="
    case .less: "<"
    case .lessOrEqual: "<="
    case .greater: ">"
    case .greaterOrEqual: ">="
    case .and: "and"
    case .or: "or"
    }
  }

  /// Whether the result is an array of truth values, through which no gradient flows.
  @inline(__always)
  var givesTruth: Bool { rawValue >= BinaryOperation.equal.rawValue }
}

/// A differentiable function that the arrays do not know from inside, such as a network's prediction.
public protocol CustomOperation {
  /// What to call it in messages.
  var name: String { get }

  /// The gradient of each input, in the order they were given; nil where nothing flows back.
  ///
  /// - Parameter outputGradient: the gradient of the result, in the result's shape.
  func backward(outputGradient: Tensor) throws -> [Tensor?]
}

/// What made a tensor from its inputs: what `GradientRules` needs to know to go back.
///
/// Axes are counted from the front here, never negative; a nil axis is all of them. No case refers to anything:
/// each tensor has one of these, and references would be counted each time. Those are in `DetailedOperation`.
enum Operation {
  /// Nothing: the numbers were given.
  case constant
  /// The same numbers under another variable.
  case alias
  case unary(UnaryOperation)
  case binary(BinaryOperation)
  case matrixProduct
  case sum(axis: Int?)
  case mean(axis: Int?)
  /// The largest or smallest element.
  case extremum(axis: Int?)
  case norm(axis: Int?)
  case cumulativeSum(axis: Int, backwards: Bool)
  case softmax(axis: Int)
  case logSoftmax(axis: Int)
  case reshape
  /// The axes in reverse order.
  case transpose
  /// The input repeated along the axes that broadcasting adds or stretches.
  case broadcast
  /// The input summed over the axes that broadcasting would add or stretch.
  case sumToShape
  /// The input with numbers: see `Tensor.version`.
  case version
  /// One that is described by the tensor's details.
  case detailed
}

/// An operation that cannot be said in a word.
enum DetailedOperation {
  case clip(low: Double, high: Double)
  /// The elements of the first input where the condition holds, else of the second.
  case choose(condition: Tensor)
  case permute(axes: [Int])
  case concatenate(axis: Int)
  /// The rows of the last axis in ascending order. In which order is found when a gradient asks.
  case sort
  /// Elements picked by their places.
  case gather(Places)
  /// Zeros with the input's elements added at the places.
  case scatterAdd(Places)
  /// The first input with the elements at the places replaced by those of the second.
  case replace(Places)
  /// What was there before, if it is an input, with elements written one after another.
  case write(Writes)
  case custom(any CustomOperation)
}

/// What an operation was, and its inputs if it takes any number of them.
final class OperationDetails {
  let operation: DetailedOperation
  var inputs: [Tensor]

  init(_ operation: DetailedOperation, inputs: [Tensor] = []) {
    self.operation = operation
    self.inputs = inputs
  }
}

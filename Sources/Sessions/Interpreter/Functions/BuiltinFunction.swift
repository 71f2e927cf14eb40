import Diagnostics
import NeuralEngine

/// A function that the language brings along.
final class BuiltinFunction: Sendable {
  /// A parameter, with the words that `help` shows.
  struct Parameter: Sendable {
    let name: String
    let isRequired: Bool
    /// Whether it takes all positional arguments from here on.
    var isRepeated = false
  }

  let name: String
  let parameters: [Parameter]
  /// What it gives, in one line.
  let help: String
  let body: @Sendable (inout CallArguments) throws -> Value

  /// The operation, where the function is one that goes element by element; calls then go straight to it.
  let elementwise: UnaryOperation?
  /// Whether the result takes no memory of its own that counts: a sum, a length, the same numbers in another shape.
  let givesLess: Bool

  /// Whether it takes the items of a list one by one.
  var joinsItems: Bool { name == "concat" || name == "stack" }

  private static let reducing: Set<String> = [
    "sum", "mean", "max", "min", "argmax", "argmin", "len", "shape", "size", "rank", "reshape", "predict",
    "activate",
  ]

  /// `sum(x, axis=, keepdims=)`
  var usage: String {
    let words = parameters.map { parameter in
      parameter.isRequired ? parameter.name + (parameter.isRepeated ? "…" : "") : "\(parameter.name)="
    }
    return "\(name)(\(words.joined(separator: ", ")))"
  }

  /// - Parameter signature: the names of the parameters parted by spaces; one that ends in `=` may be left
  ///   out, one that ends in `…` takes all that follow.
  init(
    _ name: String, _ signature: String, _ help: String, elementwise: UnaryOperation? = nil,
    _ body: @escaping @Sendable (inout CallArguments) throws -> Value
  ) {
    self.elementwise = elementwise
    givesLess = BuiltinFunction.reducing.contains(name)
    self.name = name
    self.help = help
    self.body = body
    parameters = signature.split(separator: " ").map { word in
      switch word.last {
      case "=": Parameter(name: String(word.dropLast()), isRequired: false)
      case "…": Parameter(name: String(word.dropLast()), isRequired: true, isRepeated: true)
      default: Parameter(name: String(word), isRequired: true)
      }
    }
  }
}

/// The arguments of one call, held against the function's parameters.
struct CallArguments {
  let function: BuiltinFunction
  /// The values by the parameters' places; nil where one is left out.
  let values: [Value?]
  /// What a repeated parameter took.
  let repeated: [Value]
  let span: SourceSpan
  let context: ExecutionContext

  /// Refuses what would take the memory of the largest argument once more where that is not there.
  func checkRoom() throws {
    for case .tensor(let tensor)? in values { try tensor.checkRoom() }
  }

  func isGiven(_ index: Int) -> Bool { values[index] != nil }

  private func place(_ index: Int) -> SourceSpan { span }

  /// An argument as an array; an argument that was left out is no array.
  @inline(__always)
  func array(_ index: Int) throws -> Tensor {
    guard case .tensor(let tensor)? = values[index] else {
      return try (values[index] ?? .nothing).array(at: span)
    }
    return tensor
  }

  func optionalArray(_ index: Int) throws -> Tensor? { try values[index]?.array(at: span) }

  func number(_ index: Int) throws -> Double { try (values[index] ?? .nothing).number(at: span) }

  func optionalNumber(_ index: Int) throws -> Double? { try values[index]?.number(at: span) }

  func wholeNumber(_ index: Int) throws -> Int {
    try (values[index] ?? .nothing).wholeNumber(
      "`\(function.parameters[index].name)`", atLeast: .min, at: span)
  }

  func optionalWholeNumber(_ index: Int) throws -> Int? {
    try values[index] == nil ? nil : wholeNumber(index)
  }

  func flag(_ index: Int) throws -> Bool { try values[index]?.truth(at: span) ?? false }

  /// A shape given as numbers, `zeros(2, 3)`, or as one list or shape, `zeros([2, 3])`, `zeros(2x3)`.
  func repeatedShape() throws -> [Int] {
    let sizes =
      try repeated.count == 1 ? repeated[0].array(at: span).values : repeated.map { try $0.number(at: span) }
    return try sizes.map { try Value.number($0).wholeNumber("A shape", atLeast: .min, at: span) }
  }
}

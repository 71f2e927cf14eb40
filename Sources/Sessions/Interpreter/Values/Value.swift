import Datasets
import Diagnostics
import Foundations
import Language
import NetworkSchema
public import NeuralEngine

/// What an expression is worth.
public enum Value {
  /// Numbers, truth values and arrays of them.
  case tensor(Tensor)
  case string(String)
  /// Values that are no numbers, or arrays that do not fit together.
  case list([Value])
  case function(UserFunction)
  case data(DataReference)
  case network(Network)
  case layer(LayerReference)
  /// What a statement is worth that has no value.
  case nothing

  /// A number.
  static func number(_ value: Double) -> Value { .tensor(Tensor(value)) }

  /// What a message calls this kind of value.
  var kindName: String {
    switch self {
    case .tensor(let tensor):
      if tensor.rank > 0 {
        "an array of \(tensor.shape.sizesText)"
      } else {
        tensor.isBoolean ? "a truth value" : "a number"
      }
    case .string: "a text"
    case .list: "a list"
    case .function: "a function"
    case .data: "a data set"
    case .network: "a network"
    case .layer: "a layer"
    case .nothing: "nothing"
    }
  }

  /// The value as an output shows it.
  ///
  /// - Parameters:
  ///   - digits: decimals of numbers.
  ///   - isQuoted: whether a text stands in quotes, as it does inside a list.
  func text(digits: Int, isQuoted: Bool = true) -> String {
    switch self {
    case .tensor(let tensor): tensor.formatted(digits: digits)
    case .string(let text): isQuoted ? "\"\(text)\"" : text
    case .list(let items): "[" + items.map { $0.text(digits: digits) }.joined(separator: ", ") + "]"
    case .function(let function): "\(function.name)(\(function.parameters.joined(separator: ", ")))"
    case .data(let data): "\(data.set.name): \(data.set.sizeWords)"
    case .network(let network): "network \(network.name): \(network.graph.layers.count.counted("layer"))"
    case .layer(let layer): "layer \(layer.name) of \(layer.network.name)"
    case .nothing: ""
    }
  }
}

// MARK: - What a value can be taken for

extension Value {
  /// The value as an array; a data set, a text or a function is none.
  @inline(__always) func array(at span: SourceSpan) throws -> Tensor {
    if case .tensor(let tensor) = self { return tensor }
    throw notAnArray(at: span)
  }

  private func notAnArray(at span: SourceSpan) -> Diagnostic {
    switch self {
    case .data(let data):
      Diagnostic(
        .badType,
        "`\(data.set.name)` is a data set. Its inputs are `\(data.set.name).x`, its targets `\(data.set.name).y`.",
        at: span)
    case .layer(let layer):
      Diagnostic(
        .badType,
        "`\(layer.name)` is a layer. Its numbers are `\(layer.name).weights` and `\(layer.name).bias`.",
        at: span)
    case .list:
      Diagnostic(
        .badType,
        "This list is no array: its rows differ in length, or it holds something that is no number.", at: span
      )
    default: Diagnostic(.badType, "Expected a number or an array, but this is \(kindName).", at: span)
    }
  }

  /// The value as a single number.
  func number(at span: SourceSpan) throws -> Double {
    let tensor = try array(at: span)
    guard let number = tensor.scalar else {
      throw Diagnostic(.badType, "Expected a single number, but this is \(kindName).", at: span)
    }
    return number
  }

  /// The value as a whole number.
  func wholeNumber(_ purpose: String, atLeast minimum: Int, at span: SourceSpan) throws -> Int {
    let number = try number(at: span)
    guard let whole = Int(exactly: number), whole >= minimum else {
      let bound = minimum == .min ? "" : ", \(minimum) or more"
      throw Diagnostic(.badValue, "\(purpose) takes an integer\(bound), not \(number.brief).", at: span)
    }
    return whole
  }

  /// Whether a condition holds.
  func truth(at span: SourceSpan) throws -> Bool {
    if case .tensor(let tensor) = self {
      if let number = tensor.scalar { return number != 0 }
      throw Diagnostic(
        .badType,
        "A condition is one truth value, but this is \(kindName). Use `min(…)` for all, `max(…)` for any.",
        at: span)
    }
    throw Diagnostic(.badType, "A condition is a truth value, but this is \(kindName).", at: span)
  }

  /// The parts of a list or the rows of an array.
  func items(at span: SourceSpan) throws -> [Value] {
    switch self {
    case .list(let items): return items
    case .tensor(let tensor) where tensor.rank > 0:
      return try locating(span) { try (0..<tensor.shape[0]).map { .tensor(try tensor.selecting([.at($0)])) } }
    default: throw Diagnostic(.badType, "Expected a list or an array, but this is \(kindName).", at: span)
    }
  }

  /// Calls `body` with each part in turn, made only when it is reached.
  func forEachItem(at span: SourceSpan, _ body: (Value) throws -> Void) throws {
    guard case .tensor(let tensor) = self, tensor.rank > 0 else {
      for item in try items(at: span) { try body(item) }
      return
    }
    for index in 0..<tensor.shape[0] {
      try body(.tensor(try locating(span) { try tensor.selecting([.at(index)]) }))
    }
  }

  /// How many items a loop goes through, where that is known before; nil elsewhere.
  var itemCount: Int? {
    switch self {
    case .tensor(let tensor): tensor.shape.first
    case .list(let items): items.count
    default: nil
    }
  }

  /// A list as an array where its parts are arrays of one shape, else as a list.
  static func gathered(_ items: [Value], at span: SourceSpan) throws -> Value {
    var tensors: [Tensor] = []
    for item in items {
      guard case .tensor(let tensor) = item, tensor.shape == tensors.first?.shape ?? tensor.shape else {
        return try nested(items, at: span)
      }
      tensors.append(tensor)
    }
    if tensors.isEmpty { return .tensor(Tensor([])) }
    return .tensor(try locating(span) { try Tensor.stacked(tensors, axis: 0) })
  }

  /// The most lists within each other: more than a reader follows, and few enough to be shown, compared and let go of
  /// one within the other.
  private static let mostLevels = 100

  private static func nested(_ items: [Value], at span: SourceSpan) throws -> Value {
    guard items.allSatisfy({ $0.fits(levels: mostLevels - 1) }) else {
      throw Diagnostic(
        .nestedTooDeeply,
        "These are more than \(mostLevels) lists within each other. Values are gathered in a series: `record x`.",
        at: span)
    }
    return .list(items)
  }

  private func fits(levels: Int) -> Bool {
    guard case .list(let items) = self else { return true }
    return levels > 0 && items.allSatisfy { $0.fits(levels: levels - 1) }
  }

  /// An item of a list by its place.
  static func item(of items: [Value], _ indexes: [ArrayIndex], at span: SourceSpan) throws -> Value {
    guard indexes.count == 1, case .at(let place) = indexes[0] else {
      throw Diagnostic(.badIndex, "The index of a list is a single integer.", at: span)
    }
    let index = place < 0 ? place + items.count : place
    guard items.indices.contains(index) else {
      throw Diagnostic(
        .indexOutOfRange, "There is no item \(place): the list has \(items.count), counted from 0.",
        at: span)
    }
    guard !items[index].isNothing else {
      throw Diagnostic(.noValue, "There is no value at \(place): that cell gave none.", at: span)
    }
    return items[index]
  }
}

/// A function that the user defined.
public final class UserFunction {
  let name: String
  let parameters: [String]
  /// How many values a call keeps: parameters first, then the variables that its body assigns.
  let slotCount: Int
  /// The parameters that the body differentiates by, and the marks that their values get.
  let markedParameters: [(slot: Int, id: Int32)]
  let body: Node
  /// Its definition as it was written, by which a session's file keeps it.
  let source: String
  /// What a call reads and changes.
  let effects: CellEffects

  init(
    name: String, parameters: [String], slotCount: Int, markedParameters: [(slot: Int, id: Int32)],
    body: Node, source: String, effects: CellEffects
  ) {
    self.name = name
    self.parameters = parameters
    self.slotCount = slotCount
    self.markedParameters = markedParameters
    self.body = body
    self.source = source
    self.effects = effects
  }
}

/// A layer of a network, by its name: the network may change behind it.
public struct LayerReference {
  let network: Network
  let name: String
}

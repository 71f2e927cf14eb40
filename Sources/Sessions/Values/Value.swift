import Datasets
import Diagnostics
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
        "an array of \(tensor.shape.map(String.init).joined(separator: "x"))"
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
    case .data(let data):
      "\(data.set.name): \(data.set.sizeWords)"
    case .network(let network): "network \(network.name): \(network.graph.layers.count.counted("layer"))"
    case .layer(let layer): "layer \(layer.name) of \(layer.network.name)"
    case .nothing: ""
    }
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

  init(
    name: String, parameters: [String], slotCount: Int, markedParameters: [(slot: Int, id: Int32)],
    body: Node,
    source: String
  ) {
    self.name = name
    self.parameters = parameters
    self.slotCount = slotCount
    self.markedParameters = markedParameters
    self.body = body
    self.source = source
  }
}

/// A layer of a network, by its name: the network may change behind it.
public struct LayerReference {
  let network: Network
  let name: String
}

import Foundations

/// A model in the Open Neural Network Exchange format, as far as networks need it (github.com/onnx/onnx, `onnx.proto`).
struct ONNXModel {
  /// The program that wrote it, and its version.
  var producer = ""
  var producerVersion = ""
  /// The version of the standard operators that its nodes follow.
  var opset = 0
  /// The versions of other sets of operators, by domain.
  var otherOpsets: [String: Int] = [:]
  /// What it is, in words.
  var documentation = ""
  /// The computation.
  var graph = ONNXGraph()
  /// Texts about it.
  var metadata: [(key: String, value: String)] = []
}

extension ONNXModel {
  /// The same operators for another graph.
  func with(_ graph: ONNXGraph) -> ONNXModel {
    var model = self
    model.graph = graph
    return model
  }
}

/// A computation: nodes in the order in which they run, between named values.
struct ONNXGraph {
  var name = ""
  var nodes: [ONNXNode] = []
  /// Constants by their names.
  var initializers: [ONNXTensor] = []
  var inputs: [ONNXValueInfo] = []
  var outputs: [ONNXValueInfo] = []
}

/// One operation.
struct ONNXNode {
  /// The operator: `Gemm`, `Conv`.
  var operation: String
  var name = ""
  /// The set of operators; empty for the standard one.
  var domain = ""
  /// What it reads; an empty name where an input is left out.
  var inputs: [String]
  var outputs: [String]
  var attributes: [String: ONNXAttribute] = [:]
}

/// An option of a node.
enum ONNXAttribute {
  case integer(Int)
  case float(Double)
  case text(String)
  case integers([Int])
  case floats([Double])
  case texts([String])
  case tensor(ONNXTensor)
  /// A computation within a node, such as that of one step.
  indirect case graph(ONNXGraph)
  /// Anything else that no layer is made of.
  case other
}

/// The name, the type and the shape of an input or output.
struct ONNXValueInfo {
  var name: String
  var element: ONNXElement? = .float
  /// The length of each axis; nil for one that is free. nil where nothing is said.
  var shape: [Int?]?
  /// What free lengths besides the number of rows are called.
  var symbols: [Int: String] = [:]
}

/// The types of numbers.
enum ONNXElement: Int {
  case float = 1
  case uint8, int8, uint16, int16, int32, int64, string, bool, float16, double, uint32, uint64
  case bfloat16 = 16

  /// Bytes each; 0 for texts.
  var width: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .float, .int32, .uint32: 4
    case .double, .int64, .uint64: 8
    case .string: 0
    }
  }

  /// Whether it has fractions.
  var isFloating: Bool { [.float, .float16, .double, .bfloat16].contains(self) }
}

/// An array with its numbers as doubles, which hold all of them exactly but whole ones of more than 53 bits.
struct ONNXTensor {
  var name = ""
  var element = ONNXElement.float
  var shape: [Int]
  var values: [Double]
  /// What an array of texts holds.
  var texts: [String] = []

  init(_ element: ONNXElement, _ shape: [Int], _ values: [Double]) {
    self.element = element
    self.shape = shape
    self.values = values
  }

  /// Numbers of 32 bits.
  init(_ shape: [Int], _ values: [Double]) { self.init(.float, shape, values) }

  /// Whole numbers.
  init(integers: [Int]) {
    self.init(.int64, [integers.count], integers.map(Double.init))
  }
}

extension ONNXNode {
  /// What messages call it: `node 4, Gemm (hid)`.
  func words(at place: Int) -> String {
    "node \(place + 1), \((domain.isEmpty ? "" : domain + ".") + operation)"
      + (name.isEmpty ? "" : " (\(name.shownName))")
  }

  func integer(_ name: String) -> Int? {
    if case .integer(let value) = attributes[name] { value } else { nil }
  }
  func float(_ name: String) -> Double? {
    if case .float(let value) = attributes[name] { value } else { nil }
  }
  func text(_ name: String) -> String? {
    if case .text(let value) = attributes[name] { value } else { nil }
  }
  func integers(_ name: String) -> [Int]? {
    if case .integers(let value) = attributes[name] { value } else { nil }
  }
  func floats(_ name: String) -> [Double]? {
    if case .floats(let value) = attributes[name] { value } else { nil }
  }
  func graph(_ name: String) -> ONNXGraph? {
    if case .graph(let value) = attributes[name] { value } else { nil }
  }
  func texts(_ name: String) -> [String]? {
    if case .texts(let value) = attributes[name] { value } else { nil }
  }

  /// The input of a number; nil where it is left out.
  func input(_ number: Int) -> String? {
    number < inputs.count && !inputs[number].isEmpty ? inputs[number] : nil
  }
}

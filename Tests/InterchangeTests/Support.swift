import Datasets
import Foundations
import NeuralEngine

@testable import ModelFiles
@testable import ONNX

/// A network with drawn weights.
func network(
  _ layers: [(String, Layer.Kind)], _ edges: [Edge]? = nil, preparation: Preparation? = nil,
  schema: DataSchema? = nil, precision: Precision = .single
) throws -> SavedNetwork {
  var graph = NetworkGraph()
  for (name, kind) in layers { try graph.add(Layer(name: name, kind: kind)) }
  try graph.connect(edges ?? zip(layers, layers.dropFirst()).map { Edge(from: $0.0, to: $1.0) })
  var random = RandomStream(seed: 3)
  let values = try ParameterLayout(graph).slices.flatMap { slice in
    (0..<slice.count).map { _ in
      let value = slice.key.role == .variance ? random.uniform(from: 0.5, to: 2) : random.normal() * 0.5
      return precision == .single ? Double(Float(value)) : value
    }
  }
  return SavedNetwork(
    name: "n", graph: graph,
    learned: LearnedNumbers(
      precision: precision, values: values,
      optimizer: OptimizerState(optimizer: .sgd(), steps: 0, first: [], second: [])),
    defaults: TrainingDefaults(), preparation: preparation, schema: schema)
}

/// An LSTM of dense layers: a carry, three gates, an edge that reads two steps back, and one among the units of a layer.
func memory(steps: Int = 4, preparation: Preparation? = nil) throws -> SavedNetwork {
  func dense(_ activation: Activation) -> Layer.Kind { .dense(units: 3, activation: activation) }
  var saved = try network(
    [
      ("inp", .input(shape: [steps, 2])), ("i", dense(.sigmoid)), ("f", dense(.sigmoid)),
      ("o", dense(.sigmoid)), ("g", dense(.tanh)), ("c", dense(.linear)), ("y", dense(.tanh)),
      ("out", .dense(units: 2, activation: .softmax)),
    ],
    ["i", "f", "o", "g", "c"].map { Edge(from: "inp", to: $0) }
      + ["i", "f", "g"].map { Edge(from: "y", to: $0, delay: 1) }
      + [
        Edge(from: "y", to: "o", delay: 2), Edge(from: "g", to: "c", type: .identity),
        Edge(from: "c", to: "c", type: .carry), Edge(from: "c", to: "y", type: .identity),
        Edge(from: "i", to: "i", type: .others), Edge(from: "y", to: "out"),
      ], preparation: preparation)
  try saved.graph.add(Gate("i", on: "g", to: "c"))
  try saved.graph.add(Gate("f", on: "c", to: "c", isOnCarry: true))
  try saved.graph.add(Gate("o", on: "c", to: "y"))
  return saved
}

/// The model that a network is saved as.
func model(_ network: SavedNetwork) throws -> ONNXModel { try model(ONNXExport(network).bytes) }

/// The model in some bytes.
func model(_ bytes: [UInt8]) throws -> ONNXModel {
  var reader = ONNXReader(bytes: bytes) { name, _, _ throws(CodedError) in
    throw CodedError(.noSuchFile, "There is no file `\(name)`.")
  }
  return try reader.model()
}

/// The code of the error that something ends with.
func code(_ body: () throws -> Void) -> ErrorCode? {
  do {
    try body()
    return nil
  } catch { return (error as? CodedError)?.code }
}

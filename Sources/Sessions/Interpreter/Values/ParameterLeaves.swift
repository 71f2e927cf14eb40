import Foundations
import NeuralEngine

/// A network's parameters as arrays that can be differentiated by: as long as the parameters stay as they are,
/// `hid.weights` is the same array each time, so that `grad` finds it in what `predict` computed.
struct ParameterLeaves {
  /// The network, held so that no other one takes its place in memory while its arrays are kept.
  private let network: Network
  /// The network's ``Network/version`` when the arrays were made.
  let version: Int
  private var tensors: [ParameterKey: Tensor] = [:]
  /// The marks, which stay the same when the parameters change: an answer from before is then recognised as stale.
  private var marks: [ParameterKey: Int32]
  /// All parameters, in the network's order.
  private(set) var all: [Tensor] = []

  init(_ network: Network, after earlier: ParameterLeaves?, nextMark: () -> Int32) throws {
    self.network = network
    version = network.version
    marks = earlier?.marks ?? [:]
    for (slice, values) in network.parameters ?? [] {
      let mark = marks[slice.key] ?? nextMark()
      marks[slice.key] = mark
      let tensor = try Tensor(shape: slice.shape, values: values).stamped(variable: mark)
      tensors[slice.key] = tensor
      all.append(tensor)
    }
  }

  /// The parameters of a key.
  func tensor(_ key: ParameterKey) throws -> Tensor {
    guard let tensor = tensors[key] else {
      throw CodedError(.unknownParameter, "The network `\(network.name)` has no parameters `\(key)`.")
    }
    return tensor
  }
}

/// A network's answers, for the way back.
struct NetworkPrediction: CustomOperation {
  let network: Network
  let inputs: Tensor
  let rows: Int
  /// The network's version when it answered.
  let version: Int

  var name: String { "predict" }

  func backward(outputGradient: Tensor) throws -> [Tensor?] {
    guard network.version == version else {
      throw CodedError(
        .staleGradient,
        "`\(network.name)` has been changed since this output was computed. Compute it again, then take the gradient."
      )
    }
    let result = try network.differentiate(
      Examples(name: "predict", rows: rows, inputs: inputs.values), outputGradients: outputGradient.values)
    let shapes = (network.parameters ?? []).map(\.slice.shape)
    return try zip(shapes, result.parameters).map { try Tensor(shape: $0, values: $1) }
      + [try Tensor(shape: inputs.shape, values: result.inputs)]
  }
}

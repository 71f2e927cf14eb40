import NeuralEngine

/// A network's parameters as arrays that can be differentiated by: as long as the parameters stay as they are,
/// `hid.weights` is the same array each time, so that `grad` finds it in what `predict` computed.
final class ParameterLeaves {
  /// The arrays as they are for one state of the network.
  struct Made {
    /// What the network's ``Network/version`` was when the arrays were made.
    var version: Int
    var tensors: [ParameterKey: Tensor] = [:]
    /// The parameters' keys, in the network's order.
    var keys: [ParameterKey] = []
  }

  private let network: Network
  /// Part of a session's snapshots, so that answers from before are still answers of these arrays.
  var made: Made
  /// The marks, which stay the same when the parameters change: an answer from before is then recognised as
  /// stale.
  private var marks: [ParameterKey: Int32] = [:]
  private let nextMark: () -> Int32

  init(_ network: Network, nextMark: @escaping () -> Int32) {
    self.network = network
    self.nextMark = nextMark
    made = Made(version: network.version - 1)
  }

  /// Whether these are the parameters of this very network, and not of one that was deleted since.
  func belong(to network: Network) -> Bool { self.network === network }

  /// All parameters, in the network's order.
  func all() throws -> [Tensor] {
    try update()
    return made.keys.compactMap { made.tensors[$0] }
  }

  /// The parameters of a key.
  func tensor(_ key: ParameterKey) throws -> Tensor {
    try update()
    guard let tensor = made.tensors[key] else {
      throw EngineError("unknown-parameter", "The network `\(network.name)` has no parameters `\(key)`.")
    }
    return tensor
  }

  private func update() throws {
    guard made.version != network.version else { return }
    let parameters = network.parameters ?? []
    made = Made(version: network.version, keys: parameters.map(\.slice.key))
    for (slice, values) in parameters {
      let mark = marks[slice.key] ?? nextMark()
      marks[slice.key] = mark
      made.tensors[slice.key] = try Tensor(shape: slice.shape, values: values).stamped(variable: mark)
    }
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
      throw EngineError(
        "stale-gradient",
        "`\(network.name)` has been changed since it gave this answer. Compute it again, then take the gradient."
      )
    }
    let result = try network.differentiate(
      Examples(name: "predict", rows: rows, inputs: inputs.values), outputGradients: outputGradient.values)
    let shapes = (network.parameters ?? []).map(\.slice.shape)
    return try zip(shapes, result.parameters).map { try Tensor(shape: $0, values: $1) }
      + [try Tensor(shape: inputs.shape, values: result.inputs)]
  }
}

extension Session {
  /// A network's parameters as arrays.
  func parameterLeaves(of network: Network) -> ParameterLeaves {
    let identity = ObjectIdentifier(network)
    if let known = namespace.parameterLeaves[identity], known.belong(to: network) { return known }
    let leaves = ParameterLeaves(network) { [namespace] in namespace.nextVariableID() }
    namespace.parameterLeaves[identity] = leaves
    return leaves
  }
}

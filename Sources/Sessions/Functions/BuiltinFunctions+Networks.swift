import Diagnostics
import NeuralEngine

extension BuiltinFunctions {
  /// The commands of the same names, as functions.
  static let networks: [BuiltinFunction] = [
    BuiltinFunction("predict", "inputs", "the current network's predictions, one row each") { call in
      let session = call.context.session
      let network = try session.readyNetwork(at: call.span)
      let inputs = if case .data(let data)? = call.values[0] { data.inputs } else { try call.array(0) }
      return .tensor(try session.predict(inputs, network, at: call.span))
    },
    BuiltinFunction("activate", "inputs", "the current network's output for one row; `propagate` may follow")
    {
      call in
      let network = try call.context.session.readyNetwork(at: call.span)
      try network.activate(call.array(0).values)
      return .tensor(Tensor(network.outputs))
    },
  ]
}

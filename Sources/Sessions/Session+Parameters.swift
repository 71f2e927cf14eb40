import Diagnostics
public import Language
import NeuralEngine

extension Session {
  /// Sets parameters before they are declared; `param` then takes these values in place of its own.
  public func setParameters(_ values: [String: Literal]) { state.parameters.given = values }

  /// The parameters that have been declared and their values, in order.
  public var parameterValues: [(name: String, value: Literal)] { state.parameters.declared }
}

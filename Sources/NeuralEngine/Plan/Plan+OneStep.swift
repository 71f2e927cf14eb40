package import Foundations

extension Plan {
  /// The plan of one step of a sequence, none of its operations fused. What is one step long is a row in it.
  ///
  /// - Parameters:
  ///   - graph: for sequences of one step.
  ///   - layout: the places of the parameters, of the graph or of one that it is a part of.
  /// - Throws: `incomplete-network`, `needs-steps`, `too-large`.
  package init(oneStepOf graph: NetworkGraph, _ layout: ParameterLayout) throws(CodedError) {
    try self.init(
      graph, layout, purpose: .inference, capacity: 1, keeping: Set(graph.layers.map(\.name)), fusions: [],
      isStepwise: true)
    buffers = buffers.map { buffer in
      guard case .rows = buffer.extent, buffer.shape.count == 2, buffer.shape[0] == 1 else { return buffer }
      return PlanBuffer(buffer.name, buffer.extent, shape: [buffer.shape[1]])
    }
  }
}

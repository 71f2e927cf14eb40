/// How the units of a gate are dealt out to the weights of the edge that they multiply.
public enum GatePlace: String, Sendable, CaseIterable {
  /// The i-th unit multiplies what comes into the i-th unit of the edge's target.
  case input
  /// The i-th unit multiplies what goes out from the i-th unit of the edge's source.
  case output
}

/// A layer whose activations multiply the weights of an edge, as those of an LSTM's gates do.
///
/// On an edge that joins the i-th unit with the i-th, both places are the same.
public struct Gate: Sendable, Equatable {
  /// The name of the layer that multiplies.
  public let gater: String
  /// The layer that the edge starts from.
  public let source: String
  /// The layer that the edge leads to.
  public let target: String
  /// Whether the edge is the carry of a layer, which may have another edge to itself beside it.
  public let isOnCarry: Bool
  /// Where it multiplies.
  public let place: GatePlace
  /// How many steps old the activations are that multiply: 0 or 1.
  public let delay: Int

  /// Creates a gate.
  public init(
    _ gater: String, on source: String, to target: String, isOnCarry: Bool = false,
    at place: GatePlace = .input,
    delay: Int = 0
  ) {
    self.gater = gater
    self.source = source
    self.target = target
    self.isOnCarry = isOnCarry
    self.place = isOnCarry ? .input : place
    self.delay = delay
  }

  /// Whether it multiplies this edge.
  func isOn(_ edge: Edge) -> Bool {
    edge.source == source && edge.target == target && (edge.type == .carry) == isOnCarry
  }

  /// The gate as the language writes it.
  public var description: String { "\(gater) on \(source) -> \(target)" }
}

extension NetworkGraph {
  /// The gate on an edge, if there is one.
  public func gate(on edge: Edge) -> Gate? { gates.first { $0.isOn(edge) } }

  /// The edge that a gate is on.
  public func edge(of gate: Gate) -> Edge? { edges.first { gate.isOn($0) } }
}

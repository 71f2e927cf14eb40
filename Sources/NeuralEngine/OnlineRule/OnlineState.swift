/// What a network that learns online knows of the steps before, as a value.
public struct OnlineState: Sendable, Equatable {
  /// For each unit: its sum now and at the step before, its activation, the derivative there, and its error.
  var sums: [Double]
  var before: [Double]
  var activations: [Double]
  var derivatives: [Double]
  var errors: [Double]
  /// What each unit's carry is multiplied by.
  var carryGains: [Double]
  /// For each connection: what its weight is multiplied by, and its eligibility.
  var gains: [Double]
  var traces: [Double]
  /// The extended eligibilities.
  var extended: [Double]
  /// What each unit that multiplies others multiplied at the last step, for Monner and Reggia's rule.
  var worths: [Double]

  /// Nothing has happened yet.
  init(_ circuit: OnlineCircuit) {
    self.init(
      units: circuit.units, connections: circuit.connections, traces: circuit.traceCount,
      worths: circuit.constant == nil ? 0 : circuit.influenceCount)
  }

  private init(units: Int, connections: Int, traces: Int, worths: Int) {
    func zeros(_ count: Int) -> [Double] { Array(repeating: 0, count: count) }
    (sums, before, activations) = (zeros(units), zeros(units), zeros(units))
    (derivatives, errors) = (zeros(units), zeros(units))
    carryGains = Array(repeating: 1, count: units)
    gains = Array(repeating: 1, count: connections)
    self.traces = zeros(connections)
    extended = zeros(traces)
    self.worths = zeros(worths)
  }

  /// All parts, in a fixed order.
  var allParts: [[Double]] {
    [sums, before, activations, derivatives, errors, carryGains, gains, traces, extended, worths]
  }

  init(allParts parts: [[Double]]) {
    (sums, before, activations) = (parts[0], parts[1], parts[2])
    (derivatives, errors, carryGains) = (parts[3], parts[4], parts[5])
    (gains, traces, extended, worths) = (parts[6], parts[7], parts[8], parts[9])
  }

  /// The parts, each an array, in a fixed order; the last one only where the rule has it.
  public var parts: [[Double]] { worths.isEmpty ? allParts.dropLast() : allParts }

  /// Puts a state together from its parts; nil where there are not as many as a state has, or they do not fit together.
  public init?(parts: [[Double]]) {
    guard [9, 10].contains(parts.count), Set(parts[..<6].map(\.count)).count == 1,
      parts[6].count == parts[7].count
    else { return nil }
    self.init(allParts: parts.count == 9 ? parts + [[]] : parts)
  }

  /// Whether it is a state of the same network as another.
  func fits(_ other: OnlineState) -> Bool { allParts.map(\.count) == other.allParts.map(\.count) }
}

extension Activation {
  /// What it makes of a sum, and its derivative there; nil for a function that Synaptic does not have. The derivative of
  /// step counts as 1, as it does there.
  func value(_ sum: Double) -> (activation: Double, derivative: Double)? {
    switch self {
    case .linear: return (sum, 1)
    case .sigmoid:
      let value = 1 / (1 + ElementaryFunctions.exponential(-sum))
      return (value, value * (1 - value))
    case .tanh:
      let value = ElementaryFunctions.hyperbolicTangent(sum)
      return (value, 1 - value * value)
    case .relu: return sum > 0 ? (sum, 1) : (0, 0)
    case .step: return (sum > 0 ? 1 : 0, 1)
    case .leakyReLU, .elu, .selu, .gelu, .softplus, .softmax: return nil
    }
  }
}

/// A node of a network: what it takes in comes over edges, what it gives is a row of numbers.
public struct Layer: Sendable, Equatable {
  /// What a layer does.
  public enum Kind: Sendable, Equatable {
    /// Takes a row of the data in.
    case input(size: Int)
    /// Adds up what comes over its edges and a bias, then applies the activation.
    case dense(units: Int, activation: Activation, hasBias: Bool)
  }

  /// Its name, its own within the network.
  public let name: String
  /// What it does.
  public let kind: Kind
  /// How the weights of the edges into it begin.
  public let start: WeightStart

  /// Creates a layer.
  public init(name: String, kind: Kind, start: WeightStart = .glorot) {
    self.name = name
    self.kind = kind
    self.start = start
  }

  /// How many numbers it gives for one row.
  public var width: Int {
    switch kind {
    case .input(let size): size
    case .dense(let units, _, _): units
    }
  }

  /// What is done to each sum; linear for an input.
  public var activation: Activation {
    switch kind {
    case .input: .linear
    case .dense(_, let activation, _): activation
    }
  }

  /// Whether each unit has a bias.
  public var hasBias: Bool {
    switch kind {
    case .input: false
    case .dense(_, _, let hasBias): hasBias
    }
  }

  /// Whether data enters here.
  public var isInput: Bool {
    if case .input = kind { true } else { false }
  }

  /// The kind as the language names it.
  public var kindName: String { isInput ? "input" : "dense" }
}

/// What is done to each sum in a layer, as Keras 3 defines it (keras/src/activations).
public enum Activation: String, Sendable, CaseIterable {
  /// z
  case linear
  /// 1 / (1 + e⁻ᶻ)
  case sigmoid
  /// tanh z
  case tanh
  /// max(0, z), with the derivative 0 at 0 as in PyTorch and Keras.
  case relu
  /// z where it is positive, else z / 5: Keras 3's slope (PyTorch's is 1 / 100).
  case leakyReLU = "leaky_relu"
  /// z where it is positive, else eᶻ - 1 (D. Clevert et al., ICLR 2016), with Keras's α = 1.
  case elu
  /// 1.0507 z where it is positive, else 1.0507 · 1.6733 (eᶻ - 1): sums of mean 0 and variance 1 keep both
  /// (G. Klambauer et al., NIPS 2017, with the digits that Keras takes from there).
  case selu
  /// z Φ(z), Φ the normal distribution by the error function (D. Hendrycks and K. Gimpel, 2016): Keras's
  /// default, `approximate=False`, not the formula by tanh.
  case gelu
  /// ln(1 + eᶻ)
  case softplus
  /// eᶻ / Σ eᶻ over the layer
  case softmax
  /// 1 where z > 0, else 0. Its derivative is 0 everywhere, so that only the perceptron rule learns with it.
  case step

  /// Whether its derivative needs the sums: two sums can share an output of gelu, which falls before it rises.
  var needsSums: Bool { self == .gelu }
}

/// How two layers are joined.
public enum EdgeType: String, Sendable, CaseIterable {
  /// Every unit with every unit: a matrix of target width x source width.
  case full
  /// The i-th with the i-th, by a weight each.
  case one
  /// The i-th with the i-th, unchanged.
  case identity
}

/// A connection from one layer to another; it carries the weights.
public struct Edge: Sendable, Equatable {
  /// The name of the layer that it starts from.
  public let source: String
  /// The name of the layer that it leads to.
  public let target: String
  /// How the two are joined.
  public let type: EdgeType
  /// The weights to begin with, row by row (target by source), instead of random ones.
  public let presetWeights: [Double]?
  /// Whether training may change the weights.
  public let isTrainable: Bool

  /// Creates an edge.
  public init(
    from source: String, to target: String, type: EdgeType = .full, presetWeights: [Double]? = nil,
    isTrainable: Bool = true
  ) {
    self.source = source
    self.target = target
    self.type = type
    self.presetWeights = presetWeights
    self.isTrainable = isTrainable
  }

  /// The edge as the language writes it.
  public var description: String { "\(source) -> \(target)" }
}

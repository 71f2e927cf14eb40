/// A node of a network: what it takes in comes over edges, what it gives is an array of numbers a row.
///
/// Shapes leave the rows out. Those of images are height x width x channels, of signals length x channels, of
/// volumes depth x height x width x channels.
public struct Layer: Sendable, Equatable {
  /// What a layer does.
  public enum Kind: Sendable, Equatable {
    /// Takes a row of the data in, as an array of this shape.
    case input(shape: [Int])
    /// Adds up what comes over its edges and a bias, then applies the activation.
    case dense(units: Int, activation: Activation, hasBias: Bool)
    /// Slides filters over one to three axes.
    case convolution(Convolution)
    /// Takes the largest or the mean of each window.
    case pool(Pool)
    /// Takes the largest or the mean of each channel.
    case globalPool(Pool.Reduction)
    /// Makes one row of an array.
    case flatten
    /// Gives the same numbers another shape.
    case reshape([Int])
    /// In training sets this share of the numbers to 0 and makes up for it in the others (N. Srivastava et al.,
    /// JMLR 15, 2014); else passes them on.
    case dropout(Double)
    /// Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it.
    case batchNorm(BatchNorm)
    /// Brings each row's last axis to mean 0 and variance 1, then scales and shifts it.
    case layerNorm(epsilon: Double)
    /// Stands for each whole number below `words` by a row of `width` trainable numbers.
    case embedding(words: Int, width: Int)

    /// A row of so many numbers.
    public static func input(size: Int) -> Kind { .input(shape: [size]) }
  }

  /// Its name, its own within the network.
  public let name: String
  /// What it does.
  public let kind: Kind
  /// How its weights, or those of the edges into it, begin.
  public let start: WeightStart

  /// Creates a layer.
  public init(name: String, kind: Kind, start: WeightStart = .glorot) {
    self.name = name
    self.kind = kind
    self.start = start
  }

  /// What is done to each sum; linear for a layer that has no sums.
  public var activation: Activation {
    switch kind {
    case .dense(_, let activation, _): activation
    case .convolution(let convolution): convolution.activation
    default: .linear
    }
  }

  /// Whether it has an activation to speak of.
  public var hasActivation: Bool {
    switch kind {
    case .dense, .convolution: true
    default: false
    }
  }

  /// Whether each unit or filter has a bias.
  public var hasBias: Bool {
    switch kind {
    case .dense(_, _, let hasBias): hasBias
    case .convolution(let convolution): convolution.hasBias
    default: false
    }
  }

  /// Whether data enters here.
  public var isInput: Bool {
    if case .input = kind { true } else { false }
  }

  /// Whether it adds up a row of inputs by weights on its edges.
  public var isDense: Bool {
    if case .dense = kind { true } else { false }
  }

  /// The kind as the language names it.
  public var kindName: String {
    switch kind {
    case .input: "input"
    case .dense: "dense"
    case .convolution(let convolution): "conv\(convolution.kernel.count)d"
    case .pool(let pool): pool.reduction == .max ? "maxpool" : "avgpool"
    case .globalPool(let reduction): reduction == .max ? "globalmaxpool" : "globalavgpool"
    case .flatten: "flatten"
    case .reshape: "reshape"
    case .dropout: "dropout"
    case .batchNorm: "batchnorm"
    case .layerNorm: "layernorm"
    case .embedding: "embedding"
    }
  }

  /// Whether it draws random numbers in training.
  var isRandom: Bool {
    if case .dropout(let share) = kind { share > 0 } else { false }
  }
}

/// What a window that slides over one to three axes does at the edges.
public enum Padding: String, Sendable, CaseIterable {
  /// The window stays inside.
  case valid
  /// As many zeros are added, half of them before and half after with the odd one after, as make the output
  /// ⌈size / stride⌉ long: TensorFlow's rule.
  case same
}

/// A window, and how it slides: one number an axis.
public struct Window: Sendable, Equatable {
  /// How long it is.
  public let size: [Int]
  /// How far it moves.
  public let stride: [Int]
  /// How far apart the places are that it looks at; 1 where they touch.
  public let dilation: [Int]
  /// What it does at the edges.
  public let padding: Padding

  /// Creates a window; by default it moves by one and its places touch.
  public init(_ size: [Int], stride: [Int]? = nil, dilation: [Int]? = nil, padding: Padding = .valid) {
    self.size = size
    self.stride = stride ?? size.map { _ in 1 }
    self.dilation = dilation ?? size.map { _ in 1 }
    self.padding = padding
  }

  /// The window over so many axes: one size stands for all of them.
  func spread(over rank: Int) -> Window {
    guard size.count == 1, rank > 1 else { return self }
    func all(_ numbers: [Int]) -> [Int] { [Int](repeating: numbers[0], count: rank) }
    return Window(all(size), stride: all(stride), dilation: all(dilation), padding: padding)
  }

  /// How far it reaches along an axis.
  func reach(_ axis: Int) -> Int { (size[axis] - 1) * dilation[axis] + 1 }

  /// How often it fits along an axis of this length; 0 where it does not.
  func steps(_ axis: Int, over length: Int) -> Int {
    switch padding {
    case .same: (length + stride[axis] - 1) / stride[axis]
    case .valid: length < reach(axis) ? 0 : (length - reach(axis)) / stride[axis] + 1
    }
  }

  /// How many zeros stand before and after an axis of this length.
  func margins(_ axis: Int, over length: Int) -> (before: Int, after: Int) {
    guard padding == .same else { return (0, 0) }
    let needed = max(0, (steps(axis, over: length) - 1) * stride[axis] + reach(axis) - length)
    return (needed / 2, needed - needed / 2)
  }
}

/// A convolution over one to three axes: each filter looks at a window of all channels of its group.
///
/// As everywhere in the field it is a cross-correlation: the kernel is not turned round.
public struct Convolution: Sendable, Equatable {
  /// How many channels it gives.
  public let filters: Int
  /// What each filter looks at.
  public let window: Window
  /// Into how many groups channels and filters are divided; each filter sees its own group alone.
  public let groups: Int
  /// What is done to each sum.
  public let activation: Activation
  /// Whether each filter has a bias.
  public let hasBias: Bool

  /// Creates a convolution.
  public init(
    filters: Int, _ window: Window, groups: Int = 1, activation: Activation = .linear, hasBias: Bool = true
  ) {
    self.filters = filters
    self.window = window
    self.groups = groups
    self.activation = activation
    self.hasBias = hasBias
  }

  /// How long the window is.
  public var kernel: [Int] { window.size }
}

/// Takes one number of each window, channel by channel.
public struct Pool: Sendable, Equatable {
  /// Which number.
  public enum Reduction: String, Sendable, CaseIterable {
    /// The largest; the first of equals gets the gradient.
    case max
    /// The mean of the places inside the array; zeros that were added at the edges do not count.
    case avg
  }

  /// Which number of each window.
  public let reduction: Reduction
  /// The window; it has as many axes as the array has besides its channels, or one size for all of them.
  public let window: Window

  /// Creates a pool.
  public init(_ reduction: Reduction, _ window: Window) {
    self.reduction = reduction
    self.window = window
  }
}

/// Batch normalisation (S. Ioffe and C. Szegedy, ICML 2015), with Keras's defaults.
public struct BatchNorm: Sendable, Equatable {
  /// How much of the running mean and variance stays at each batch.
  public let momentum: Double
  /// What is added to the variance.
  public let epsilon: Double

  /// Creates one; Keras's defaults are 0.99 and 0.001.
  public init(momentum: Double = 0.99, epsilon: Double = 0.001) {
    self.momentum = momentum
    self.epsilon = epsilon
  }
}

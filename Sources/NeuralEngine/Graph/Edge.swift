/// How two layers are joined.
public enum EdgeType: String, Sendable, CaseIterable {
  /// Every unit with every unit: a matrix of target width x source width.
  case full
  /// The i-th with the i-th, by a weight each.
  case one
  /// The i-th with the i-th, unchanged.
  case identity
  /// A layer with itself: every unit with all others, by a matrix of units x (units - 1) that leaves the unit itself out.
  case others
  /// A layer with itself: the sum of each unit at the step before is carried on, unchanged.
  case carry

  /// Whether it joins a layer with itself, from one step to the next.
  var isOwn: Bool { self == .others || self == .carry }
}

/// How what comes over several edges becomes one input.
public enum Merge: String, Sendable, CaseIterable {
  /// The sum.
  case add
  /// The product, number by number.
  case mul
  /// The mean.
  case avg
  /// The largest, number by number; where several are, the gradient goes to the first.
  case max
  /// One after the other along the last axis: channels of images, numbers of rows.
  case concat
}

/// A connection from one layer to another; it carries the weights of a dense layer. A layer with a kernel owns its
/// weights itself.
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
  /// What becomes of several edges into the target; nil where it is for the target to say.
  public let merge: Merge?
  /// How many steps ago the target sees the source: 0 for the same step, at least 1 for what joins a layer with itself.
  public let delay: Int

  /// Creates an edge.
  public init(
    from source: String, to target: String, type: EdgeType = .full, presetWeights: [Double]? = nil,
    isTrainable: Bool = true, merge: Merge? = nil, delay: Int = 0
  ) {
    self.delay = type.isOwn ? max(1, delay) : delay
    self.source = source
    self.target = target
    self.type = type
    self.presetWeights = presetWeights
    self.isTrainable = isTrainable
    self.merge = merge
  }

  /// The edge as the language writes it.
  public var description: String { "\(source) -> \(target)" }

  /// Whether it has a matrix or a column of weights where its target adds up what comes.
  public var hasWeights: Bool { type != .identity && type != .carry }
}

/// A training between two epochs: all that it takes to go on with it to the same bits as if it had never stopped.
public struct TrainingProgress: Sendable, Equatable {
  /// Numbers as they were after an epoch.
  public struct Weights: Sendable, Equatable {
    /// The parameters, in the order of the ``ParameterLayout``.
    public var values: [Double]
    /// What the optimizer remembered.
    public var optimizer: OptimizerState

    /// Creates numbers.
    public init(values: [Double], optimizer: OptimizerState) {
      self.values = values
      self.optimizer = optimizer
    }
  }

  /// What the epochs so far measured.
  public var history: TrainingHistory
  /// Where the random numbers stood when the training began: the rows that are kept aside were drawn from there.
  public var start: RandomStream.State
  /// Where they stand now.
  public var random: RandomStream.State
  /// The weights as they are now.
  public var last: Weights
  /// The weights of the best epoch, where epochs are compared and one was good enough.
  public var bestWeights: Weights?
  /// That epoch.
  public var best: BestEpoch?
  /// How long `patience` has waited.
  public var patience: EpochWait
  /// What a plateau has left of the rate, and how long it has waited.
  public var plateau: PlateauDetector
  /// By how much an epoch moved the weights so far, as ``TrainingResult/weightChange`` tells it.
  public var weightChange: Double
  /// Whether the training is over, and for another reason than an interruption.
  public var isOver: Bool

  /// Creates a progress.
  public init(
    history: TrainingHistory, start: RandomStream.State, random: RandomStream.State, last: Weights,
    bestWeights: Weights? = nil, best: BestEpoch? = nil, patience: EpochWait = EpochWait(),
    plateau: PlateauDetector, weightChange: Double = 0, isOver: Bool = false
  ) {
    self.history = history
    self.start = start
    self.random = random
    self.last = last
    self.bestWeights = bestWeights
    self.best = best
    self.patience = patience
    self.plateau = plateau
    self.weightChange = weightChange
    self.isOver = isOver
  }
}

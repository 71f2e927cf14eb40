import Foundations

/// Which weights a training leaves the network with.
public enum KeptWeights: String, Sendable, CaseIterable {
  /// Those of the epoch with the best value of the monitored metric.
  case best
  /// Those that the training ended with.
  case last
}

/// The epoch whose weights a training left the network with, because none was better.
public struct BestEpoch: Sendable, Equatable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// The metric that was monitored.
  public let metric: TrainingMetric
  /// What the epoch measured.
  public let metrics: EpochMetrics

  /// Creates one.
  public init(epoch: Int, metric: TrainingMetric, metrics: EpochMetrics) {
    self.epoch = epoch
    self.metric = metric
    self.metrics = metrics
  }
}

/// A copy of a network's numbers as they were after its best epoch so far: the parameters, and what the optimizer
/// remembered, so that a later training goes on from there.
struct BestWeights {
  private let metric: TrainingMetric
  private let parameters: ParameterStore
  private let updater: ParameterUpdater
  private let values: NumberBuffer
  private let memory: ParameterUpdater.Memory
  /// The best epoch so far; nil before the first one whose metric is a number.
  private(set) var best: BestEpoch?

  init(_ metric: TrainingMetric, _ parameters: ParameterStore, _ updater: ParameterUpdater) {
    self.metric = metric
    self.parameters = parameters
    self.updater = updater
    values = NumberBuffer(parameters.layout.count, parameters.values.precision)
    memory = updater.emptyMemory()
  }

  /// Takes an epoch that has just ended. Of equally good ones the first stays.
  mutating func epochEnded(_ epoch: Int, _ metrics: EpochMetrics) {
    guard let value = metrics[metric], value.isFinite else { return }
    if let known = best?.metrics[metric], !metric.isBetter(value, than: known) { return }
    best = BestEpoch(epoch: epoch, metric: metric, metrics: metrics)
    values.copy(from: parameters.values)
    updater.remember(in: memory)
  }

  /// The best epoch and its weights, to go on from another day.
  var kept: (epoch: BestEpoch, weights: TrainingProgress.Weights)? {
    best.map { ($0, TrainingProgress.Weights(values: values.doubles, optimizer: updater.state(of: memory))) }
  }

  /// Takes up what was kept.
  mutating func takeUp(_ epoch: BestEpoch?, _ weights: TrainingProgress.Weights?) {
    guard let epoch, let weights, weights.optimizer.fits(values.count), weights.values.count == values.count
    else { return }
    best = epoch
    values.doubles = weights.values
    updater.fill(memory, from: weights.optimizer)
  }

  /// Gives the network the weights of the best epoch, if there is one.
  func restore() {
    guard best != nil else { return }
    parameters.values.copy(from: values)
    updater.recall(memory)
  }
}

/// Counts the epochs that brought nothing better.
struct Patience {
  private let limit: Int?
  private let metric: TrainingMetric
  /// By how much an epoch has to be better to count.
  private let minDelta: Double
  private(set) var state = EpochWait()

  init(_ limit: Int?, _ metric: TrainingMetric, minDelta: Double) {
    self.limit = limit
    self.metric = metric
    self.minDelta = minDelta
  }

  /// Goes on from a state.
  mutating func takeUp(_ state: EpochWait) { self.state = state }

  /// Whether the limit was reached by an epoch before.
  var isExhausted: Bool { limit.map { state.epochs >= $0 } ?? false }

  /// Takes an epoch's metrics; true when the limit is reached.
  mutating func isExhausted(by metrics: EpochMetrics) -> Bool {
    guard let limit else { return false }
    let value = metrics[metric] ?? .nan
    if value.isFinite, state.best.map({ metric.isBetter(value, than: $0, by: minDelta) }) ?? true {
      state = EpochWait(best: value)
    } else {
      state.epochs += 1
    }
    return state.epochs >= limit
  }
}

extension TrainingMetric {
  /// Whether a smaller value is a better one.
  public var lowerIsBetter: Bool {
    switch self {
    case .loss, .validationLoss: true
    case .accuracy, .validationAccuracy: false
    case .watched(let metric): metric.lowerIsBetter
    }
  }

  /// Whether a value is better than another one by more than a difference.
  func isBetter(_ value: Double, than other: Double, by difference: Double = 0) -> Bool {
    lowerIsBetter ? value < other - difference : value > other + difference
  }
}

import NeuralEngine
import Outputs

/// Hands on the metrics of one training in batches.
///
/// It looks at the epochs one by one, and a long training keeps only its last ones so. Whoever has a feed lets it
/// take what is new at least every ``TrainingHistory/window`` epochs.
struct TrainingFeed {
  private let subject: String
  private let sink: (MetricBatch) -> Void
  /// How many epochs have been taken.
  private var done = 0
  /// What has been taken and not yet handed on, a batch for each metric.
  private var batches: [MetricBatch] = []

  init(subject: String, sink: @escaping (MetricBatch) -> Void) {
    self.subject = subject
    self.sink = sink
  }

  /// Takes the epochs that are new.
  mutating func take(_ history: TrainingHistory) {
    guard history.count > done, let first = history.first else { return }
    let epochs = history.epochs(after: done)
    let steps = history.count - epochs.count + 1...history.count
    let before = epochs.startIndex - steps.lowerBound
    let new = first.metrics.map { metric in
      // A closure for each metric, since a look-up by name for each value would cost more than the rest.
      switch metric {
      case .loss: batch(metric, steps) { epochs[before + $0].loss }
      case .accuracy: batch(metric, steps) { epochs[before + $0].accuracy ?? .nan }
      case .validationLoss: batch(metric, steps) { epochs[before + $0].validationLoss ?? .nan }
      case .validationAccuracy: batch(metric, steps) { epochs[before + $0].validationAccuracy ?? .nan }
      case .watched: batch(metric, steps) { epochs[before + $0][metric] ?? .nan }
      }
    }
    if batches.isEmpty {
      batches = new
    } else {
      for place in new.indices { batches[place].append(new[place]) }
    }
    done = history.count
  }

  /// Hands on what has been taken.
  mutating func handOn() {
    batches.forEach(sink)
    batches = []
  }

  @inline(__always)
  private func batch(
    _ metric: TrainingMetric, _ steps: ClosedRange<Int>, _ value: (Int) -> Double
  ) -> MetricBatch {
    MetricBatch(subject: subject, name: metric.rawValue, steps: steps, value: value)
  }
}

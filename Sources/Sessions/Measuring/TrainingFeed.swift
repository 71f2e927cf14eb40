import NeuralEngine
import Outputs

/// Hands on the figures of one training in batches.
struct TrainingFeed {
  private let subject: String
  private let sink: (MetricBatch) -> Void
  /// How many epochs have been handed on.
  private var done = 0

  init(subject: String, sink: @escaping (MetricBatch) -> Void) {
    self.subject = subject
    self.sink = sink
  }

  /// Hands on what is new.
  ///
  /// - Parameter epochs: the figures of all epochs so far. They are the training's own, so that an epoch costs
  ///   nothing here.
  mutating func handOn(_ epochs: [EpochFigures]) {
    guard epochs.count > done, let first = epochs.first else { return }
    let steps = done + 1...epochs.count
    for figure in Figure.allCases where first[figure] != nil {
      // A closure for each figure, since a look-up by name for each value would cost more than the rest.
      let batch =
        switch figure {
        case .loss: batch(figure, steps) { epochs[$0 - 1].loss }
        case .accuracy: batch(figure, steps) { epochs[$0 - 1].accuracy ?? .nan }
        case .validationLoss: batch(figure, steps) { epochs[$0 - 1].validationLoss ?? .nan }
        case .validationAccuracy: batch(figure, steps) { epochs[$0 - 1].validationAccuracy ?? .nan }
        }
      sink(batch)
    }
    done = epochs.count
  }

  @inline(__always)
  private func batch(
    _ figure: Figure, _ steps: ClosedRange<Int>, _ value: (Int) -> Double
  ) -> MetricBatch {
    MetricBatch(subject: subject, name: figure.rawValue, steps: steps, value: value)
  }
}

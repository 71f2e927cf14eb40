import NeuralEngine
import Outputs

/// Follows a training: tells how far it has come, hands its metrics on, and lists them.
final class TrainingMonitor {
  private let label: String
  private let total: Int
  private var feed: TrainingFeed?
  private var listing: EpochListing?
  /// Decides when metrics are taken: they are looked at one by one, and a long training keeps only its last ones so.
  private var epochs = Throttle(patience: .zero, interval: .zero, stride: TrainingHistory.window)
  private var metrics = Throttle(patience: .milliseconds(200), interval: .milliseconds(200))
  private var progress = Throttle(patience: .milliseconds(100))
  /// Decides when an epoch is looked at that is under way.
  private var batches = Throttle(patience: TrainingMonitor.patience)
  private var batchCount = 0
  private var hasToldBatches = false
  private var lastEpoch = (count: 0, end: ContinuousClock.now)

  /// An epoch that takes longer than this tells its batches; a shorter one is told at its end.
  private static let patience = Duration.milliseconds(500)

  init(label: String, total: Int, feed: TrainingFeed?, listing: EpochListing?) {
    self.label = label
    self.total = total
    self.feed = feed
    self.listing = listing
  }

  /// Follows the end of a batch, and gives the progress that is to be shown within a long epoch.
  ///
  /// - Parameters:
  ///   - batch: its place in the epoch, from 1.
  ///   - count: how many an epoch has.
  ///   - loss: the mean loss of the epoch so far.
  func batchEnded(_ batch: Int, of count: Int, loss: Double) -> ProgressUpdate? {
    batchCount += 1
    guard batches.isDue(after: batchCount), batch < count,
      ContinuousClock.now - lastEpoch.end >= TrainingMonitor.patience
    else { return nil }
    hasToldBatches = true
    return ProgressUpdate(
      label: label, completed: lastEpoch.count, total: total,
      part: .init(unit: "batch", completed: batch, total: count), seconds: progress.seconds,
      metrics: [.init("loss", loss)], isFinal: false)
  }

  /// Follows the end of an epoch, and gives the progress that is to be shown: at most ten times a second, and none of
  /// a quick training.
  func epochEnded(_ history: TrainingHistory) -> ProgressUpdate? {
    lastEpoch.count = history.count
    guard epochs.isDue(after: history.count) else { return nil }
    take(history)
    let now = ContinuousClock.now
    lastEpoch.end = now
    if metrics.isDue(at: now) { feed?.handOn() }
    return history.count < total && progress.isDue(at: now) ? update(history, isFinal: false) : nil
  }

  /// The epoch whose end is to be followed next; those before have nothing to tell.
  var nextEpoch: Int { epochs.nextLook }

  /// Follows the end of the training, and gives the last progress if there has been any.
  func ended(_ history: TrainingHistory) -> ProgressUpdate? {
    take(history)
    feed?.handOn()
    return progress.hasTold || hasToldBatches ? update(history, isFinal: true) : nil
  }

  /// The table of the epochs, if one was asked for.
  func table(_ history: TrainingHistory) -> Table? { listing?.table(first: history.first) }

  private func take(_ history: TrainingHistory) {
    feed?.take(history)
    listing?.take(history)
  }

  private func update(_ history: TrainingHistory, isFinal: Bool) -> ProgressUpdate? {
    history.last.map { last in
      ProgressUpdate(
        label: label, completed: history.count, total: total, seconds: progress.seconds,
        metrics: last.metrics.compactMap { metric in last[metric].map { .init(metric.rawValue, $0) } },
        isFinal: isFinal)
    }
  }
}

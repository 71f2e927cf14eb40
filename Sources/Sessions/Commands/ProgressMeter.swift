import NeuralEngine
import Outputs

/// Decides when a training has something new to show, without looking at the clock after every epoch: the
/// epochs of a small network take less time than that look.
struct ProgressMeter {
  private let label: String
  private let total: Int
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastShown: ContinuousClock.Instant
  private var lastHandedOn: ContinuousClock.Instant
  private var nextLook = 1
  private var stride = 1
  /// Whether anything has been shown; quick work shows nothing on the way.
  private(set) var hasShown = false

  init(label: String, total: Int) {
    self.label = label
    self.total = total
    start = clock.now
    lastShown = start
    lastHandedOn = start
  }

  /// What is due at an epoch's end.
  struct Due {
    /// To show how far the training has come: at most ten times a second, and not in the first tenth.
    var progress = false
    /// To hand its figures on: at most five times a second.
    var figures = false
  }

  /// What is due now that an epoch has ended.
  mutating func due(after epoch: Int) -> Due? {
    guard epoch >= nextLook else { return nil }
    let now = clock.now
    let perEpoch = (now - start) / epoch
    // A look about every 10 ms, and while the epochs since the last look are still there one by one.
    stride =
      perEpoch > .milliseconds(10)
      ? 1 : min(TrainingHistory.window, Int(.milliseconds(10) / max(perEpoch, .nanoseconds(100))))
    nextLook = epoch + max(1, stride)
    var due = Due()
    if now - lastHandedOn >= .milliseconds(200) {
      lastHandedOn = now
      due.figures = true
    }
    if now - lastShown >= .milliseconds(100), epoch < total {
      lastShown = now
      hasShown = true
      due.progress = true
    }
    return due
  }

  private var seconds: Double { (clock.now - start) / .seconds(1) }

  func progress(_ epoch: Int, _ figures: EpochFigures, isFinal: Bool) -> ProgressUpdate {
    ProgressUpdate(
      label: label, completed: epoch, total: total, seconds: seconds,
      figures: Figure.allCases.compactMap { figure in figures[figure].map { .init(figure.rawValue, $0) } },
      isFinal: isFinal)
  }
}

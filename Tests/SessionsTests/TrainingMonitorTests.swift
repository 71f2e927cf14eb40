import Foundation
import Outputs
import Testing

@testable import NeuralEngine
@testable import Sessions

/// What a training tells of itself while it goes on.
@Suite(.timeLimit(.minutes(1))) struct TrainingMonitorTests {
  /// Ends batches for as long as `duration`, one every `pause`.
  private func told(
    _ monitor: TrainingMonitor, for duration: Duration, pause: useconds_t, of count: Int
  ) -> [ProgressUpdate] {
    let start = ContinuousClock.now
    var (told, batch) = ([ProgressUpdate](), 0)
    while ContinuousClock.now - start < duration, batch < count {
      batch += 1
      usleep(pause)
      if let update = monitor.batchEnded(batch, of: count, loss: 0.5) { told.append(update) }
    }
    return told
  }

  @Test func aLongEpochTellsItsBatchesWithinTheFirstSecond() {
    let monitor = TrainingMonitor(label: "train d", total: 3, feed: nil, listing: nil)
    let updates = told(monitor, for: .milliseconds(950), pause: 5_000, of: 100_000)
    #expect((1...5).contains(updates.count))
    #expect(updates.allSatisfy { $0.completed == 0 && $0.total == 3 && $0.part?.total == 100_000 })
    #expect(updates.allSatisfy { $0.seconds >= 0.5 && $0.metrics.map(\.value) == [0.5] })
  }

  @Test func shortEpochsAreToldAtTheirEnds() {
    let monitor = TrainingMonitor(label: "train d", total: 1000, feed: nil, listing: nil)
    var history = TrainingHistory()
    for _ in 1...40 {
      #expect(told(monitor, for: .seconds(1), pause: 2_000, of: 10).isEmpty)
      history.append(EpochMetrics(loss: 0.5, accuracy: nil))
      _ = monitor.epochEnded(history)
    }
  }
}

import Foundation
import Synchronization
import Terminal

/// Tells on a terminal how many trials of a sweep, or folds, are done, ten times a second at the most.
final class SweepMeter: Sendable {
  private let count: Int
  private let unit: String
  private let isShown = isatty(STDERR_FILENO) == 1
  private let state: Mutex<(done: Int, told: ContinuousClock.Instant)>

  init(count: Int, done: Int, unit: String = "trials") {
    self.count = count
    self.unit = unit
    state = Mutex((done, .now))
  }

  func ended() {
    state.withLock { state in
      state.done += 1
      guard isShown, ContinuousClock.now - state.told > .milliseconds(100) else { return }
      state.told = .now
      Streams.writeError("\r\(state.done) of \(count) \(unit) ")
    }
  }

  func close() { if isShown { Streams.writeError("\r\u{1B}[K") } }
}

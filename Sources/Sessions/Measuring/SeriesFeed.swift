import Outputs

/// Hands on what `record` notes, in batches.
final class SeriesFeed {
  private let sink: (MetricBatch) -> Void
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  private var lastLook: ContinuousClock.Instant
  /// Values from one look at the clock to the next: noting one takes less time than the look.
  private var stride = 1
  /// How many values are still to come before the next look.
  private var left = 1
  /// How many values of each series have been handed on.
  private var handedOn: [String: Int] = [:]

  /// The time between two batches.
  static let interval = Duration.milliseconds(200)

  init(sink: @escaping (MetricBatch) -> Void) {
    self.sink = sink
    last = clock.now
    lastLook = last
  }

  /// Counts a value that has been noted, and hands on what series have gathered if it is time.
  @inline(__always)
  func noted(_ state: @autoclosure () -> SessionState) {
    left -= 1
    if left <= 0 { look(at: state()) }
  }

  private func look(at state: SessionState) {
    let now = clock.now
    let since = now - lastLook
    lastLook = now
    // A look comes about every 10 ms.
    stride = since < .milliseconds(10) ? min(stride * 2, 1 << 16) : max(1, stride / 2)
    left = stride
    if now - last >= SeriesFeed.interval {
      last = now
      flush(state)
    }
  }

  /// Hands on what series have gathered.
  func flush(_ state: SessionState) {
    for (name, values) in state.filledSeries where values.count > handedOn[name] ?? 0 {
      let first = (handedOn[name] ?? 0) + 1
      sink(MetricBatch(subject: nil, name: name, steps: first...values.count) { values[$0 - 1] })
      handedOn[name] = values.count
    }
  }

  /// Notices that series have gone back to earlier values: where some of those that are gone were handed on, all are
  /// handed on anew.
  func follow(_ state: SessionState) {
    handedOn = handedOn.filter { state.values(ofSeries: $0.key).count >= $0.value }
  }
}

import Outputs

/// Hands on what `record` notes, in batches.
final class SeriesFeed {
  private let sink: (MetricBatch) -> Void
  private var throttle = Throttle(patience: .milliseconds(200), interval: .milliseconds(200), stride: 1 << 16)
  /// How many values have been noted.
  private var count = 0
  /// How many values of each series have been handed on.
  private var handedOn: [String: Int] = [:]

  init(sink: @escaping (MetricBatch) -> Void) { self.sink = sink }

  /// Counts a value that has been noted, and hands on what series have gathered if it is time.
  @inline(__always) func noted(_ state: @autoclosure () -> SessionState) {
    count += 1
    if throttle.isDue(after: count) { flush(state()) }
  }

  /// Hands on what series have gathered.
  func flush(_ state: SessionState) {
    for (name, values) in state.filledSeries where values.count > handedOn[name] ?? 0 {
      let first = (handedOn[name] ?? 0) + 1
      sink(MetricBatch(subject: nil, name: name, steps: first...values.count) { values[$0 - 1] })
      handedOn[name] = values.count
    }
  }

  /// Takes what series have gathered so far as handed on.
  func passOver(_ state: SessionState) {
    handedOn = Dictionary(state.filledSeries.map { ($0.name, $0.values.count) }) { first, _ in first }
  }

  /// Notices that series have gone back to earlier values: where some of those that are gone were handed on, all are
  /// handed on anew.
  func follow(_ state: SessionState) {
    handedOn = handedOn.filter { state.values(ofSeries: $0.key).count >= $0.value }
  }
}

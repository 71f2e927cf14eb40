import Outputs

/// Hands on what `record` notes, in batches.
final class SeriesFeed {
  private let sink: (MetricBatch) -> Void
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  private var lastLook: ContinuousClock.Instant
  /// Values from one look at the clock to the next: noting one takes less time than the look.
  private var stride = 1

  /// The time between two batches.
  static let interval = Duration.milliseconds(200)

  init(sink: @escaping (MetricBatch) -> Void) {
    self.sink = sink
    last = clock.now
    lastLook = last
  }

  /// Looks at the clock, and hands on what series have gathered if it is time.
  ///
  /// - Returns: after how many values to look again, so that a look comes about every 10 ms.
  func look(at series: [(name: String, series: Series)]) -> Int {
    let now = clock.now
    let since = now - lastLook
    lastLook = now
    stride = since < .milliseconds(10) ? min(stride * 2, 1 << 16) : max(1, stride / 2)
    if now - last >= SeriesFeed.interval {
      last = now
      flush(series)
    }
    return stride
  }

  /// Hands on what series have gathered.
  func flush(_ all: [(name: String, series: Series)]) {
    for (name, series) in all where series.values.count > series.handedOn {
      let steps = series.handedOn + 1...series.values.count
      sink(MetricBatch(subject: nil, name: name, steps: steps) { series.values[$0 - 1] })
      series.handedOn = series.values.count
    }
  }
}

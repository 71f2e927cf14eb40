import Foundations
import TestSupport
import Testing

@testable import NeuralEngine

/// A history against the plain list of all epochs.
@Suite struct TrainingHistoryTests {
  /// Noise with what is rare in it: no numbers, infinities, zeros, values that are equal, a figure that is missing.
  private func epochs(_ count: Int) -> [EpochMetrics] {
    var noise = Noise(seed: UInt64(count))
    return (0..<count).map { epoch in
      let loss = (noise.uniform() * 20).rounded() / 10
      let odd: [Double?] = [.nan, .infinity, -.infinity, nil, 0, -1]
      let watched = epoch % 7 == 3 ? odd[epoch / 7 % odd.count] : noise.uniform()
      return EpochMetrics(loss: loss, accuracy: loss < 1 ? 1 : 0.5, validationLoss: watched)
    }
  }

  /// The figures bit for bit: a NaN is not equal to itself.
  private func bits(_ epochs: some Sequence<EpochMetrics>) -> [UInt64?] {
    epochs.flatMap { epoch in TrainingMetric.standard.map { epoch[$0]?.bitPattern } }
  }

  private func history(_ epochs: [EpochMetrics], limit: Int, window: Int) -> TrainingHistory {
    var history = TrainingHistory(limit: limit, window: window)
    for epoch in epochs { history.append(epoch) }
    return history
  }

  private func expectSame(_ history: TrainingHistory, _ epochs: [EpochMetrics], limit: Int, window: Int) {
    #expect(history.count == epochs.count && history.isEmpty == epochs.isEmpty)
    #expect(history.first == epochs.first)
    #expect(bits(history.last.map { [$0] } ?? []) == bits(epochs.suffix(1)))
    let kept = history.recent
    #expect(kept.count >= min(epochs.count, window) && kept.count <= limit)
    #expect(bits(kept) == bits(epochs.suffix(kept.count)))
    #expect((history.merged == nil) == (epochs.count <= limit))
    for figure in TrainingMetric.standard {
      let values = epochs.map { $0[figure] ?? .nan }
      let isThere = epochs.contains { $0[figure] != nil }
      let all = history.values(of: figure).map { $0.map(\.bitPattern) }
      #expect(all == (epochs.count > limit ? nil : isThere ? values.map(\.bitPattern) : []))
      let course = history.course(of: figure)
      #expect((course != nil) == isThere)
      if let course { expectSame(course, values, limit: limit) }
    }
  }

  private func expectSame(_ course: DecimatedSeries, _ values: [Double], limit: Int) {
    let count = values.count
    #expect(course.count == count && course.buckets.count <= limit)
    #expect(course.width == 1 ? count <= limit : course.buckets.count > limit / 2)
    let finite = values.enumerated().filter(\.element.isFinite)
    let low = finite.min { $0.element < $1.element }
    let high = finite.map(\.element).max()
    let highest = finite.first { $0.element == high }
    var tally = DecimatedSeries.Tally()
    tally.lowest = low.map { .init($0.element, at: $0.offset + 1) }
    tally.highest = highest.map { .init($0.element, at: $0.offset + 1) }
    tally.notFinite = count - finite.count
    tally.firstNotFinite = values.firstIndex { !$0.isFinite }.map { $0 + 1 }
    tally.notPositive = finite.count { $0.element <= 0 }
    #expect(course.tally == tally)
    for (place, bucket) in course.buckets.enumerated() {
      let part = values[(place * course.width)..<min((place + 1) * course.width, count)]
      let numbers = part.filter(\.isFinite)
      #expect(course.size(of: place) == part.count && bucket.finite == numbers.count)
      #expect(bucket.low == numbers.min() ?? .infinity && bucket.high == numbers.max() ?? -.infinity)
      #expect(bucket.last.bitPattern == part.last?.bitPattern)
      #expect(abs(bucket.sum - numbers.reduce(0, +)) < 1e-9)
    }
  }

  @Test(arguments: [(8, 2), (8, 7), (5, 1), (16, 4)])
  func tellsWhatTheListTells(_ limit: Int, _ window: Int) {
    for count in Array(0...limit * 2 + 1) + [31, 32, 33, 63, 64, 65, 66, 127, 128, 129] {
      let epochs = epochs(count)
      expectSame(history(epochs, limit: limit, window: window), epochs, limit: limit, window: window)
    }
  }

  @Test func keepsEveryEpochUpToTheLimit() throws {
    let limit = TrainingHistory.limit
    let all = epochs(limit)
    var history = TrainingHistory()
    for epoch in all { history.append(epoch) }
    #expect(history.recent.count == limit && history.merged == nil)
    history.append(EpochMetrics(loss: -3, accuracy: 0))
    #expect(history.count == limit + 1 && history.recent.count == TrainingHistory.window + 1)
    let course = try #require(history.course(of: .loss))
    #expect(course.width == 2 && course.buckets.count == limit / 2 + 1)
    #expect(course.tally.lowest == .init(-3, at: limit + 1))
  }

  /// 16 MB, with all figures that there are.
  @Test func memoryIsBounded() {
    var history = TrainingHistory()
    let figures = EpochMetrics(loss: 1, accuracy: 0.5, validationLoss: 2, validationAccuracy: 0.25)
    for _ in 0..<150_000 { history.append(figures) }
    #expect(history.bytes < 16 << 20)
    let most = TrainingHistory.limit
    #expect(
      most * MemoryLayout<EpochMetrics>.stride + 4 * most * MemoryLayout<DecimatedSeries.Bucket>.stride
        <= 16 << 20)
  }

  @Test func givesTheEpochsAfterOne() {
    let epochs = epochs(40)
    let history = history(epochs, limit: 16, window: 8)
    for start in 32...40 {
      #expect(bits(history.epochs(after: start)) == bits(epochs[start...]))
    }
    #expect(history.epochs(after: 50).isEmpty)
  }

  @Test func partsThatDoNotFitAreRefused() throws {
    var history = TrainingHistory()
    for epoch in epochs(TrainingHistory.limit + 1) { history.append(epoch) }
    let merged = try #require(history.merged)
    let course = try #require(merged.courses[.validationLoss])
    func again(
      width: Int? = nil, count: Int? = nil, _ change: (inout DecimatedSeries.Tally) -> Void = { _ in },
      buckets: [DecimatedSeries.Bucket]? = nil
    ) -> DecimatedSeries? {
      var tally = course.tally
      change(&tally)
      return DecimatedSeries(
        limit: TrainingHistory.limit, width: width ?? course.width, count: count ?? course.count,
        buckets: buckets ?? course.buckets,
        tally: tally)
    }
    #expect(again()?.count == course.count)
    #expect(again(width: 0) == nil && again(width: 3) == nil && again(width: 2) == nil)
    #expect(again(width: .max) == nil && again(count: .max) == nil && again(count: 0) == nil)
    #expect(again(buckets: []) == nil)
    #expect(again { $0.lowest = nil } == nil && again { $0.highest?.place = 0 } == nil)
    #expect(again { $0.notFinite = -1 } == nil && again { $0.firstNotFinite = nil } == nil)
    #expect(again { $0.notPositive = .max } == nil)
    for change in [
      { $0.low = .nan }, { $0.high = $0.low - 1 }, { $0.finite = 2 }, { $0.finite = 0 },
    ] as [(inout DecimatedSeries.Bucket) -> Void] {
      var buckets = course.buckets
      change(&buckets[0])
      #expect(again(buckets: buckets) == nil)
    }
    #expect(TrainingHistory(recent: [], first: merged.first, courses: merged.courses) == nil)
    #expect(TrainingHistory(recent: history.recent, courses: merged.courses) == nil)
    #expect(TrainingHistory(recent: history.recent, first: merged.first) == nil)
    let copy = try #require(
      TrainingHistory(recent: history.recent, first: merged.first, courses: merged.courses))
    #expect(copy.count == history.count && bits(copy.recent) == bits(history.recent))
  }
}

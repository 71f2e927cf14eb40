/// A series that is too long to be kept whole, such as a metric over the epochs of a training, in buckets of neighbouring
/// values.
///
/// A bucket keeps the lowest, the highest and the last value and the mean, so that one spike among ten million
/// values is still there. Buckets hold one value each as long as there is room; when there are more than `limit`,
/// neighbours become one, and so on at every doubling. What is said of all values - how many there are, the best ones
/// and where they were, what is missing - is exact.
public struct DecimatedSeries: Sendable, Equatable {
  /// Neighbouring values.
  public struct Bucket: Sendable, Equatable {
    /// The lowest and the highest finite value; `low` is above `high` where there is none.
    public var low, high: Double
    /// The last value, finite or not.
    public var last: Double
    /// What the finite values add up to.
    public var sum: Double
    /// How many values are finite.
    public var finite: Int

    /// The mean of the finite values; NaN where there is none.
    public var mean: Double { sum / Double(finite) }

    /// Creates a bucket.
    public init(low: Double, high: Double, last: Double, sum: Double, finite: Int) {
      self.low = low
      self.high = high
      self.last = last
      self.sum = sum
      self.finite = finite
    }
  }

  /// A value that no other exceeds, and the first place that has it.
  public struct Extreme: Sendable, Equatable {
    /// The value.
    public var value: Double
    /// Which value it is, from 1.
    public var place: Int

    /// Creates an extreme.
    public init(_ value: Double, at place: Int) {
      self.value = value
      self.place = place
    }
  }

  /// What is known of all values.
  public struct Tally: Sendable, Equatable {
    /// The lowest and the highest finite value; nil where there is none.
    public var lowest, highest: Extreme?
    /// How many values are no finite numbers.
    public var notFinite = 0
    /// The place of the first of them, from 1.
    public var firstNotFinite: Int?
    /// How many finite values are zero or less, which have no place on a logarithmic axis.
    public var notPositive = 0

    /// Creates the tally of no values.
    public init() {}
  }

  /// The most buckets there are.
  let limit: Int
  /// How many values a bucket holds, a power of two; the last one may hold fewer.
  public private(set) var width = 1
  /// How many values there are.
  public private(set) var count = 0
  /// The buckets, in the order of the values.
  public package(set) var buckets: [Bucket] = []
  /// What is known of all values.
  public package(set) var tally = Tally()

  /// Creates a series without values.
  ///
  /// - Parameter limit: the most buckets there are, at least 1.
  public init(limit: Int) { self.limit = limit }

  /// Creates a series of parts that were kept; nil where they do not fit together.
  public init?(limit: Int, width: Int, count: Int, buckets: [Bucket], tally: Tally) {
    self.limit = limit
    guard width > 0, width.nonzeroBitCount == 1, count > 0, buckets.count <= limit,
      buckets.count == (count - 1) / width + 1
    else { return nil }
    (self.width, self.count, self.buckets, self.tally) = (width, count, buckets, tally)
    guard tally.fits(self), buckets.indices.allSatisfy({ buckets[$0].isSound(size: size(of: $0)) }) else {
      return nil
    }
  }
}

extension DecimatedSeries {
  /// How many values a bucket holds.
  public func size(of bucket: Int) -> Int { min(width, count - bucket * width) }

  /// Takes the next value.
  public mutating func append(_ value: Double) {
    count += 1
    tally.take(value, at: count)
    let bucket = Bucket(value)
    guard count > buckets.count * width else {
      return buckets[buckets.count - 1].take(bucket)
    }
    if buckets.count == limit { mergeNeighbours() }
    // An odd number of buckets leaves room in the last one.
    if count > buckets.count * width {
      buckets.append(bucket)
    } else {
      buckets[buckets.count - 1].take(bucket)
    }
  }

  /// Takes the next values.
  public mutating func append(_ values: [Double]) { for value in values { append(value) } }

  /// Makes one bucket of every two.
  private mutating func mergeNeighbours() {
    for place in 0..<(buckets.count + 1) / 2 {
      var bucket = buckets[place * 2]
      if place * 2 + 1 < buckets.count { bucket.take(buckets[place * 2 + 1]) }
      buckets[place] = bucket
    }
    buckets.removeLast(buckets.count / 2)
    width *= 2
  }
}

extension DecimatedSeries.Bucket {
  /// Whether it can be that of so many values.
  fileprivate func isSound(size: Int) -> Bool {
    guard low.isFinite, high.isFinite else { return finite == 0 && low == .infinity && high == -.infinity }
    return low <= high && (1...size).contains(finite)
  }

  /// The bucket of one value.
  init(_ value: Double) {
    let isFinite = value.isFinite
    self.init(
      low: isFinite ? value : .infinity, high: isFinite ? value : -.infinity, last: value,
      sum: isFinite ? value : 0, finite: isFinite ? 1 : 0)
  }

  /// Takes in the bucket that follows.
  mutating func take(_ next: Self) {
    low = min(low, next.low)
    high = max(high, next.high)
    last = next.last
    sum += next.sum
    finite += next.finite
  }
}

extension DecimatedSeries.Tally {
  fileprivate mutating func take(_ value: Double, at place: Int) {
    guard value.isFinite else {
      notFinite += 1
      if firstNotFinite == nil { firstNotFinite = place }
      return
    }
    if value <= 0 { notPositive += 1 }
    if lowest.map({ value < $0.value }) ?? true { lowest = .init(value, at: place) }
    if highest.map({ value > $0.value }) ?? true { highest = .init(value, at: place) }
  }

  /// Whether it can be that of a series.
  fileprivate func fits(_ series: DecimatedSeries) -> Bool {
    let places = 1...series.count
    let isFinite = notFinite < series.count
    guard (0...series.count).contains(notFinite), (0...series.count - notFinite).contains(notPositive),
      (firstNotFinite == nil) == (notFinite == 0), firstNotFinite.map(places.contains) ?? true
    else { return false }
    return [lowest, highest].allSatisfy { extreme in
      guard let extreme else { return !isFinite }
      return isFinite && extreme.value.isFinite && places.contains(extreme.place)
    }
  }
}

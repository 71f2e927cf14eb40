extension LinePlot {
  /// A series that is too long to be kept whole: buckets of neighbouring values, and what is known of all values.
  public struct Buckets: Sendable, Equatable {
    /// Neighbouring values.
    public struct Bucket: Sendable, Equatable {
      /// The lowest and the highest finite value; `low` is above `high` where there is none.
      public var low, high: Double
      /// The last value, finite or not.
      public var last: Double
      /// The mean of the finite values.
      public var mean: Double
      /// Whether every value is finite.
      public var isWhole: Bool

      /// Creates a bucket.
      public init(low: Double, high: Double, last: Double, mean: Double, isWhole: Bool) {
        self.low = low
        self.high = high
        self.last = last
        self.mean = mean
        self.isWhole = isWhole
      }
    }

    /// A value and which one of the series it is, from 0.
    public struct Place: Sendable, Equatable {
      /// The value.
      public var value: Double
      /// Which one it is.
      public var index: Int

      /// Creates a place.
      public init(_ value: Double, at index: Int) {
        self.value = value
        self.index = index
      }
    }

    /// How many values a bucket holds, at least 1; the last one may hold fewer.
    public var width: Int
    /// How many values there are.
    public var count: Int
    /// The buckets.
    public var buckets: [Bucket]
    /// The first value.
    public var first: Double
    /// The first of the lowest and of the highest finite values; nil where there is none.
    public var lowest, highest: Place?
    /// How many values are not finite.
    public var notFinite = 0
    /// The index of the first of them.
    public var firstNotFinite: Int?
    /// How many finite values are zero or less.
    public var notPositive = 0

    /// Creates a series of buckets.
    public init(width: Int, count: Int, buckets: [Bucket], first: Double) {
      self.width = max(1, width)
      self.count = count
      self.buckets = buckets
      self.first = first
    }
  }
}

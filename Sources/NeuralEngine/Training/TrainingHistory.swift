public import Foundations

/// The metrics of a training, epoch by epoch, in bounded memory: a small network has millions of epochs a second.
///
/// Up to ``limit`` epochs each is kept by itself. Of a longer training the last ones still are, and those before
/// become a ``DecimatedSeries`` for each metric. Nothing is worked out when an epoch ends; it is put away, and
/// merged with thousands of others later.
public struct TrainingHistory: Sendable, Equatable {
  /// The epochs that are kept one by one, and at the same time the buckets that those before come to: at most.
  public static let limit = 65_536
  /// So many of the last epochs are always kept one by one.
  public static let window = 16_384

  /// What the epochs came to that are no longer kept one by one.
  public struct Merged: Sendable, Equatable {
    /// The metrics of the first epoch of all.
    public let first: EpochMetrics
    /// How many epochs there are.
    public fileprivate(set) var count: Int
    /// The course of each metric that the training has.
    public fileprivate(set) var courses: [TrainingMetric: DecimatedSeries]
  }

  private let limit: Int
  private let window: Int
  /// The last epochs one by one; all of them up to ``limit``.
  public private(set) var recent: [EpochMetrics] = []
  /// The epochs before them; nil where there are none.
  public private(set) var merged: Merged?

  /// Creates a history without epochs.
  public init() { self.init(limit: TrainingHistory.limit, window: TrainingHistory.window) }

  /// Creates a history without epochs that keeps less of them.
  init(limit: Int, window: Int) {
    self.limit = limit
    self.window = window
  }

  /// How many epochs there are.
  public var count: Int { (merged?.count ?? 0) + recent.count }
  /// Whether there is none.
  public var isEmpty: Bool { recent.isEmpty }
  /// The first epoch's metrics.
  public var first: EpochMetrics? { merged?.first ?? recent.first }
  /// The last epoch's metrics.
  public var last: EpochMetrics? { recent.last }

  /// How much memory the metrics take.
  public var bytes: Int {
    let buckets = merged?.courses.values.reduce(0) { $0 + $1.buckets.count } ?? 0
    return recent.count * MemoryLayout<EpochMetrics>.stride
      + buckets * MemoryLayout<DecimatedSeries.Bucket>.stride
  }

  /// Makes room for the epochs to come, so that a training of many short ones does not move them again and again.
  mutating func reserve(_ epochs: Int) { recent.reserveCapacity(min(epochs, limit)) }

  /// Takes the metrics of the next epoch.
  @inline(__always)
  mutating func append(_ metrics: EpochMetrics) {
    if recent.count == limit { merge() }
    recent.append(metrics)
  }
}

extension TrainingHistory {
  /// The metrics of the epochs after one, as far as they are kept one by one: all of them if they are not more
  /// than ``window``.
  public func epochs(after epoch: Int) -> ArraySlice<EpochMetrics> {
    recent.dropFirst(max(0, epoch - (count - recent.count)))
  }

  /// The values of a metric where every epoch is kept, NaN where one has none; nil where epochs were merged, and
  /// empty where the training does not have the metric.
  public func values(of metric: TrainingMetric) -> [Double]? {
    guard merged == nil else { return nil }
    guard recent.contains(where: { $0[metric] != nil }) else { return [] }
    return recent.map { $0[metric] ?? .nan }
  }

  /// The course of a metric over all epochs; nil where the training does not have the metric.
  public func course(of metric: TrainingMetric) -> DecimatedSeries? {
    var course = merged.map { $0.courses[metric] } ?? newCourse(of: metric)
    course?.append(recent[...], metric)
    return course
  }

  private func newCourse(of metric: TrainingMetric) -> DecimatedSeries? {
    recent.contains { $0[metric] != nil } ? DecimatedSeries(limit: limit) : nil
  }

  /// Merges all epochs but the last ones.
  @inline(never)
  private mutating func merge() {
    let count = recent.count - window
    var merged = merged ?? begin()
    self.merged = nil
    merged.count += count
    // Nothing holds the courses or the epochs while they change, which would copy all of them.
    for metric in Array(merged.courses.keys) { merged.courses[metric]?.append(recent[..<count], metric) }
    self.merged = merged
    recent.removeFirst(count)
  }

  private func begin() -> Merged {
    let metrics = TrainingMetric.standard + recent[0].watched.map { .watched($0.metric) }
    let courses = metrics.compactMap { metric in newCourse(of: metric).map { (metric, $0) } }
    return Merged(first: recent[0], count: 0, courses: Dictionary(uniqueKeysWithValues: courses))
  }
}

extension TrainingHistory {
  /// Creates a history of epochs that were kept; nil where they do not fit together.
  ///
  /// - Parameters:
  ///   - recent: the last epochs one by one.
  ///   - first: the first epoch of all, where there are others before the last.
  ///   - courses: the metrics of those before.
  public init?(
    recent: [EpochMetrics], first: EpochMetrics? = nil, courses: [TrainingMetric: DecimatedSeries] = [:]
  ) {
    self.init()
    self.recent = recent
    guard let first else {
      guard courses.isEmpty else { return nil }
      return
    }
    guard !recent.isEmpty, let count = courses.values.first?.count, count < 1 << 53,
      courses.values.allSatisfy({ $0.count == count })
    else { return nil }
    merged = Merged(first: first, count: count, courses: courses)
  }
}

extension DecimatedSeries {
  fileprivate mutating func append(_ epochs: ArraySlice<EpochMetrics>, _ metric: TrainingMetric) {
    append(epochs.map { $0[metric] ?? .nan })
  }
}

/// A data set in parts that share no row: what is trained with, what steers the training, what is kept for the end.
///
/// ```swift
/// var random = RandomStream(seed: 1)
/// guard let iris = try BuiltInSets.load("iris") else { return }
/// let parts = try iris.split(SplitOptions(test: 0.2), random: &random)
/// let sizes = parts.named.map(\.data.rows)  // 120, 30
/// ```
public struct DatasetParts: Sendable, Equatable {
  /// The rows that are trained with; all where nothing is divided.
  public var train: Dataset
  /// The rows that a training is watched with.
  public var validate: Dataset?
  /// The rows that are kept aside until the end.
  public var test: Dataset?

  /// Creates parts.
  public init(train: Dataset, validate: Dataset? = nil, test: Dataset? = nil) {
    self.train = train
    self.validate = validate
    self.test = test
  }

  /// Tells whether there is more than one part.
  public var isDivided: Bool { validate != nil || test != nil }

  /// The parts, each changed in the same way.
  public func map<Failure: Error>(_ change: (Dataset) throws(Failure) -> Dataset) throws(Failure)
    -> DatasetParts
  {
    var changed = DatasetParts(train: try change(train))
    if let validate { changed.validate = try change(validate) }
    if let test { changed.test = try change(test) }
    return changed
  }

  /// The parts that there are, with their names.
  public var named: [(name: String, data: Dataset)] {
    [("train", train)] + (validate.map { [("validate", $0)] } ?? []) + (test.map { [("test", $0)] } ?? [])
  }

  /// The classes of the whole that a part has no row of, with the part's name.
  public var missingClasses: [(part: String, name: String)] {
    let counts = counts
    return counts.flatMap { count in
      (count.classes ?? []).enumerated().compactMap { place, item in
        let isThere = counts.contains { ($0.classes?[place].rows ?? 0) > 0 }
        return item.rows == 0 && isThere ? (count.part, item.name) : nil
      }
    }
  }

  /// The number of rows of each part, and of each class in it.
  public var counts: [PartCount] {
    named.map { part in
      var classes: [PartCount.ClassCount]?
      if let names = part.data.classes, let labels = part.data.classOfRow {
        var counts = [Int](repeating: 0, count: names.count)
        for label in labels { counts[label] += 1 }
        classes = zip(names, counts).map { PartCount.ClassCount(name: $0, rows: $1) }
      }
      return PartCount(part: part.name, rows: part.data.rows, classes: classes)
    }
  }
}

/// The number of rows of a part.
public struct PartCount: Sendable, Equatable {
  /// The number of rows of a class.
  public struct ClassCount: Sendable, Equatable {
    /// The class.
    public let name: String
    /// The rows.
    public let rows: Int
  }

  /// `train`, `validate` or `test`.
  public let part: String
  /// The rows.
  public let rows: Int
  /// The rows of each class, where the targets are classes.
  public let classes: [ClassCount]?
}

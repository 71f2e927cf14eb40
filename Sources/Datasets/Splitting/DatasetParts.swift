/// A data set in parts that share no row: what is trained with, what steers the training, what is kept for the end.
public struct DatasetParts: Sendable, Equatable {
  /// What is trained with; all rows where nothing is divided.
  public var train: Dataset
  /// What a training is watched with.
  public var validate: Dataset?
  /// What is kept aside until the end.
  public var test: Dataset?

  /// Creates parts.
  public init(train: Dataset, validate: Dataset? = nil, test: Dataset? = nil) {
    self.train = train
    self.validate = validate
    self.test = test
  }

  /// Whether there is more than one part.
  public var isDivided: Bool { validate != nil || test != nil }

  /// The parts that there are, with their names.
  public var named: [(name: String, data: Dataset)] {
    [("train", train)] + (validate.map { [("validate", $0)] } ?? []) + (test.map { [("test", $0)] } ?? [])
  }

  /// How many rows each part has, and how many of each class.
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

/// How many rows a part has.
public struct PartCount: Sendable, Equatable {
  /// How many rows are of a class.
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

internal import NeuralEngine

/// The treatment of a value that is not there.
public enum MissingPolicy: String, Sendable, CaseIterable {
  /// An error that names row and column.
  case error
  /// Its row is left out.
  case drop
  /// The mean of its column stands in for it; after a split, the mean over the training part.
  case mean
}

/// The options of reading a file.
public struct ReadOptions: Sendable, Equatable {
  /// The target columns by name; nil for the last column, empty for none.
  public var targets: [String]?
  /// The input columns.
  public var features: ColumnChoice
  /// The treatment of missing values.
  public var missing: MissingPolicy
  /// The delimiter between two fields of a row; found out when nil.
  public var delimiter: Character?
  /// The mark before the fraction of a number: `.` or `,`.
  public var decimal: Character
  /// True if the first row holds names; found out when nil.
  public var header: Bool?
  /// Columns that hold words even where they look like numbers: postcodes, class numbers.
  public var words: Set<String>
  /// The columns that the network at hand was trained on: a table that has its inputs and none of its targets is read
  /// without targets.
  public var expected: DataSchema?
  /// The most memory that values may take.
  public var memoryLimit: Int

  /// The defaults: the last column is the target, everything else is found out.
  public init(
    targets: [String]? = nil, features: ColumnChoice = .all, missing: MissingPolicy = .error,
    delimiter: Character? = nil, decimal: Character = ".", header: Bool? = nil, words: Set<String> = [],
    memoryLimit: Int? = nil
  ) {
    self.targets = targets
    self.features = features
    self.missing = missing
    self.delimiter = delimiter
    self.decimal = decimal
    self.header = header
    self.words = words
    self.memoryLimit = memoryLimit ?? MemoryLimit.bytes
  }
}

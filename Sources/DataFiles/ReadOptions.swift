public import Datasets
internal import Foundations
internal import NeuralEngine

/// The treatment of a value that is not there.
public enum MissingPolicy: String, Sendable, CaseIterable {
  /// An error that names row and column.
  case error
  /// Its row is left out.
  case drop
  /// The mean of its column stands in for it; after a split, the mean over the training part.
  case mean
  /// Likewise the median, and for categories the commonest one.
  case median
  /// Likewise the commonest value.
  case mode

  /// The statistic that stands in for it; nil where none does.
  var filling: Filling? {
    switch self {
    case .error, .drop: nil
    case .mean: .mean
    case .median: .median
    case .mode: .mode
    }
  }
}

/// What the lines of a table in text stand for.
enum LineMeaning: Sendable, Equatable {
  /// Themselves.
  case lines
  /// Records of another form, behind a header.
  case records
  /// The steps of records with so many steps each, behind a header.
  case steps([Int])

  /// The place of a line, for a message.
  func place(_ line: Int) -> String {
    switch self {
    case .lines: return "line \(line)"
    case .records: return "record \(line - 1)"
    case .steps(let lengths):
      var rest = line - 2
      for (record, length) in lengths.enumerated() {
        if rest < length { return "step \(rest + 1) of record \(record + 1)" }
        rest -= length
      }
      return "record \(lengths.count)"
    }
  }
}

/// The options of reading a file.
public struct ReadOptions: Sendable, Equatable {
  /// The target columns by name; nil for the last column, empty for none.
  public var targets: [String]?
  /// The input columns.
  public var features: ColumnChoice
  /// The columns that are left out.
  public var dropped: [String]
  /// The treatment of missing values; an error when nil.
  public var missing: MissingPolicy?
  /// What stands in for missing values of single columns, by their names.
  public var fill: [String: Filling] = [:]
  /// The columns that get another input beside them, `age_missing`: 1 where the value is missing, else 0.
  public var indicators: [String] = []
  /// New names of columns, by their old ones; the other options know the new ones.
  public var renamed: [String: String] = [:]
  /// The delimiter between two fields of a row; found out when nil.
  public var delimiter: Character?
  /// The mark before the fraction of a number, `.` or `,`; found out when nil.
  public var decimal: Character?
  /// True if the first row holds names; found out when nil.
  public var header: Bool?
  /// Columns that hold words even where they look like numbers: postcodes, class numbers.
  public var words: Set<String>
  /// The columns that the network at hand was trained on: a table that has its inputs and none of its targets is read
  /// without targets.
  public var expected: DataSchema?
  /// Categories with fewer rows than this become one, which also takes those that a network sees later; nil for none.
  public var rare: Int?
  /// The most memory that values may take.
  public var memoryLimit: Int
  /// The column that says when a row was, which is no input; its texts are kept for ``Dataset/series(_:)``.
  public var order: String?
  /// The column that says which series a row belongs to, which is no input; its texts are kept likewise.
  public var series: String?
  /// Whether something is to be made of dates, for which their texts are kept; columns of dates are told of otherwise.
  public var usesDates = false
  /// What the lines stand for.
  var lines = LineMeaning.lines

  /// The defaults: the last column is the target, everything else is found out.
  public init(
    targets: [String]? = nil, features: ColumnChoice = .all, dropped: [String] = [],
    missing: MissingPolicy? = nil, delimiter: Character? = nil, decimal: Character? = nil,
    header: Bool? = nil, words: Set<String> = [],
    rare: Int? = nil,
    memoryLimit: Int? = nil
  ) {
    self.targets = targets
    self.features = features
    self.dropped = dropped
    self.missing = missing
    self.delimiter = delimiter
    self.decimal = decimal
    self.header = header
    self.words = words
    self.rare = rare
    self.memoryLimit = memoryLimit ?? MemoryLimit.bytes
  }
}

extension ReadOptions {
  /// Refuses options that say nothing to a kind of file.
  ///
  /// - Parameters:
  ///   - allowed: the names of those that do.
  ///   - kind: what the file is, for the message: `an IDX file`.
  /// - Throws: `unused-option`.
  func refuse(allBut allowed: Set<String>, for kind: String, _ advice: String = "") throws(CodedError) {
    let given = [
      ("target", targets != nil), ("features", features != .all), ("drop", !dropped.isEmpty),
      ("missing", missing != nil), ("separator", delimiter != nil), ("decimal", decimal != nil),
      ("header", header != nil), ("categorical", !words.isEmpty), ("rare", rare != nil),
      ("fill", !fill.isEmpty), ("indicator", !indicators.isEmpty), ("rename", !renamed.isEmpty),
      ("order", order != nil), ("by", series != nil), ("dates", usesDates),
    ]
    guard let stray = given.first(where: { $0.1 && !allowed.contains($0.0) })?.0 else { return }
    let known =
      allowed.isEmpty
      ? "takes no options" : "takes \(allowed.sorted().map { "\($0)=" }.joined(separator: ", "))"
    throw CodedError(
      .unusedOption,
      "`\(stray)=` says nothing to \(kind), which \(known).\(advice.isEmpty ? "" : " \(advice)")")
  }
}

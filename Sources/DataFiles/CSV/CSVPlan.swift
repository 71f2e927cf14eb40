import Datasets

/// The use of each column of a CSV file, decided from its first rows.
struct CSVPlan: Equatable {
  /// The uses of a column.
  enum Use: Equatable {
    case skipped
    /// Dropped, but its texts are kept.
    case label
    case input
    case target
  }

  struct Column: Equatable {
    var name: String
    var use = Use.skipped
    /// True if it holds words and not numbers.
    var isWords = false
    /// Its place in a parsed row: inputs first, then targets.
    var slot = 0
    /// What stands in for its missing values; nil where nothing does.
    var filling: Filling?
    /// Whether another input says where it had no value.
    var hasIndicator = false
    /// Whether it holds dates or times, of which the texts are kept.
    var isDate = false
    /// Whether a row without a value here is none, for texts that are kept.
    var isNeeded = false
    /// What is learned of it in its place, for a target.
    var transform: TargetTransform?
  }

  var dialect = CSVDialect()
  var decimal = UInt8(ascii: ".")
  var hasHeader = false
  /// What the lines stand for.
  var lines = LineMeaning.lines
  /// The number of rows of the sample that stand above the first row of data.
  var rowsAbove = 0
  var columns: [Column] = []
  /// The columns that are not used, and why.
  var leftOut: [String] = []
  /// What was skipped or is to be known of the file besides.
  var remarks: [String] = []

  var delimiter: UInt8 { dialect.delimiter }

  /// The columns that are used, in the order of their slots.
  var used: [Column] { columns.filter { $0.use == .input || $0.use == .target }.sorted { $0.slot < $1.slot } }
  /// The number of inputs among them.
  var inputs: Int { columns.count { $0.use == .input } }
}

/// What is done with each column of a CSV file, decided from its first rows.
struct CSVPlan: Equatable {
  /// What becomes of a column.
  enum Use: Equatable {
    case skipped
    case input
    case target
  }

  struct Column: Equatable {
    var name: String
    var use = Use.skipped
    /// Whether it holds words and not numbers.
    var isWords = false
    /// Its place in a parsed row: inputs first, then targets.
    var slot = 0
  }

  var delimiter = UInt8(ascii: ",")
  var decimal = UInt8(ascii: ".")
  var hasHeader = false
  var columns: [Column] = []
  var notes: [String] = []

  /// The columns that are used, in the order of their slots.
  var used: [Column] { columns.filter { $0.use != .skipped }.sorted { $0.slot < $1.slot } }
  /// How many of them are inputs.
  var inputs: Int { columns.count { $0.use == .input } }
}

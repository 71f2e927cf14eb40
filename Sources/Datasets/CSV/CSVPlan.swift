/// The use of each column of a CSV file, decided from its first rows.
struct CSVPlan: Equatable {
  /// The uses of a column.
  enum Use: Equatable {
    case skipped
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
  }

  var delimiter = UInt8(ascii: ",")
  var decimal = UInt8(ascii: ".")
  var hasHeader = false
  var columns: [Column] = []
  var notes: [String] = []

  /// The columns that are used, in the order of their slots.
  var used: [Column] { columns.filter { $0.use != .skipped }.sorted { $0.slot < $1.slot } }
  /// The number of inputs among them.
  var inputs: Int { columns.count { $0.use == .input } }
}

/// Rows and columns of text, not yet laid out.
///
/// ```swift
/// let table = Table(
///   columns: [.words("class"), .numbers("rows")], rows: [["setosa", "50"], ["virginica", "50"]])
/// let text = Output.table(table).text(.report)
/// ```
public struct Table: Sendable, Equatable {
  /// A column's heading and how its cells are set.
  public struct Column: Sendable, Equatable {
    /// How cells are set within the column.
    public enum Alignment: Sendable, Equatable {
      /// Words.
      case left
      /// Numbers.
      case right
    }
    /// The heading.
    public var title: String
    /// How the cells are set.
    public var alignment: Alignment

    /// A column of words.
    public static func words(_ title: String) -> Column { Column(title: title, alignment: .left) }
    /// A column of numbers.
    public static func numbers(_ title: String) -> Column { Column(title: title, alignment: .right) }
  }

  /// What stands above the table, if anything.
  public var title: String?
  /// The columns.
  public var columns: [Column]
  /// The rows, each with one cell a column.
  public private(set) var rows: [[String]]
  /// Lines under the table: totals, remarks.
  public var footer: [String]

  /// Creates a table. A row that has fewer cells than there are columns is filled up, and one that has more is
  /// cut, so that whoever lays the table out can count on its shape.
  public init(title: String? = nil, columns: [Column], rows: [[String]], footer: [String] = []) {
    self.title = title
    self.columns = columns
    self.rows = rows.map { row in
      (row + Array(repeating: "", count: max(0, columns.count - row.count))).prefix(columns.count).map(\.self)
    }
    self.footer = footer
  }
}

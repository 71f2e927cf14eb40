/// The columns of a data set, each with its spread of values.
public struct ColumnsPlot: Sendable, Equatable, SizedPlot {
  /// One column.
  public struct Column: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Whether it is a target, not an input.
    public var isTarget: Bool
    /// Its values, counted.
    public var histogram: HistogramPlot

    /// Creates a column from its values.
    public init(name: String, isTarget: Bool, values: [Double]) {
      self.name = name
      self.isTarget = isTarget
      histogram = HistogramPlot(title: name, xLabel: name, values: values, bins: Column.bins)
    }

    /// As many ranges as stand side by side on a page of 72 columns.
    static let bins = 24
  }

  /// The plot's headline, the data set's name.
  public var title: String
  /// How many rows there are.
  public var rows: Int
  /// The columns that are shown.
  public var columns: [Column]
  /// How many columns there are besides.
  public var hidden: Int
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// Has no meaning here: every column of the data takes a row.
  public var height: Int?

  /// Creates a plot.
  public init(title: String, rows: Int, columns: [Column], hidden: Int = 0) {
    self.title = title
    self.rows = rows
    self.columns = columns
    self.hidden = hidden
  }
}

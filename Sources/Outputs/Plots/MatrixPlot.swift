/// Signed numbers in one or several matrices side by side, on one scale: the weights that lead to a layer.
public struct MatrixPlot: Sendable, Equatable, SizedPlot {
  /// One matrix.
  public struct Block: Sendable, Equatable {
    /// What it is: `inp -> hid`, `bias`.
    public var name: String
    /// How many columns it has.
    public var columns: Int
    /// Its numbers, row by row.
    public var values: [Double]

    /// Creates a matrix.
    public init(name: String, columns: Int, values: [Double]) {
      self.name = name
      self.columns = columns
      self.values = values
    }

    /// How many whole rows it has.
    public var rows: Int { columns > 0 ? values.count / columns : 0 }
  }

  /// The plot's headline: `weights of hid`.
  public var title: String
  /// What a row stands for, in the singular: `unit`.
  public var rowLabel: String
  /// The matrices.
  public var blocks: [Block]
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The most rows of cells that the user asked for, if any.
  public var height: Int?

  /// Creates a plot.
  public init(title: String, rowLabel: String, blocks: [Block]) {
    self.title = title
    self.rowLabel = rowLabel
    self.blocks = blocks
  }
}

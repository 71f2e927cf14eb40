/// Points on two axes of real numbers: the graph of a function, lines, or clouds of points.
public struct XYPlot: Sendable, Equatable, SizedPlot {
  /// What the points are, which decides how they are drawn and told of.
  public enum Kind: Sendable, Equatable {
    /// The graph of a function, its points in the order of x.
    case function
    /// Points joined in their order.
    case line
    /// Points on their own.
    case scatter
    /// Points on their own, each series a class of a data set.
    case classes
  }

  /// One line, one cloud of points or one class.
  public struct Series: Sendable, Equatable {
    /// What the legend and the caption call it.
    public var name: String
    /// Where the points are along x.
    public var xs: [Double]
    /// Where they are along y, one for each x. NaN and infinities break a line.
    public var ys: [Double]

    /// Creates a series.
    public init(name: String, xs: [Double], ys: [Double]) {
      self.name = name
      self.xs = xs
      self.ys = ys
    }
  }

  /// What the points are.
  public var kind: Kind
  /// The plot's headline: `sigmoid(x)`.
  public var title: String
  /// The x axis's name.
  public var xLabel: String
  /// The y axis's name.
  public var yLabel: String
  /// The series, in the order of the legend.
  public var series: [Series]
  /// Whether the y axis is logarithmic; values of zero or less are then left out and counted.
  public var isLogarithmic: Bool
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of the drawing area in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a plot.
  public init(
    _ kind: Kind, title: String, xLabel: String, yLabel: String, series: [Series],
    isLogarithmic: Bool = false, width: Int? = nil, height: Int? = nil
  ) {
    self.kind = kind
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.isLogarithmic = isLogarithmic
    self.width = width
    self.height = height
  }
}

/// A plot as data: what is drawn, on which axes, not yet how. The same value becomes ASCII in Markdown and
/// blocks or braille on a terminal.
public enum Plot: Sendable, Equatable {
  /// One or several series against a common x.
  case line(LinePlot)
  /// A two-input network's answer over a plane, with the data on top.
  case boundary(BoundaryPlot)
  /// Pictures side by side.
  case images(ImagePlot)
  /// Points on two axes: a function, lines, clouds.
  case xy(XYPlot)
  /// How often values fall into ranges.
  case histogram(HistogramPlot)
  /// The columns of a data set.
  case columns(ColumnsPlot)
  /// Which classes are taken for which.
  case confusion(ConfusionPlot)
  /// Signed numbers in rows and columns.
  case matrix(MatrixPlot)
  /// A layer's channels or filters as small pictures, signals or bars.
  case panels(PanelsPlot)
  /// A network as boxes and arrows.
  case network(NetworkPlot)
}

/// One or several series of numbers against a common x axis.
public struct LinePlot: Sendable, Equatable, SizedPlot {
  /// One line.
  public struct Series: Sendable, Equatable {
    /// What the legend, the header and the caption call it: `train loss`.
    public var name: String
    /// The y values; the i-th stands at x = ``LinePlot/firstX`` + i. NaN and infinities break the line. Of a series
    /// in buckets the last value of each.
    public let values: [Double]
    /// The buckets of a series that is too long to be kept whole.
    public let buckets: Buckets?
    /// Whether a lower value is the better one (a loss) or a higher one (an accuracy); nil where neither
    /// is, and then no best value is named.
    public var lowerIsBetter: Bool?
    /// Whether the best value is marked in the plot itself, as the best validation figure is.
    public var marksBest: Bool

    /// Creates a series.
    public init(name: String, values: [Double], lowerIsBetter: Bool? = nil, marksBest: Bool = false) {
      self.name = name
      self.values = values
      buckets = nil
      self.lowerIsBetter = lowerIsBetter
      self.marksBest = marksBest
    }

    /// Creates a series in buckets.
    public init(name: String, buckets: Buckets, lowerIsBetter: Bool? = nil, marksBest: Bool = false) {
      self.name = name
      values = buckets.buckets.map(\.last)
      self.buckets = buckets
      self.lowerIsBetter = lowerIsBetter
      self.marksBest = marksBest
    }
  }

  /// The plot's headline: `loss of solver on xor`.
  public var title: String
  /// The x axis's name, in the singular: `epoch`, `step`.
  public var xLabel: String
  /// The y axis's name: `loss`.
  public var yLabel: String
  /// The x of every series' first value; x then grows by one a value.
  public var firstX: Int
  /// The series, in the order of the legend.
  public var series: [Series]
  /// Whether the y axis is logarithmic; values of zero or less are then left out and counted.
  public var isLogarithmic: Bool
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of the drawing area in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a line plot.
  public init(
    title: String, xLabel: String, yLabel: String, firstX: Int, series: [Series],
    isLogarithmic: Bool = false, width: Int? = nil, height: Int? = nil
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.firstX = firstX
    self.series = series
    self.isLogarithmic = isLogarithmic
    self.width = width
    self.height = height
  }
}

/// A two-input network's answer over a plane, with the points of a data set on top.
public struct BoundaryPlot: Sendable, Equatable, SizedPlot {
  /// One row of the data set.
  public struct Point: Sendable, Equatable {
    /// The first input.
    public var x: Double
    /// The second input.
    public var y: Double
    /// The index in ``BoundaryPlot/classes`` of the class that the data says.
    public var truth: Int
    /// The index in ``BoundaryPlot/classes`` of the class that the network says.
    public var predicted: Int

    /// Creates a point.
    public init(x: Double, y: Double, truth: Int, predicted: Int) {
      self.x = x
      self.y = y
      self.truth = truth
      self.predicted = predicted
    }
  }

  /// An input that does not change over the plane.
  public struct FixedInput: Sendable, Equatable {
    /// The input's name.
    public var name: String
    /// What it is held at.
    public var value: Double

    /// Creates a fixed input.
    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// The network's answer at one node of the grid.
  public struct Answer: Sendable, Equatable {
    /// The index in ``BoundaryPlot/classes`` of the most probable class.
    public var winner: Int
    /// With two classes the probability of the second, `classes[1]`; with more, the winner's probability.
    public var probability: Double

    /// Creates an answer.
    public init(winner: Int, probability: Double) {
      self.winner = winner
      self.probability = probability
    }
  }

  /// The plot's headline: `solver on xor`.
  public var title: String
  /// The first input's name.
  public var xLabel: String
  /// The second input's name.
  public var yLabel: String
  /// The x of the grid's first and last column.
  public var xRange: ClosedRange<Double>
  /// The y of the grid's first (lowest) and last (highest) row.
  public var yRange: ClosedRange<Double>
  /// How many columns the grid has; at least 2.
  public var gridColumns: Int
  /// The answers, row by row from the lowest y, each row from the lowest x.
  public var answers: [Answer]
  /// The classes' names.
  public var classes: [String]
  /// The data.
  public var points: [Point]
  /// The inputs besides the two of the plane, and what they are held at; the points keep their own.
  public var fixed: [FixedInput] = []
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of the drawing area in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a boundary plot.
  public init(
    title: String, xLabel: String, yLabel: String, xRange: ClosedRange<Double>,
    yRange: ClosedRange<Double>, gridColumns: Int, answers: [Answer], classes: [String], points: [Point],
    width: Int? = nil, height: Int? = nil
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xRange = xRange
    self.yRange = yRange
    self.gridColumns = gridColumns
    self.answers = answers
    self.classes = classes
    self.points = points
    self.width = width
    self.height = height
  }

  /// How many rows the grid has.
  public var gridRows: Int { answers.count / gridColumns }
}

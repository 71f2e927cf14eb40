/// The loss of a network over two of its parameters, and the way that gradient descent takes on it.
public struct DescentPlot: Sendable, Equatable, SizedPlot {
  /// Where the descent was after a step.
  public struct Step: Sendable, Equatable {
    /// The parameter on the x axis.
    public var x: Double
    /// The parameter on the y axis.
    public var y: Double
    /// The loss there.
    public var loss: Double

    /// Creates a step.
    public init(x: Double, y: Double, loss: Double) {
      self.x = x
      self.y = y
      self.loss = loss
    }
  }

  /// The plot's headline: `line on points`.
  public var title: String
  /// The parameter on the x axis, `out.weights[0, 0]`.
  public var xLabel: String
  /// The parameter on the y axis.
  public var yLabel: String
  /// The x of the grid's first and last column.
  public var xRange: ClosedRange<Double>
  /// The y of the grid's first (lowest) and last (highest) row.
  public var yRange: ClosedRange<Double>
  /// How many columns the grid has.
  public var gridColumns: Int
  /// The losses at the grid's nodes, row by row from the lowest y; NaN where there is none.
  public var losses: [Double]
  /// Where the descent began, and where each step led.
  public var path: [Step]
  /// The learning rate of the steps.
  public var rate: Double
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of the drawing area in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a plot.
  public init(
    title: String, xLabel: String, yLabel: String, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>,
    gridColumns: Int, losses: [Double], path: [Step], rate: Double
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xRange = xRange
    self.yRange = yRange
    self.gridColumns = gridColumns
    self.losses = losses
    self.path = path
    self.rate = rate
  }
}

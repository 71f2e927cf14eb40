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
    /// The index in ``BoundaryPlot/classes`` of the class that the network predicts.
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

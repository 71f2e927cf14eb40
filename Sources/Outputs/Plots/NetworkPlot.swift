/// A network as boxes and arrows, or unit by unit.
public struct NetworkPlot: Sendable, Equatable, SizedPlot {
  /// A layer.
  public struct Node: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// What it is: `input 2`, `dense 3 sigmoid`.
    public var detail: String
    /// How many numbers it gives.
    public var units: Int
    /// Its biases, where it has any and they are known.
    public var biases: [Double]?

    /// What its units give for a row of data, where one was named.
    public var values: [Double]?

    /// Creates a layer.
    public init(
      name: String, detail: String, units: Int, biases: [Double]? = nil, values: [Double]? = nil
    ) {
      self.values = values
      self.name = name
      self.detail = detail
      self.units = units
      self.biases = biases
    }
  }

  /// An edge.
  public struct Edge: Sendable, Equatable {
    /// The index in ``NetworkPlot/nodes`` of the layer that it starts from.
    public var source: Int
    /// The index of the layer that it leads to.
    public var target: Int
    /// What tells it from a plain edge of unit with every unit: `one`, `delay 1, gate g`.
    public var label: String?
    /// Its weights, where they are known: target x source, or one a unit.
    public var weights: [Double]?
    /// Whether it goes from one step to a later one.
    public var isDelayed: Bool

    /// Creates an edge.
    public init(
      source: Int, target: Int, label: String? = nil, weights: [Double]? = nil, isDelayed: Bool = false
    ) {
      self.isDelayed = isDelayed
      self.source = source
      self.target = target
      self.label = label
      self.weights = weights
    }
  }

  /// The plot's headline: the network's name.
  public var title: String
  /// The layers.
  public var nodes: [Node]
  /// The edges.
  public var edges: [Edge]
  /// Whether each unit is a circle of its own, where there are few enough.
  public var showsUnits = false
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// Has no meaning here: a graph is as high as it is deep.
  public var height: Int?

  /// More units than this are not drawn one by one.
  public static let mostUnits = 40

  /// The number of units where they are too many to be drawn one by one; nil where they are not.
  public var unitsBeyondDrawing: Int? {
    let units = nodes.reduce(0) { $0 + max(0, $1.units) }
    return units > Self.mostUnits ? units : nil
  }

  /// Creates a plot.
  public init(title: String, nodes: [Node], edges: [Edge]) {
    self.title = title
    self.nodes = nodes
    self.edges = edges
  }
}

/// One unit of a dense layer and what it computes for one row: inputs by weights, the sum, the activation.
public struct NeuronPlot: Sendable, Equatable, SizedPlot {
  /// An input of the unit.
  public struct Input: Sendable, Equatable {
    /// What it is called.
    public var name: String
    /// Its value.
    public var value: Double
    /// The weight that it is multiplied by.
    public var weight: Double

    /// Creates an input.
    public init(name: String, value: Double, weight: Double) {
      self.name = name
      self.value = value
      self.weight = weight
    }
  }

  /// The plot's headline: `unit 0 of out, sample 2 of xor`.
  public var title: String
  /// The inputs, in order.
  public var inputs: [Input]
  /// The bias; nil where the unit has none.
  public var bias: Double?
  /// The weighted sum.
  public var sum: Double
  /// The activation function's name.
  public var activation: String
  /// What the unit gives.
  public var output: Double
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// Has no meaning here: there is a line for each input.
  public var height: Int?

  /// Creates a plot.
  public init(
    title: String, inputs: [Input], bias: Double?, sum: Double, activation: String, output: Double
  ) {
    self.title = title
    self.inputs = inputs
    self.bias = bias
    self.sum = sum
    self.activation = activation
    self.output = output
  }
}

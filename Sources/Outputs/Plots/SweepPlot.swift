/// The combinations of a sweep and what they measured: what each parameter does to the metric, or all of it at once.
public struct SweepPlot: Sendable, Equatable, SizedPlot {
  /// How combinations are drawn.
  public enum Kind: Sendable, Equatable {
    /// Main effects: a panel for each parameter, with the mean of the metric at each of its values.
    case effects
    /// Parallel coordinates: an axis for each parameter and one for the metric, and a line for each combination.
    case parallel
  }

  /// A parameter and what it was in each combination.
  public struct Parameter: Sendable, Equatable {
    /// What it was taken from.
    public enum Values: Sendable, Equatable {
      /// These, in this order, as they are typed.
      case named([String])
      /// Numbers between two.
      case range(ClosedRange<Double>, isLogarithmic: Bool)
    }

    /// Its name.
    public var name: String
    /// What it was taken from.
    public var values: Values
    /// For each combination which of the named values it was, from 0, or the number.
    public var places: [Double]

    /// Creates a parameter.
    public init(name: String, values: Values, places: [Double]) {
      self.name = name
      self.values = values
      self.places = places
    }
  }

  /// How combinations are drawn.
  public var kind: Kind
  /// The plot's headline: `val_loss by rate and hidden`.
  public var title: String
  /// The metric's name.
  public var metric: String
  /// Whether a larger value of it is better.
  public var isLarger: Bool
  /// The parameters, in the order in which they were named.
  public var parameters: [Parameter]
  /// What each combination measured; NaN where it failed.
  public var measured: [Double]
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of the drawing area in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a plot.
  public init(
    _ kind: Kind, title: String, metric: String, isLarger: Bool, parameters: [Parameter], measured: [Double]
  ) {
    self.kind = kind
    self.title = title
    self.metric = metric
    self.isLarger = isLarger
    self.parameters = parameters
    self.measured = measured
  }
}

/// Everything that can be named in a network.
///
/// ```swift
/// let adam = NetworkCatalog.standard.optimizers["adam"]
/// let options = adam?.options.map(\.name) ?? []  // beta1, beta2, …
/// ```
public struct NetworkCatalog: Sendable {
  /// The kinds of layers.
  public var layers: [KindSchema] { didSet { revision = Revision() } }
  /// The functions that a layer applies to its sums.
  public var activations: [KindSchema] { didSet { revision = Revision() } }
  /// The functions that training makes small.
  public var losses: [KindSchema] { didSet { revision = Revision() } }
  /// The rules by which training changes the parameters.
  public var optimizers: [KindSchema] { didSet { revision = Revision() } }
  /// The courses of the learning rate.
  public var schedules: [KindSchema] { didSet { revision = Revision() } }
  /// The first values of weights.
  public var initializers: [KindSchema] { didSet { revision = Revision() } }
  /// What a sliding window may do at the edges of an array.
  public var paddings: [KindSchema] { didSet { revision = Revision() } }
  /// The types of edges.
  public var edges: [KindSchema] { didSet { revision = Revision() } }
  /// The rules by which a network is computed and learns.
  public var rules: [KindSchema] { didSet { revision = Revision() } }
  /// The ways of making one input of several edges.
  public var merges: [KindSchema] { didSet { revision = Revision() } }
  /// The metrics that training reports after each epoch.
  public var trainingMetrics: [KindSchema] { didSet { revision = Revision() } }
  /// The metrics that only an evaluation reports.
  public var evaluationMetrics: [KindSchema] { didSet { revision = Revision() } }

  /// Every metric.
  public var metrics: [KindSchema] { trainingMetrics + evaluationMetrics }

  /// The identity of what a catalog holds: copies share it until one of them changes.
  private final class Revision: Sendable {}
  private var revision = Revision()

  /// What nbs itself has.
  public static let standard = NetworkCatalog(
    layers: KindSchema.standardLayers, activations: KindSchema.standardActivations,
    losses: KindSchema.standardLosses, optimizers: KindSchema.standardOptimizers,
    schedules: KindSchema.standardSchedules, initializers: KindSchema.standardInitializers,
    paddings: KindSchema.standardPaddings, edges: KindSchema.standardEdges, rules: KindSchema.standardRules,
    merges: KindSchema.standardMerges,
    trainingMetrics: KindSchema.standardTrainingMetrics,
    evaluationMetrics: KindSchema.standardEvaluationMetrics)

  /// What holds in the current task. Whoever brings a kind of their own sets it:
  ///
  /// ```swift
  /// var catalog = NetworkCatalog.standard
  /// catalog.layers.append(gain)
  /// let names = NetworkCatalog.$current.withValue(catalog) { NetworkCatalog.current.layers.names }
  /// ```
  @TaskLocal public static var current = NetworkCatalog.standard

  /// Whether nothing in it differs from ``standard``, told without comparing the kinds.
  public var isStandard: Bool { revision === NetworkCatalog.standard.revision }
}

/// Everything that can be named in a network.
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
  /// The types of edges.
  public var edges: [KindSchema] { didSet { revision = Revision() } }
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
    edges: KindSchema.standardEdges, merges: KindSchema.standardMerges,
    trainingMetrics: KindSchema.standardTrainingMetrics,
    evaluationMetrics: KindSchema.standardEvaluationMetrics)

  /// What holds in the current task. Whoever brings a kind of their own sets it:
  ///
  /// ```swift
  /// var catalog = NetworkCatalog.standard
  /// catalog.layers.append(gain)
  /// NetworkCatalog.$current.withValue(catalog) { … }
  /// ```
  @TaskLocal public static var current = NetworkCatalog.standard

  /// Whether nothing in it differs from ``standard``, told without comparing the kinds.
  public var isStandard: Bool { revision === NetworkCatalog.standard.revision }

  /// The names of each family as words, with their meaning.
  public var wordLists: [WordList] {
    [
      WordList("activation", kinds: activations), WordList("loss", kinds: losses),
      WordList("optimizer", kinds: optimizers), WordList("schedule", kinds: schedules),
      WordList("initializer", kinds: initializers), .paddings, WordList("merge", kinds: merges),
      WordList("edge type", kinds: edges), WordList("metric", kinds: metrics),
    ]
  }

  /// The option with the words that this catalog has: schemas name the standard ones.
  public func resolved(_ option: OptionSchema) -> OptionSchema {
    guard !isStandard, case .word(let list) = option.type,
      let own = wordLists.first(where: { $0.noun == list.noun })
    else { return option }
    return option.replacing(type: .word(own))
  }
}

extension WordList {
  /// The activations that nbs itself has.
  public static let activations = WordList("activation", kinds: KindSchema.standardActivations)
  /// The initializers that nbs itself has.
  public static let initializers = WordList("initializer", kinds: KindSchema.standardInitializers)
  /// What a sliding window does at the edges.
  public static let paddings = WordList(
    "padding",
    [
      "valid": "the window stays inside, so the result is smaller",
      "same": "zeros are added around, so that the result is as large at stride 1",
    ])
}

import Foundations

/// Kinds that stand in for each other: what an option's word picks one of.
public enum KindFamily: String, Sendable, CaseIterable {
  case activation, loss, optimizer, schedule, initializer, padding, merge
  case edge = "edge type"
  case rule, metric

  /// What one of its kinds is called.
  public var noun: String { rawValue }

  /// The code of the mistake that names a kind that is not there.
  var unknown: ErrorCode {
    switch self {
    case .activation: .unknownActivation
    case .loss: .unknownLoss
    case .optimizer: .unknownOptimizer
    case .schedule: .unknownSchedule
    case .initializer: .unknownInitializer
    case .padding: .unknownPadding
    case .merge: .unknownMerge
    case .edge: .unknownEdgeType
    case .rule: .unknownRule
    case .metric: .unknownMetric
    }
  }
}

extension NetworkCatalog {
  /// The kinds of a family.
  public subscript(family: KindFamily) -> [KindSchema] {
    switch family {
    case .activation: activations
    case .loss: losses
    case .optimizer: optimizers
    case .schedule: schedules
    case .initializer: initializers
    case .padding: paddings
    case .merge: merges
    case .edge: edges
    case .rule: rules
    case .metric: metrics
    }
  }

  /// The names of a family's kinds, with their meaning.
  public func words(_ family: KindFamily) -> WordList { WordList(family, kinds: self[family]) }

  /// The option with the words that this catalog has: schemas name the standard ones.
  public func resolved(_ option: OptionSchema) -> OptionSchema {
    guard !isStandard, case .word(let list) = option.type, let family = list.family else { return option }
    return option.replacing(type: .word(words(family)))
  }
}

extension WordList {
  /// Creates the list of a family's kinds.
  init(_ family: KindFamily, kinds: [KindSchema]) {
    self.init(
      noun: family.noun, unknown: family.unknown, family: family,
      entries: kinds.map { Word(name: $0.name, help: $0.summary) })
  }

  /// The activations that nbs itself has.
  public static let activations = WordList(.activation, kinds: KindSchema.standardActivations)
  /// The initializers that nbs itself has.
  public static let initializers = WordList(.initializer, kinds: KindSchema.standardInitializers)
  /// What a sliding window may do at the edges.
  public static let paddings = WordList(.padding, kinds: KindSchema.standardPaddings)
}

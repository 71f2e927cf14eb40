import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine

/// `class_weight=balanced`, `class_weight=[1, 5]`, `class_weight={kind: balanced}`, `weights=w`: how much each row counts in a
/// training; and `stratify=true`: how classes are spread over its batches.
struct RowWeighting: ArgumentDecodable {
  private let classes: ClassWeights?
  private let rows: Operand<Tensor>?
  private let stratify: Operand<Bool>?

  init(_ arguments: ArgumentDecoder) throws {
    rows = try arguments.operand("weights", as: Tensor.self)
    stratify = try arguments.operand("stratify", as: Bool.self)
    classes = try arguments.command.values["class_weight"].map {
      try ClassWeights($0, arguments.compiler)
    }
  }

  /// How much each row counts; nil where all count alike.
  ///
  /// - Throws: `bad-value` or `no-classes` where they do not fit the data.
  func weights(
    for set: Dataset, _ name: String, _ network: Network, _ options: TrainingOptions,
    _ context: CommandContext
  ) throws -> RowWeights? {
    var weights = set.weights
    if let weights, !weights.contains(where: { $0 > 0 }) {
      throw Diagnostic(
        .badValue,
        "All \(set.rows.counted("row")) of `\(name)` have the weight 0, so there is nothing to train on.",
        at: context.span)
    }
    if let rows {
      weights = try rows(context).values
      if weights?.count != set.rows {
        throw Diagnostic(
          .badValue,
          "`\(name)` has \(set.rows.counted("row")) to train on, but there are \(weights?.count ?? 0) weights.",
          at: rows.span)
      }
    }
    guard let classes else { return weights.map { .rows($0) } }
    if network.graph.outputSteps > 1 || network.graph.answersEachStep {
      throw Diagnostic(
        .noClasses,
        "class_weight= weighs rows by their class, and `\(network.name)` tells a class at each step of a row. Leave it out.",
        at: classes.span)
    }
    let outputs = try ClassifyingOutput.all(of: network, options, set, context)
    let byOutput = try classes.weights(of: outputs, name, network, context)
    guard outputs.count > 1 else {
      guard let own = byOutput[0] else { return weights.map { .rows($0) } }
      return .rows(own.enumerated().map { row, weight in weight * (weights?[row] ?? 1) })
    }
    return .outputs(
      byOutput.map { own in (0..<set.rows).map { (own?[$0] ?? 1) * (weights?[$0] ?? 1) } })
  }

  /// Whether every batch is to have its share of each class.
  func isStratified(_ context: CommandContext) throws -> Bool { try stratify?(context) ?? false }

  /// What the line before a training says of weights that come with the data; nil where there are none.
  func words(for set: Dataset) -> String? {
    rows == nil ? set.weightColumn.map { localized("weighted by \($0.name)") } : nil
  }

  /// The class of each row where every batch is to have its share of each; nil where batches are as they fall.
  ///
  /// - Throws: `no-classes` where the targets are none.
  func strata(
    for set: Dataset, _ name: String, _ network: Network, _ options: TrainingOptions,
    _ context: CommandContext
  ) throws -> [Int]? {
    guard let stratify, try isStratified(context) else { return nil }
    let task = PredictionTask(network.graph, loss: options.loss, targets: [])
    guard task.isClassification, task != .several, network.graph.outputSteps == 1,
      !network.graph.answersEachStep, let labels = labels(of: set, task, network)
    else {
      throw Diagnostic(
        .noClasses,
        "stratify= spreads the classes over the batches, and the targets of `\(name)` are no classes. Leave it out.",
        at: stratify.span)
    }
    return labels
  }

  /// The class of each row; nil where a target is none.
  private func labels(of set: Dataset, _ task: PredictionTask, _ network: Network) -> [Int]? {
    set.labels(
      in: Array(0..<set.targetWidth), task, classes: max(2, network.graph.outputWidth))
  }
}

/// How much each row counts in a training.
enum RowWeights {
  /// A weight for each row.
  case rows([Double])
  /// Weights for each of several output layers.
  case outputs([[Double]])

  /// Rows that count so.
  func applied(to examples: Examples) throws(CodedError) -> Examples {
    switch self {
    case .rows(let weights): try examples.weighted(by: weights)
    case .outputs(let weights): try examples.weighted(byOutput: weights)
    }
  }

  /// All weights, one after the other.
  var all: [Double] {
    switch self {
    case .rows(let weights): weights
    case .outputs(let weights): weights.flatMap(\.self)
    }
  }
}

extension Dataset {
  /// The class of each row by some of its targets; nil where a row has none.
  func labels(in columns: [Int], _ task: PredictionTask, classes count: Int) -> [Int]? {
    let labels = (0..<rows).compactMap { row -> Int? in
      let all = targets(ofRow: row)
      let own = columns.map { all[all.startIndex + $0] }[...]
      if own.count > 1 { return own.reduce(0, +) == 1 ? task.label(own) : nil }
      return own.first.flatMap { Int(exactly: max(0, $0)) }.flatMap { (0..<count).contains($0) ? $0 : nil }
    }
    return labels.count == rows ? labels : nil
  }
}

import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine

/// `class_weight=balanced`, `class_weight=[1, 5]`, `weights=w`: how much each row counts in a training; and `stratify=true`:
/// how classes are spread over its batches.
struct RowWeighting: ArgumentDecodable {
  private let classes: Classes?
  private let rows: Operand<Tensor>?
  private let stratify: Operand<Bool>?

  private enum Classes {
    case balanced(SourceSpan)
    case given(Operand<Tensor>)

    var span: SourceSpan {
      switch self {
      case .balanced(let span): span
      case .given(let operand): operand.span
      }
    }
  }

  init(_ arguments: ArgumentDecoder) throws {
    rows = try arguments.operand("weights", as: Tensor.self)
    stratify = try arguments.operand("stratify", as: Bool.self)
    guard let content = arguments.command.values["class_weight"] else {
      classes = nil
      return
    }
    if case .known(.word) = content.kind {
      classes = .balanced(content.span)
    } else {
      classes = .given(try Operand(content, arguments.compiler))
    }
  }

  /// The weight of each row; nil where all count alike.
  ///
  /// - Throws: `bad-value` or `no-classes` where they do not fit the data.
  func weights(
    for set: Dataset, _ name: String, _ network: Network, _ options: TrainingOptions,
    _ context: CommandContext
  ) throws -> [Double]? {
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
    guard let classes else { return weights }
    let task = PredictionTask(network.graph, loss: options.loss, targets: [])
    if network.graph.outputSteps > 1 {
      throw Diagnostic(
        .noClasses,
        "class_weight= weighs rows by their class, and `\(network.name)` tells a class at each step of a row. Leave it out.",
        at: classes.span)
    }
    if network.graph.outputs.count > 1 {
      throw Diagnostic(
        .noClasses,
        "class_weight= weighs rows by their class, and `\(network.name)` has several outputs, each with classes or amounts of its own. "
          + "Give a weight for each row, weights=, or how much each output counts, loss_weights=.",
        at: classes.span)
    }
    guard task.isClassification, task != .several, let labels = labels(of: set, task, network) else {
      throw Diagnostic(
        .noClasses, "class_weight= needs targets that are classes, and those of `\(name)` are not.",
        at: classes.span)
    }
    let count = max(2, network.graph.outputWidth)
    let byClass = try self.byClass(classes, labels, count, name, context)
    return labels.enumerated().map { row, label in byClass[label] * (weights?[row] ?? 1) }
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
      let labels = labels(of: set, task, network)
    else {
      throw Diagnostic(
        .noClasses,
        "stratify= spreads the classes over the batches, and the targets of `\(name)` are no classes. Leave it out.",
        at: stratify.span)
    }
    return labels
  }

  private func byClass(
    _ classes: Classes, _ labels: [Int], _ count: Int, _ name: String, _ context: CommandContext
  ) throws -> [Double] {
    switch classes {
    case .balanced:
      var rows = [Int](repeating: 0, count: count)
      for label in labels { rows[label] += 1 }
      // scikit-learn's `compute_class_weight("balanced")`: rows / (classes x rows of the class), of the classes that occur.
      let present = rows.count { $0 > 0 }
      return rows.map { $0 == 0 ? 0 : Double(labels.count) / Double(present * $0) }
    case .given(let operand):
      let given = try operand(context).values
      guard given.count == count else {
        throw Diagnostic(
          .badValue,
          "class_weight= takes a number for each of the \(count) classes, or `balanced`, not \(given.count).",
          at: operand.span, suggestion: "balanced")
      }
      guard given.allSatisfy({ $0 >= 0 && $0.isFinite }), labels.contains(where: { given[$0] > 0 }) else {
        throw Diagnostic(
          .badValue,
          "The weights of classes are 0 or above, and not all of those that `\(name)` has can be 0.",
          at: operand.span)
      }
      return given
    }
  }

  /// The class of each row; nil where a target is none.
  private func labels(of set: Dataset, _ task: PredictionTask, _ network: Network) -> [Int]? {
    let count = max(2, network.graph.outputWidth)
    let labels = (0..<set.rows).compactMap { row -> Int? in
      let targets = set.targets(ofRow: row)
      if targets.count > 1 { return targets.reduce(0, +) == 1 ? task.label(targets) : nil }
      return targets.first.flatMap { Int(exactly: max(0, $0)) }.flatMap {
        (0..<count).contains($0) ? $0 : nil
      }
    }
    return labels.count == set.rows ? labels : nil
  }
}

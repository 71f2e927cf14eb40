import Datasets
import Diagnostics
import Foundations
import Language
import NetworkSchema
import NeuralEngine

/// `class_weight=balanced`, `class_weight=[1, 5]`, `class_weight={kind: balanced, size: [1, 5]}`.
struct ClassWeights {
  let span: SourceSpan
  private let choice: Choice

  private enum Choice {
    case all(Weights)
    case byOutput([(output: Identifier, weights: Weights)])
  }

  /// How much classes count.
  private enum Weights {
    case balanced
    case given(Operand<Tensor>)
    /// Numbers that stand in the source.
    case listed([Double], SourceSpan)
  }

  /// - Throws: `bad-value`.
  init(_ content: CheckedValue, _ compiler: Compiler) throws {
    span = content.span
    if case .known(.word) = content.kind {
      choice = .all(.balanced)
    } else if case .expression(let value) = content.kind, case .list(let items) = value.kind,
      let pairs = ClassWeights.pairs(items)
    {
      if let twice = pairs.indices.first(where: { place in
        pairs[..<place].contains { $0.output.name == pairs[place].output.name }
      }) {
        throw Diagnostic(
          .badValue, "`class_weight` names `\(pairs[twice].output.name)` twice. Keep one of them.",
          at: pairs[twice].output.span)
      }
      choice = .byOutput(try pairs.map { ($0.output, try ClassWeights.weights($0)) })
    } else {
      choice = .all(.given(try Operand(content, compiler)))
    }
  }

  /// `balanced`, `[1, 5]`
  private static func weights(_ pair: Pair) throws -> Weights {
    if pair.words.map(\.text) == ["balanced"] { return .balanced }
    let numbers = pair.words.compactMap { Double($0.text) }
    guard let first = pair.words.first, let last = pair.words.last, numbers.count == pair.words.count else {
      throw Diagnostic(
        .badValue,
        "The classes of `\(pair.output.name)` count as `balanced` says, or as a number for each says: class_weight={\(pair.output.name): balanced}",
        at: pair.words.first?.span ?? pair.output.span, suggestion: "balanced")
    }
    return .listed(numbers, first.span.joined(with: last.span))
  }

  /// A name and what belongs to it.
  private struct Pair {
    let output: Identifier
    let words: [Word]
  }

  /// A word or a number as it was written.
  private struct Word {
    let text: String
    let span: SourceSpan
  }

  /// The names and what belongs to each, as the parser makes a list of what stands in braces; nil for a list of numbers.
  private static func pairs(_ items: [Expression]) -> [Pair]? {
    let pairs = items.compactMap { item -> Pair? in
      guard case .list(let parts) = item.kind, let first = parts.first, case .string(let name) = first.kind
      else { return nil }
      let words = parts.dropFirst().compactMap { part -> Word? in
        if case .string(let text) = part.kind { Word(text: text, span: part.span) } else { nil }
      }
      return Pair(output: Identifier(name, first.span), words: words)
    }
    return pairs.count == items.count && !items.isEmpty ? pairs : nil
  }

  /// The weight of each row for each output; nil for outputs whose classes all count alike.
  ///
  /// - Parameter name: what messages call the data.
  /// - Throws: `bad-value`, `no-classes` or `unknown-layer`.
  func weights(
    of outputs: [ClassifyingOutput], _ name: String, _ network: Network, _ context: CommandContext
  ) throws -> [[Double]?] {
    let telling = outputs.filter { $0.labels != nil }
    switch choice {
    case .all(let weights):
      guard !telling.isEmpty else {
        throw Diagnostic(
          .noClasses, "class_weight= needs targets that are classes, and those of `\(name)` are not.",
          at: span)
      }
      if telling.count > 1, case .given = weights {
        let example = telling.map { "\($0.name): balanced" }.joined(separator: ", ")
        throw Diagnostic(
          .badValue,
          "`\(network.name)` tells classes apart by \(telling.count) outputs. Say whose these weights are, as in class_weight={\(example)}",
          at: span, suggestion: "class_weight={\(example)}")
      }
      return try outputs.map { try $0.labels == nil ? nil : self.weights(of: $0, weights, name, context) }
    case .byOutput(let pairs):
      for (output, _) in pairs {
        guard let known = outputs.first(where: { $0.name == output.name }) else {
          throw network.withoutOutput(output)
        }
        guard known.labels != nil else {
          throw Diagnostic(
            .noClasses,
            "class_weight= needs targets that are classes, and those of `\(output.name)` in `\(name)` are not. Leave it out.",
            at: output.span)
        }
      }
      return try outputs.map { output in
        try pairs.first { $0.output.name == output.name }.map {
          try self.weights(of: output, $0.weights, name, context)
        }
      }
    }
  }

  private func weights(
    of output: ClassifyingOutput, _ weights: Weights, _ name: String, _ context: CommandContext
  ) throws -> [Double] {
    let labels = output.labels ?? []
    let byClass: [Double]
    switch weights {
    case .balanced: byClass = ClassWeights.balanced(labels, classes: output.classes)
    case .given(let operand): byClass = try checked(operand(context).values, output, name, at: operand.span)
    case .listed(let numbers, let span): byClass = try checked(numbers, output, name, at: span)
    }
    return labels.map { byClass[$0] }
  }

  /// scikit-learn's `compute_class_weight("balanced")`: rows / (classes x rows of the class), of the classes that occur.
  private static func balanced(_ labels: [Int], classes count: Int) -> [Double] {
    var rows = [Int](repeating: 0, count: count)
    for label in labels { rows[label] += 1 }
    let present = rows.count { $0 > 0 }
    return rows.map { $0 == 0 ? 0 : Double(labels.count) / Double(present * $0) }
  }

  private func checked(
    _ given: [Double], _ output: ClassifyingOutput, _ name: String, at span: SourceSpan
  ) throws -> [Double] {
    guard given.count == output.classes else {
      throw Diagnostic(
        .badValue,
        "class_weight= takes a number for each of the \(output.classes) classes, or `balanced`, not \(given.count).",
        at: span, suggestion: "balanced")
    }
    guard given.allSatisfy({ $0 >= 0 && $0.isFinite }),
      (output.labels ?? []).contains(where: { given[$0] > 0 })
    else {
      throw Diagnostic(
        .badValue, "The weights of classes are 0 or above, and not all of those that `\(name)` has can be 0.",
        at: span)
    }
    return given
  }
}

/// An output layer, as weights of classes see it.
struct ClassifyingOutput {
  let name: String
  /// How many classes it tells apart.
  let classes: Int
  /// The class of each row; nil where it gives amounts, or a target is no class.
  let labels: [Int]?

  /// The output layers of a network that is to be trained on a data set.
  static func all(
    of network: Network, _ options: TrainingOptions, _ set: Dataset, _ context: CommandContext
  ) throws -> [ClassifyingOutput] {
    let graph = network.graph
    guard graph.outputs.count > 1 else {
      let task = PredictionTask(graph, loss: options.loss, targets: [])
      let classes = max(2, graph.outputWidth)
      let tells = task.isClassification && task != .several
      return [
        ClassifyingOutput(
          name: graph.outputs.first?.name ?? "", classes: classes,
          labels: tells ? set.labels(in: Array(0..<set.targetWidth), task, classes: classes) : nil)
      ]
    }
    let objective = options.objective ?? Objective(options.loss, for: graph)
    let assignment = try context.locating { () throws(CodedError) in
      try TargetAssignment(graph, objective, set.targetColumns.named, of: set.name)
    }
    let tasks = PredictionTask.byOutput(graph, objective)
    return zip(zip(graph.outputs, tasks), assignment.parts).map { pair, part in
      let (layer, task) = pair
      let classes = max(2, graph.width(of: layer))
      return ClassifyingOutput(
        name: layer.name, classes: classes,
        labels: task.isClassification && task != .several
          ? set.labels(in: part.columns, task, classes: classes) : nil)
    }
  }
}

import Datasets
import Diagnostics
import Foundations
import Language
import NeuralEngine

/// One of several output layers, as commands show it.
struct NetworkOutput {
  /// The layer's name.
  let name: String
  /// The places of its numbers among all that the network answers for a row.
  let units: Range<Int>
  /// What they are predictions of.
  let task: PredictionTask
  /// The names of its classes; nil for amounts, and where nobody has named them.
  let classes: [String]?
  /// The places of its columns among the targets; empty where they are not known.
  let columns: [Int]
  /// Whether its numbers say by how much a class is preferred, which is no probability.
  let givesMargins: Bool

  /// Its numbers in the answer to a row.
  func numbers(_ outputs: [Double], row: Int, width: Int) -> ArraySlice<Double> {
    outputs[row * width + units.lowerBound..<row * width + units.upperBound]
  }

  /// Its numbers in the answers to all rows.
  func only(_ outputs: [Double], width: Int) -> [Double] {
    stride(from: 0, to: outputs.count, by: max(1, width)).flatMap {
      outputs[$0 + units.lowerBound..<$0 + units.upperBound]
    }
  }

  /// Its targets of a row.
  func targets(_ set: Dataset, row: Int) -> ArraySlice<Double> {
    let all = Array(set.targets(ofRow: row))
    return columns.map { all[$0] }[...]
  }

  /// The class that it answers, and how sure it is of it; nil for amounts.
  func said(_ numbers: ArraySlice<Double>) -> (label: Int, name: String, certainty: Double)? {
    guard let classes, let first = numbers.first else { return nil }
    let label = task.label(numbers)
    let certainty =
      numbers.count > 1
      ? numbers[numbers.startIndex + label] : givesMargins ? abs(first) : label == 1 ? first : 1 - first
    return (label, classes.indices.contains(label) ? classes[label] : String(label), certainty)
  }
}

extension Session {
  /// The output layers of a network that has several; empty for one that has not.
  ///
  /// - Parameter columns: the targets that they are to be shown with; those that it was trained on unless given.
  func outputs(of network: Network, targets columns: [DataColumn]? = nil) -> [NetworkOutput] {
    let graph = network.graph
    guard graph.outputs.count > 1, let objective = try? objective(of: network) else { return [] }
    let tasks = PredictionTask.byOutput(graph, objective)
    let known = columns ?? schema(of: network)?.targets ?? []
    let assignment = try? TargetAssignment(graph, objective, known.named, of: "")
    var start = 0
    return zip(zip(graph.outputs, tasks), objective.terms).enumerated().map { place, item in
      let ((layer, task), term) = item
      let units = start..<start + graph.width(of: layer)
      start = units.upperBound
      let part = assignment?.parts[place]
      let levels = part.flatMap { $0.columns.count == 1 ? known[$0.columns[0]].levels : nil }
      var classes: [String]?
      if task.isClassification, let part {
        if let levels {
          classes = levels
        } else if part.holdsLabels {
          classes = (0..<units.count).map(String.init)
        }
      }
      return NetworkOutput(
        name: layer.name, units: units, task: task, classes: classes,
        columns: part?.columns ?? known.indices.filter { known[$0].name == layer.name },
        givesMargins: term.loss == .hinge)
    }
  }

  /// The losses that a network was last trained with; by itself those that it would take.
  ///
  /// - Throws: `loss-mismatch` or `bad-value` where they do not fit.
  func objective(of network: Network) throws(CodedError) -> Objective {
    let trained = state.trainedData(of: network)?.objective
    if let trained, trained.terms.map(\.output) == network.graph.outputs.map(\.name) { return trained }
    // Layers that were renamed or added since still have the one loss of all.
    return try network.effectiveObjective(trained.flatMap { $0.isUniform ? $0.loss : nil })
  }

  /// Measures a network on some rows by the losses that it was trained with, in the user's units.
  ///
  /// - Parameter reference: the data that the rows are of.
  /// - Returns: what it came to, and what there is to say of columns that were put in order.
  func evaluation(
    of network: Network, on set: Dataset, _ reference: DataReference
  ) throws(CodedError) -> (measured: Evaluation, note: String?) {
    let fitted = try fitted(set, of: reference, to: network)
    do throws(CodedError) {
      let objective = try objective(of: network)
      let measured = try network.evaluate(fitted.scaled.train.counted(), objective)
      return (
        set.vocabulary == nil
          ? measured.inUnits(fitted.outputScales(network.graph, objective)) : measured.ofText, fitted.note
      )
    } catch {
      throw error.asOption(of: network)
    }
  }

  /// The scale of each number that a network answers; nil where they are in the user's units as they are.
  func outputScales(of network: Network) -> [Preparation.Scale]? {
    guard let trained = state.trainedData(of: network), let preparation = trained.preparation else {
      return nil
    }
    return preparation.scales(
      ofOutputs: network.graph, (try? objective(of: network)) ?? Objective(.mse, for: network.graph),
      targets: trained.schema.targets)
  }

  /// The output of a network that a plot of classes shows: the one that it names, or the only one that tells classes
  /// apart. Nil for a network that has but one.
  ///
  /// - Throws: `bad-option` where there are several, saying what to write; `unknown-layer`, `no-classes`.
  func shownOutput(
    of network: Network, named name: Identifier?, on set: Dataset, _ context: CommandContext
  ) throws -> NetworkOutput? {
    let outputs = outputs(of: network, targets: set.targetColumns)
    let fitting = outputs.filter { $0.task.isClassification }
    func list(_ outputs: [NetworkOutput]) -> String {
      outputs.map { "output=\($0.name)" }.joined(separator: " or ")
    }
    if let name {
      guard network.graph.outputs.contains(where: { $0.name == name.name }) else {
        throw network.withoutOutput(name)
      }
      guard let output = outputs.first(where: { $0.name == name.name }) else { return nil }
      guard output.task.isClassification else {
        throw Diagnostic(
          .noClasses,
          "`\(name.name)` of `\(network.name)` gives amounts, and this plot shows classes. "
            + (fitting.isEmpty ? "None of its outputs tells classes apart." : "Take \(list(fitting))."),
          at: name.span, suggestion: fitting.first.map { "output=\($0.name)" })
      }
      return output
    }
    guard !outputs.isEmpty else { return nil }
    guard !fitting.isEmpty else {
      throw Diagnostic(
        .noClasses, "No output of `\(network.name)` tells classes apart, and this plot shows classes.",
        at: context.span)
    }
    guard fitting.count == 1 else {
      throw Diagnostic(
        .badOption,
        "`\(network.name)` tells classes apart by \(fitting.count) outputs, and this plot shows one of them. Add \(list(fitting)).",
        at: context.span, suggestion: "output=\(fitting[0].name)")
    }
    return fitting[0]
  }
}

extension Network {
  /// The error for a name that none of its output layers has.
  func withoutOutput(_ name: Identifier) -> Diagnostic {
    let names = graph.outputs.map(\.name)
    return Diagnostic(
      .unknownLayer,
      "`\(name.name)` is no output layer of `\(self.name)`. It has \(names.map { "`\($0)`" }.joined(separator: ", ")).",
      at: name.span, suggestion: DidYouMean.nearest(to: name.name, among: names) ?? names.first)
  }
}

extension Evaluation {
  /// The same with amounts in the units of the data, by the scale of each number that the network answers; the losses are
  /// as the network was trained with them.
  func inUnits(_ scales: [Preparation.Scale]?) -> Evaluation {
    guard let scales else { return self }
    var made = self
    if case .regression = predictions.task {
      let amounts = predictions.inUnits(scales)
      made = Evaluation(loss: loss, accuracy: accuracy, scores: amounts.scores, predictions: amounts)
      made.outputs = outputs
    }
    var start = 0
    for place in outputs.indices {
      let width = outputs[place].evaluation.predictions.width
      if case .regression = outputs[place].evaluation.predictions.task, start + width <= scales.count {
        made.outputs[place].evaluation = outputs[place].evaluation.inUnits(
          Array(scales[start..<start + width]))
      }
      start += width
    }
    return made
  }
}

extension Predictions {
  /// Whether there is a scale for each number of a row, or of each of its steps.
  func fit(_ scales: [Preparation.Scale]) -> Bool {
    !scales.isEmpty && scales.count.isMultiple(of: width) && outputs.count.isMultiple(of: scales.count)
  }

  /// The same with amounts in the units of the data, by the scale of each number of a row, of all its steps where it has some;
  /// as far as differences of them go, unless they were transformed.
  func inUnits(_ scales: [Preparation.Scale]?) -> Predictions {
    guard case .regression = task, let scales, fit(scales) else { return self }
    if scales.contains(where: { $0.transform != nil }) { return mapped(scales.undo) }
    return multiplied(by: scales.map(\.divisor))
  }
}

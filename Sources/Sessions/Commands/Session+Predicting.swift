import Datasets
import Diagnostics
import Language
import NetworkSchema
import NeuralEngine
import Outputs

extension Session {
  /// `evaluate`: the figures on a data set, or on each part of one that is divided.
  func evaluate(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let name = try arguments.requiredName("data")
    let selection = try data(name, at: arguments.span("data"))
    let network = try readyNetwork(at: arguments.span)
    try claimFigures(at: arguments.span)
    for name in NetworkCatalog.current.evaluationMetrics.names {
      try claim(name, for: .variable, at: arguments.span)
    }
    let parts = selection.reference.parts
    let sets =
      !selection.isPart && parts.isDivided
      ? parts.named.map { ("\(name).\($0.name)", $0.data) } : [(name, selection.set)]
    let measured = try sets.map { name, set in
      (name, set.rows, try measure(network, on: set, selection.reference, at: arguments.span))
    }
    context.emit(.table(figuresTable(of: network, measured)))
  }

  /// Measures, and leaves the figures behind as variables.
  private func measure(
    _ network: Network, on set: Dataset, _ reference: DataReference, at span: SourceSpan
  ) throws -> Evaluation {
    let measured = try locating(span) { try network.evaluate(scaled(set, for: network, reference).examples) }
    keepFigures(EpochFigures(loss: measured.loss, accuracy: measured.accuracy))
    for metric in Metric.allCases {
      if let score = measured.scores.first(where: { $0.metric == metric }) {
        state.assign(.number(score.value), to: metric.rawValue)
      } else {
        state.clear(metric.rawValue)
      }
    }
    return measured
  }

  /// A row for each data set, a column for each figure that any of them has.
  private func figuresTable(of network: Network, _ sets: [(name: String, rows: Int, measured: Evaluation)])
    -> Table
  {
    let hasAccuracy = sets.contains { $0.measured.accuracy != nil }
    let metrics = Metric.allCases.filter { metric in
      sets.contains { $0.measured.scores.contains { $0.metric == metric } }
    }
    let figures = ["loss"] + (hasAccuracy ? ["accuracy"] : []) + metrics.map(\.rawValue)
    return Table(
      title: "figures of \(network.name)",
      columns: [.words("data"), .numbers("rows")] + figures.map { .numbers($0) },
      rows: sets.map { name, rows, measured in
        let accuracy = hasAccuracy ? [measured.accuracy.map(Figure.accuracy.text) ?? ""] : []
        let scores = metrics.map { metric in
          measured.scores.first { $0.metric == metric }.map(\.text) ?? ""
        }
        return [name, String(rows), Figure.loss.text(measured.loss)] + accuracy + scores
      })
  }

  func predict(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> Value {
    let network = try readyNetwork(at: arguments.span)
    let span = arguments.span("inputs")
    if let name = arguments.name("inputs") {
      let selection = try data(name, at: span)
      return try showPredictions(network, on: selection.set, arguments, context)
    }
    switch try arguments.value("inputs", context) ?? .nothing {
    case .data(let data): return try showPredictions(network, on: data.set, arguments, context)
    case let value:
      let array = try value.array(at: span)
      let answers = try predict(array, network, at: span)
      guard let classes = classes(of: network) else { return .tensor(answers) }
      let rows = array.rank < 2 ? 1 : array.shape[0]
      let values = answers.values
      let says = said(values, rows: rows, network, classes)
      context.emit(.text(says.map { "\($0.name) \($0.certainty.significant(2))" }.joined(separator: "\n")))
      return .nothing
    }
  }

  /// The network's answers to one row or to the rows of a matrix, in the user's own units. Gradients flow back
  /// through them, to the network's parameters and to the inputs.
  func predict(_ inputs: Tensor, _ network: Network, at span: SourceSpan) throws -> Tensor {
    let isRow = inputs.rank < 2
    let rows = isRow ? 1 : inputs.shape[0]
    let width = network.graph.outputWidth
    let preparation = preparation(of: network, forWidth: rows > 0 ? inputs.count / rows : 0)
    return try locating(span) {
      let scaled = try preparation.map { try inputs.scaled(by: $0.inputs) } ?? inputs
      let outputs = try network.predict(scaled, rows: rows, named: "predict")
      let answers = try Tensor.custom(
        NetworkPrediction(network: network, inputs: scaled, rows: rows, version: network.version),
        inputs: state.parameterLeaves(of: network).all + [scaled], shape: isRow ? [width] : [rows, width],
        result: outputs)
      return try preparation?.targets.map { try answers.unscaled(by: $0) } ?? answers
    }
  }

  private func showPredictions(
    _ network: Network, on set: Dataset, _ arguments: CommandArguments, _ context: ExecutionContext
  ) throws -> Value {
    let rows = min(set.rows, try arguments.integer("n", context) ?? 10)
    let outputs = try locating(arguments.span) {
      try answers(of: network, to: set.inputs(ofRows: rows), rows: rows, name: set.name)
    }
    let table =
      classes(of: network).map { classTable(network, set, outputs, rows, $0) }
      ?? numberTable(network, set, outputs, rows)
    context.emit(.table(table))
    return .nothing
  }

  private func numberTable(_ network: Network, _ set: Dataset, _ outputs: [Double], _ rows: Int) -> Table {
    let width = network.graph.outputWidth
    let outputNames = width == 1 ? ["output"] : (1...max(1, width)).map { "output \($0)" }
    let inputs = shownInputs(set)
    let cells = (0..<rows).map { row in
      (set.inputs(ofRow: row).prefix(inputs.count) + outputs[row * width..<(row + 1) * width]
        + set.targets(ofRow: row))
        .map { formatNumber($0, digits: state.options.digits) }
    }
    return Table(
      title: "\(network.name) on \(set.name)",
      columns: (inputs + outputNames + set.targetNames.map { "target \($0)" }).map { .numbers($0) },
      rows: cells,
      footer: remainder(set, rows))
  }

  private func classTable(
    _ network: Network, _ set: Dataset, _ outputs: [Double], _ rows: Int, _ classes: [String]
  ) -> Table {
    // Names and figures of many inputs would push the answer off the page.
    let inputs = set.inputWidth > 2 ? [] : set.inputNames
    let cells = said(outputs, rows: rows, network, classes).enumerated().map { row, says in
      let truth =
        set.classOfRow.map { label in set.classes.map { $0[label[row]] } ?? String(label[row]) } ?? ""
      let mark = truth.isEmpty || truth == says.name ? "" : "wrong"
      return [String(row + 1)]
        + set.inputs(ofRow: row).prefix(inputs.count).map { formatNumber($0, digits: state.options.digits) }
        + [says.name, says.certainty.significant(2), truth, mark]
    }
    return Table(
      title: "\(network.name) on \(set.name)",
      columns: (["row"] + inputs).map { .numbers($0) } + [
        .words("says"), .numbers(network.givesMargins ? "margin" : "probability"), .words("truth"),
        .words(""),
      ], rows: cells,
      footer: remainder(set, rows))
  }

  /// The inputs that a table has room for; an image's pixels are none.
  private func shownInputs(_ set: Dataset) -> [String] {
    set.inputShape.count > 1 || set.inputWidth > 6 ? [] : set.inputNames
  }

  private func remainder(_ set: Dataset, _ rows: Int) -> [String] {
    set.rows > rows ? ["\(set.rows - rows) more: predict \(set.name) n=\(set.rows)"] : []
  }

  /// The names of the classes that a network tells apart; nil where its answers are amounts.
  func classes(of network: Network) -> [String]? {
    guard let classes = trainedData(of: network)?.classes, network.graph.outputs.count == 1 else {
      return nil
    }
    let width = network.graph.outputWidth
    if width != 1 { return width == classes.count ? classes : nil }
    let tellsTwo = network.graph.outputs[0].activation == .sigmoid || network.givesMargins
    return tellsTwo && classes.count == 2 ? classes : nil
  }

  /// The class that each row of answers stands for, and how sure the network is of it: a probability, or for hinge, which
  /// knows none, the margin.
  func said(_ outputs: [Double], rows: Int, _ network: Network, _ classes: [String]) -> [(
    name: String, certainty: Double
  )] {
    let width = network.graph.outputWidth
    // Once for all rows: each is worked out from the whole graph.
    let (task, givesMargins) = (network.task, network.givesMargins)
    return (0..<rows).map { row in
      let answers = outputs[row * width..<(row + 1) * width]
      let label = task.label(answers)
      let certainty =
        width > 1
        ? answers[answers.startIndex + label]
        : givesMargins ? abs(outputs[row]) : label == 1 ? outputs[row] : 1 - outputs[row]
      return (classes[label], certainty)
    }
  }
}

extension Network {
  /// Whether outputs say by how much a class is preferred, which is no probability: with a hinge loss.
  var givesMargins: Bool { (try? effectiveLoss()) == .hinge }
}

extension Dataset {
  /// The inputs of the first rows, row by row.
  func inputs(ofRows count: Int) -> [Double] { selecting(rows: Array(0..<count), name: name).inputs }
}

extension Tensor {
  /// Columns on a scale: one for all, or one each.
  fileprivate func scaled(by scales: [Preparation.Scale]) throws -> Tensor {
    try (self - Tensor(scales.map(\.offset))) / Tensor(scales.map(\.divisor))
  }

  /// Columns as they were before.
  fileprivate func unscaled(by scales: [Preparation.Scale]) throws -> Tensor {
    try self * Tensor(scales.map(\.divisor)) + Tensor(scales.map(\.offset))
  }
}

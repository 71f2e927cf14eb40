import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine
import Outputs

/// `evaluate xor`: the metrics on a data set, or on each part of one that is divided.
struct EvaluateNetwork: SessionCommand {
  let data: Identifier
  let threshold: Operand<Double>?

  func run(_ context: CommandContext) throws {
    let session = context.session
    let selection = try session.data(data)
    let network = try session.readyNetwork(at: context.span)
    try session.claimFigures(at: context.span)
    for name in NetworkCatalog.current.evaluationMetrics.names {
      try session.claim(name, for: .variable, at: context.span)
      for output in network.graph.outputs where network.graph.outputs.count > 1 {
        try session.claim("\(output.name)_\(name)", for: .variable, at: context.span)
      }
    }
    let parts = selection.reference.parts
    let weights = selection.set.weightColumn?.name
    let sets =
      !selection.isPart && parts.isDivided
      ? parts.named.map { ("\(data.name).\($0.name)", $0.data) } : [(data.name, selection.set)]
    let threshold = try threshold?(context)
    let measured = try sets.map { name, set in
      (name, set.rows, try measure(network, on: set, selection.reference, threshold, context))
    }
    let title = localized("metrics of \(network.name)")
    let weighted = weights.map { [(data.name, $0)] } ?? []
    context.emit(.table(metricsTable(title, measured, weighted: weighted)))
    let outputs = session.outputs(
      of: network, targets: session.schema(of: network)?.targets ?? selection.set.targetColumns)
    for (place, output) in outputs.enumerated() {
      let own = measured.compactMap { name, rows, all in
        all.outputs.indices.contains(place) ? (name, rows, all.outputs[place].evaluation) : nil
      }
      let heading = localized("output \(output.name) of \(network.name)")
      context.emit(.table(metricsTable(heading, own, weighted: weighted)))
      guard own.count == 1, let only = own.first,
        let table = classTable(only.2.predictions, output.classes, title: heading)
      else { continue }
      context.emit(.table(table))
    }
    if measured.count == 1, outputs.isEmpty, let only = measured.first {
      let names = session.shownClasses(of: network) ?? selection.set.classes
      if let table = classTable(only.2.predictions, names) { context.emit(.table(table)) }
    }
  }

  /// Measures, and leaves the metrics behind as variables.
  private func measure(
    _ network: Network, on set: Dataset, _ reference: DataReference, _ threshold: Double?,
    _ context: CommandContext
  ) throws -> Evaluation {
    let session = context.session
    let found = try context.locating { try session.evaluation(of: network, on: set, reference) }
    if let note = found.note { context.emit(.text(note)) }
    var measured = found.measured
    if let threshold, let operand = self.threshold {
      guard case .binary = measured.predictions.task else {
        throw Diagnostic(
          .badOption,
          "threshold= is for two classes told apart by one output, and `\(network.name)` does something else. Leave it out.",
          at: operand.span)
      }
      measured = measured.with(threshold: threshold)
    }
    session.keepMetrics(EpochMetrics(loss: measured.loss, accuracy: measured.accuracy), on: reference)
    for metric in Metric.allCases {
      session.keepMetric(metric.rawValue, measured.scores.first { $0.metric == metric }?.value)
    }
    for output in measured.outputs {
      let own = output.evaluation
      session.keepMetric("\(output.output)_loss", own.loss)
      session.keepMetric("\(output.output)_accuracy", own.accuracy)
      for metric in Metric.allCases {
        session.keepMetric(
          "\(output.output)_\(metric.rawValue)", own.scores.first { $0.metric == metric }?.value)
      }
    }
    return measured
  }

  /// A row for each data set, a column for each metric that any of them has.
  ///
  /// - Parameter weighted: the data whose rows count differently, and the column that says how.
  private func metricsTable(
    _ title: String, _ sets: [(name: String, rows: Int, measured: Evaluation)], weighted: [(String, String)]
  ) -> Table {
    let hasAccuracy = sets.contains { $0.measured.accuracy != nil }
    let metrics = Metric.allCases.filter { metric in
      sets.contains { $0.measured.scores.contains { $0.metric == metric } }
    }
    let constant = sets.filter { name, rows, measured in
      measured.accuracy == nil && measured.outputs.isEmpty
        && !measured.scores.contains { $0.metric == .rSquared }
    }
    let headings =
      [TrainingMetric.loss.displayName] + (hasAccuracy ? [TrainingMetric.accuracy.displayName] : [])
      + metrics.map(\.displayName)
    // Of parts, those rows tell that nothing was chosen by.
    let doubted = sets.count == 1 ? sets.first : sets.first { $0.name.hasSuffix(".test") }
    let more = doubted.map {
      doubtRows($0.measured, metrics, hasAccuracy: hasAccuracy, of: sets.count == 1 ? nil : "test")
    }
    return Table(
      title: title,
      columns: [.words(localized("data")), .numbers(localized("rows"))] + headings.map { .numbers($0) },
      rows: sets.map { name, rows, measured in
        let accuracy = hasAccuracy ? [measured.accuracy.map(TrainingMetric.accuracy.text) ?? ""] : []
        let scores = metrics.map { metric in measured.scores.first { $0.metric == metric }.map(\.text) ?? "" }
        return [name, String(rows), TrainingMetric.loss.text(measured.loss)] + accuracy + scores
      } + (more ?? []),
      footer: weighted.map { localized("the rows of \($0.0) count by `\($0.1)`") }
        + constant.map { localized("r2 of \($0.name) is undefined: all of its targets are equal") })
  }
}

/// `predict [0, 1]`, `predict xor n=4`
struct Predict: SessionCommand {
  private let inputs: Inputs
  private let n: Operand<Int>

  /// A data set by its name, or a value.
  private enum Inputs: ArgumentDecodable {
    case data(Identifier)
    case value(Operand<Value>)

    init(_ arguments: ArgumentDecoder) throws {
      if case .name = try arguments.content().kind {
        self = .data(try Identifier(arguments))
      } else {
        self = .value(try Operand(arguments))
      }
    }
  }

  func run(_ context: CommandContext) throws { _ = try evaluate(context) }

  func evaluate(_ context: CommandContext) throws -> Value {
    let session = context.session
    let network = try session.readyNetwork(at: context.span)
    let operand: Operand<Value>
    switch inputs {
    case .data(let name): return try show(network, on: session.data(name).set, context)
    case .value(let value): operand = value
    }
    let value = try operand(context)
    if case .data(let data) = value { return try show(network, on: data.set, context) }
    if network.graph.takesAnyLength { return try show(network, onSequences: value, operand.span, context) }
    let array =
      try session.encoded(value, for: network, at: operand.span)
      ?? session.rows(of: value, for: network, at: operand.span)
    let answers = try session.predict(array, network, at: operand.span)
    let outputs = session.outputs(of: network)
    if outputs.contains(where: { $0.classes != nil }) {
      let (values, width) = (answers.values, network.graph.outputWidth)
      let lines = (0..<array.rowCount).map { row in
        outputs.map { said($0, $0.numbers(values, row: row, width: width)) }.joined(separator: ", ")
      }
      context.emit(.text(lines.joined(separator: "\n")))
      return .nothing
    }
    guard let classes = session.classes(of: network) else { return .tensor(answers) }
    show(session.said(answers.values, rows: array.rowCount, network, classes), context)
    return .nothing
  }

  /// What the network says of one sequence, or of the sequences of a list.
  private func show(
    _ network: Network, onSequences value: Value, _ span: SourceSpan, _ context: CommandContext
  ) throws -> Value {
    let session = context.session
    let answers = try session.predict(sequences: value, network, at: span)
    guard let classes = session.classes(of: network), !network.graph.answersEachStep else { return answers }
    let all: [Tensor] =
      switch answers {
      case .tensor(let tensor): [tensor]
      case .list(let items): try items.map { try $0.array(at: span) }
      default: []
      }
    let says = all.flatMap { answer in
      session.said(answer.values, rows: answer.rowCount, network, classes)
    }
    show(says, context)
    return .nothing
  }

  /// A line for each row: `flat 0.93`.
  private func show(_ says: [(name: String, certainty: Double)], _ context: CommandContext) {
    context.emit(.text(says.map { "\($0.name) \($0.certainty.significant(2))" }.joined(separator: "\n")))
  }

  /// `kind flat 0.93`, `price 310.5`
  private func said(_ output: NetworkOutput, _ numbers: ArraySlice<Double>) -> String {
    if let said = output.said(numbers) {
      return "\(output.name) \(said.name) \(said.certainty.significant(2))"
    }
    return "\(output.name) \(numbers.map { $0.significant(4) }.joined(separator: " "))"
  }

  private func show(_ network: Network, on set: Dataset, _ context: CommandContext) throws -> Value {
    let session = context.session
    let rows = min(set.rows, try n(context))
    let outputs = try context.locating {
      let head = set.rows > rows ? set.selecting(rows: Array(0..<rows), name: set.name) : set
      let fitted = try session.fittedInputs(of: head, to: network)
      if let note = fitted.note { context.emit(.text(note)) }
      return try session.answers(of: network, to: fitted.set)
    }
    if network.graph.outputSteps > 1 || network.graph.answersEachStep {
      let counts = try context.locating { () throws(CodedError) in
        try network.answers(ofRows: set.selecting(rows: Array(0..<rows), name: set.name).examples)
      }
      let table = SequenceTable(network, set, outputs, counts, session)
      context.emit(.table(table.table(footer: remainder(set, counts.count))))
      return .nothing
    }
    let several = session.outputs(of: network)
    if several.contains(where: { $0.classes != nil }) {
      context.emit(.table(outputsTable(network, several, set, outputs, rows, session)))
      return .nothing
    }
    let table =
      session.classes(of: network).map { classTable(network, set, outputs, rows, $0, session) }
      ?? numberTable(network, set, outputs, rows, session)
    context.emit(.table(table))
    return .nothing
  }

  private func numberTable(
    _ network: Network, _ set: Dataset, _ outputs: [Double], _ rows: Int, _ session: Session
  ) -> Table {
    let width = network.graph.outputWidth
    let several = network.graph.outputs.count > 1 ? network.graph.outputs : []
    let outputNames =
      width == 1
      ? [localized("output")]
      : several.isEmpty
        ? (1...max(1, width)).map { localized("output \($0)") }
        : several.flatMap { layer in
          let own = network.graph.width(of: layer)
          return own == 1 ? [layer.name] : (1...max(1, own)).map { "\(layer.name) \($0)" }
        }
    let inputs = shownInputs(set)
    let cells = (0..<rows).map { row in
      (set.inputs(ofRow: row).prefix(inputs.count) + outputs[row * width..<(row + 1) * width]
        + set.targets(ofRow: row)).map { formatNumber($0, digits: session.state.options.digits) }
    }
    return Table(
      title: localized("\(network.name) on \(set.name)"),
      columns: (inputs + outputNames + set.targetNames.map { localized("target \($0)") }).map {
        .numbers($0)
      },
      rows: cells, footer: remainder(set, rows))
  }

  private func classTable(
    _ network: Network, _ set: Dataset, _ outputs: [Double], _ rows: Int, _ classes: [String],
    _ session: Session
  ) -> Table {
    // Names and values of many inputs would push the answer off the page.
    let inputs = set.inputWidth > 2 || set.steps != nil ? [] : set.inputNames
    let truths = set.truths(among: classes)
    let cells = session.said(outputs, rows: rows, network, classes).enumerated().map { row, says in
      let truth = truths?[row] ?? ""
      let mark = truth.isEmpty || truth == says.name ? "" : localized("wrong")
      return [String(row + 1)]
        + set.inputs(ofRow: row).prefix(inputs.count).map {
          formatNumber($0, digits: session.state.options.digits)
        } + [says.name, says.certainty.significant(2), truth, mark]
    }
    return Table(
      title: localized("\(network.name) on \(set.name)"),
      columns: ([localized("row")] + inputs).map { .numbers($0) } + [
        .words(localized("predicted")),
        .numbers(network.givesMargins ? localized("margin") : localized("probability")),
        .words(localized("actual")),
        .words(""),
      ], rows: cells, footer: remainder(set, rows))
  }

  /// A line for each row, with the answers of all output layers and their targets.
  private func outputsTable(
    _ network: Network, _ several: [NetworkOutput], _ set: Dataset, _ outputs: [Double], _ rows: Int,
    _ session: Session
  ) -> Table {
    let width = network.graph.outputWidth
    let digits = session.state.options.digits
    let inputs = set.inputWidth > 2 || set.steps != nil ? [] : set.inputNames
    // The targets of this table, which may have other columns than the one that was trained on.
    let own = session.outputs(of: network, targets: set.targetColumns)
    var columns: [Table.Column] = [.numbers(localized("row"))] + inputs.map { .numbers($0) }
    for (output, truth) in zip(several, own) {
      if output.classes == nil {
        let count = output.units.count
        columns += (1...max(1, count)).map { .numbers(count == 1 ? output.name : "\(output.name) \($0)") }
      } else {
        columns.append(.words(output.name))
        columns.append(.numbers(output.givesMargins ? localized("margin") : localized("probability")))
      }
      columns += truth.columns.map {
        let name = localized("target \(set.targetNames[$0])")
        return output.classes == nil ? .numbers(name) : .words(name)
      }
    }
    let cells = (0..<rows).map { row in
      var cells = [String(row + 1)]
      cells += set.inputs(ofRow: row).prefix(inputs.count).map { formatNumber($0, digits: digits) }
      let targets = Array(set.targets(ofRow: row))
      for (output, truth) in zip(several, own) {
        let numbers = output.numbers(outputs, row: row, width: width)
        if let said = output.said(numbers) {
          cells += [said.name, said.certainty.significant(2)]
        } else {
          cells += numbers.map { formatNumber($0, digits: digits) }
        }
        cells += truth.columns.map { column in
          let levels = set.targetColumns[column].levels ?? output.classes
          guard output.classes != nil, let label = Int(exactly: targets[column]), let levels,
            levels.indices.contains(label)
          else { return formatNumber(targets[column], digits: digits) }
          return levels[label]
        }
      }
      return cells
    }
    return Table(
      title: localized("\(network.name) on \(set.name)"), columns: columns, rows: cells,
      footer: remainder(set, rows))
  }

  /// The inputs that a table has room for; an image's pixels are none.
  private func shownInputs(_ set: Dataset) -> [String] {
    set.steps != nil || set.inputShape.count > 1 || set.inputWidth > 6 ? [] : set.inputNames
  }

  private func remainder(_ set: Dataset, _ rows: Int) -> [String] {
    set.rows > rows ? [localized("\(set.rows - rows) more: predict \(set.name) n=\(set.rows)")] : []
  }
}

extension CodedError {
  /// The error with an option that `evaluate` does not take as one of `net`, which has its defaults.
  func asOption(of network: Network) -> CodedError {
    guard let suggestion, suggestion.hasPrefix("loss=") else { return self }
    let line = "net \(network.name) \(suggestion)"
    return CodedError(code, message.replacing(suggestion, with: line), suggestion: line)
  }
}

// MARK: - Answers

extension Session {
  /// The network's answers to one sequence, an array of steps x features or of one number a step, or to those of a list or of a
  /// larger array, or of a data set: an answer, or one a step, for each.
  func predict(sequences value: Value, _ network: Network, at span: SourceSpan) throws -> Value {
    if case .data(let data) = value {
      let rows = (0..<data.set.rows).map { Value.tensor(Tensor(Array(data.set.inputs(ofRow: $0)))) }
      return try predict(sequences: .list(rows), network, at: span)
    }
    guard case .list(let items) = value else {
      return .tensor(try predict(value.array(at: span), network, at: span))
    }
    return try Value.gathered(
      items.map { .tensor(try predict($0.array(at: span), network, at: span)) }, at: span)
  }

  /// The rows that a network of one width is to answer: an array, or a list of sequences that are all as long as the network
  /// takes them.
  func rows(of value: Value, for network: Network, at span: SourceSpan) throws -> Tensor {
    guard case .list(let items) = value, let first = items.first, case .tensor = first else {
      return try value.array(at: span)
    }
    var arrays: [Tensor] = []
    for item in items {
      guard case .tensor(let array) = item, array.rank == 2 else { return try value.array(at: span) }
      arrays.append(array)
    }
    let graph = network.graph
    let input = graph.inputs.count == 1 ? graph.inputs.first : nil
    let shape = input.flatMap { graph.shape(of: $0) } ?? [network.inputWidth]
    if arrays.allSatisfy({ $0.shape.elementsEqual(shape) }) {
      return try locating(span) {
        try Tensor.stacked(arrays, axis: 0).reshaped([arrays.count, network.inputWidth])
      }
    }
    let lengths = arrays.map { $0.shape[0] }
    let (shortest, longest) = (lengths.min() ?? 0, lengths.max() ?? 0)
    let steps = shortest == longest ? "\(longest)" : "\(shortest) to \(longest)"
    throw Diagnostic(
      .shapeMismatch,
      "`\(network.name)` takes rows of \(shape.shapeWords), one or several, and this is a list of \(arrays.count) arrays of "
        + "\(steps) x \(arrays[0].shape[1]).", at: span)
  }

  /// The network's answers to one row or to the rows of a matrix, in the user's own units. Gradients flow back
  /// through them, to the network's parameters and to the inputs.
  func predict(_ inputs: Tensor, _ network: Network, at span: SourceSpan) throws -> Tensor {
    let takesAnyLength = network.graph.takesAnyLength
    let inputs = takesAnyLength ? try inputs.asSequences(of: network.inputWidth, at: span) : inputs
    let isRow = inputs.rank < (takesAnyLength ? 3 : 2)
    let rows = isRow ? 1 : inputs.shape[0]
    let width = network.graph.outputWidth
    let preparation = preparation(
      of: network,
      forWidth: takesAnyLength ? network.inputWidth : rows > 0 ? inputs.count / rows : 0)
    let scales = preparation == nil ? nil : outputScales(of: network)
    return try locating(span) {
      let scaled = try preparation.map { try inputs.scaled(by: $0.inputs) } ?? inputs
      let outputs = try network.predict(scaled, rows: rows, named: "predict")
      let each = network.graph.answersEachStep ? [outputs.count / max(1, rows * width)] : []
      let answers = try Tensor.custom(
        NetworkPrediction(network: network, inputs: scaled, rows: rows, version: network.version),
        inputs: state.parameterLeaves(of: network).all + [scaled],
        shape: (isRow ? [] : [rows]) + each + [width], result: outputs)
      return try scales.map { try answers.unscaled(by: $0) } ?? answers
    }
  }

  /// How a network's inputs were prepared, for rows of as many numbers as it takes. Rows of another width are
  /// refused by the network, in its own words, and not scaled before.
  func preparation(of network: Network, forWidth width: Int) -> Preparation? {
    width == network.inputWidth ? state.trainedData(of: network)?.preparation : nil
  }

  /// A network's answers to rows, both in the user's own units: rows x output width.
  func answers(of network: Network, to inputs: [Double], rows: Int, name: String) throws(CodedError)
    -> [Double]
  {
    try answers(of: network, to: Examples(name: name, rows: rows, inputs: inputs))
  }

  /// The same, for the rows of a data set, which may be sequences: then there is an answer for each of their steps, where the
  /// network gives one.
  func answers(of network: Network, to set: Dataset) throws(CodedError) -> [Double] {
    if case .bytes = set.storage {
      // Once as they are and once on the network's scale.
      try MemoryLimit.check(
        [set.inputRows, set.inputWidth], bytesEach: 16, for: "The numbers of `\(set.name)`")
    }
    return try answers(
      of: network,
      to: Examples(name: set.name, rows: set.rows, storage: .doubles(set.inputs), steps: set.steps))
  }

  private func answers(of network: Network, to examples: Examples) throws(CodedError) -> [Double] {
    guard let preparation = preparation(of: network, forWidth: network.inputWidth(of: examples)) else {
      return try network.predict(examples)
    }
    let outputs = try network.predict(
      Examples(
        name: examples.name, rows: examples.rows,
        storage: .doubles(preparation.apply(toInputs: examples.inputs)), steps: examples.steps))
    return outputScales(of: network)?.undo(outputs) ?? outputs
  }

  /// The names of the classes that a network tells apart; nil where its answers are amounts.
  func classes(of network: Network) -> [String]? {
    guard let classes = state.trainedData(of: network)?.classes, network.graph.outputs.count == 1,
      network.graph.outputSteps == 1
    else {
      return nil
    }
    let width = network.graph.outputWidth
    if width != 1 { return width == classes.count ? classes : nil }
    let tellsTwo = network.graph.outputs[0].activation == .sigmoid || network.givesMargins
    return tellsTwo && classes.count == 2 ? classes : nil
  }

  /// The same as tables and plots show them: of a text, the tokens.
  func shownClasses(of network: Network) -> [String]? {
    classes(of: network) ?? schema(of: network)?.vocabulary?.shown
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
  /// How many numbers a row of examples has as this network counts them: of sequences of any length those of a step.
  func inputWidth(of examples: Examples) -> Int {
    guard graph.takesAnyLength, examples.steps == nil, inputWidth > 0,
      examples.inputWidth.isMultiple(of: inputWidth)
    else { return examples.inputWidth }
    return inputWidth
  }

  /// Whether outputs say by how much a class is preferred, which is no probability: with a hinge loss.
  var givesMargins: Bool { (try? effectiveLoss()) == .hinge }
}

extension Dataset {
  /// The class of each row by its name; nil where the targets are none of these classes.
  fileprivate func truths(among names: [String]) -> [String]? {
    if let classes, let classOfRow { return classOfRow.map { classes[$0] } }
    guard targetWidth == 1 else { return nil }
    if let named = DataSchema(inputs: nil, targets: [DataColumn("y", levels: names)]).withClasses(self) {
      return named.truths(among: names)
    }
    let places = targets.compactMap { Int(exactly: $0) }
    return places.count == rows && places.allSatisfy(names.indices.contains) ? places.map { names[$0] } : nil
  }
}

extension Tensor {
  /// How many rows it is; an array of one axis is one.
  fileprivate var rowCount: Int { rank < 2 ? 1 : shape[0] }

  /// The array as one sequence, steps x features, or as several of the same length: a row of numbers is a sequence of one number
  /// a step, or one step where a step has several.
  fileprivate func asSequences(of features: Int, at span: SourceSpan) throws -> Tensor {
    if rank > 1, features > 1, rank > 3 || shape[rank - 1] != features {
      throw Diagnostic(
        .shapeMismatch,
        "The network takes one sequence, an array of steps x \(features), or a list of them, and this is an array of "
          + "\(shape.sizesText).", at: span)
    }
    guard rank != 2 || shape[1] != features, rank < 3 else { return self }
    return try locating(span) {
      switch rank {
      case 0, 1: return count.isMultiple(of: features) ? try reshaped([count / features, features]) : self
      default: return features == 1 ? try reshaped([shape[0], shape[1], 1]) : self
      }
    }
  }

  /// Columns on a scale: one for all, or one each.
  fileprivate func scaled(by scales: [Preparation.Scale]) throws -> Tensor {
    try (self - Tensor(scales.map(\.offset))) / Tensor(scales.map(\.divisor))
  }

  /// Columns as they were before.
  fileprivate func unscaled(by scales: [Preparation.Scale]) throws -> Tensor {
    let amounts = try self * Tensor(scales.map(\.divisor)) + Tensor(scales.map(\.offset))
    guard scales.contains(where: { $0.transform != nil }) else { return amounts }
    // Powers of what is a logarithm alone: those of other amounts may be beyond all numbers.
    let isLogarithm = Tensor(scales.map { $0.transform == nil ? 0 : 1 })
    let powers =
      try Tensor.unary(.exp, amounts * isLogarithm) - Tensor(scales.map { $0.transform == .log1p ? 1 : 0 })
    return try powers * isLogarithm + amounts * Tensor(scales.map { $0.transform == nil ? 1 : 0 })
  }
}

import Datasets
import Diagnostics
import NeuralEngine
import Outputs

extension Session {
  func histogramPlot(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> HistogramPlot {
    let values = try array("x", arguments, context).values
    let label = arguments.label("x", default: "values")
    return HistogramPlot(
      title: label, xLabel: label, values: values, bins: try arguments.integer("bins", context))
  }

  /// Two inputs, given or picked, as points; else the spread of every column.
  func dataPlot(_ arguments: CommandArguments) throws -> Plot {
    let set = try data(arguments.requiredName("data"), at: arguments.span("data")).set
    if set.inputNames.count == 1, set.targetNames.count == 1 {
      let (x, y) = (set.inputNames[0], set.targetNames[0])
      let series = XYPlot.Series(name: y, xs: set.inputs, ys: set.targets)
      return .xy(XYPlot(.scatter, title: set.name, xLabel: x, yLabel: y, series: [series]))
    }
    guard set.inputNames.count == 2 || arguments.isGiven("x") || arguments.isGiven("y") else {
      return .columns(columnsPlot(set))
    }
    return .xy(points(set, try PlaneInputs(set, arguments, verb: "data")))
  }

  /// The points over two inputs, by class where the targets are classes.
  private func points(_ set: Dataset, _ plane: PlaneInputs) -> XYPlot {
    let (xs, ys) = (set.input(plane.x), set.input(plane.y))
    let (xLabel, yLabel) = (set.inputNames[plane.x], set.inputNames[plane.y])
    guard let labels = set.labels else {
      let series = XYPlot.Series(name: set.name, xs: xs, ys: ys)
      return XYPlot(.scatter, title: set.name, xLabel: xLabel, yLabel: yLabel, series: [series])
    }
    // A class without rows keeps its place, so that digits and colours mean the class's number.
    let series = (0...(labels.max() ?? 0)).map { label in
      let rows = labels.indices.filter { labels[$0] == label }
      return XYPlot.Series(
        name: set.classes.map { $0[label] } ?? String(label), xs: rows.map { xs[$0] }, ys: rows.map { ys[$0] }
      )
    }
    return XYPlot(.classes, title: set.name, xLabel: xLabel, yLabel: yLabel, series: series)
  }

  private func columnsPlot(_ set: Dataset) -> ColumnsPlot {
    let shown = min(set.inputNames.count, ColumnsPlot.mostInputs)
    let inputs = (0..<shown).map {
      ColumnsPlot.Column(name: set.inputNames[$0], isTarget: false, values: set.input($0))
    }
    let targets = set.targetNames.indices.prefix(ColumnsPlot.mostInputs).map {
      ColumnsPlot.Column(name: set.targetNames[$0], isTarget: true, values: set.target($0))
    }
    return ColumnsPlot(
      title: set.name, rows: set.rows, columns: inputs + targets,
      hidden: set.inputNames.count + set.targetNames.count - inputs.count - targets.count)
  }

  func confusionPlot(_ arguments: CommandArguments) throws -> ConfusionPlot {
    let set = try data(arguments.requiredName("data"), at: arguments.span("data")).set
    let network = try readyNetwork(at: arguments.span)
    let reader = ClassAnswers(network, names: classes(of: network))
    let outputs = try locating(arguments.span) {
      try answers(of: network, to: set.inputs, rows: set.rows, name: set.name)
    }
    let pairs = try (0..<set.rows).map { row in
      guard let truth = reader.truth(set, row: row), isClass(set.targets(ofRow: row), reader) else {
        throw noClass(row, of: set, network, at: arguments.span("data"))
      }
      let answer = reader.answer(outputs, row: row)
      guard !answer.probability.isNaN else {
        throw Diagnostic(
          "nothing-to-plot",
          "`\(network.name)` answers row \(row + 1) of `\(set.name)` with nan, which is no class: the weights or the data are too large. Bring the data to a common scale: prepare \(set.name)",
          at: arguments.span("data"))
      }
      return (truth: truth, predicted: answer.winner)
    }
    return ConfusionPlot(title: "\(network.name) on \(set.name)", classes: reader.classes, pairs: pairs)
  }

  /// Whether targets say a class: a whole number, for a single output 0 or 1 (for hinge also -1), or a one-hot row.
  private func isClass(_ targets: ArraySlice<Double>, _ reader: ClassAnswers) -> Bool {
    if targets.count == 1, reader.width > 1 { return targets.allSatisfy { $0 == $0.rounded() } }
    let no: Double = reader.task.threshold == 0 && targets.first == -1 ? -1 : 0
    return targets.allSatisfy { $0 == no || $0 == 1 } && (targets.count == 1 || targets.reduce(0, +) == 1)
  }

  private func noClass(_ row: Int, of set: Dataset, _ network: Network, at span: SourceSpan) -> Diagnostic {
    let width = network.graph.outputWidth
    guard width == 1 else {
      return Diagnostic(
        "bad-label",
        "Row \(row + 1) of `\(set.name)` has no target that is a class of `\(network.name)`, which knows \(width). "
          + "Classes are whole numbers from 0, or one-hot rows.", at: span)
    }
    let target = set.targets(ofRow: row).map { formatNumber($0, digits: 4) }.joined(separator: " ")
    return Diagnostic(
      "bad-label",
      "A confusion matrix counts classes, 0 and 1 for the one output of `\(network.name)`, but row \(row + 1) of "
        + "`\(set.name)` has the target \(target). For amounts try: evaluate \(set.name)", at: span,
      suggestion: "evaluate \(set.name)")
  }

  func weightsPlot(_ arguments: CommandArguments) throws -> MatrixPlot {
    let name = try arguments.requiredName("layer")
    let network = try readyNetwork(at: arguments.span)
    let layer = try plottedLayer(of: network, arguments)
    let slices = (network.parameters ?? []).filter { $0.slice.layer == name }
    guard !slices.isEmpty else {
      throw Diagnostic(
        "nothing-to-plot", "`\(name)` is a layer of kind \(layer.kindName) and has no weights.",
        at: arguments.span("layer"))
    }
    let blocks = slices.map { slice, values in
      // A row for each unit of the layer; what is one number a unit stands in one column.
      let columns = slice.shape.dropFirst().reduce(1, *)
      return MatrixPlot.Block(name: slice.words, columns: columns, values: values)
    }
    return MatrixPlot(title: "weights of \(name)", rowLabel: "unit", blocks: blocks)
  }
}

extension ColumnsPlot {
  /// More inputs than this are no longer read one by one.
  static let mostInputs = 24
}

extension ParameterLayout.Slice {
  /// The key as a reader says it: `inp -> hid`, `bias`.
  fileprivate var words: String {
    switch key.role {
    case .bias: "bias"
    case .weights: "\(key.source ?? "") -> \(layer)"
    case .kernel, .gamma, .beta, .mean, .variance: key.description
    }
  }
}

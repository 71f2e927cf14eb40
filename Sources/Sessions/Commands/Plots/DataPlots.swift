import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Outputs
import Plotting

// Plots of data sets, and of what a network makes of them.

/// The two inputs of a data set that a picture's axes are.
struct PlaneArguments: Decodable {
  private let x: Identifier?
  private let y: Identifier?

  /// The places of the two among the inputs.
  struct Plane {
    let x: Int
    let y: Int
  }

  var isGiven: Bool { x != nil || y != nil }

  /// The inputs that the command names, or the only two there are.
  ///
  /// - Parameter verb: the kind of plot, for the command that is suggested.
  /// - Throws: `wrong-shape`, saying how to name two, or `unknown-input`.
  func plane(of set: Dataset, _ data: Identifier, verb: String, _ context: CommandContext) throws -> Plane {
    let names = set.inputNames
    guard names.count >= 2 else {
      throw Diagnostic(
        .wrongShape, "The plot needs two inputs, but `\(set.name)` has one.", at: data.span)
    }
    guard names.count == 2 || (x != nil && y != nil) else {
      let example = "plot \(verb) \(set.name) x=\(names[0].asColumn) y=\(names[1].asColumn)"
      throw Diagnostic(
        .wrongShape,
        "The plot has two inputs, but `\(set.name)` has \(names.count). Name two of them, and the others are held at their means: `\(example)`",
        at: context.span, suggestion: example)
    }
    let plane = Plane(
      x: try x.map { try column($0, names) } ?? 0, y: try y.map { try column($0, names) } ?? 1)
    guard plane.x != plane.y else {
      throw Diagnostic(
        .badValue, "`x` and `y` must be two different inputs, but both are `\(names[plane.x])`.",
        at: (y ?? x)?.span)
    }
    return plane
  }

  private func column(_ input: Identifier, _ names: [String]) throws -> Int {
    if let column = names.firstIndex(of: input.name) { return column }
    let nearest = DidYouMean.nearest(to: input.name, among: names)
    let some = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    throw Diagnostic(
      .unknownInput,
      "There is no input `\(input.name)`. "
        + (DidYouMean.question(nearest) ?? "There are \(some)."),
      at: input.span, suggestion: nearest)
  }
}

extension String {
  /// The name as it is typed: in quotes where it is no word.
  fileprivate var asColumn: String {
    let isWord = first?.isLetter == true && allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    if isWord { return self }
    let escaped = replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    return "\"\(escaped)\""
  }
}

extension PlotCommands {
  static let ofData: Table = [
    "data": DataPoints.self, "boundary": DecisionBoundary.self, "confusion": ConfusionMatrix.self,
  ]
}

/// `plot data xor`: two inputs, given or picked, as points; else the spread of every column.
private struct DataPoints: PlotKind {
  let data: Identifier
  let plane: PlaneArguments

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let set = try context.session.data(data).set
    // Of sequences, what all steps have is shown column by column: a row is no point.
    if set.steps != nil { return columnsPlot(set) }
    if set.inputNames.count == 1, set.targetNames.count == 1 {
      let (x, y) = (set.inputNames[0], set.targetNames[0])
      let series = XYPlot.Series(name: y, xs: set.inputs, ys: set.targets)
      return XYPlot(.scatter, title: set.name, xLabel: x, yLabel: y, series: [series])
    }
    guard set.inputNames.count == 2 || plane.isGiven else { return columnsPlot(set) }
    return points(set, try plane.plane(of: set, data, verb: "data", context))
  }

  /// The points over two inputs, by class where the targets are classes.
  private func points(_ set: Dataset, _ plane: PlaneArguments.Plane) -> XYPlot {
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
}

extension ColumnsPlot {
  /// More inputs than this are no longer read one by one.
  static let mostInputs = 24
}

// MARK: - Decision boundaries

/// `plot boundary xor`
private struct DecisionBoundary: PlotKind {
  let data: Identifier
  let plane: PlaneArguments
  let output: Identifier?

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let selection = try context.session.data(data)
    let network = try context.session.readyNetwork(at: context.span)
    let set = try context.locating {
      let fitted = try context.session.fitted(selection.set, of: selection.reference, to: network)
      if let note = fitted.note { context.emit(.text(note)) }
      return fitted.parts.train
    }
    guard set.steps == nil else {
      throw Diagnostic(
        .wrongShape,
        "A decision boundary lies between rows, and those of `\(set.name)` are sequences. Try plot confusion \(data.name)",
        at: data.span, suggestion: "plot confusion \(data.name)")
    }
    let output = try context.session.shownOutput(of: network, named: output, on: set, context)
    let plane = try plane.plane(of: set, data, verb: "boundary", context)
    return try context.locating {
      try BoundarySampler(
        session: context.session, network: network, set: set, plane: plane, output: output
      ).plot()
    }
  }
}

/// Asks a network for its answers over the plane around a data set.
private struct BoundarySampler {
  let session: Session
  let network: Network
  let set: Dataset
  let plane: PlaneArguments.Plane
  /// The output layer, where the network has several.
  let output: NetworkOutput?
  /// Fine enough for a wide terminal; a renderer picks from it.
  private let columns = 96
  private let rows = 64

  private var reader: ClassAnswers {
    output.map(ClassAnswers.init) ?? ClassAnswers(network, names: session.shownClasses(of: network))
  }

  /// The answers to rows, of the one output layer.
  private func answers(_ inputs: [Double], rows: Int) throws(CodedError) -> [Double] {
    let all = try session.answers(of: network, to: inputs, rows: rows, name: set.name)
    return output?.only(all, width: network.graph.outputWidth) ?? all
  }

  func plot() throws -> BoundaryPlot {
    let xRange = padded(set.input(plane.x))
    let yRange = padded(set.input(plane.y))
    let middle = set.inputNames.indices.map { mean(set.input($0)) }
    let grid = grid(xRange, yRange, middle)
    let answers = try answers(grid, rows: rows * columns)
    let outputs = try self.answers(set.inputs, rows: set.rows)
    let reader = reader
    var plot = BoundaryPlot(
      title: localized("\(network.name) on \(set.name)"), xLabel: set.inputNames[plane.x],
      yLabel: set.inputNames[plane.y], xRange: xRange, yRange: yRange, gridColumns: columns,
      answers: (0..<rows * columns).map { reader.answer(answers, row: $0) }, classes: reader.classes,
      points: (0..<set.rows).map { point($0, outputs, reader) })
    plot.fixed = set.inputNames.indices.filter { $0 != plane.x && $0 != plane.y }.map {
      .init(name: set.inputNames[$0], value: middle[$0])
    }
    return plot
  }

  /// The rows to ask: every place of the plane, the other inputs at their means.
  private func grid(_ xs: ClosedRange<Double>, _ ys: ClosedRange<Double>, _ middle: [Double]) -> [Double] {
    var grid: [Double] = []
    grid.reserveCapacity(rows * columns * middle.count)
    var line = middle
    for row in 0..<rows {
      line[plane.y] = ys.node(row, of: rows)
      for column in 0..<columns {
        line[plane.x] = xs.node(column, of: columns)
        grid += line
      }
    }
    return grid
  }

  private func mean(_ values: [Double]) -> Double {
    let finite = values.filter(\.isFinite)
    return finite.reduce(0) { $0 + $1 / Double(finite.count) }
  }

  /// A quarter of room on every side, so that no point lies on the frame and the network shows what it makes
  /// of places that it never saw.
  private func padded(_ values: [Double]) -> ClosedRange<Double> {
    let finite = values.filter(\.isFinite)
    let low = finite.min() ?? 0
    let high = finite.max() ?? 1
    let margin = high > low ? high * 0.25 - low * 0.25 : max(1, abs(low) * 0.25)
    let limit = Double.greatestFiniteMagnitude
    return max(low - margin, -limit)...min(high + margin, limit)
  }

  private func point(_ row: Int, _ outputs: [Double], _ reader: ClassAnswers) -> BoundaryPlot.Point {
    let inputs = Array(set.inputs(ofRow: row))
    let answer = reader.answer(outputs, row: row)
    // No answer is not the right one, whatever the class.
    return .init(
      x: inputs[plane.x], y: inputs[plane.y],
      truth: reader.truth(output?.targets(set, row: row) ?? set.targets(ofRow: row)) ?? answer.winner,
      predicted: answer.probability.isNaN ? -1 : answer.winner)
  }
}

// MARK: - Confusion

/// `plot confusion xor`
private struct ConfusionMatrix: PlotKind {
  let data: Identifier
  let output: Identifier?

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let session = context.session
    let selection = try session.data(data)
    let network = try session.readyNetwork(at: context.span)
    let set = try context.locating {
      let fitted = try session.fitted(selection.set, of: selection.reference, to: network)
      if let note = fitted.note { context.emit(.text(note)) }
      return fitted.parts.train
    }
    let output = try session.shownOutput(of: network, named: output, on: set, context)
    let reader =
      output.map(ClassAnswers.init) ?? ClassAnswers(network, names: session.shownClasses(of: network))
    let outputs = try context.locating {
      let all = try session.answers(of: network, to: set)
      return output?.only(all, width: network.graph.outputWidth) ?? all
    }
    let counts = try context.locating { try network.answers(ofRows: set.examples) }
    let places = counts.enumerated().flatMap { row, steps in (0..<steps).map { (row, $0, steps) } }
    let pairs = try places.enumerated().map { place, answer in
      let (row, step, steps) = answer
      let targets = (output?.targets(set, row: row) ?? set.targets(ofRow: row)).step(step, of: steps)
      guard let targets, let truth = reader.truth(targets), isClass(targets, reader) else {
        throw noClass(row, of: set, network, at: data.span)
      }
      let answer = reader.answer(outputs, row: place)
      guard !answer.probability.isNaN else {
        throw Diagnostic(
          .nothingToPlot,
          "The output of `\(network.name)` for row \(row + 1) of `\(set.name)` is nan, so there is no class: the weights or the data are too large. Scale the data: prepare \(set.name)",
          at: data.span)
      }
      return (truth: truth, predicted: answer.winner)
    }
    return ConfusionPlot(
      title: output.map { localized("output \($0.name) of \(network.name) on \(set.name)") }
        ?? localized("\(network.name) on \(set.name)"), classes: reader.classes, pairs: pairs)
  }

  /// Whether targets say a class: a whole number, for a single output 0 or 1 (for hinge also -1), or a one-hot row.
  private func isClass(_ targets: ArraySlice<Double>, _ reader: ClassAnswers) -> Bool {
    if targets.count == 1, reader.width > 1 { return targets.allSatisfy { $0 == $0.rounded() } }
    let no: Double = reader.task.threshold == 0 && targets.first == -1 ? -1 : 0
    return targets.allSatisfy { $0 == no || $0 == 1 } && (targets.count == 1 || targets.reduce(0, +) == 1)
  }

  private func noClass(_ row: Int, of set: Dataset, _ network: Network, at span: SourceSpan) -> Diagnostic {
    let width = network.graph.outputWidth / network.graph.outputSteps
    guard width == 1 else {
      return Diagnostic(
        .badLabel,
        "Row \(row + 1) of `\(set.name)` has a target that is not one of the \(width) classes of `\(network.name)`. "
          + "Classes are integers from 0, or one-hot rows.", at: span)
    }
    let target = set.targets(ofRow: row).map { formatNumber($0, digits: 4) }.joined(separator: " ")
    return Diagnostic(
      .badLabel,
      "A confusion matrix needs classes, 0 and 1 for the one output of `\(network.name)`, but row \(row + 1) of "
        + "`\(set.name)` has the target \(target). For regression use evaluate \(set.name)", at: span,
      suggestion: "evaluate \(set.name)")
  }
}

/// Reads a network's outputs, and a data set's targets, as classes: one output is a probability of class 1, or a margin
/// where the loss is hinge; several are a score each.
struct ClassAnswers {
  /// What the outputs are predictions of.
  let task: PredictionTask

  /// How many outputs the network has, at each step where it gives a sequence.
  let width: Int

  /// The classes' names, where the data has given any.
  var names: [String]?

  /// Reads a network's outputs.
  init(_ network: Network, names: [String]?) {
    task = network.task
    width = network.graph.outputWidth / network.graph.outputSteps
    self.names = names
  }

  /// Reads one of several output layers.
  init(_ output: NetworkOutput) {
    task = output.task
    width = output.units.count
    names = output.classes
  }

  /// The classes' names, or their numbers.
  var classes: [String] { names ?? (0..<max(2, width)).map(String.init) }

  /// The answer that stands in a row of outputs; its probability is NaN where the network has none.
  func answer(_ outputs: [Double], row: Int) -> BoundaryPlot.Answer {
    if width == 1 {
      let output = outputs[row]
      // A margin's -1 is the class 0, its 1 the class 1.
      let p = task.threshold == 0 ? (output + 1) / 2 : output
      return .init(
        winner: output > task.threshold ? 1 : 0, probability: p.isNaN ? .nan : min(1, max(0, p)))
    }
    let winner = task.label(outputs[row * width..<(row + 1) * width])
    return .init(winner: winner, probability: outputs[row * width + (width == 2 ? 1 : winner)])
  }

  /// The class that the data says; nil where its targets are no classes of the network's.
  func truth(_ set: Dataset, row: Int) -> Int? { truth(set.targets(ofRow: row)) }

  /// The class that the targets of a row, or of one of its steps, say.
  func truth(_ targets: ArraySlice<Double>) -> Int? {
    if targets.count > 1 { return targets.count == width ? task.label(targets) : nil }
    guard let target = targets.first, target.isFinite else { return nil }
    return width == 1
      ? (target > 0.5 ? 1 : 0) : Int(exactly: target).flatMap { (0..<width).contains($0) ? $0 : nil }
  }
}

extension ArraySlice<Double> {
  /// The targets of one of so many steps; nil where they are not as many for each.
  func step(_ step: Int, of steps: Int) -> ArraySlice<Double>? {
    guard count.isMultiple(of: steps), !isEmpty else { return nil }
    let width = count / steps
    return self[startIndex + step * width..<startIndex + (step + 1) * width]
  }
}

extension Dataset {
  /// The class of each row as the targets alone tell it: their one-hot place, or a small whole number. Nil
  /// where they are no classes.
  var labels: [Int]? {
    let width = targetNames.count
    guard width > 0 else { return nil }
    if width > 1 {
      let isOneHot = (0..<rows).allSatisfy { row in
        let targets = targets(ofRow: row)
        return targets.allSatisfy { $0 == 0 || $0 == 1 } && targets.reduce(0, +) == 1
      }
      guard isOneHot else { return nil }
      return (0..<rows).map { Array(targets(ofRow: $0)).firstIndex(of: 1) ?? 0 }
    }
    let labels = targets.compactMap { Int(exactly: $0) }
    guard labels.count == rows, labels.allSatisfy({ (0..<36).contains($0) }) else { return nil }
    return labels
  }

  /// One column of the inputs.
  func input(_ column: Int) -> [Double] {
    stride(from: column, to: inputs.count, by: inputNames.count).map { inputs[$0] }
  }

  /// One column of the targets.
  func target(_ column: Int) -> [Double] {
    stride(from: column, to: targets.count, by: targetNames.count).map { targets[$0] }
  }
}

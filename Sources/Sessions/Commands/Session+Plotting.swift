import Datasets
import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Session {
  func plot(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let width = try arguments.integer("width", context)
    let height = try arguments.integer("height", context)
    var plot: Plot
    switch arguments.command.variant {
    case "loss":
      plot = .line(try trainingCurve("loss", .loss, .validationLoss, lowerIsBetter: true, arguments))
    case "accuracy":
      plot = .line(
        try trainingCurve("accuracy", .accuracy, .validationAccuracy, lowerIsBetter: false, arguments))
    case "series": plot = .line(try seriesPlot(arguments))
    default: plot = .boundary(try boundary(arguments))
    }
    plot.setSize(width: width, height: height)
    context.emit(.plot(plot))
  }

  private func trainingCurve(
    _ label: String, _ figure: Figure, _ validation: Figure, lowerIsBetter: Bool,
    _ arguments: CommandArguments
  ) throws -> LinePlot {
    let network = try currentNetwork(at: arguments.span)
    if let training = network.lastTraining, training.epochs.isEmpty {
      throw Diagnostic(
        "nothing-to-plot",
        "The last training of `\(network.name)` broke off in its first epoch, so there is no \(label) to plot.",
        at: arguments.span)
    }
    guard let training = network.lastTraining else {
      throw Diagnostic(
        "nothing-to-plot",
        "`\(network.name)` has not been trained yet, so there is no \(label) to plot. Train it first: train xor",
        at: arguments.span)
    }
    let values = training.epochs.compactMap { $0[figure] }
    guard !values.isEmpty else {
      throw Diagnostic(
        "nothing-to-plot", "The last training had no \(label): its targets are no classes. Try plot loss",
        at: arguments.span,
        suggestion: "plot loss")
    }
    var series = [LinePlot.Series(name: "train \(label)", values: values, lowerIsBetter: lowerIsBetter)]
    let checked = training.epochs.compactMap { $0[validation] }
    if !checked.isEmpty {
      series.append(
        .init(name: "validation \(label)", values: checked, lowerIsBetter: lowerIsBetter, marksBest: true))
    }
    return LinePlot(
      title: "\(label) of \(network.name) on \(network.lastTrainingData ?? "data")", xLabel: "epoch",
      yLabel: label, firstX: 1,
      series: series, isLogarithmic: arguments.choice("yscale") == "log")
  }

  private func seriesPlot(_ arguments: CommandArguments) throws -> LinePlot {
    let name = try arguments.requiredName("series")
    let values = namespace.series(name).values
    guard !values.isEmpty else {
      throw Diagnostic(
        "unknown-series", "There is no series `\(name)`. Note values in it first: record \(name)",
        at: arguments.span("series"))
    }
    return LinePlot(
      title: "series \(name)", xLabel: "step", yLabel: name, firstX: 1,
      series: [.init(name: name, values: values)],
      isLogarithmic: arguments.choice("yscale") == "log")
  }

  private func boundary(_ arguments: CommandArguments) throws -> BoundaryPlot {
    let name = try arguments.requiredName("data")
    let set = try data(name, at: arguments.span("data")).set
    let network = try readyNetwork(at: arguments.span)
    guard set.inputNames.count == 2, network.graph.inputWidth == 2 else {
      let wide = set.inputNames.count == 2 ? network.graph.inputWidth : set.inputNames.count
      throw Diagnostic(
        "wrong-shape",
        "A boundary is drawn over a plane, so it needs two inputs, but \(set.inputNames.count == 2 ? "`\(network.name)`" : "`\(name)`") has \(wide).",
        at: arguments.span)
    }
    return try locating(arguments.span) {
      try BoundarySampler(network: network, set: set, session: self).plot()
    }
  }
}

/// Asks a network for its answers over the plane around a data set.
private struct BoundarySampler {
  let network: Network
  let set: Dataset
  let session: Session
  /// Fine enough for a wide terminal; a renderer picks from it.
  private let columns = 96
  private let rows = 64

  private var width: Int { network.graph.outputWidth }

  func plot() throws -> BoundaryPlot {
    let xs = stride(from: 0, to: set.inputs.count, by: 2).map { set.inputs[$0] }
    let ys = stride(from: 1, to: set.inputs.count, by: 2).map { set.inputs[$0] }
    let xRange = padded(xs)
    let yRange = padded(ys)
    var grid: [Double] = []
    for row in 0..<rows {
      for column in 0..<columns { grid += [place(column, columns, xRange), place(row, rows, yRange)] }
    }
    let answers = try session.answers(of: network, to: grid, rows: rows * columns, name: "the plane")
    let outputs = try session.answers(of: network, to: set.inputs, rows: set.rows, name: set.name)
    return BoundaryPlot(
      title: "\(network.name) on \(set.name)", xLabel: set.inputNames[0], yLabel: set.inputNames[1],
      xRange: xRange,
      yRange: yRange, gridColumns: columns, answers: (0..<rows * columns).map { answer(answers, $0) },
      classes: classes, points: (0..<set.rows).map { point($0, outputs) })
  }

  private var classes: [String] { session.classes(of: network) ?? (0..<max(2, width)).map(String.init) }

  /// A tenth and more of room on every side, so that no point lies on the frame.
  private func padded(_ values: [Double]) -> ClosedRange<Double> {
    let low = values.min() ?? 0
    let high = values.max() ?? 1
    let margin = high > low ? (high - low) * 0.25 : max(1, abs(low) * 0.25)
    return low - margin...high + margin
  }

  private func place(_ index: Int, _ count: Int, _ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(count - 1)
  }

  private func answer(_ outputs: [Double], _ row: Int) -> BoundaryPlot.Answer {
    if width == 1 {
      let p = min(1, max(0, outputs[row]))
      return .init(winner: p >= 0.5 ? 1 : 0, probability: p)
    }
    let winner = best(outputs[row * width..<(row + 1) * width])
    return .init(winner: winner, probability: outputs[row * width + (width == 2 ? 1 : winner)])
  }

  private func point(_ row: Int, _ outputs: [Double]) -> BoundaryPlot.Point {
    let inputs = Array(set.inputs(ofRow: row))
    let predicted = answer(outputs, row).winner
    return .init(x: inputs[0], y: inputs[1], truth: truth(row) ?? predicted, predicted: predicted)
  }

  /// The class that the data says; nil where it has no targets.
  private func truth(_ row: Int) -> Int? {
    let targets = set.targets(ofRow: row)
    if targets.count > 1 { return best(targets) }
    guard let target = targets.first else { return nil }
    return width == 1
      ? (target >= 0.5 ? 1 : 0) : Int(exactly: target).flatMap { (0..<width).contains($0) ? $0 : nil }
  }

  private func best(_ values: ArraySlice<Double>) -> Int {
    var best = values.startIndex
    for index in values.indices where values[index] > values[best] { best = index }
    return best - values.startIndex
  }
}

extension Plot {
  fileprivate mutating func setSize(width: Int?, height: Int?) {
    switch self {
    case .line(var plot):
      (plot.width, plot.height) = (width, height)
      self = .line(plot)
    case .boundary(var plot):
      (plot.width, plot.height) = (width, height)
      self = .boundary(plot)
    }
  }
}

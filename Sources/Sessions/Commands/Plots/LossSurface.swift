import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Outputs
import Plotting

extension PlotCommands {
  static let ofDescents: Table = ["descent": LossSurface.self]
}

/// `plot descent points x=out.weights[0, 0] y=out.bias[0]`: the loss over two parameters, all others as they are, and the way
/// that gradient descent takes from where the two are.
private struct LossSurface: PlotKind {
  let data: Identifier
  let x: ParameterElement?
  let y: ParameterElement?
  let rate: Operand<Double>?
  let steps: Operand<Int>

  /// Fine enough for contours; a renderer picks from it.
  private static let (columns, rows) = (49, 49)

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let session = context.session
    let selection = try session.data(data)
    let network = try session.readyNetwork(at: context.span)
    guard let x, let y else { throw missing(network, context) }
    guard !network.defaults.rule.isOnline else {
      throw Diagnostic(
        .nothingToPlot,
        "`\(network.name)` learns by an online rule, not by the gradient of its loss on a data set.",
        at: context.span)
    }
    let fitted = try context.locating {
      try session.fitted(selection.set, of: selection.reference, to: network)
    }
    if let note = fitted.note { context.emit(.text(note)) }
    let rate = try rate?(context) ?? network.defaults.rate ?? Optimizer.sgd().defaultRate
    let before = network.state
    defer { network.restore(before) }
    let walk = Walk(
      network: network, examples: fitted.scaled.train.examples, x: x, y: y, rate: rate, context: context)
    try x.check(belongsTo: network, context)
    try y.check(belongsTo: network, context)
    guard x.label(context) != y.label(context) else {
      throw Diagnostic(.badValue, "`x` and `y` must be two different numbers of the network.", at: y.span)
    }
    let path = try walk.path(steps: steps(context))
    let (xRange, yRange) = Self.ranges(around: path)
    network.restore(before)
    let losses = try walk.losses(xRange, yRange, columns: Self.columns, rows: Self.rows)
    return DescentPlot(
      title: localized("\(network.name) on \(data.name)"), xLabel: x.label(context),
      yLabel: y.label(context),
      xRange: xRange,
      yRange: yRange, gridColumns: Self.columns, losses: losses, path: path, rate: rate)
  }

  private func missing(_ network: Network, _ context: CommandContext) -> Diagnostic {
    let layer = network.graph.layers.last { $0.isDense }?.name ?? "out"
    let example = "plot descent \(data.name) x=\(layer).weights[0, 0] y=\(layer).bias[0]"
    return Diagnostic(
      .missingArgument, "The plot needs two numbers of the network for its axes, `x=` and `y=`: \(example)",
      at: context.span, suggestion: example)
  }

  /// The plane around a path: half as much room as it takes on every side, and no side much shorter than the other, so that
  /// a valley shows as one.
  private static func ranges(
    around path: [DescentPlot.Step]
  ) -> (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    func extent(_ values: [Double]) -> (middle: Double, half: Double) {
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      return (low + (high - low) / 2, (high - low) / 2)
    }
    let (x, y) = (extent(path.map(\.x)), extent(path.map(\.y)))
    let longest = max(x.half, y.half)
    let least = longest > 0 ? longest * 0.5 : 1
    func range(_ extent: (middle: Double, half: Double)) -> ClosedRange<Double> {
      let half = max(extent.half, least) * 2
      return (extent.middle - half)...(extent.middle + half)
    }
    return (range(x), range(y))
  }
}

/// Goes to places of the plane, and asks for the loss there.
private struct Walk {
  let network: Network
  let examples: Examples
  let x: ParameterElement
  let y: ParameterElement
  let rate: Double
  let context: CommandContext

  private func loss() throws -> Double {
    if context.session.interruption.isRequested {
      throw Diagnostic(.interrupted, "The loss was not computed to its end.", at: context.span)
    }
    return try context.locating { try network.evaluate(examples).loss }
  }

  /// The losses at the nodes of a grid, row by row from the lowest.
  func losses(_ xs: ClosedRange<Double>, _ ys: ClosedRange<Double>, columns: Int, rows: Int) throws
    -> [Double]
  {
    var losses: [Double] = []
    for row in 0..<rows {
      try y.set(ys.node(row, of: rows), context)
      for column in 0..<columns {
        try x.set(xs.node(column, of: columns), context)
        losses.append(try loss())
      }
    }
    return losses
  }

  /// Where gradient descent is after each step. A step is that of a training on all rows at once; the other parameters are
  /// put back behind it. A path that leaves for the infinite ends.
  func path(steps: Int) throws -> [DescentPlot.Step] {
    let start = network.state
    var random = context.session.random
    let objective = try context.locating { try network.effectiveObjective() }
    var options = TrainingOptions(
      epochs: 1, batchSize: examples.rows, loss: objective.loss, optimizer: .sgd(), rate: rate,
      shuffles: false)
    options.objective = objective.isUniform ? nil : objective
    var path = [try step(x.number(context), y.number(context))]
    for _ in 0..<steps {
      do { _ = try network.train(examples, options, random: &random) } catch { break }
      let (first, second) = (try x.number(context), try y.number(context))
      network.restore(start)
      let next = try step(first, second)
      guard next.loss.isFinite, abs(first) < 1e9, abs(second) < 1e9 else { break }
      path.append(next)
    }
    return path
  }

  private func step(_ first: Double, _ second: Double) throws -> DescentPlot.Step {
    try x.set(first, context)
    try y.set(second, context)
    return DescentPlot.Step(x: first, y: second, loss: try loss())
  }
}

/// One number of a network, `hid.weights[0, 0]`, to read and to write.
struct ParameterElement: ArgumentDecodable {
  private let operand: Operand<Value>
  private let place: Place?
  let span: SourceSpan

  init(_ arguments: ArgumentDecoder) throws {
    operand = try Operand(arguments)
    span = operand.span
    guard case .expression(let expression) = operand.content.kind else {
      place = nil
      return
    }
    place = arguments.compiler.place(of: expression)
  }

  /// The element as it is written.
  func label(_ context: CommandContext) -> String {
    context.session.source.map { String($0.text(in: span)) } ?? localized("parameter")
  }

  /// The number that stands there.
  func number(_ context: CommandContext) throws -> Double { try operand(context).number(at: span) }

  /// Puts a number there.
  func set(_ number: Double, _ context: CommandContext) throws {
    try place?.store(.number(number), context.execution)
  }

  /// Makes sure that the number is one of the network's.
  ///
  /// - Throws: `bad-value` for whatever is none.
  func check(belongsTo network: Network, _ context: CommandContext) throws {
    guard place != nil else { throw refusal(network) }
    let before = network.version
    let number: Double
    do { number = try self.number(context) } catch let error as Diagnostic
      where error.code != .indexOutOfRange
    {
      throw refusal(network)
    }
    try set(number, context)
    guard network.version != before else { throw refusal(network) }
  }

  private func refusal(_ network: Network) -> Diagnostic {
    let layer = network.graph.layers.last { !$0.isInput }?.name ?? "out"
    return Diagnostic(
      .badValue,
      "This is not one number of `\(network.name)`. Name a weight or a bias with its place: \(layer).weights[0, 0], \(layer).bias[0]",
      at: span)
  }
}

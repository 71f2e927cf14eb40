import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Plotting

extension PlotCommands {
  static let ofSteps: Table = ["states": LayerStates.self, "gates": LayerGates.self]
}

/// `plot states L sequences sample=3`: what a layer keeps in mind, step by step, for one row.
private struct LayerStates: PlotKind {
  let layer: Identifier
  let data: Identifier?
  let sample: Operand<Int>

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let moments = try RecurrencePlot("states", layer, data, sample, context)
    let blocks = try moments.blocks(.state, context)
    guard !blocks.isEmpty else {
      throw moments.refusal("gives one answer for a whole row, and keeps nothing from step to step.", context)
    }
    return moments.plot(blocks)
  }
}

/// `plot gates L sequences sample=3`: how far a layer's gates are open, step by step, for one row.
private struct LayerGates: PlotKind {
  let layer: Identifier
  let data: Identifier?
  let sample: Operand<Int>

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let moments = try RecurrencePlot("gates", layer, data, sample, context)
    let blocks = try moments.blocks(.gate, context)
    guard !blocks.isEmpty else {
      throw moments.refusal(
        "has no gates: an lstm has three, a gru two, and other layers those that `gate` sets on the edges into them.",
        context)
    }
    return moments.plot(blocks)
  }
}

/// One row of a data set on its way through a layer, step by step.
private struct RecurrencePlot {
  /// What of the layer: `states`, `gates`.
  private let what: String
  private let network: Network
  private let layer: Layer
  private let span: SourceSpan
  private let row: PlottedRow

  init(
    _ what: String, _ layer: Identifier, _ data: Identifier?, _ sample: Operand<Int>,
    _ context: CommandContext
  ) throws {
    self.what = what
    network = try context.session.readyNetwork(at: context.span)
    self.layer = try network.layer(layer)
    span = layer.span
    row = try PlottedRow(data, layer: layer.name, sample, network, verb: what, context)
  }

  func blocks(_ part: LayerMoments.Part, _ context: CommandContext) throws -> [MatrixPlot.Block] {
    try row.moments(of: layer.name, network, context).filter { $0.part == part }.map { moment in
      // A row a unit, time across.
      let units = moment.values.count / moment.steps
      let values = (0..<units).flatMap { unit in
        (0..<moment.steps).map { moment.values[$0 * units + unit] }
      }
      return MatrixPlot.Block(name: Self.words(for: moment.name), columns: moment.steps, values: values)
    }
  }

  private var title: String {
    let (name, sample, data) = (layer.name, row.sample, row.data)
    return what == "states"
      ? localized("states of \(name) over the steps, sample \(sample) of \(data)")
      : localized("gates of \(name) over the steps, sample \(sample) of \(data)")
  }

  func plot(_ blocks: [MatrixPlot.Block]) -> any DrawablePlot {
    MatrixPlot(
      title: title, rowLabel: localized("unit"), blocks: blocks)
  }

  /// What an array of a recurrent layer is called; names of layers and gates stay as they are.
  private static func words(for moment: String) -> String {
    switch moment {
    case "cell": localized("cell")
    case "input gate": localized("input gate")
    case "forget gate": localized("forget gate")
    case "output gate": localized("output gate")
    case "update gate": localized("update gate")
    case "reset gate": localized("reset gate")
    case "carried sum": localized("carried sum")
    default: moment
    }
  }

  func refusal(_ reason: String, _ context: CommandContext) -> Diagnostic {
    Diagnostic(
      .wrongLayer,
      "`\(layer.name)` is a layer of kind \(layer.kindName), which \(reason) To plot its output: plot activations \(layer.name)",
      at: span, suggestion: "plot activations \(layer.name)")
  }
}

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
  let moments: MomentArguments

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    try moments.plot(
      .state, orElse: "gives one answer for a whole row, and keeps nothing from step to step.", context)
  }
}

/// `plot gates L sequences sample=3`: how far a layer's gates are open, step by step, for one row.
private struct LayerGates: PlotKind {
  let moments: MomentArguments

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    try moments.plot(
      .gate,
      orElse:
        "has no gates: an lstm has three, a gru two, and other layers those that `gate` sets on the edges into them.",
      context)
  }
}

/// One row of a data set on its way through a layer, step by step.
private struct MomentArguments: Decodable {
  let layer: Identifier
  let data: Identifier?
  let sample: Operand<Int>

  /// The plot of a part.
  ///
  /// - Parameter reason: what a layer does that has no such part.
  func plot(
    _ part: LayerMoments.Part, orElse reason: String, _ context: CommandContext
  ) throws -> any DrawablePlot {
    let network = try context.session.readyNetwork(at: context.span)
    let layer = try network.layer(layer)
    let row = try PlottedRow(
      data, layer: layer.name, sample, network, verb: part == .state ? "states" : "gates", context)
    let moments = try row.moments(of: layer.name, network, context).filter { $0.part == part }
    guard !moments.isEmpty else {
      throw Diagnostic(
        .wrongLayer,
        "`\(layer.name)` is a layer of kind \(layer.kindName), which \(reason) To plot its output: plot activations \(layer.name)",
        at: self.layer.span, suggestion: "plot activations \(layer.name)")
    }
    let blocks = moments.map { moment in
      // A row a unit, time across.
      let units = moment.values.count / moment.steps
      let values = (0..<units).flatMap { unit in
        (0..<moment.steps).map { moment.values[$0 * units + unit] }
      }
      return MatrixPlot.Block(name: Self.words(for: moment), columns: moment.steps, values: values)
    }
    let title =
      part == .state
      ? localized("states of \(layer.name) over the steps, sample \(row.sample) of \(row.data)")
      : localized("gates of \(layer.name) over the steps, sample \(row.sample) of \(row.data)")
    return MatrixPlot(title: title, rowLabel: localized("unit"), blocks: blocks)
  }

  /// What an array is called, with the direction that it belongs to where there are two.
  private static func words(for moment: LayerMoments) -> String {
    let name = words(for: moment.name)
    switch moment.direction {
    case nil: return name
    case .forward: return localized("\(name), forward")
    case .backward: return localized("\(name), backward")
    }
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
}

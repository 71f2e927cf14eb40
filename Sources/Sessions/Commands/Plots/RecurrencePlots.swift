import Datasets
import Diagnostics
import Foundations
import Language
import NeuralEngine
import Outputs

/// `plot states L sequences sample=3`: what a layer keeps in mind, step by step, for one row.
struct LayerStates: PlotKind {
  let layer: Identifier
  let data: Identifier?
  let sample: Operand<Int>

  func plot(_ context: CommandContext) throws -> Plot {
    let moments = try RecurrencePlot(layer, data, sample, context)
    let blocks = try moments.blocks(.state, context)
    guard !blocks.isEmpty else {
      throw moments.refusal("gives one answer for a whole row, and keeps nothing from step to step.", context)
    }
    return moments.plot("states", blocks)
  }
}

/// `plot gates L sequences sample=3`: how far a layer's gates are open, step by step, for one row.
struct LayerGates: PlotKind {
  let layer: Identifier
  let data: Identifier?
  let sample: Operand<Int>

  func plot(_ context: CommandContext) throws -> Plot {
    let moments = try RecurrencePlot(layer, data, sample, context)
    let blocks = try moments.blocks(.gate, context)
    guard !blocks.isEmpty else {
      throw moments.refusal(
        "has no gates: an lstm has three, a gru two, and other layers those that `gate` sets on the edges into them.",
        context)
    }
    return moments.plot("gates", blocks)
  }
}

/// One row of a data set on its way through a layer, step by step.
private struct RecurrencePlot {
  private let network: Network
  private let layer: Layer
  private let span: SourceSpan
  private let row: Dataset
  private let selection: DataSelection
  private let words: String

  init(
    _ layer: Identifier, _ data: Identifier?, _ sample: Operand<Int>, _ context: CommandContext
  ) throws {
    network = try context.session.readyNetwork(at: context.span)
    self.layer = try network.layer(layer)
    span = layer.span
    let (name, selection) = try data.plotted(for: network, "plot states \(layer.name)", context)
    let sample = try sample.row(of: selection.set, context)
    row = selection.set.selecting(rows: [sample], name: name)
    self.selection = selection
    words = "sample \(sample) of \(name)"
  }

  func blocks(_ part: LayerMoments.Part, _ context: CommandContext) throws -> [MatrixPlot.Block] {
    let moments = try context.locating {
      let scaled = try context.session.scaledInputs(of: row, of: selection.reference, to: network)
      return try network.moments(of: layer.name, for: scaled.examples)
    }
    return moments.filter { $0.part == part }.map { moment in
      // A row a unit, time across.
      let units = moment.values.count / moment.steps
      let values = (0..<units).flatMap { unit in
        (0..<moment.steps).map { moment.values[$0 * units + unit] }
      }
      return MatrixPlot.Block(name: moment.name, columns: moment.steps, values: values)
    }
  }

  func plot(_ what: String, _ blocks: [MatrixPlot.Block]) -> Plot {
    .matrix(
      MatrixPlot(title: "\(what) of \(layer.name) over the steps, \(words)", rowLabel: "unit", blocks: blocks)
    )
  }

  func refusal(_ reason: String, _ context: CommandContext) -> Diagnostic {
    Diagnostic(
      .wrongLayer,
      "`\(layer.name)` is a layer of kind \(layer.kindName), which \(reason) To plot its output: plot activations \(layer.name)",
      at: span, suggestion: "plot activations \(layer.name)")
  }
}

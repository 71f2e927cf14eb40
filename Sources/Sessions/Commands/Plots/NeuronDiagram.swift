import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Plotting

extension PlotCommands {
  static let ofNeurons: Table = ["neuron": NeuronDiagram.self]
}

/// `plot neuron out xor sample=2 unit=0`: what one unit of a dense layer computes for a row of data.
private struct NeuronDiagram: PlotKind {
  let layer: Identifier
  let data: Identifier?
  let sample: Operand<Int>
  let unit: Operand<Int>

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let session = context.session
    let network = try session.readyNetwork(at: context.span)
    let layer = try network.layer(layer)
    let edges = network.graph.edges.filter { $0.target == layer.name }
    guard layer.isDense, !edges.isEmpty,
      edges.allSatisfy({ $0.hasWeights && network.graph.notes(on: $0) == nil })
    else {
      let instead = "plot activations \(layer.name)"
      throw Diagnostic(
        .wrongLayer,
        "`plot neuron` draws a unit of a dense layer that is joined with all units before it, and `\(layer.name)` is not one. To plot its output: \(instead)",
        at: self.layer.span, suggestion: instead)
    }
    let number = try unit(context)
    // A layer that answers each step of a sequence has the same units at all of them.
    let units = network.graph.shape(of: layer)?.last ?? network.graph.width(of: layer)
    guard number < units else {
      throw Diagnostic(
        .indexOutOfRange,
        "`\(layer.name)` has \(units.counted("unit")), counted from 0, so there is no unit \(number).",
        at: unit.span)
    }
    let row = try PlottedRow(data, layer: layer.name, sample, network, verb: "neuron", context)
    let answers = try row.values(of: layer.name, network, context)
    let steps = answers.count / max(1, units)
    let parameters = network.parametersByKey
    let inputs = try edges.flatMap { edge -> [NeuronPlot.Input] in
      let all = try row.values(of: edge.source, network, context)
      let weights = parameters[.weights(of: edge)] ?? []
      // Of a sequence the last step is drawn.
      let values = Array(all.suffix(weights.count / max(1, units)))
      guard weights.count == units * values.count else { return [] }
      return values.enumerated().map { index, value in
        NeuronPlot.Input(
          name: row.name(of: edge.source, index, of: values.count, outOf: all.count, network), value: value,
          weight: weights[number * values.count + index])
      }
    }
    let bias = parameters[ParameterKey(layer: layer.name, role: .bias)]?[number]
    let sum = inputs.reduce(bias ?? 0) { $0 + $1.value * $1.weight }
    return NeuronPlot(
      title: steps > 1
        ? localized("unit \(number) of \(layer.name), step \(steps) of sample \(row.sample) of \(row.data)")
        : localized("unit \(number) of \(layer.name), sample \(row.sample) of \(row.data)"),
      inputs: inputs,
      bias: bias,
      sum: sum, activation: layer.activation.rawValue,
      output: answers[answers.count - units + number])
  }
}

import Datasets
import Diagnostics
import Foundation
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine
import Outputs
import Plotting

/// `show health moons`
struct ShowHealth: SessionCommand {
  let data: Identifier

  func run(_ context: CommandContext) throws {
    let (network, health) = try inspected(data, context)
    let rows = health.layers.map { layer in
      [
        layer.name, layer.activation.rawValue, String(layer.units), String(layer.stuck),
        layer.flatShare.shareText,
        layer.weights?.significant(3) ?? "", layer.gradient?.significant(3) ?? "",
      ]
    }
    let skill = health.skill.map {
      localized(
        "skill \($0.significant(3)): 1 for no error, 0 for the best answer that is the same for every row, less for worse"
      )
    }
    context.emit(
      .table(
        Table(
          title: localized("health of \(network.name) on \(data.name)"),
          columns: [
            .words(localized("layer")), .words(localized("activation")), .numbers(localized("units")),
            .numbers(localized("stuck")), .numbers(localized("flat")), .numbers(localized("weights")),
            .numbers(localized("gradient")),
          ], rows: rows,
          footer: (health.areAllRows ? [] : [localized("\(health.rows) rows looked at")])
            + [skill].compactMap(\.self))))
  }
}

/// The current network, and what its layers do on a data set.
private func inspected(
  _ data: Identifier, _ context: CommandContext
) throws -> (network: Network, health: NetworkHealth) {
  let session = context.session
  let selection = try session.data(data)
  let network = try session.readyNetwork(at: context.span)
  let health = try context.locating {
    try network.health(
      on: session.fitted(
        selection.isPart ? selection.set : selection.reference.parts.train, of: selection.reference,
        to: network
      ).scaled.train.examples)
  }
  return (network, health)
}

extension PlotCommands {
  static let ofHealth: Table = ["health": HealthPlot.self]
}

/// `plot health moons`: the sizes of weights and gradients from layer to layer.
private struct HealthPlot: PlotKind {
  let data: Identifier

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let (network, health) = try inspected(data, context)
    let layers = health.layers.filter { $0.weights != nil }
    guard !layers.isEmpty else {
      throw Diagnostic(
        .nothingToPlot, "No layer of `\(network.name)` has weights, so there is nothing to plot.",
        at: context.span)
    }
    let names = layers.enumerated().map { "\($0 + 1) \($1.name)" }.joined(separator: ", ")
    let places = layers.indices.map { Double($0 + 1) }
    func series(_ name: String, _ value: (NetworkHealth.LayerHealth) -> Double?) -> XYPlot.Series? {
      let values = layers.map(value)
      guard values.contains(where: { $0 != nil }) else { return nil }
      return XYPlot.Series(name: name, xs: places, ys: values.map { $0 ?? .nan })
    }
    return XYPlot(
      .line, title: localized("health of \(network.name) on \(data.name)"),
      xLabel: localized("layer: \(names)"), yLabel: localized("size"),
      series: [
        series(localized("gradient"), \.gradient), series(localized("weights"), \.weights),
      ].compactMap(\.self), isLogarithmic: true)
  }
}

/// `probe rate moons`
struct ProbeRates: SessionCommand {
  let data: Identifier
  let from: Operand<Double>
  let to: Operand<Double>
  let steps: Operand<Int>
  let batch: Operand<Int>

  func run(_ context: CommandContext) throws {
    let session = context.session
    let selection = try session.data(data)
    let network = try session.currentNetwork(at: context.span)
    let (low, high) = (try from(context), try to(context))
    guard low < high else {
      throw Diagnostic(
        .badValue, "`from` must be less than `to`, but \(low.brief) is not less than \(high.brief).",
        at: to.span)
    }
    let part = selection.isPart ? selection.set : selection.reference.parts.train
    let interruption = session.interruption
    let probe = try context.locating {
      let rows = try session.fitted(
        DatasetParts(train: part), of: selection.reference, to: network, isTraining: true
      ).scaled.train
      var options = TrainingOptions(
        epochs: 1, batchSize: min(try batch(context), rows.rows), loss: try network.effectiveLoss(),
        optimizer: network.defaults.optimizer ?? .sgd(), rate: low)
      let objective = try network.effectiveObjective()
      options.objective = objective.isUniform ? nil : objective
      options.regularizer = network.defaults.regularizer
      options.clip = network.defaults.clip
      return try network.probeRates(
        rows.examples, options, range: low...high, count: steps(context),
        execution: session.state.options.execution, random: session.random,
        isInterrupted: { interruption.isRequested })
    }
    try context.execution.checkInterruption()
    context.emit(.plot(Plot(plot(probe, network))))
    guard let rate = probe.suggestion else {
      return context.emit(
        .text(localized("the loss did not fall at any rate from \(low.brief) to \(high.brief)")))
    }
    context.emit(
      .text(
        localized(
          "a rate of \(rate.brief) is a tenth of where the loss is lowest: train \(data.name) rate=\(rate.brief)"
        )
      ))
  }

  private func plot(_ probe: RateProbe, _ network: Network) -> XYPlot {
    let (xs, ys) = (probe.steps.map { log10($0.rate) }, probe.steps.map(\.loss))
    var series = [XYPlot.Series(name: localized("loss"), xs: xs, ys: ys)]
    if let rate = probe.suggestion, let lowest = ys.min(), let highest = ys.max() {
      series.append(
        .init(
          name: localized("suggested rate \(rate.brief)"), xs: [log10(rate), log10(rate)],
          ys: [lowest, highest]))
    }
    return XYPlot(
      .line, title: localized("loss of \(network.name) on \(data.name) as the rate grows"),
      xLabel: localized("rate, as a power of ten"), yLabel: localized("loss"), series: series)
  }
}

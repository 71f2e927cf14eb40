import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Outputs
import Plotting

// How rows are ranked by what a network answers, at every threshold.

extension PlotCommands {
  static let ofRankings: Table = [
    "roc": ROCCurve.self, "pr": PrecisionRecallCurve.self, "calibration": CalibrationCurve.self,
  ]
}

/// `plot roc churn.test`
private struct ROCCurve: PlotKind {
  let data: Identifier
  let output: Identifier?

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let ranked = try rankings(of: data, output, context)
    let series = ranked.curves.map { name, curves in
      XYPlot.Series(
        name: localized("class \(name), area \(curves.area.significant(4))"), xs: curves.roc.map(\.x),
        ys: curves.roc.map(\.y))
    }
    return XYPlot(
      .line, title: localized("ROC curve of \(ranked.title)"), xLabel: localized("false positive rate"),
      yLabel: localized("true positive rate"),
      series: series + [.init(name: localized("chance"), xs: [0, 1], ys: [0, 1])])
  }
}

/// `plot pr churn.test`
private struct PrecisionRecallCurve: PlotKind {
  let data: Identifier
  let output: Identifier?

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let ranked = try rankings(of: data, output, context)
    let series = ranked.curves.map { name, curves in
      let points = curves.precisionRecall
      return XYPlot.Series(
        name: localized("class \(name), average precision \(curves.averagePrecision.significant(4))"),
        xs: points.map(\.x),
        ys: points.map(\.y))
    }
    let chance = ranked.curves.count == 1 ? ranked.curves.first?.curves.share : nil
    return XYPlot(
      .line, title: localized("precision and recall of \(ranked.title)"), xLabel: Metric.recall.displayName,
      yLabel: Metric.precision.displayName,
      series: series + (chance.map { [.init(name: localized("chance"), xs: [0, 1], ys: [$0, $0])] } ?? []))
  }
}

/// `plot calibration churn.test bins=10`
private struct CalibrationCurve: PlotKind {
  let data: Identifier
  let bins: Operand<Int>
  let output: Identifier?

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let count = try bins(context)
    let ranked = try rankings(of: data, output, context)
    if ranked.areMargins {
      throw Diagnostic(
        .nothingToPlot,
        "Outputs of a hinge loss are no probabilities, so they cannot come true. Use loss=bce.",
        at: data.span, suggestion: "loss=bce")
    }
    let series = ranked.curves.map { name, curves in
      let bins = curves.bins(count)
      let rows = Double(bins.reduce(0) { $0 + $1.rows })
      let error = bins.reduce(0) { $0 + Double($1.rows) * abs($1.mean - $1.share) } / rows
      return XYPlot.Series(
        name: localized("class \(name), off by \(error.significant(2)) on average"), xs: bins.map(\.mean),
        ys: bins.map(\.share))
    }
    return XYPlot(
      .line, title: localized("calibration of \(ranked.title)"), xLabel: localized("predicted probability"),
      yLabel: localized("observed fraction"),
      series: series + [.init(name: localized("as predicted"), xs: [0, 1], ys: [0, 1])])
  }
}

/// A curve of each class against the others, or one of two classes.
private struct Rankings {
  let title: String
  let curves: [(name: String, curves: RankingCurves)]
  let areMargins: Bool
}

/// Ranks the rows of a data set by what the current network answers.
private func rankings(
  of data: Identifier, _ name: Identifier?, _ context: CommandContext
) throws -> Rankings {
  let session = context.session
  let selection = try session.data(data)
  let network = try session.readyNetwork(at: context.span)
  let fitted = try context.locating {
    try session.fitted(selection.set, of: selection.reference, to: network)
  }
  let output = try session.shownOutput(of: network, named: name, on: fitted.parts.train, context)
  let measured = try context.locating { try network.evaluate(fitted.scaled.train.examples) }
  let predictions =
    measured.outputs.first { $0.output == output?.name }?.evaluation.predictions ?? measured.predictions
  guard let truths = predictions.labels?.truths else {
    throw Diagnostic(
      .noClasses, "`\(selection.set.name)` has no classes that `\(network.name)` tells apart by one layer.",
      at: data.span)
  }
  let names = output?.classes ?? session.shownClasses(of: network) ?? selection.set.classes
  let labels = predictions.width <= 2 ? [1] : Array(0..<predictions.width)
  guard labels.count <= 8 else {
    throw Diagnostic(
      .nothingToPlot,
      "There is room for the curves of eight classes, and `\(network.name)` tells \(labels.count) apart. "
        + "`plot confusion \(data.name)` shows all.", at: data.span, suggestion: "plot confusion \(data.name)"
    )
  }
  let curves = labels.compactMap { label in
    RankingCurves(marks: predictions.marks(of: label), truths: truths.map { $0 == label }).map { curves in
      (name: names.flatMap { $0.indices.contains(label) ? $0[label] : nil } ?? String(label), curves: curves)
    }
  }
  guard !curves.isEmpty else {
    throw Diagnostic(
      .nothingToPlot, "All rows of `\(selection.set.name)` are of one class, so there is nothing to rank.",
      at: data.span)
  }
  return Rankings(
    title: output.map { localized("output \($0.name) of \(network.name) on \(selection.set.name)") }
      ?? localized("\(network.name) on \(selection.set.name)"), curves: curves,
    areMargins: output?.givesMargins ?? network.givesMargins)
}

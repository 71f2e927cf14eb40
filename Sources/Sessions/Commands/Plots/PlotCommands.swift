import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Outputs
import Plotting

/// The commands that `plot` is, by the kind of plot.
enum PlotCommands {
  /// The kinds of plots of one file.
  typealias Table = [String: any PlotKind.Type]

  static let byVariant = [
    curves, ofValues, ofData, ofRankings, ofImages, ofLayers, ofSteps, ofHealth, ofSweeps, ofNeurons,
    ofDescents, ofForecasts,
  ].reduce(into: [String: any SessionCommand.Type]()) { all, table in
    for (variant, kind) in table { all[variant] = command(drawing: kind) }
  }

  private static func command<Kind: PlotKind>(drawing kind: Kind.Type) -> any SessionCommand.Type {
    Draw<Kind>.self
  }
}

/// A kind of plot: its stored properties are the slots of its variant of `plot`.
protocol PlotKind: Decodable, SendableMetatype {
  func plot(_ context: CommandContext) throws -> any DrawablePlot
}

/// `plot KIND … width=80`
private struct Draw<Kind: PlotKind>: SessionCommand {
  private let size: Size
  private let kind: Kind

  private struct Size: Decodable {
    let width: Operand<Int>?
    let height: Operand<Int>?
  }

  func run(_ context: CommandContext) throws {
    let (width, height) = (try size.width?(context), try size.height?(context))
    context.emit(.plot(Plot(try kind.plot(context)).sized(width: width, height: height)))
  }
}

/// How the y axis is divided.
enum YScale: String, WordMeaning {
  case linear, log
}

// MARK: - Curves

extension PlotCommands {
  static let curves: Table = [
    "loss": LossCurve.self, "metric": MetricCurve.self, "accuracy": AccuracyCurve.self,
    "series": SeriesCurve.self,
  ]
}

/// How a curve is drawn.
private struct CurveArguments: Decodable {
  let yscale: Choice<YScale>
  let smooth: Operand<Double>

  func plot(
    _ series: [LinePlot.Series], title: String, xLabel: String, yLabel: String, _ context: CommandContext
  ) throws -> any DrawablePlot {
    try LinePlot(
      title: title, xLabel: xLabel, yLabel: yLabel, firstX: 1, series: series,
      isLogarithmic: yscale.value == .log
    ).smoothed(by: smooth(context))
  }

  /// The curves of a metric that every training may have, each with its name in the legend.
  ///
  /// - Parameter title: the headline, of a network and its data.
  func plot(
    _ metric: (TrainingMetric, String), _ validation: (TrainingMetric, String), lowerIsBetter: Bool,
    _ context: CommandContext, title: (String, String) -> String
  ) throws -> any DrawablePlot {
    let network = try context.session.currentNetwork(at: context.span)
    let name = metric.0.rawValue
    guard let history = network.lastTraining?.history else {
      throw Diagnostic(
        .nothingToPlot,
        "`\(network.name)` has not been trained yet, so there is no \(name) to plot. Train it first: train xor",
        at: context.span)
    }
    guard !history.isEmpty else {
      throw Diagnostic(
        .nothingToPlot,
        "The last training of `\(network.name)` was stopped in its first epoch, so there is no \(name) to plot.",
        at: context.span)
    }
    guard let trained = LinePlot.Series(metric.1, history, metric.0, lowerIsBetter: lowerIsBetter) else {
      throw Diagnostic(
        .nothingToPlot,
        "The last training had no \(name): this is regression, not classification. Try plot loss",
        at: context.span, suggestion: "plot loss")
    }
    let checked = LinePlot.Series(
      validation.1, history, validation.0, lowerIsBetter: lowerIsBetter, marksBest: true)
    return try plot(
      [trained, checked].compactMap(\.self),
      title: title(network.name, network.lastTrainingData ?? localized("data")), xLabel: localized("epoch"),
      yLabel: metric.0.displayName, context)
  }
}

/// `plot loss yscale=log`
private struct LossCurve: PlotKind {
  let curve: CurveArguments

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    try curve.plot(
      (.loss, localized("train loss")), (.validationLoss, localized("validation loss")),
      lowerIsBetter: true, context
    ) { localized("loss of \($0) on \($1)") }
  }
}

/// `plot accuracy smooth=0.9`
private struct AccuracyCurve: PlotKind {
  let curve: CurveArguments

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    try curve.plot(
      (.accuracy, localized("train accuracy")), (.validationAccuracy, localized("validation accuracy")),
      lowerIsBetter: false, context
    ) { localized("accuracy of \($0) on \($1)") }
  }
}

/// `plot metric auc`
private struct MetricCurve: PlotKind {
  let metric: Choice<String>
  let curve: CurveArguments

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let name = metric.value
    switch name {
    case "loss", "val_loss": return try LossCurve(curve: curve).plot(context)
    case "accuracy", "val_accuracy": return try AccuracyCurve(curve: curve).plot(context)
    default: break
    }
    let network = try context.session.currentNetwork(at: context.span)
    let history = network.lastTraining?.history
    let watched = history?.last?.watched.map(\.metric) ?? []
    guard let history, let found = watched.first(where: { [$0.name, $0.title].contains(name) }),
      let line = LinePlot.Series(
        found.isOfValidation ? localized("validation \(found.name)") : localized("train \(found.name)"),
        history, .watched(found),
        lowerIsBetter: found.lowerIsBetter, marksBest: true)
    else {
      let asked = name.withoutValidationPrefix
      throw Diagnostic(
        .nothingToPlot,
        "The last training of `\(network.name)` did not measure `\(name)`. Ask for it: train … metrics=\(asked)",
        at: metric.span)
    }
    return try curve.plot(
      [line],
      title: localized(
        "\(found.title) of \(network.name) on \(network.lastTrainingData ?? localized("data"))"),
      xLabel: localized("epoch"), yLabel: found.title, context)
  }
}

/// `plot series error`
private struct SeriesCurve: PlotKind {
  let series: Identifier
  let curve: CurveArguments

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let name = series.name
    let values = context.session.state.values(ofSeries: name)
    guard !values.isEmpty else {
      throw Diagnostic(
        .unknownSeries, "There is no series `\(name)`. Record values first: record \(name)",
        at: series.span)
    }
    return try curve.plot(
      [.init(name: name, values: values)], title: localized("series \(name)"), xLabel: localized("step"),
      yLabel: name, context)
  }
}

extension LinePlot.Series {
  /// The line of a metric of a training; nil where the training does not have it.
  init?(
    _ name: String, _ history: TrainingHistory, _ metric: TrainingMetric, lowerIsBetter: Bool,
    marksBest: Bool = false
  ) {
    if let values = history.values(of: metric) {
      guard !values.isEmpty else { return nil }
      self.init(name: name, values: values, lowerIsBetter: lowerIsBetter, marksBest: marksBest)
    } else if let course = history.course(of: metric) {
      self.init(
        name: name, buckets: course, first: history.first?[metric] ?? .nan, lowerIsBetter: lowerIsBetter,
        marksBest: marksBest)
    } else {
      return nil
    }
  }
}

extension ClosedRange<Double> {
  /// One of several values that stand evenly between the two ends, these among them.
  func node(_ index: Int, of count: Int) -> Double {
    let part = Double(index) / Double(count - 1)
    return lowerBound * (1 - part) + upperBound * part
  }
}

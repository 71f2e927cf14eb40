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
    ofDescents,
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

  func plot(_ curve: LinePlot, _ context: CommandContext) throws -> any DrawablePlot {
    try curve.smoothed(by: smooth(context))
  }
}

/// `plot loss yscale=log`
private struct LossCurve: PlotKind {
  let curve: CurveArguments

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let words = CurveWords(
      training: localized("train loss"), validation: localized("validation loss")
    ) { localized("loss of \($0) on \($1)") }
    let line = try trainingCurve(
      words, .loss, .validationLoss, lowerIsBetter: true, curve.yscale.value, context)
    return try curve.plot(line, context)
  }
}

/// `plot accuracy smooth=0.9`
private struct AccuracyCurve: PlotKind {
  let curve: CurveArguments

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let words = CurveWords(
      training: localized("train accuracy"), validation: localized("validation accuracy")
    ) { localized("accuracy of \($0) on \($1)") }
    let line = try trainingCurve(
      words, .accuracy, .validationAccuracy, lowerIsBetter: false, curve.yscale.value, context)
    return try curve.plot(line, context)
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
      LinePlot(
        title: localized(
          "\(found.title) of \(network.name) on \(network.lastTrainingData ?? localized("data"))"),
        xLabel: localized("epoch"),
        yLabel: found.title, firstX: 1, series: [line], isLogarithmic: curve.yscale.value == .log), context)
  }
}

/// What the curves of a metric are called.
private struct CurveWords {
  let training, validation: String
  /// The headline, of a network and its data.
  let title: (String, String) -> String
}

private func trainingCurve(
  _ words: CurveWords, _ metric: TrainingMetric, _ validation: TrainingMetric, lowerIsBetter: Bool,
  _ yScale: YScale,
  _ context: CommandContext
) throws -> LinePlot {
  let network = try context.session.currentNetwork(at: context.span)
  guard let history = network.lastTraining?.history else {
    throw Diagnostic(
      .nothingToPlot,
      "`\(network.name)` has not been trained yet, so there is no \(metric.rawValue) to plot. Train it first: train xor",
      at: context.span)
  }
  guard !history.isEmpty else {
    throw Diagnostic(
      .nothingToPlot,
      "The last training of `\(network.name)` was stopped in its first epoch, so there is no \(metric.rawValue) to plot.",
      at: context.span)
  }
  guard let trained = LinePlot.Series(words.training, history, metric, lowerIsBetter: lowerIsBetter) else {
    throw Diagnostic(
      .nothingToPlot,
      "The last training had no \(metric.rawValue): this is regression, not classification. Try plot loss",
      at: context.span, suggestion: "plot loss")
  }
  let checked = LinePlot.Series(
    words.validation, history, validation, lowerIsBetter: lowerIsBetter, marksBest: true)
  return LinePlot(
    title: words.title(network.name, network.lastTrainingData ?? localized("data")),
    xLabel: localized("epoch"),
    yLabel: metric.displayName, firstX: 1, series: [trained, checked].compactMap(\.self),
    isLogarithmic: yScale == .log)
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
    let line = LinePlot(
      title: localized("series \(name)"), xLabel: localized("step"), yLabel: name, firstX: 1,
      series: [.init(name: name, values: values)], isLogarithmic: curve.yscale.value == .log)
    return try curve.plot(line, context)
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

import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Session {
  func plot(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let width = try arguments.integer("width", context)
    let height = try arguments.integer("height", context)
    context.emit(.plot(try unsizedPlot(arguments, context).sized(width: width, height: height)))
  }

  private func unsizedPlot(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> Plot {
    switch arguments.command.variant {
    case "loss", "accuracy", "series":
      .line(try curve(arguments).smoothed(by: arguments.number("smooth", context) ?? 0))
    case "function": .xy(try functionPlot(arguments, context))
    case "line": .xy(try linesPlot(arguments, context))
    case "scatter": .xy(try scatterPlot(arguments, context))
    case "hist": .histogram(try histogramPlot(arguments, context))
    case "data": try dataPlot(arguments)
    case "confusion": .confusion(try confusionPlot(arguments))
    case "image": .images(try imagePlot(arguments, context))
    case "network": .network(try networkPlot(arguments))
    case "activations": .panels(try activationsPlot(arguments, context))
    case "filters": .panels(try filtersPlot(arguments, context))
    case "weights": .matrix(try weightsPlot(arguments))
    default: .boundary(try boundary(arguments))
    }
  }

  /// What is drawn step by step.
  private func curve(_ arguments: CommandArguments) throws -> LinePlot {
    switch arguments.command.variant {
    case "loss": try trainingCurve("loss", .loss, .validationLoss, lowerIsBetter: true, arguments)
    case "accuracy":
      try trainingCurve("accuracy", .accuracy, .validationAccuracy, lowerIsBetter: false, arguments)
    default: try seriesPlot(arguments)
    }
  }

  private func trainingCurve(
    _ label: String, _ figure: Figure, _ validation: Figure, lowerIsBetter: Bool,
    _ arguments: CommandArguments
  ) throws -> LinePlot {
    let network = try currentNetwork(at: arguments.span)
    if let training = network.lastTraining, training.history.isEmpty {
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
    let history = training.history
    guard let trained = LinePlot.Series("train \(label)", history, figure, lowerIsBetter: lowerIsBetter)
    else {
      throw Diagnostic(
        "nothing-to-plot",
        "The last training had no \(label): its targets are no classes, or its answers are amounts. Try plot loss",
        at: arguments.span,
        suggestion: "plot loss")
    }
    let checked = LinePlot.Series(
      "validation \(label)", history, validation, lowerIsBetter: lowerIsBetter, marksBest: true)
    return LinePlot(
      title: "\(label) of \(network.name) on \(network.lastTrainingData ?? "data")", xLabel: "epoch",
      yLabel: label, firstX: 1,
      series: [trained, checked].compactMap(\.self), isLogarithmic: arguments.choice("yscale") == "log")
  }

  private func seriesPlot(_ arguments: CommandArguments) throws -> LinePlot {
    let name = try arguments.requiredName("series")
    let values = state.values(ofSeries: name)
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
}

import Datasets
import Diagnostics
import Foundations
import Language
import NetworkSchema
import NeuralEngine

/// `metrics=auc,cost monitor=val_auc goal=max`: what a training measures besides loss and accuracy, and by what epochs are
/// compared.
struct WatchedMetrics: ArgumentDecodable {
  private let names: Operand<Words>?
  private let monitored: (name: String, span: SourceSpan)?
  private let condition: CheckedCondition?
  private let lowerIsBetter: Bool

  init(_ arguments: ArgumentDecoder) throws {
    names = try arguments.operand("metrics", as: Words.self)
    monitored = try arguments.choice("monitor").flatMap { name in
      arguments.command.values["monitor"].map { (name: name, span: $0.span) }
    }
    condition = arguments.command.condition
    lowerIsBetter = try arguments.choice("goal") != "max"
  }

  /// The metrics that epochs are compared by, or that end the training.
  private var compared: [(String, SourceSpan)] {
    (monitored.map { [($0.name, $0.span)] } ?? []) + (condition.map { [($0.metric, $0.span)] } ?? [])
  }

  /// What is asked for besides loss and accuracy.
  private func asked(_ context: CommandContext) throws -> [(String, SourceSpan)] {
    let named = try names.map { names in try names(context).words.map { ($0, names.span) } } ?? []
    // One that is to be compared is measured, whether it is asked for or not.
    let others = compared.filter { TrainingMetric(rawValue: $0.0) == nil }
    return named.filter { TrainingMetric(rawValue: $0.0) == nil }
      + others.map { ($0.0.withoutValidationPrefix, $0.1) }
  }

  /// Whether anything but loss and accuracy is asked for.
  var areAsked: Bool {
    names != nil || compared.contains { TrainingMetric(rawValue: $0.0) == nil }
  }

  /// The metrics of a training.
  ///
  /// - Parameter isValidated: whether rows are kept aside, on which they are measured then.
  /// - Throws: `unknown-metric` or `not-measured` for one that the targets do not have.
  func metrics(of task: PredictionTask, classes: Int, isValidated: Bool, _ context: CommandContext) throws
    -> [WatchedMetric]
  {
    var metrics: [WatchedMetric] = []
    for (name, span) in try asked(context) {
      guard !metrics.contains(where: { $0.name == name }) else { continue }
      var isLower = lowerIsBetter
      if context.session.function(named: name) == nil {
        guard let metric = Metric(rawValue: name) else {
          throw Diagnostic(
            .unknownMetric,
            "There is no metric and no function `\(name)`. Define one: def \(name)(targets, outputs) = mean(abs(targets - outputs))",
            at: span)
        }
        guard metric.suits(task, classes: classes) else {
          throw Diagnostic(
            .notMeasured,
            "`\(name)` is not measured here. Of these targets there are \(Metric.allCases.filter { $0.suits(task, classes: classes) }.map(\.rawValue).joined(separator: ", ")).",
            at: span)
        }
        isLower = metric.lowerIsBetter
      }
      metrics.append(WatchedMetric(name, isOfValidation: isValidated, lowerIsBetter: isLower))
    }
    return metrics
  }

  /// One of several output layers, as far as metrics go.
  struct Output {
    let name: String
    let task: PredictionTask
    let classes: Int
  }

  /// The metrics of a training of several output layers: `kind_f1` of one of them, `mae` of all that it suits.
  ///
  /// - Throws: `unknown-metric` or `not-measured`.
  func metrics(ofOutputs outputs: [Output], isValidated: Bool, _ context: CommandContext) throws
    -> [WatchedMetric]
  {
    var metrics: [WatchedMetric] = []
    func add(_ name: String, lowerIsBetter: Bool) {
      guard !metrics.contains(where: { $0.name == name }) else { return }
      metrics.append(WatchedMetric(name, isOfValidation: isValidated, lowerIsBetter: lowerIsBetter))
    }
    for (name, span) in try asked(context) {
      if context.session.function(named: name) != nil {
        add(name, lowerIsBetter: lowerIsBetter)
        continue
      }
      // The loss and the accuracy of each output are measured by themselves.
      if outputs.contains(where: { ["\($0.name)_loss", "\($0.name)_accuracy"].contains(name) }) { continue }
      let found = outputs.flatMap { output in
        Metric.allCases.filter {
          $0.suits(output.task, classes: output.classes)
            && [$0.rawValue, "\(output.name)_\($0.rawValue)"].contains(name)
        }.map { (name: "\(output.name)_\($0.rawValue)", lowerIsBetter: $0.lowerIsBetter) }
      }
      guard !found.isEmpty else {
        let there = outputs.flatMap { output in
          Metric.allCases.filter { $0.suits(output.task, classes: output.classes) }
            .map { "\(output.name)_\($0.rawValue)" }
        }
        throw Diagnostic(
          .notMeasured,
          "`\(name)` is not measured here. Of these outputs there are \(there.joined(separator: ", ")).",
          at: span)
      }
      for metric in found { add(metric.name, lowerIsBetter: metric.lowerIsBetter) }
    }
    return metrics
  }

  /// The metric by which epochs are compared; nil for the usual one.
  func monitor(among watched: [WatchedMetric], isValidated: Bool) throws -> TrainingMetric? {
    guard let monitored else { return nil }
    return try WatchedMetrics.metric(
      monitored.name, among: watched, isValidated: isValidated, at: monitored.span)
  }

  /// A metric by its name.
  ///
  /// - Throws: `no-validation`, or `not-measured` for the name that it has without validation.
  static func metric(
    _ name: String, among watched: [WatchedMetric], isValidated: Bool, at span: SourceSpan
  ) throws -> TrainingMetric {
    let known = TrainingMetric.standard + watched.map { .watched($0) }
    if let metric = known.first(where: { $0.rawValue == name }), isValidated || !metric.isOfValidation {
      return metric
    }
    if !known.contains(where: { $0.rawValue.withoutValidationPrefix == name.withoutValidationPrefix }) {
      throw Diagnostic(
        .notMeasured,
        "`\(name)` is not measured here. There are \(known.filter { isValidated || !$0.isOfValidation }.map(\.rawValue).joined(separator: ", ")).",
        at: span)
    }
    guard isValidated else {
      throw Diagnostic(
        .noValidation, "There is no `\(name)` without validation data: add validate=20%", at: span,
        suggestion: "validate=20%")
    }
    throw Diagnostic(
      .notMeasured,
      "With validation data `\(name)` is measured on the validation rows alone, as `val_\(name)`.", at: span,
      suggestion: "val_\(name)")
  }

  /// How the metrics come about; nil for none.
  ///
  /// - Parameter failed: told of what a function of the user's fails with; its metric is NaN then.
  func watch(
    _ metrics: [WatchedMetric], _ reader: PredictionReader, _ context: CommandContext,
    failed: @escaping (any Error) -> Void
  ) -> Watch? {
    guard !metrics.isEmpty else { return nil }
    let execution = context.execution
    let span = names?.span ?? context.span
    let functions = metrics.map { context.session.function(named: $0.name) }
    return Watch(metrics) { predictions in
      // Those that nbs knows are told together.
      lazy var scores = reader.scores(predictions)
      return zip(metrics, functions).map { metric, function in
        guard let function else { return scores.first { $0.name == metric.name }?.value ?? .nan }
        do {
          return try function.value(predictions, reader.scales, execution, at: span)
        } catch {
          failed(error)
          return .nan
        }
      }
    }
  }
}

/// What can be said of a network's answers, output by output, in the data's own units.
struct PredictionReader {
  let graph: NetworkGraph
  let objective: Objective
  /// The scale of each number that the network answers; nil where they are in units as they are.
  let scales: [Preparation.Scale]?

  /// The metrics by name, `mae`, or of several output layers `price_mae`.
  func scores(_ predictions: Predictions) -> [(name: String, value: Double)] {
    guard objective.terms.count > 1 else {
      return predictions.inUnits(scales).scores.map { ($0.metric.rawValue, $0.value) }
    }
    var start = 0
    return zip(objective.terms, graph.split(predictions, objective)).flatMap { term, own in
      defer { start += own.width }
      let end = start + own.width
      let ownScales = scales.flatMap { $0.count >= end ? Array($0[start..<end]) : nil }
      return own.inUnits(ownScales).scores.map { ("\(term.output)_\($0.metric.rawValue)", $0.value) }
    }
  }
}

extension Metric {
  /// Whether it can be told of predictions of a task.
  fileprivate func suits(_ task: PredictionTask, classes: Int) -> Bool {
    switch self {
    case .precision, .recall, .f1: task.isClassification && task != .several
    case .auc: task.isClassification && task != .several && classes == 2
    case .topFive: task.isClassification && task != .several && classes > 5
    case .mae, .rmse, .rSquared: !task.isClassification
    case .perplexity, .bitsPerToken: false
    }
  }
}

extension UserFunction {
  /// What the function makes of targets and outputs, each rows x outputs, amounts in the data's own units.
  fileprivate func value(
    _ predictions: Predictions, _ scales: [Preparation.Scale]?, _ context: ExecutionContext,
    at span: SourceSpan
  ) throws -> Double {
    guard parameters.count == 2 else {
      throw Diagnostic(
        .wrongArgumentCount,
        "A metric is a function of two arrays, the targets and the outputs, and `\(name)` takes \(parameters.count.counted("argument")): def \(name)(targets, outputs) = …",
        at: span)
    }
    func array(_ values: [Double]) throws -> Node {
      // Of several outputs those that are classes have the scale 1.
      let isScaled =
        switch predictions.task {
        case .regression, .several: scales.map(predictions.fit) ?? false
        case .binary, .multiclass: false
        }
      let amounts = isScaled ? scales?.undo(values) ?? values : values
      let rows = values.count / max(1, predictions.width)
      return ConstantNode(.tensor(try Tensor(shape: [rows, predictions.width], values: amounts)), span)
    }
    let value = try context.call(
      self, [array(predictions.targets), array(predictions.outputs)], keys: [nil, nil], at: span)
    guard case .tensor(let tensor) = value, let number = tensor.scalar else {
      throw Diagnostic(
        .badType,
        "A metric is one number, and `\(name)` gives \(value.kindName). Take a mean over the rows: mean(…)",
        at: span)
    }
    return number
  }
}

extension Session {
  /// The user's function of a name.
  fileprivate func function(named name: String) -> UserFunction? {
    if case .function(let function)? = state.value(of: name) { function } else { nil }
  }
}

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
    var asked = try names.map { names in try names(context).words.map { ($0, names.span) } } ?? []
    // One that is to be compared is measured, whether it is asked for or not.
    for (name, span) in compared where TrainingMetric(rawValue: name) == nil {
      asked.append((name.withoutValidationPrefix, span))
    }
    var metrics: [WatchedMetric] = []
    for (name, span) in asked where TrainingMetric(rawValue: name) == nil {
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
    _ metrics: [WatchedMetric], _ preparation: Preparation?, _ context: CommandContext,
    failed: @escaping (any Error) -> Void
  ) -> Watch? {
    guard !metrics.isEmpty else { return nil }
    let execution = context.execution
    let span = names?.span ?? context.span
    let functions = metrics.map { context.session.function(named: $0.name) }
    return Watch(metrics) { predictions in
      // Those that nbs knows are told together.
      lazy var scores = predictions.inUnits(of: preparation).scores
      return zip(metrics, functions).map { metric, function in
        guard let function else { return scores.first { $0.metric.rawValue == metric.name }?.value ?? .nan }
        do {
          return try function.value(predictions, preparation, execution, at: span)
        } catch {
          failed(error)
          return .nan
        }
      }
    }
  }
}

extension Predictions {
  /// Amounts in the data's own units, as far as differences of them go.
  func inUnits(of preparation: Preparation?) -> Predictions {
    guard case .regression = task, let preparation, let scales = preparation.targets else { return self }
    if preparation.transformsTargets { return mapped(preparation.undo(targets:)) }
    return multiplied(by: scales.map(\.divisor))
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
    _ predictions: Predictions, _ preparation: Preparation?, _ context: ExecutionContext, at span: SourceSpan
  ) throws -> Double {
    guard parameters.count == 2 else {
      throw Diagnostic(
        .wrongArgumentCount,
        "A metric is a function of two arrays, the targets and the outputs, and `\(name)` takes \(parameters.count.counted("argument")): def \(name)(targets, outputs) = …",
        at: span)
    }
    func array(_ values: [Double]) throws -> Node {
      let isScaled = if case .regression = predictions.task { preparation?.targets != nil } else { false }
      let amounts = isScaled ? preparation?.undo(targets: values) ?? values : values
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

import Datasets
import Diagnostics
import Language
import NetworkSchema
import NeuralEngine
import Outputs

extension Session {
  func train(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let name = try arguments.requiredName("data")
    let selection = try data(name, at: arguments.span("data"))
    let network = try readyNetwork(at: arguments.span)
    noteDiscarded(network, at: arguments.span, context)
    let parts = selection.isPart ? DatasetParts(train: selection.set) : selection.reference.parts
    let options = try trainingOptions(arguments, context, network, parts)
    try claimFigures(at: arguments.span)
    let announcement = describe(options, network, parts)
    var meter = ProgressMeter(label: "train \(name)", total: options.epochs)
    var feed = measured.map { TrainingFeed(subject: "\(network.name) on \(name)", sink: $0) }
    var listing = try arguments.integer("every", context).map { EpochListing(every: $0) }
    let control = TrainingControl(
      begun: { context.emit(.text(announcement)) },
      isInterrupted: { [interruption] in interruption.isRequested },
      epochEnded: { history in
        guard let due = meter.due(after: history.count), let last = history.last else { return }
        feed?.take(history)
        listing?.take(history)
        if due.figures { feed?.handOn() }
        if due.progress {
          context.emit(.progress(meter.progress(history.count, last, isFinal: false)))
        }
      })
    let preparation = selection.reference.preparation
    let prepared = preparation?.apply(to: parts) ?? parts
    let result = try locating(arguments.span) {
      try network.train(
        prepared.train.examples, validation: prepared.validate?.examples, options, control: control,
        random: &random)
    }
    feed?.take(result.history)
    feed?.handOn()
    state.remember(TrainedData(preparation: preparation, classes: parts.train.classes), of: network)
    if meter.hasShown, let last = result.history.last {
      context.emit(.progress(meter.progress(result.history.count, last, isFinal: true)))
    }
    keepFigures(result.history.last)
    listing?.take(result.history)
    if let listing { context.emit(.table(listing.table(first: result.history.first))) }
    try report(result, name: name, arguments, context)
  }

  private func trainingOptions(
    _ arguments: CommandArguments, _ context: ExecutionContext, _ network: Network, _ parts: DatasetParts
  ) throws -> TrainingOptions {
    let set = parts.train
    let defaults = try trainingDefaults(arguments, context, base: network.defaults)
    let optimizer = defaults.optimizer ?? .sgd()
    let share = try arguments.number("validate", context)
    if share != nil, let validate = parts.validate {
      throw Diagnostic(
        "bad-option",
        "`\(validate.name)` is there to validate with already. Leave validate= out, or `split` again.",
        at: arguments.span("validate"))
    }
    let trained =
      set.rows - (share.map { min(set.rows - 1, max(1, Int((Double(set.rows) * $0).rounded()))) } ?? 0)
    var given = TrainingOptions(
      epochs: try arguments.integer("epochs", context) ?? 10,
      batchSize: try batchSize(arguments, context, rows: trained, optimizer: optimizer, set),
      loss: try locating(arguments.span) { try network.effectiveLoss(defaults.loss) },
      optimizer: optimizer, rate: defaults.rate ?? optimizer.defaultRate,
      shuffles: try arguments.boolean("shuffle", context) ?? true,
      sumsBatch: arguments.choice("reduction") == "sum", validationShare: share,
      patience: try arguments.integer("patience", context),
      stop: try stopCondition(arguments, context, hasValidation: share != nil || parts.validate != nil)
    )
    given.regularizer = defaults.regularizer
    given.clip = defaults.clip
    given.schedule = defaults.schedule
    return given
  }

  private func batchSize(
    _ arguments: CommandArguments, _ context: ExecutionContext, rows: Int, optimizer: Optimizer,
    _ set: Dataset
  ) throws -> Int {
    guard let batch = try arguments.integer("batch", context) else {
      // Rosenblatt's rule corrects after every example.
      return optimizer == .perceptron ? 1 : min(32, max(1, rows))
    }
    guard batch <= rows else {
      throw Diagnostic(
        "bad-value",
        "batch=\(batch) is more than the \(rows.counted("row")) of `\(set.name)` to train on. "
          + "Use at most batch=\(rows).", at: arguments.span("batch"), suggestion: "batch=\(rows)")
    }
    return batch
  }

  private func stopCondition(
    _ arguments: CommandArguments, _ context: ExecutionContext, hasValidation: Bool
  ) throws -> StopCondition? {
    let condition = try arguments.condition(context)
    if let condition, condition.figure.rawValue.hasPrefix("val_"), !hasValidation {
      throw Diagnostic(
        "no-validation",
        "There is no `\(condition.figure.rawValue)` without rows kept aside: add validate=20%",
        at: arguments.command.condition?.span, suggestion: "validate=20%")
    }
    return condition
  }

  /// `training solver on xor: 4 rows, up to 20000 epochs of 4 batches of 1, mse, sgd with rate 0.3`
  private func describe(_ options: TrainingOptions, _ network: Network, _ parts: DatasetParts) -> String {
    let set = parts.train
    let aside =
      options.validationShare.map { ", \(Int(($0 * 100).rounded()))% kept aside" }
      ?? parts.validate.map { ", \($0.rows) to validate" } ?? ""
    return "training \(network.name) on \(set.name): \(set.rows.counted("row"))\(aside), "
      + "\(options.stop == nil && options.patience == nil ? "" : "up to ")\(options.epochs.counted("epoch")), "
      + "batch \(options.batchSize)\(options.shuffles ? "" : " in order"), loss \(options.loss.name)"
      + "\(options.sumsBatch ? " summed" : ""), \(options.optimizer.description), rate \(options.rate.brief)\(options.extras)"
  }

  /// Makes sure that the figures can become variables.
  func claimFigures(at span: SourceSpan) throws {
    for metric in NetworkCatalog.current.trainingMetrics.names { try claim(metric, for: .variable, at: span) }
  }

  /// The figures of the last epoch as variables, so that `assert loss < 0.01` works.
  func keepFigures(_ figures: EpochFigures?) {
    for figure in Figure.allCases {
      if let value = figures?[figure] {
        state.assign(.number(value), to: figure.rawValue)
      } else {
        state.clear(figure.rawValue)
      }
    }
  }

  private func report(
    _ result: TrainingResult, name: String, _ arguments: CommandArguments, _ context: ExecutionContext
  ) throws {
    let done = result.history.count
    let figures = result.history.last.map { figureWords($0) } ?? "no epoch was finished"
    switch result.end {
    case .finished: context.emit(.text("\(done.counted("epoch")): \(figures)"))
    case .reached(let stop):
      context.emit(
        .text(
          "stopped after \(done) of \(result.options.epochs.counted("epoch")), at \(stop.figure.rawValue) \(stop.comparison.rawValue) \(stop.threshold.brief): \(figures)"
        ))
    case .ranOutOfPatience:
      let patience = result.options.patience ?? 0
      context.emit(
        .text(
          "stopped after \(done) of \(result.options.epochs.counted("epoch")), \(patience) without anything better: \(figures)"
        ))
    case .interrupted:
      context.emit(
        .text(
          "interrupted at epoch \(done + 1) of \(result.options.epochs): \(figures); `train \(name)` continues"
        ))
      throw Interruption(isReported: true)
    case .diverged(let layer, let epoch, let batch):
      throw diverged(layer, epoch, batch, result.options, arguments)
    }
  }

  private func diverged(
    _ layer: String?, _ epoch: Int, _ batch: Int, _ options: TrainingOptions, _ arguments: CommandArguments
  ) -> Diagnostic {
    let place = layer.map { "in layer `\($0)`, " } ?? ""
    if epoch == 1, batch == 1 {
      return Diagnostic(
        "training-diverged",
        "The loss is no finite number from the start\(layer.map { ", in layer `\($0)`" } ?? ""): the weights or the "
          + "data are too large. Nothing has been trained. Draw new weights with `reset weights`, or scale the data.",
        at: arguments.span, suggestion: "reset weights")
    }
    let slower = "rate=\((options.rate / 10).significant(6))"
    return Diagnostic(
      "training-diverged",
      "The loss is no finite number any more: \(place)epoch \(epoch), batch \(batch). Training has stopped, and "
        + "the network keeps its last finite weights. Try a smaller rate, such as \(slower), "
        + "or scale the data.", at: arguments.span, suggestion: slower)
  }

  /// `loss 0.02, accuracy 100%, val_loss 0.03`
  func figureWords(_ figures: EpochFigures) -> String {
    Figure.allCases.compactMap { figure in
      figures[figure].map { "\(figure.rawValue) \(figure.text($0))" }
    }.joined(separator: ", ")
  }
}

extension Optimizer {
  /// `sgd with momentum 0.9, nesterov`: its name, and the options that are not as they are by default.
  fileprivate var description: String {
    let tuned = (NetworkCatalog.current.optimizers[name]?.options ?? []).compactMap { option -> String? in
      guard let value = options[option.name], value != option.defaultValue else { return nil }
      return value == .boolean(true) ? option.name : "\(option.name) \(value.text)"
    }
    return tuned.isEmpty ? name : "\(name) with \(tuned.joined(separator: ", "))"
  }
}

extension TrainingOptions {
  /// `, schedule cosine, l2 0.001, clip 1`: what is not as it is by default.
  fileprivate var extras: String {
    let words: [(String, String?)] = [
      ("schedule", schedule == .constant ? nil : schedule.name),
      ("l1", regularizer.l1 == 0 ? nil : regularizer.l1.brief),
      ("l2", regularizer.l2 == 0 ? nil : regularizer.l2.brief),
      ("clip", clip?.brief),
    ]
    return words.map { name, value in value.map { ", \(name) \($0)" } ?? "" }.joined()
  }
}

extension Figure {
  /// A loss with four significant digits, an accuracy in percent.
  func text(_ value: Double) -> String {
    switch self {
    case .loss, .validationLoss: value.significant(4)
    case .accuracy, .validationAccuracy: value.shareText
    }
  }
}

extension Score {
  /// `90%`, `0.97`: shares of rows in per cent, the rest with four significant digits.
  var text: String {
    switch metric {
    case .precision, .recall, .f1, .topFive: value.shareText
    case .auc, .rSquared: value.significant(4)
    }
  }
}

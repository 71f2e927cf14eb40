import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine
import Outputs

/// `train xor epochs=20000 batch=1 until loss<0.001`
struct TrainNetwork: SessionCommand {
  let data: Identifier
  let defaults: TrainingArguments
  let epochs: Operand<Int>
  let batch: Operand<Int>
  let validate: Operand<Double>?
  let patience: Operand<Int>?
  let watched: WatchedMetrics
  let minDelta: Operand<Double>
  let keep: Choice<KeptWeights>?
  let inputs: Operand<InputGroups>?
  let weighting: RowWeighting
  let checkpoints: Checkpoints
  let shuffle: Operand<Bool>
  let reduction: Choice<Reduction>
  let every: Operand<Int>?
  let until: Until

  enum Reduction: String, WordMeaning { case mean, sum }

  enum CodingKeys: String, CodingKey {
    case data, defaults, epochs, batch, validate, patience, watched, keep, inputs, weighting, checkpoints,
      shuffle,
      reduction,
      every,
      until
    case minDelta = "min_delta"
  }

  func run(_ context: CommandContext) throws {
    let session = context.session
    let selection = try session.data(data)
    let network = try session.readyNetwork(at: context.span, for: selection.set)
    try context.locating { try network.checkOrientation(of: selection.set) }
    context.noteDiscarded(of: network)
    let order = try inputs?(context).order(of: selection.set, for: network)
    let fitted = try context.locating {
      try session.fitted(
        selection.isPart ? DatasetParts(train: selection.set) : selection.reference.parts,
        of: selection.reference, to: network, isTraining: true, order: order)
    }
    let parts = fitted.parts
    if let deal = network.inputDeal(of: parts.train) {
      context.emit(.text(deal))
    } else if let note = fitted.note {
      context.emit(.text(note))
    }
    let prepared = fitted.scaled
    let isValidated = parts.validate != nil || validate != nil
    let training = try defaults.defaults(over: network.defaults, context)
    let objective = try context.locating { try network.effectiveObjective(nil, training) }
    let metrics = try watchedMetrics(
      of: network, objective, targets: prepared.train, isValidated: isValidated, context)
    let ofOutputs = try context.locating {
      try network.outputMetrics(
        objective, on: prepared.train.examples, areOfValidation: isValidated,
        isPerceptron: training.optimizer == .perceptron)
    }
    let options = try options(
      for: network, parts, training, objective, metrics + ofOutputs, isValidated: isValidated, context)
    try context.locating { try network.checkTargets(of: parts.train, options.loss) }
    try session.claimFigures(metrics + ofOutputs, at: context.span)
    let announcement = announcement(
      of: options, network, fitted, isAugmented: selection.reference.augmentation != nil,
      isStratified: try weighting.isStratified(context))
    let notices = TrainingNotices(
      network: network, data: data.name, rows: prepared.train, preparation: fitted.preparation,
      options: options)
    let subject = "\(network.name) on \(data.name)"
    let monitor = TrainingMonitor(
      label: "train \(data.name)", total: options.epochs,
      feed: session.measured.map { TrainingFeed(subject: subject, sink: $0) },
      listing: try every.map { EpochListing(every: try $0(context)) })
    let interruption = session.interruption
    let recording = session.scripts.map { _ in TrainingNote(network, session.random) }
    var failure: (any Error)?
    var control = TrainingControl(
      begun: {
        context.emit(.text(announcement))
        context.tell(notices.before(), of: network)
      }, isInterrupted: { interruption.isRequested },
      batchEnded: { batch, count, loss in
        if let update = monitor.batchEnded(batch, of: count, loss: loss) { context.emit(.progress(update)) }
      },
      epochEnded: { history in
        recording?.epochEnded(history)
        if let update = monitor.epochEnded(history) { context.emit(.progress(update)) }
        return recording == nil ? monitor.nextEpoch : history.count + 1
      })
    let reader = PredictionReader(
      graph: network.graph, objective: objective, scales: fitted.outputScales(network.graph, objective))
    control.watch = watched.watch(metrics, reader, context) { failure = failure ?? $0 }
    // Only a metric of the user's can fail.
    if control.watch != nil { control.isInterrupted = { interruption.isRequested || failure != nil } }
    let weights = try weighting.weights(for: parts.train, prepared.train.name, network, options, context)
    let strata = try weighting.strata(for: parts.train, prepared.train.name, network, options, context)
    let kept = Checkpoints.Subject(
      network: network, parts: parts, scaled: prepared, preparation: fitted.preparation,
      weights: weights?.all,
      isStratified: strata != nil, augmentation: selection.reference.augmentation, options: options)
    let ofRun = session.checkpoints?.next()
    let resuming = try checkpoints.progress(kept, run: ofRun, context)
    try checkpoints.attach(
      to: &control, kept, every: every.map { try $0(context) }, run: ofRun, context)
    if let resuming, let stream = RandomStream(resuming.progress.start) {
      session.random = stream
      // A run that is taken up again shows what it would have shown.
      if resuming.isTold {
        let done = resuming.progress.history.count
        context.emit(.text(localized("going on after \(done, "epoch") of \(options.epochs)")))
      }
    }
    let result = try context.locating {
      let examples = try fitted.trainingExamples(prepared.train, selection.reference.augmentation)
        .stratified(by: strata)
      return try network.train(
        weights?.applied(to: examples) ?? examples,
        validation: prepared.validate?.examples, options, control: control,
        resuming: resuming?.progress, random: &session.random)
    }
    let last = monitor.ended(result.history)
    if let recording {
      let plain = prepared.train.examples.stratified(by: strata)
      let rows = try weights?.applied(to: plain) ?? plain
      recording.keep(
        in: session, of: network, data: data.name, rows, validation: prepared.validate?.examples,
        isScaled: fitted.preparation.map { $0.scalesInputs || $0.targets != nil } ?? false, options)
    }
    session.state.remember(
      TrainedData(
        preparation: fitted.preparation, schema: DataSchema(of: parts.train),
        objective: network.foreignObjective(of: options)), of: network)
    if let last { context.emit(.progress(last)) }
    session.keepMetrics(result.metrics, on: selection.reference)
    if let table = monitor.table(result.history) { context.emit(.table(table)) }
    if let failure { throw failure }
    try report(result, context)
    if notices.canTell(after: result),
      let health = try? network.health(on: prepared.train.examples, objective)
    {
      context.tell(
        notices.after(
          result, health, baseline: commonest(of: parts.train, network, options), isWeighted: weights != nil),
        of: network)
    }
  }

  /// The commonest class and what it is worth; nil where targets are no classes of one output layer.
  private func commonest(of set: Dataset, _ network: Network, _ options: TrainingOptions) -> Baseline? {
    guard network.graph.outputs.count == 1 else { return nil }
    let task = PredictionTask(network.graph, loss: options.loss, targets: [])
    // A sequence has a class at each step, and no weights for them.
    guard task.isClassification, task != .several, network.graph.outputSteps == 1,
      !network.graph.answersEachStep
    else { return nil }
    let labels =
      set.targetWidth == 1
      ? set.targets.map { max(0, $0) } : (0..<set.rows).map { Double(task.label(set.targets(ofRow: $0))) }
    // In the order of the classes, so that of equally common ones the first is told.
    let counts = labels.reduce(into: [:]) { $0[$1, default: 0] += 1 }.sorted { $0.key < $1.key }
    guard let most = counts.map(\.value).max().flatMap({ most in counts.first { $0.value == most } }),
      let least = counts.min(by: { $0.value < $1.value })
    else { return nil }
    func name(_ label: Double) -> String {
      let known = set.classes.flatMap { names in
        Int(exactly: label).flatMap { names.indices.contains($0) ? names[$0] : nil }
      }
      return known ?? label.brief
    }
    func share(_ count: Int) -> Double { Double(count) / Double(set.rows) }
    return Baseline(
      name: name(most.key), share: share(most.value), rarest: (name(least.key), share(least.value)),
      classes: max(2, counts.count))
  }

  // MARK: Options

  /// What is measured besides loss and accuracy.
  ///
  /// - Parameter rows: those that are trained on, on their scale.
  private func watchedMetrics(
    of network: Network, _ objective: Objective, targets rows: Dataset, isValidated: Bool,
    _ context: CommandContext
  ) throws -> [WatchedMetric] {
    guard watched.areAsked else { return [] }
    let width = network.graph.outputWidth
    if objective.terms.count > 1 {
      let tasks = PredictionTask.byOutput(network.graph, objective)
      let outputs = zip(network.graph.outputs, tasks).map { layer, task in
        WatchedMetrics.Output(
          name: layer.name, task: task, classes: max(2, network.graph.width(of: layer)))
      }
      return try watched.metrics(ofOutputs: outputs, isValidated: isValidated, context)
    }
    let task = PredictionTask(
      network.graph, objective, targets: rows.targetWidth == width ? rows.targets : [])
    return try watched.metrics(
      of: task, classes: max(2, width / network.graph.outputSteps), isValidated: isValidated, context)
  }

  private func options(
    for network: Network, _ parts: DatasetParts, _ defaults: TrainingDefaults, _ objective: Objective,
    _ metrics: [WatchedMetric], isValidated: Bool, _ context: CommandContext
  ) throws -> TrainingOptions {
    let optimizer = defaults.optimizer ?? .sgd()
    let share = try validate?(context)
    if let validate, let aside = parts.validate {
      throw Diagnostic(
        .badOption,
        "`\(aside.name)` already serves as the validation set. Leave validate= out, or `split` again.",
        at: validate.span)
    }
    let rows = parts.train.rows
    let trained = rows - (share.map { min(rows - 1, max(1, Int((Double(rows) * $0).rounded()))) } ?? 0)
    // Rows go on from each other, unless somebody says otherwise.
    let goesInOrder = defaults.rule.isOnline || network.graph.carriesState
    var options = TrainingOptions(
      epochs: try epochs(context),
      batchSize: try batchSize(
        optimizer, goesInOrder: goesInOrder, rows: trained, of: parts.train, context),
      loss: objective.loss, optimizer: optimizer,
      rate: defaults.rate ?? (defaults.rule.isOnline ? LearningRule.trainingRate : optimizer.defaultRate),
      shuffles: shuffle.isDefault && goesInOrder ? false : try shuffle(context),
      sumsBatch: reduction.value == .sum, validationFraction: share, patience: try patience?(context),
      stop: try until.condition(context, metrics, isValidated: isValidated))
    options.monitor = try watched.monitor(among: metrics, isValidated: isValidated)
    options.objective = objective.isUniform ? nil : objective
    options.minDelta = try minDelta(context)
    options.keep = keep?.value
    options.regularizer = defaults.regularizer
    options.clip = defaults.clip
    options.schedule = defaults.schedule
    return options
  }

  private func batchSize(
    _ optimizer: Optimizer, goesInOrder: Bool, rows: Int, of set: Dataset, _ context: CommandContext
  ) throws -> Int {
    let size = try batch(context)
    if batch.isDefault {
      // Rosenblatt's rule corrects after every example.
      return optimizer == .perceptron || goesInOrder ? 1 : min(size, max(1, rows))
    }
    guard size <= rows else {
      throw Diagnostic(
        .badValue,
        "batch=\(size) is more than the \(rows.counted("row")) of `\(set.name)` to train on. "
          + "Use at most batch=\(rows).", at: batch.span, suggestion: "batch=\(rows)")
    }
    return size
  }

  /// `until loss<0.01`, if that ends the command.
  struct Until: ArgumentDecodable {
    private let condition: CheckedCondition?
    private let threshold: Operand<Double>?

    init(_ arguments: ArgumentDecoder) throws {
      condition = arguments.command.condition
      threshold = try condition.map { try Operand($0.threshold, arguments.compiler) }
    }

    func condition(_ context: CommandContext, _ watched: [WatchedMetric], isValidated: Bool) throws
      -> StopCondition?
    {
      guard let condition, let threshold,
        let comparison = StopCondition.Comparison(rawValue: condition.comparison.rawValue)
      else { return nil }
      let number = try threshold(context)
      let metric = try WatchedMetrics.metric(
        condition.metric, among: watched, isValidated: isValidated, at: condition.span)
      return StopCondition(metric, comparison, number)
    }
  }

  // MARK: Words

  /// `training solver on xor: 4 rows, up to 20000 epochs of 4 batches of 1, mse, sgd with rate 0.3`
  private func announcement(
    of options: TrainingOptions, _ network: Network, _ fitted: FittedData, isAugmented: Bool,
    isStratified: Bool
  ) -> String {
    let parts = fitted.parts
    let set = parts.train
    let aside =
      options.validationFraction.map { localized("\(Int(($0 * 100).rounded()))% held out") }
      ?? parts.validate.map { localized("\($0.rows) to validate") }
    let isWhole = options.stop == nil && options.patience == nil
    let epochs =
      isWhole ? localized("\(options.epochs, "epoch")") : localized("up to \(options.epochs, "epoch")")
    let batch =
      isStratified
      ? localized("stratified batches of \(options.batchSize)")
      : options.shuffles
        ? localized("batch \(options.batchSize)") : localized("batch \(options.batchSize) in order")
    let loss =
      (options.objective.map { localized("losses \($0.description)") }
        ?? localized("loss \(options.loss.name)"))
      + (fitted.preparation?.targets == nil
        ? ""
        : options.objective != nil
          ? localized(", the targets of amounts scaled")
          : fitted.preparation?.transformsTargets == true
            ? localized(" of the targets' logarithms") : localized(" of scaled targets"))
      + (options.sumsBatch ? localized(" summed") : "")
    let rule = network.defaults.rule
    let facts = [
      isAugmented ? localized("\(set.rows, "row") augmented") : localized("\(set.rows, "row")"),
      weighting.words(for: set),
      aside,
      epochs, batch, loss,
      rule.isOnline ? localized("rule \(rule.rawValue)") : options.optimizer.description,
      localized("rate \(options.rate.brief)"),
    ]
    let list = facts.compactMap(\.self).joined(separator: ", ") + options.extras
    return localized("training \(network.name) on \(set.name): \(list)")
  }

  private func report(_ result: TrainingResult, _ context: CommandContext) throws {
    let done = result.history.count
    let metrics = result.history.last?.words ?? localized("no epoch was completed")
    let asked = result.options.epochs
    switch result.end {
    case .finished:
      context.emit(.text(localized("\(done, "epoch"): \(metrics)")))
    case .reached(let stop):
      let condition = "\(stop.metric.rawValue) \(stop.comparison.rawValue) \(stop.threshold.brief)"
      context.emit(
        .text(localized("stopped after \(done) of \(asked, "epoch"), at \(condition): \(metrics)")))
    case .ranOutOfPatience:
      let patience = result.options.patience ?? 0
      context.emit(
        .text(
          localized(
            "stopped after \(done) of \(asked, "epoch"), no improvement for \(patience, "epoch"): \(metrics)")
        ))
    case .interrupted:
      context.session.agreeOnInterruption()
      context.emit(
        .text(
          localized(
            "interrupted at epoch \(done + 1) of \(asked): \(metrics); `train \(data.name)` continues")))
      tellBest(of: result, context)
      throw Interruption(isReported: true)
    case .diverged(let layer, let epoch, let batch):
      throw diverged(layer, epoch, batch, result, at: context.span)
    }
    tellBest(of: result, context)
  }

  private func tellBest(of result: TrainingResult, _ context: CommandContext) {
    if let best = result.best {
      context.emit(.text(localized("The network \(best.words(of: result.history.count)).")))
    }
  }

  private func diverged(
    _ layer: String?, _ epoch: Int, _ batch: Int, _ result: TrainingResult, at span: SourceSpan
  ) -> Diagnostic {
    let place = layer.map { localized("in layer `\($0)`, ") } ?? ""
    if epoch == 1, batch == 1 {
      let layerWords = layer.map { localized(", in layer `\($0)`") } ?? ""
      return Diagnostic(
        .trainingDiverged,
        localized(
          """
          The loss is not finite from the start\(layerWords): the weights or the data are too large. Nothing has been trained. \
          Draw new weights with `reset weights`, or scale the data.
          """), at: span, suggestion: "reset weights")
    }
    let slower = "rate=\((result.options.rate / 10).significant(6))"
    let kept =
      result.best.map { localized("the network \($0.words(of: result.history.count))") }
      ?? localized("the network keeps its last finite weights")
    return Diagnostic(
      .trainingDiverged,
      localized(
        """
        The loss is no longer finite: \(place)epoch \(epoch), batch \(batch). Training has stopped, and \(kept). Try a \
        smaller learning rate, such as \(slower), or scale the data.
        """), at: span, suggestion: slower)
  }
}

extension BestEpoch {
  /// `keeps the weights of epoch 12, the best by val_loss: loss 0.2, val_loss 0.31`
  ///
  /// - Parameter count: how many epochs there were; what the last one measured has been told.
  fileprivate func words(of count: Int) -> String {
    let which = epoch == count ? localized("the last epoch") : localized("epoch \(epoch)")
    let kept = localized("keeps the weights of \(which), the best by \(metric.rawValue)")
    return epoch == count ? kept : localized("\(kept): \(metrics.words)")
  }
}

extension Optimizer {
  /// `sgd with momentum 0.9, nesterov`: its name, and the options that are not as they are by default.
  fileprivate var description: String {
    let tuned = (NetworkCatalog.current.optimizers[name]?.options ?? []).compactMap { option -> String? in
      guard let value = options[option.name], value != option.defaultValue else { return nil }
      return value == .boolean(true) ? option.name : "\(option.name) \(value.text)"
    }
    return tuned.isEmpty ? name : localized("\(name) with \(tuned.joined(separator: ", "))")
  }
}

extension TrainingOptions {
  /// `, schedule cosine, l2 0.001, clip 1`: what is not as it is by default.
  fileprivate var extras: String {
    let words: [(String, String?)] = [
      ("schedule", schedule == .constant ? nil : schedule.name),
      ("l1", regularizer.l1 == 0 ? nil : regularizer.l1.brief),
      ("l2", regularizer.l2 == 0 ? nil : regularizer.l2.brief), ("clip", clip?.brief),
    ]
    return words.map { name, value in value.map { ", \(name) \($0)" } ?? "" }.joined()
  }
}

extension KeptWeights: WordMeaning {}

extension TrainingMetric {
  /// What it is called in tables and sentences.
  var displayName: String {
    if case .watched(let metric) = self { metric.title } else { localizedMetric(rawValue) }
  }

  /// A loss with four significant digits, an accuracy in percent.
  func text(_ value: Double) -> String {
    switch self {
    case .loss, .validationLoss: value.significant(4)
    case .accuracy, .validationAccuracy: value.shareText
    case .watched(let watched):
      watched.name.hasSuffix("_accuracy")
        ? value.shareText
        : watched.metricOfOutput.map { Score(metric: $0, value: value).text } ?? value.significant(4)
    }
  }
}

extension Network {
  /// The losses that a training was given where they are not the network's own.
  func foreignObjective(of options: TrainingOptions) -> Objective? {
    let given = options.objective ?? Objective(options.loss, for: graph)
    return given == (try? effectiveObjective()) ? nil : given
  }

  /// The metrics that a training reports of each of several output layers.
  fileprivate func outputMetrics(
    _ objective: Objective, on examples: Examples, areOfValidation: Bool, isPerceptron: Bool
  ) throws(CodedError) -> [WatchedMetric] {
    // Rules without a gradient measure the whole alone.
    guard objective.terms.count > 1, !defaults.rule.isOnline, !isPerceptron else { return [] }
    return try metrics(objective, on: examples, areOfValidation: areOfValidation)
  }
}

extension WatchedMetric {
  /// The metric that nbs knows: `f1` of `kind_f1` as well; nil for a function of the user's.
  var metricOfOutput: Metric? {
    Metric(rawValue: name) ?? Metric.allCases.first { name.hasSuffix("_" + $0.rawValue) }
  }
}

extension Metric {
  /// What it is called in tables.
  var displayName: String {
    switch self {
    case .precision: localized("precision")
    case .recall: localized("recall")
    default: rawValue
    }
  }
}

extension Score {
  /// `90%`, `0.97`: shares of rows in per cent, the rest with four significant digits.
  var text: String {
    switch metric {
    case .precision, .recall, .f1, .topFive: value.shareText
    case .auc, .mae, .rmse, .rSquared, .perplexity, .bitsPerToken: value.significant(4)
    }
  }
}

extension EpochMetrics {
  /// `loss 0.02, accuracy 100%, val_loss 0.03`
  var words: String {
    metrics.compactMap { metric in
      self[metric].map { "\(metric.displayName) \(metric.text($0))" }
    }
    .joined(separator: ", ")
  }
}

extension CommandContext {
  /// Emits notices of a network's training, each once in a cell: a loop of trainings is not told the same again and again.
  func tell(_ notices: [Diagnostic], of network: Network) {
    for notice in notices where session.toldNotices.insert("\(network.name) \(notice.code)").inserted {
      emit(notice.blaming(span))
    }
  }
}

extension Session {
  /// Makes sure that the metrics can become variables.
  func claimFigures(_ watched: [WatchedMetric] = [], at span: SourceSpan) throws {
    let names = NetworkCatalog.current.trainingMetrics.names + watched.map(\.title)
    let functions = watched.isEmpty ? [] : state.functionNames
    for name in names where !functions.contains(name) { try claim(name, for: .variable, at: span) }
  }

  /// The metrics of the last epoch as variables, so that `assert loss < 0.01` works.
  func keepMetrics(_ metrics: EpochMetrics?, on data: DataReference) {
    // What an earlier training was asked for says nothing of this one.
    let old = (state.measurement?.metrics ?? [:]).keys.filter { $0.hasPrefix("val_") }
    state.measurement = Measurement(data: data)
    for name in old { keepMetric(name, nil) }
    for metric in TrainingMetric.standard { keepMetric(metric.rawValue, metrics?[metric]) }
    guard let watched = metrics?.watched, !watched.isEmpty else { return }
    let functions = state.functionNames
    for value in watched where !functions.contains(value.metric.title) {
      keepMetric(value.metric.title, value.value.isNaN ? nil : value.value)
    }
  }

  /// A metric as a variable, which has no value where the metric has none.
  func keepMetric(_ name: String, _ value: Double?) {
    state.measurement?.metrics[name] = value
    if let value {
      state.assign(.number(value), to: name)
      state.measured[name] = value
    } else if let own = state.measured.removeValue(forKey: name),
      array(named: name)?.scalar?.bitPattern == own.bitPattern
    {
      // What the user has assigned since is the user's.
      state.clear(name)
    }
  }
}

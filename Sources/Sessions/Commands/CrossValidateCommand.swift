import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine
import Outputs

/// `crossvalidate iris folds=5 repeats=2 epochs=50`
struct CrossValidate: SessionCommand {
  let data: Identifier
  let folds: Operand<Int>
  let repeats: Operand<Int>
  let stratify: Operand<Bool>?
  let by: Identifier?
  let ordered: Operand<Bool>
  let epochs: Operand<Int>
  let batch: Operand<Int>
  let defaults: TrainingArguments

  func run(_ context: CommandContext) throws {
    let session = context.session
    let selection = try session.data(data)
    let network = try session.currentNetwork(at: context.span)
    try refuseCarriedState(network, context)
    try session.claimFigures(at: context.span)
    let set = selection.isPart ? selection.set : selection.reference.parts.train
    let training = try defaults.defaults(over: network.defaults, context)
    let objective = try context.locating { try network.effectiveObjective(nil, training) }
    // A copy: network, data and the session's random numbers stay as they are.
    let copy = Network(name: network.name)
    copy.restore(network.state)
    let scaling = selection.reference.preparation.map {
      $0.scaling(of: selection.reference.parts.train)
    }
    let outcomes = try outcomes(
      on: set, tellsClasses: session.state.current?.task.isClassification ?? false, context
    ) { work in
      try measure(work, of: set, copy, training, objective, selection.reference, scaling, context)
    }
    report(
      outcomes, localized("folds of \(network.name) on \(data.name)"), selection.reference, context)
  }

  /// Refuses a network whose rows go on from each other: the rows of a fold are shuffled here, and only a block says otherwise.
  private func refuseCarriedState(_ network: Network, _ context: CommandContext) throws {
    guard let layer = network.graph.statefulLayer else { return }
    throw Diagnostic(
      .badValue,
      "`\(layer.name)` is stateful: each row of a batch goes on from the same row of the batch before, and the rows of a fold are "
        + "shuffled. Keep their order in a block: crossvalidate \(data.name) ordered=true { …; train \(data.name) shuffle=false }",
      at: context.span)
  }

  /// Cuts the rows and measures each fold.
  ///
  /// - Parameter tellsClasses: whether classes are told apart, which every fold is then to have its share of.
  /// - Returns: what the folds came to, in their order.
  func outcomes(
    on set: Dataset, tellsClasses: Bool, _ context: CommandContext,
    _ measure: (FoldWork) throws -> Evaluation
  ) throws -> [FoldOutcome] {
    let session = context.session
    let scheme = FoldScheme(
      folds: try folds(context), repeats: try repeats(context), by: by?.name,
      isOrdered: try ordered(context), isStratified: try stratify?(context))
    var random = session.random
    let start = ContinuousClock.now
    let cuts: [FoldWork]
    do {
      cuts = try scheme.work(on: set, tellsClasses: tellsClasses, random: &random)
    } catch {
      throw Diagnostic(error, at: error.code == .unknownColumn ? by?.span ?? context.span : context.span)
    }
    let deal = FoldDeal(cuts, session.state.options.execution.processes.group)
    return try deal.outcomes { work in
      let evaluation = try measure(work)
      context.emit(
        .progress(
          ProgressUpdate(
            label: "crossvalidate \(data.name)", completed: work.place, total: cuts.count, unit: "fold",
            seconds: (ContinuousClock.now - start) / .seconds(1), metrics: [.init("loss", evaluation.loss)],
            isFinal: work.place == cuts.count)))
      return FoldOutcome(work, evaluation)
    }
  }

  /// Shows what the folds came to, and leaves the means behind as variables.
  func report(
    _ outcomes: [FoldOutcome], _ title: String, _ reference: DataReference, _ context: CommandContext
  ) {
    let result = FoldResult(title, outcomes)
    for table in result.tables { context.emit(.table(table)) }
    let session = context.session
    let means = result.means
    session.keepMetrics(
      EpochMetrics(loss: means["loss"] ?? .nan, accuracy: means["accuracy"]), on: reference)
    for (name, mean) in means.sorted(by: { $0.key < $1.key }) where name != "loss" && name != "accuracy" {
      // A name that something else has is left alone: which metrics there are, only the folds have told.
      if (try? session.claim(name, for: .variable, at: context.span)) != nil {
        session.keepMetric(name, mean)
      }
    }
  }

  /// Trains new weights on the training rows of a fold, and measures on the others.
  private func measure(
    _ work: FoldWork, of set: Dataset, _ network: Network, _ training: TrainingDefaults,
    _ objective: Objective, _ reference: DataReference, _ scaling: Scaling??, _ context: CommandContext
  ) throws -> Evaluation {
    let session = context.session
    let parts = set.parts(of: work.fold)
    var random = work.random
    // The folds are what processes share.
    var execution = session.state.options.execution
    execution.processes = Processes()
    let optimizer = training.optimizer ?? .sgd()
    var options = TrainingOptions(
      epochs: try epochs(context), batchSize: min(try batch(context), max(1, parts.training.rows)),
      loss: objective.loss, optimizer: optimizer, rate: training.rate ?? optimizer.defaultRate)
    options.objective = objective.isUniform ? nil : objective
    options.regularizer = training.regularizer
    options.clip = training.clip
    options.schedule = training.schedule
    let interruption = session.interruption
    let control = TrainingControl(isInterrupted: { interruption.isRequested })
    let fitted = try context.locating {
      try session.fitted(
        DatasetParts(train: parts.training, test: parts.testing), of: reference, to: network, isTraining: true
      )
    }
    // Scales are found on the rows that are trained with alone; one that is no statistic of them stays.
    let preparation =
      try scaling.map { scaling -> Preparation? in
        try context.locating {
          try scaling.map {
            session.scale(
              try Preparation.fitted(to: fitted.parts.train, $0), for: fitted.parts.train, network)
          } ?? fitted.preparation
        }
      } ?? nil
    let fold = FittedData(parts: fitted.parts, preparation: preparation)
    return try context.locating {
      let scaled = preparation?.apply(to: fitted.parts.train) ?? fitted.parts.train
      let plain = try fold.trainingExamples(scaled, reference.augmentation)
      let examples = try scaled.weights.map { try plain.weighted(by: $0) } ?? plain
      network.reset()
      try network.prepare(execution, random: &random)
      let result = try network.train(examples, options, control: control, random: &random)
      if case .interrupted = result.end { throw Interruption(isReported: false) }
      if case .diverged = result.end {
        throw Diagnostic(
          .trainingDiverged,
          "The loss of a fold is no longer finite. Try a smaller rate, such as rate=\((options.rate / 10).significant(6)), or scale the data.",
          at: context.span, suggestion: "rate=\((options.rate / 10).significant(6))")
      }
      let testing = fitted.parts.test ?? fitted.parts.train
      return try network.evaluate((preparation?.apply(to: testing) ?? testing).counted(), objective)
        .inUnits(fold.outputScales(network.graph, objective))
    }
  }
}

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
    try session.claimFigures(at: context.span)
    let set = selection.isPart ? selection.set : selection.reference.parts.train
    let training = try defaults.defaults(over: network.defaults, context)
    let objective = try context.locating { try network.effectiveObjective(nil, training) }
    let kind = try kind(of: set, tellsClasses: self.network(tellsClasses: context), context)
    // A copy: network, data and the session's random numbers stay as they are.
    let copy = Network(name: network.name)
    copy.restore(network.state)
    let scaling = selection.reference.preparation.map {
      $0.scaling(of: selection.reference.parts.train)
    }
    let outcomes = try outcomes(on: set, kind, context) { work in
      try measure(work, of: set, copy, training, objective, selection.reference, scaling, context)
    }
    report(
      outcomes, localized("folds of \(network.name) on \(data.name)"), selection.reference, context)
  }

  /// Cuts the rows and measures each fold.
  ///
  /// - Returns: what the folds came to, in their order.
  func outcomes(
    on set: Dataset, _ kind: FoldKind, _ context: CommandContext,
    _ measure: (FoldWork) throws -> Evaluation
  ) throws -> [FoldOutcome] {
    let session = context.session
    let count = try folds(context)
    let rounds = kind == .ordered ? 1 : try repeats(context)
    var random = session.random
    let start = ContinuousClock.now
    // All of them before anything is trained, so that every network is tested on the same folds.
    var cuts: [Fold] = []
    for _ in 0..<rounds {
      cuts += try context.locating { try set.folds(count, kind, random: &random, shuffles: true) }
    }
    let deal = FoldDeal(cuts, random: &random, session.state.options.execution.processes.group)
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
    context.emit(.table(table(outcomes, title)))
    context.session.keepMetrics(
      EpochMetrics(
        loss: mean(outcomes.map(\.loss)),
        accuracy: outcomes.allSatisfy { $0.accuracy != nil } ? mean(outcomes.compactMap(\.accuracy)) : nil),
      on: reference)
  }

  /// How the rows are cut.
  ///
  /// - Parameter tellsClasses: whether classes are told apart, which every fold is then to have its share of.
  func kind(
    of set: Dataset, tellsClasses: Bool, _ context: CommandContext
  ) throws -> FoldKind {
    if let by {
      guard let column = set.inputColumns.firstIndex(where: { $0.name == by.name }) else {
        let names = set.inputColumns.map(\.name)
        let nearest = DidYouMean.nearest(to: by.name, among: names)
        throw Diagnostic(
          .unknownColumn,
          "`\(set.name)` has no input column `\(by.name)`. "
            + (nearest.map { "Did you mean `\($0)`?" }
              ?? "It has \(names.prefix(20).joined(separator: ", "))."),
          at: by.span, suggestion: nearest)
      }
      let start = set.inputColumns[..<column].reduce(0) { $0 + $1.width }
      let width = set.inputColumns[column].width
      return .grouped(
        (0..<set.rows).map { row in
          let values = set.inputs(ofRow: row)
          let own = values[values.startIndex + start..<values.startIndex + start + width]
          return width == 1
            ? own.first ?? 0 : Double(own.firstIndex(of: 1) ?? own.startIndex) - Double(own.startIndex)
        })
    }
    if try ordered(context) { return .ordered }
    if let stratify { return try stratify(context) ? .stratified : .plain }
    return set.hasStrata && tellsClasses ? .stratified : .plain
  }

  private func network(tellsClasses context: CommandContext) -> Bool {
    context.session.state.current?.task.isClassification ?? false
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

  // MARK: The table

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

  private func deviation(_ values: [Double]) -> Double {
    guard values.count > 1 else { return 0 }
    let middle = mean(values)
    return (values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(values.count - 1)).squareRoot()
  }

  /// A row a fold, the mean and deviation below, and which fold is the worst.
  private func table(_ outcomes: [FoldOutcome], _ title: String) -> Table {
    let hasAccuracy = outcomes.allSatisfy { $0.accuracy != nil }
    let metrics = Metric.allCases.filter { metric in
      outcomes.allSatisfy { outcome in outcome.scores.contains { $0.metric == metric } }
    }
    func scores(_ metric: Metric) -> [Double] {
      outcomes.compactMap { outcome in outcome.scores.first { $0.metric == metric }?.value }
    }
    func summary(_ heading: String, _ of: ([Double]) -> Double) -> [String] {
      [heading, "", TrainingMetric.loss.text(of(outcomes.map(\.loss)))]
        + (hasAccuracy ? [of(outcomes.compactMap(\.accuracy)).shareText] : [])
        + metrics.map { Score(metric: $0, value: of(scores($0))).text }
    }
    let rows = outcomes.map { outcome -> [String] in
      var row = [String(outcome.place), String(outcome.rows), TrainingMetric.loss.text(outcome.loss)]
      if hasAccuracy { row.append(outcome.accuracy.map(\.shareText) ?? "") }
      return row + metrics.map { metric in outcome.scores.first { $0.metric == metric }.map(\.text) ?? "" }
    }
    let worst = outcomes.max { $0.loss < $1.loss }
    return Table(
      title: title,
      columns: [
        .words(localized("fold")), .numbers(localized("rows")), .numbers(TrainingMetric.loss.displayName),
      ]
        + (hasAccuracy ? [.numbers(TrainingMetric.accuracy.displayName)] : [])
        + metrics.map { .numbers($0.displayName) },
      rows: rows + [summary(localized("mean"), mean), summary(localized("deviation"), deviation)],
      footer: worst.map { [localized("fold \($0.place) has the highest loss")] } ?? [])
  }
}

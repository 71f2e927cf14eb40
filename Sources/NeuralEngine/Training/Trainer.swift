/// One training: goes through the rows in batches, epoch by epoch, until something ends it.
struct Trainer {
  private let pass: any EpochPass
  private let setting: EpochSetting
  private let parameters: ParameterStore
  private let updater: ParameterUpdater
  private let objective: Objective
  /// Whether a layer draws random numbers for each batch.
  private let drawsInBatches: Bool

  init(
    _ pass: any EpochPass, _ setting: EpochSetting, _ parameters: ParameterStore, _ updater: ParameterUpdater,
    _ objective: Objective, drawsInBatches: Bool
  ) {
    self.pass = pass
    self.setting = setting
    self.parameters = parameters
    self.updater = updater
    self.objective = objective
    self.drawsInBatches = drawsInBatches
  }

  /// Trains.
  ///
  /// - Parameters:
  ///   - measure: what rows that are only measured on come to; nil where it was interrupted.
  ///   - blame: the first layer that gives a number that is not finite for a batch.
  func run(
    measure: (Samples, RowOrder) -> EpochMeasurement?, blame: (TrainingBatch) -> String?,
    start: RandomStream.State, resuming: TrainingProgress?, random: inout RandomStream
  ) -> TrainingResult {
    let (data, options, control, rate) = (setting.data, setting.options, setting.control, setting.rate)
    var key: UInt64 = 0
    var history = TrainingHistory()
    history.reserve(options.epochs)
    let monitored = options.monitored(isValidated: data.validation != nil)
    var patience = Patience(options.patience, monitored, minDelta: options.minDelta)
    var best =
      options.keepsBest(isValidated: data.validation != nil)
      ? BestWeights(monitored, parameters, updater) : nil
    var end = TrainingResult.End.finished
    let keeper = FiniteWeights(parameters)
    var change = 0.0
    if let resuming {
      history = resuming.history
      patience.takeUp(resuming.patience)
      best?.takeUp(resuming.best, resuming.bestWeights)
      rate.plateau = resuming.plateau
      if let stream = RandomStream(resuming.random) { random = stream }
      change = resuming.weightChange
    }
    let first = history.count + 1
    func progress(_ history: TrainingHistory, _ random: RandomStream, isOver: Bool) -> TrainingProgress {
      TrainingProgress(
        history: history, start: start, random: random.position,
        last: TrainingProgress.Weights(values: parameters.values.doubles, optimizer: updater.state),
        bestWeights: best?.kept?.weights, best: best?.best, patience: patience.state,
        plateau: rate.plateau, weightChange: change, isOver: isOver)
    }
    let measured = control.watch == nil ? data.validation : data.validation ?? (data.samples, data.plainOrder)
    control.begun()
    // What ended the training ends it again: it had come to its end before it was kept.
    var last = options.epochs
    if let metrics = history.last {
      if let stop = options.stop, stop.isMet(by: metrics) {
        (end, last) = (.reached(stop), history.count)
      } else if patience.isExhausted {
        (end, last) = (.ranOutOfPatience, history.count)
      }
    }
    let allAnswers = data.order.count * pass.answersPerRow
    let (stop, checkpoint) = (options.stop, control.checkpoint)
    var nextTold = first
    training: for epoch in stride(from: first, through: last, by: 1) {
      // By the epoch, so that a training which goes on another day draws what it would have drawn.
      if drawsInBatches { key = random.next() }
      if options.shuffles { data.shuffle(&random) }
      keeper.keep()
      var outcome = pass.run(epoch: epoch, key: key, blame: blame)
      keeper.check(&outcome, epoch, options.batches(of: data.order.count), updater)
      switch outcome {
      case .broken(let reason):
        end = reason
        break training
      case .done(let loss, let correct, let tallies, let answers):
        guard
          let metrics = metrics(
            loss: loss, correct: correct, of: answers ?? allAnswers, tallies, of: answers ?? data.order.count,
            measured, measure)
        else {
          end = .interrupted
          break training
        }
        history.append(metrics)
        control.weightsChanged?(epoch, parameters.values)
        if epoch == 1 { change = keeper.change }
        best?.epochEnded(epoch, metrics)
        if epoch >= nextTold { nextTold = control.epochEnded(history) }
        if let stop, stop.isMet(by: metrics) {
          end = .reached(stop)
          break training
        }
        rate.epochEnded(metrics.validationLoss ?? metrics.loss)
        if patience.isExhausted(by: metrics) {
          end = .ranOutOfPatience
          break training
        }
        if let checkpoint, epoch < options.epochs, checkpoint.isDue(epoch) {
          checkpoint.keep(progress(history, random, isOver: false))
        }
      }
    }
    // A training that was broken off within an epoch goes on from the last checkpoint.
    if history.count > max(1, first - 1), end.isRegular { change = max(change, keeper.change) }
    if end.isRegular, control.keepsEnd() {
      control.checkpoint?.keep(progress(history, random, isOver: true))
    }
    // Weights that met the condition of `until` are what was asked for.
    if case .reached = end, options.keep == nil { best = nil }
    best?.restore()
    return TrainingResult(
      end: end, history: history, options: options, trainedRows: data.order.count,
      validationRows: data.validation?.order.count ?? 0, best: best?.best,
      weightChange: change)
  }

  private func metrics(
    loss: Double, correct: Int, of answers: Int, _ tallies: [OutputTally], of tallied: Int,
    _ measured: (samples: Samples, order: RowOrder)?,
    _ measure: (Samples, RowOrder) -> EpochMeasurement?
  ) -> EpochMetrics? {
    var metrics = EpochMetrics(
      loss: loss, accuracy: setting.countsCorrect ? Double(correct) / Double(answers) : nil)
    if !tallies.isEmpty { metrics.watched = objective.values(tallies, of: tallied) }
    if let measured {
      let rows = measured.order.count
      guard let measured = measure(measured.samples, measured.order) else { return nil }
      if setting.data.validation != nil {
        metrics.watched = objective.values(
          measured.tallies, of: measured.answers ?? rows, areOfValidation: true)
      }
      metrics.watched += measured.watched
      if setting.data.validation != nil {
        metrics.validationLoss = measured.loss
        metrics.validationAccuracy = setting.countsCorrect ? measured.accuracy : nil
      }
    }
    return metrics
  }

  /// Makes sure that an epoch leaves finite weights. Its last step may break them without a loss that tells, and a
  /// saturated unit may hide it for longer; the epoch's start was finite.
  private struct FiniteWeights {
    private let parameters: ParameterStore
    private let last: NumberBuffer

    init(_ parameters: ParameterStore) {
      self.parameters = parameters
      last = NumberBuffer(parameters.layout.count, parameters.values.precision)
    }

    func keep() { last.copy(from: parameters.values) }

    /// By how much the weights have moved in the epoch, as a share of their size.
    var change: Double { parameters.values.relativeDistance(to: last) }

    func check(_ outcome: inout EpochEnd, _ epoch: Int, _ batches: Int, _ updater: ParameterUpdater) {
      if !parameters.values.areFinite {
        if case .done = outcome {
          outcome = .broken(
            .diverged(layer: parameters.firstNonFiniteLayer, epoch: epoch, batch: batches))
        }
        parameters.values.copy(from: last)
        updater.reset()
      } else if case .broken(.diverged) = outcome {
        // What it remembers of those steps would drive the next training off as well.
        updater.reset()
      }
    }
  }
}

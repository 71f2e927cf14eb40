/// One training: goes through the rows in batches, epoch by epoch, until something ends it.
struct Trainer {
  /// How an epoch is gone through.
  private enum Way {
    /// A batch after the other through a plan.
    case batches(TrainingStep, CPUExecution, SampleSource)
    /// A batch after the other, each through a plan for every length that its sequences have.
    case sequences(SequenceBatches)
    /// The whole network in one pass, where it is a small chain trained row by row.
    case chain(SmallChain)
    /// A batch after the other through a small chain.
    case chainBatches(TrainingStep, SmallChain)
    /// Row by row under an online rule.
    case online(OnlineRows)
  }

  /// What a batch goes through.
  enum Passage {
    /// A plan for all of its rows.
    case plan(CPUExecution)
    /// A plan for every length that its sequences have.
    case plans(SequenceBatches)
  }

  private let way: Way
  private let parameters: ParameterStore
  private let updater: ParameterUpdater
  private let data: TrainingData
  private let options: TrainingOptions
  private let objective: Objective
  /// Whether classes are told apart, so that an accuracy means something.
  private let countsCorrect: Bool
  /// Whether a layer draws random numbers for each batch.
  private let drawsInBatches: Bool
  /// How many answers to a row are right or wrong: one, or one a step.
  private let answersPerRow: Int
  private let control: TrainingControl
  /// The rate as the training begins. What changes from epoch to epoch is no part of the trainer: a small network's epoch takes
  /// less time than a copy of it.
  private let firstRate: LearningRate

  /// What is different in each epoch.
  private struct Moment {
    /// Its number, from 1.
    let epoch: Int
    let rate: LearningRate
    /// What dropout draws from in it.
    let key: UInt64
  }

  /// What an epoch came to: its losses and how many rows were right, of how many answers where these are not as many for each
  /// row, or why it broke off.
  private enum EpochEnd {
    case done(loss: Double, correct: Int, tallies: [OutputTally] = [], answers: Int? = nil)
    case broken(TrainingResult.End)
  }

  /// Creates a training by steps of an optimizer.
  init(
    step: TrainingStep, through passage: Passage, chain: SmallChain?, data: TrainingData,
    options: TrainingOptions, objective: Objective, countsCorrect: Bool, drawsInBatches: Bool,
    control: TrainingControl
  ) {
    let rate = LearningRate(options, data)
    let way: Way =
      if let chain, data.augmenter == nil, data.samples.numbers != nil {
        options.batchSize == 1 && step.isPlain && rate.isByEpoch ? .chain(chain) : .chainBatches(step, chain)
      } else {
        switch passage {
        case .plan(let execution):
          .batches(
            step, execution, SampleSource(data.samples, data.order, for: execution.plan, data.augmenter))
        case .plans(let sequences): .sequences(sequences)
        }
      }
    self.init(
      way, step.parameters, step.updater, rate, data, options, objective, countsCorrect: countsCorrect,
      drawsInBatches: drawsInBatches, control)
  }

  /// Creates a training under an online rule.
  init(
    online rows: OnlineRows, parameters: ParameterStore, updater: ParameterUpdater, data: TrainingData,
    options: TrainingOptions, objective: Objective, countsCorrect: Bool, control: TrainingControl
  ) {
    self.init(
      .online(rows), parameters, updater, LearningRate(options, data), data, options, objective,
      countsCorrect: countsCorrect, drawsInBatches: false, control)
  }

  private init(
    _ way: Way, _ parameters: ParameterStore, _ updater: ParameterUpdater, _ rate: LearningRate,
    _ data: TrainingData, _ options: TrainingOptions, _ objective: Objective, countsCorrect: Bool,
    drawsInBatches: Bool, _ control: TrainingControl
  ) {
    self.way = way
    self.parameters = parameters
    self.updater = updater
    firstRate = rate
    self.data = data
    self.options = options
    self.objective = objective
    self.countsCorrect = countsCorrect
    answersPerRow = if case .batches(_, let execution, _) = way { execution.plan.answersPerRow } else { 1 }
    self.drawsInBatches = drawsInBatches
    self.control = control
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
    var rate = firstRate
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
    let allAnswers = data.order.count * answersPerRow
    let (stop, checkpoint) = (options.stop, control.checkpoint)
    var nextTold = first
    let chain: SmallChain? = if case .chain(let chain) = way { chain } else { nil }
    training: for epoch in stride(from: first, through: last, by: 1) {
      // By the epoch, so that a training which goes on another day draws what it would have drawn.
      if drawsInBatches { key = random.next() }
      if options.shuffles { data.shuffle(&random) }
      keeper.keep()
      var outcome =
        if let chain {
          // Of which an epoch takes less time than a moment is made in.
          run(chain, epoch: epoch, rate: rate.rate(epoch: epoch - 1, batch: 0))
        } else {
          run(Moment(epoch: epoch, rate: rate, key: key), blame)
        }
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

  private func run(_ moment: Moment, _ blame: (TrainingBatch) -> String?) -> EpochEnd {
    switch way {
    case .batches(let step, let execution, let source): run(moment, step, execution, source, blame)
    case .sequences(let batches): run(moment, batches, blame)
    case .chain(let chain):
      run(chain, epoch: moment.epoch, rate: moment.rate.rate(epoch: moment.epoch - 1, batch: 0))
    case .chainBatches(let step, let chain): run(moment, step, chain, blame)
    case .online(let rows): run(moment, rows, blame)
    }
  }

  private func run(_ moment: Moment, _ rows: OnlineRows, _ blame: (TrainingBatch) -> String?) -> EpochEnd {
    var (total, correct) = (0.0, 0)
    defer { rows.writeParameters() }
    for place in 0..<data.order.count {
      if place.isMultiple(of: Trainer.chunk), control.isInterrupted() { return .broken(.interrupted) }
      let rate = moment.rate.rate(epoch: moment.epoch - 1, batch: place)
      guard let measured = rows.train(row: data.order[place], rate: rate) else {
        let batch = TrainingBatch(start: place, rows: 1, epoch: moment.epoch, numbers: BatchNumbers(rows: 1))
        return .broken(.diverged(layer: blame(batch), epoch: moment.epoch, batch: place + 1))
      }
      total += measured.loss
      if measured.isCorrect { correct += 1 }
      if (place + 1).isMultiple(of: Trainer.chunk), place + 1 < data.order.count {
        control.batchEnded(place + 1, data.order.count, total / Double(place + 1))
      }
    }
    return .done(loss: total / Double(data.order.count), correct: correct)
  }

  private func run(
    _ moment: Moment, _ step: TrainingStep, _ execution: CPUExecution, _ source: SampleSource,
    _ blame: (TrainingBatch) -> String?
  ) -> EpochEnd {
    var (total, correct) = (0.0, 0)
    var tallies: [OutputTally] = []
    let batches = options.batches(of: data.order.count)
    var start = 0
    var batch = 0
    while start < data.order.count {
      if control.isInterrupted() { return .broken(.interrupted) }
      let rows = min(options.batchSize, data.order.count - start)
      // Each batch draws numbers of its own.
      let next = TrainingBatch(
        start: start, rows: rows, epoch: moment.epoch,
        numbers: step.numbers(rows: rows, key: moment.key &+ UInt64(batch) &* 0x2545_F491_4F6C_DD1D))
      batch += 1
      guard
        let loss = step.gradient(
          of: next, from: source, through: execution, isInterrupted: control.isInterrupted)
      else {
        return .broken(.interrupted)
      }
      guard loss.isFinite else {
        return .broken(.diverged(layer: blame(next), epoch: moment.epoch, batch: batch))
      }
      total += loss
      if countsCorrect { correct += execution.correct(rows: rows) }
      tallies.add(execution.tallies)
      step.update(rate: moment.rate.rate(epoch: moment.epoch - 1, batch: batch - 1))
      start += rows
      if batch < batches { control.batchEnded(batch, batches, total / Double(start)) }
    }
    return .done(loss: total / Double(data.order.count), correct: correct, tallies: tallies)
  }

  private func run(
    _ moment: Moment, _ sequences: SequenceBatches, _ blame: (TrainingBatch) -> String?
  ) -> EpochEnd {
    var (total, correct, answers) = (0.0, 0, 0)
    var tallies: [OutputTally] = []
    let batches = options.batches(of: data.order.count)
    var start = 0
    for batch in 0..<batches {
      if control.isInterrupted() { return .broken(.interrupted) }
      let rows = min(options.batchSize, data.order.count - start)
      let next = TrainingBatch(
        start: start, rows: rows, epoch: moment.epoch, numbers: BatchNumbers(rows: rows))
      let key = moment.key &+ UInt64(batch) &* 0x2545_F491_4F6C_DD1D
      guard let outcome = sequences.gradient(of: next, key: key, isInterrupted: control.isInterrupted) else {
        return .broken(.interrupted)
      }
      guard outcome.loss.isFinite else {
        return .broken(.diverged(layer: blame(next), epoch: moment.epoch, batch: batch + 1))
      }
      total += outcome.loss
      answers += outcome.measure.answers
      if countsCorrect { correct += outcome.measure.correct }
      tallies.add(outcome.measure.tallies)
      sequences.update(rate: moment.rate.rate(epoch: moment.epoch - 1, batch: batch))
      start += rows
      if batch + 1 < batches { control.batchEnded(batch + 1, batches, total / Double(answers)) }
    }
    return .done(loss: total / Double(answers), correct: correct, tallies: tallies, answers: answers)
  }

  /// Rows that a chain takes between two looks at whether somebody wants to stop.
  private static var chunk: Int { 1024 }

  private func run(_ chain: SmallChain, epoch: Int, rate: Double) -> EpochEnd {
    var (total, correct) = (0.0, 0)
    var done = 0
    while done < data.order.count {
      if control.isInterrupted() { return .broken(.interrupted) }
      let rows = done..<min(done + Trainer.chunk, data.order.count)
      guard
        let outcome = chain.train(
          data.samples, data.order, rows, rate: rate, countsCorrect: countsCorrect)
      else { break }
      total += outcome.loss
      correct += outcome.correct
      done += outcome.rows
      if outcome.rows < rows.count {
        let row = data.order[done]
        let layer = chain.firstNonFiniteLayer(data.samples, row: row)
        return .broken(.diverged(layer: layer, epoch: epoch, batch: done + 1))
      }
      if done < data.order.count { control.batchEnded(done, data.order.count, total / Double(done)) }
    }
    return .done(loss: total / Double(data.order.count), correct: correct)
  }

  private func run(
    _ moment: Moment, _ step: TrainingStep, _ chain: SmallChain, _ blame: (TrainingBatch) -> String?
  ) -> EpochEnd {
    var (total, correct) = (0.0, 0)
    let batches = options.batches(of: data.order.count)
    var start = 0
    for batch in 0..<batches {
      if control.isInterrupted() { return .broken(.interrupted) }
      let rows = min(options.batchSize, data.order.count - start)
      let numbers = step.numbers(rows: rows, key: moment.key)
      guard
        let outcome = chain.gradient(
          data.samples, data.order, start..<start + rows, scale: numbers.scale, countsCorrect: countsCorrect)
      else { break }
      let loss = outcome.loss + step.cost(ofAnswers: rows)
      guard loss.isFinite else {
        let layer = blame(
          TrainingBatch(start: start, rows: rows, epoch: moment.epoch, numbers: numbers))
        return .broken(.diverged(layer: layer, epoch: moment.epoch, batch: batch + 1))
      }
      total += loss
      correct += outcome.correct
      step.update(rate: moment.rate.rate(epoch: moment.epoch - 1, batch: batch))
      start += rows
      if batch + 1 < batches { control.batchEnded(batch + 1, batches, total / Double(start)) }
    }
    return .done(loss: total / Double(data.order.count), correct: correct)
  }

  private func metrics(
    loss: Double, correct: Int, of answers: Int, _ tallies: [OutputTally], of tallied: Int,
    _ measured: (samples: Samples, order: RowOrder)?,
    _ measure: (Samples, RowOrder) -> EpochMeasurement?
  ) -> EpochMetrics? {
    var metrics = EpochMetrics(
      loss: loss, accuracy: countsCorrect ? Double(correct) / Double(answers) : nil)
    if !tallies.isEmpty { metrics.watched = objective.values(tallies, of: tallied) }
    if let measured {
      let rows = measured.order.count
      guard let measured = measure(measured.samples, measured.order) else { return nil }
      if data.validation != nil {
        metrics.watched = objective.values(
          measured.tallies, of: measured.answers ?? rows, areOfValidation: true)
      }
      metrics.watched += measured.watched
      if data.validation != nil {
        metrics.validationLoss = measured.loss
        metrics.validationAccuracy = countsCorrect ? measured.accuracy : nil
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

extension LearningRate {
  fileprivate init(_ options: TrainingOptions, _ data: TrainingData) {
    self.init(
      options.schedule, from: options.rate, epochs: options.epochs,
      batches: options.batches(of: data.order.count))
  }
}

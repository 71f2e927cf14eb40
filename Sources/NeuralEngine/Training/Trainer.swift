/// One training: goes through the rows in batches, epoch by epoch, until something ends it.
struct Trainer<Scalar: EngineScalar> {
  let plan: Plan<Scalar>
  let parameters: Parameters<Scalar>
  let optimizer: Optimizer<Scalar>
  let samples: Samples<Scalar>
  let options: TrainingOptions
  /// Whether a layer draws random numbers for each batch.
  private let drawsInBatches: Bool
  let control: TrainingControl
  /// Whether the targets are classes, so that an accuracy means something.
  let countsCorrect: Bool
  /// The rows that are trained on.
  private let rows: [Int]
  /// The same in the order of the epoch.
  private(set) var order: [Int]
  /// The rows that are only measured on.
  let validationRows: [Int]
  /// What they are rows of.
  private let validationSamples: Samples<Scalar>

  /// The rate, batch by batch.
  private var pace: Pace

  /// What an epoch came to: its figures, or why it broke off.
  private enum EpochEnd {
    case done(loss: Double, correct: Int)
    case broken(TrainingResult.End)
  }

  init(
    plan: Plan<Scalar>, parameters: Parameters<Scalar>, optimizer: Optimizer<Scalar>, examples: Examples,
    validation: Examples?, options: TrainingOptions, drawsInBatches: Bool, control: TrainingControl,
    random: inout RandomStream
  ) throws(EngineError) {
    self.plan = plan
    self.parameters = parameters
    self.optimizer = optimizer
    samples = Samples(examples)
    self.options = options
    self.drawsInBatches = drawsInBatches
    self.control = control
    countsCorrect =
      plan.tellsClasses && examples.targetsAreClasses(plan.outputWidths, loss: options.loss)
    let (rows, aside) = try Trainer.divide(examples, share: options.validationShare, random: &random)
    self.rows = rows
    order = rows
    pace = Pace(options, batches: options.batches(of: rows.count))
    validationRows = validation.map { Array(0..<$0.rows) } ?? aside
    validationSamples = validation.map(Samples.init) ?? samples
  }

  /// Picks the rows to keep aside.
  private static func divide(
    _ examples: Examples, share: Double?, random: inout RandomStream
  ) throws(EngineError) -> (order: [Int], validation: [Int]) {
    var rows = Array(0..<examples.rows)
    guard let share else { return (rows, []) }
    guard rows.count > 1 else {
      throw EngineError(
        "too-few-rows", "`\(examples.name)` has one row, so none can be kept aside to validate with.")
    }
    let aside = min(rows.count - 1, max(1, Int((Double(rows.count) * share).rounded())))
    random.shuffle(&rows)
    return (rows.dropLast(aside).sorted(), rows.suffix(aside).sorted())
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  mutating func run(random: inout RandomStream) -> TrainingResult {
    plan.phase.isTraining = true
    defer { plan.phase.isTraining = false }
    var history = TrainingHistory()
    var patience = Patience(options.patience)
    var end = TrainingResult.End.finished
    control.begun()
    let lastFinite = Buffer<Scalar>(count: parameters.values.count)
    training: for epoch in 1...options.epochs {
      // By the epoch, so that a training which goes on another day draws what it would have drawn.
      if drawsInBatches { plan.phase.random = RandomStream(seed: random.next()) }
      if options.shuffles { shuffle(&random) }
      lastFinite.copy(from: parameters.values)
      switch checked(runEpoch(epoch), epoch, lastFinite) {
      case .broken(let reason):
        end = reason
        break training
      case .done(let loss, let correct):
        let figures = figures(loss: loss, correct: correct)
        history.append(figures)
        control.epochEnded(history)
        if let stop = options.stop, stop.isMet(by: figures) {
          end = .reached(stop)
          break training
        }
        pace.epochEnded(figures.validationLoss ?? figures.loss)
        if patience.isExhausted(by: figures.validationLoss ?? figures.loss) {
          end = .ranOutOfPatience
          break training
        }
      }
    }
    return TrainingResult(
      end: end, history: history, options: options, trainedRows: order.count,
      validationRows: validationRows.count)
  }

  /// Shuffles the rows from the order that they have in the data, not from that of the epoch before: a training
  /// that stops and goes on another day then takes them as if it had never stopped.
  private mutating func shuffle(_ random: inout RandomStream) {
    for place in rows.indices { order[place] = rows[place] }
    random.shuffle(&order)
  }

  /// Makes sure that an epoch leaves finite weights. Its last step may break them without a loss that tells, and
  /// a saturated unit may hide it for longer; the epoch's start was finite.
  @inline(__always)
  private func checked(_ end: EpochEnd, _ epoch: Int, _ lastFinite: Buffer<Scalar>) -> EpochEnd {
    var end = end
    if !parameters.areFinite() {
      if case .done = end {
        end = .broken(
          .diverged(
            layer: parameters.firstNonFiniteLayer, epoch: epoch, batch: options.batches(of: order.count)))
      }
      parameters.values.copy(from: lastFinite)
      optimizer.reset()
    } else if case .broken(.diverged) = end {
      // What it remembers of those steps would drive the next training off as well.
      optimizer.reset()
    }
    return end
  }

  /// Whether every step is the slope of the loss alone times one rate, which is all that a chain can do.
  private var isPlain: Bool {
    optimizer.isPlain && options.penalty.isNone && options.clip == nil && pace.isByEpoch
  }

  @inline(__always)
  private func runEpoch(_ epoch: Int) -> EpochEnd {
    if let chain = plan.chain, isPlain { return runEpoch(epoch, chain) }
    var total = 0.0
    var correct = 0
    var start = 0
    var batch = 0
    while start < order.count {
      if control.isInterrupted() { return .broken(.interrupted) }
      let rows = min(options.batchSize, order.count - start)
      batch += 1
      order.withUnsafeBufferPointer { order in
        if let first = order.baseAddress { plan.load(samples, order: first + start, rows: rows) }
      }
      plan.forward(rows: rows)
      let loss = plan.loss(rows: rows) + Double(rows) * parameters.cost(options.penalty)
      guard loss.isFinite else {
        return .broken(.diverged(layer: plan.firstNonFiniteLayer(rows: rows), epoch: epoch, batch: batch))
      }
      total += loss
      if countsCorrect { correct += plan.correct(rows: rows) }
      plan.backward(rows: rows, scale: options.sumsBatch ? 1 : 1 / Scalar(rows))
      parameters.addSlope(of: options.penalty)
      if let clip = options.clip { parameters.clipGradients(to: clip) }
      optimizer.step(rate: Scalar(pace.rate(epoch: epoch - 1, batch: batch - 1)))
      start += rows
    }
    return .done(loss: total / Double(order.count), correct: correct)
  }

  /// Rows that a chain takes between two looks at whether somebody wants to stop.
  private static var chunk: Int { 1024 }

  @inline(__always)
  private func runEpoch(_ epoch: Int, _ chain: OnlineChain<Scalar>) -> EpochEnd {
    var total = 0.0
    var correct = 0
    var done = 0
    let rate = Scalar(pace.rate(epoch: epoch - 1, batch: 0))
    while done < order.count {
      if control.isInterrupted() { return .broken(.interrupted) }
      let rows = min(Self.chunk, order.count - done)
      let outcome = order.withUnsafeBufferPointer { order in
        chain.train(
          samples, order: UnsafeBufferPointer(rebasing: order[done..<done + rows]),
          rate: rate, countsCorrect: countsCorrect)
      }
      done += outcome.rows
      guard outcome.isFinite else {
        return .broken(.diverged(layer: plan.firstNonFiniteLayer(rows: 1), epoch: epoch, batch: done + 1))
      }
      total += outcome.loss
      correct += outcome.correct
    }
    return .done(loss: total / Double(order.count), correct: correct)
  }

  private func figures(loss: Double, correct: Int) -> EpochFigures {
    var figures = EpochFigures(
      loss: loss, accuracy: countsCorrect ? Double(correct) / Double(order.count) : nil)
    if !validationRows.isEmpty {
      let measured = plan.measure(validationSamples, rows: validationRows)
      figures.validationLoss = measured.loss + parameters.cost(options.penalty)
      figures.validationAccuracy = countsCorrect ? measured.accuracy : nil
    }
    return figures
  }
}

extension Plan {
  /// The mean loss and the share classified rightly over some rows, a plan's load at a time; `isAnswered` is
  /// told how many rows each load has, while their outputs stand.
  func measure(
    _ samples: Samples<Scalar>, rows: [Int], isAnswered: (Int) -> Void = { _ in }
  ) -> (loss: Double, accuracy: Double) {
    var total = 0.0
    var correct = 0
    let wasTraining = phase.isTraining
    phase.isTraining = false
    defer { phase.isTraining = wasTraining }
    rows.withUnsafeBufferPointer { order in
      guard let first = order.baseAddress else { return }
      for start in stride(from: 0, to: rows.count, by: capacity) {
        let count = min(capacity, rows.count - start)
        load(samples, order: first + start, rows: count)
        forward(rows: count)
        total += loss(rows: count)
        correct += self.correct(rows: count)
        isAnswered(count)
      }
    }
    return (total / Double(rows.count), Double(correct) / Double(rows.count))
  }
}

extension Examples {
  /// Whether every target is 0 or 1 and so names a class, for output layers of these widths: one number for a
  /// layer of one unit, or a one-hot row. For hinge, -1 stands for 0.
  func targetsAreClasses(_ widths: [Int], loss: Loss) -> Bool {
    let no: Double = loss == .hinge ? -1 : 0
    guard targets.allSatisfy({ $0 == no || $0 == 1 }) else { return false }
    return (0..<rows).allSatisfy { row in
      var start = row * targetWidth
      return widths.allSatisfy { width in
        defer { start += width }
        return width == 1 || targets[start..<start + width].count { $0 == 1 } == 1
      }
    }
  }
}

/// Counts the epochs that brought nothing better.
struct Patience {
  private let limit: Int?
  private var best = Double.infinity
  private var wait = 0

  init(_ limit: Int?) { self.limit = limit }

  /// Takes an epoch's loss; true when the limit is reached.
  mutating func isExhausted(by loss: Double) -> Bool {
    guard let limit else { return false }
    if loss < best {
      best = loss
      wait = 0
    } else {
      wait += 1
    }
    return wait >= limit
  }
}

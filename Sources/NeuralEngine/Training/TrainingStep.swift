/// One step of a training: the gradient of a batch, and what the optimizer makes of it.
struct TrainingStep {
  let parameters: ParameterStore
  let updater: ParameterUpdater
  private let regularizer: Regularizer
  private let clip: Double?
  private let sumsBatch: Bool
  private let threads: Int

  init(
    parameters: ParameterStore, updater: ParameterUpdater, _ options: TrainingOptions, threads: Int
  ) {
    self.parameters = parameters
    self.updater = updater
    regularizer = options.regularizer
    clip = options.clip
    sumsBatch = options.sumsBatch
    self.threads = threads
  }

  /// Whether every step is the gradient of the loss alone times one rate, which is all that a small chain can do.
  var isPlain: Bool { updater.optimizer.isPlain && regularizer.isNone && clip == nil }

  /// What a batch is run with.
  func numbers(rows: Int, key: UInt64) -> BatchNumbers {
    BatchNumbers(rows: rows, scale: sumsBatch ? 1 : 1 / Double(rows), key: key)
  }

  /// The losses of a batch's rows, added up, with what the weights cost; its gradient stands ready then. Nil where it was
  /// interrupted, and then no parameter that an optimizer changes has.
  func gradient(
    of batch: TrainingBatch, from source: SampleSource, through execution: CPUExecution,
    isInterrupted: () -> Bool
  ) -> Double? {
    source.start = batch.start
    source.epoch = batch.epoch
    var numbers = batch.numbers
    numbers.isFirst = batch.start == 0
    guard
      let loss = execution.run(
        numbers, source: source, threads: threads, isInterrupted: isInterrupted)
    else { return nil }
    return loss + cost(ofAnswers: batch.rows)
  }

  /// What the weights cost, for so many answers.
  func cost(ofAnswers answers: Int) -> Double { Double(answers) * parameters.cost(regularizer) }

  /// Changes the parameters.
  func update(rate: Double) {
    parameters.addGradient(of: regularizer)
    if let clip { parameters.clipGradients(to: clip) }
    updater.step(rate: rate, threads: threads)
  }
}

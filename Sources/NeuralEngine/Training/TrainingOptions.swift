package import Foundations

/// How a network is to be trained.
public struct TrainingOptions: Sendable, Equatable {
  /// How often to go through the data.
  public var epochs: Int
  /// How many rows between two steps.
  public var batchSize: Int
  /// What is made small.
  public var loss: Loss
  /// The loss of each output layer, and how much it counts; when nil, ``loss`` for all of them.
  public var objective: Objective?
  /// How the weights are changed.
  public var optimizer: Optimizer
  /// How large a step is.
  public var rate: Double
  /// Whether each epoch takes the rows in a new random order.
  public var shuffles: Bool
  /// Whether a batch's losses are added up instead of averaged. The metrics that are reported are averages
  /// either way.
  public var sumsBatch: Bool
  /// The share of rows, between 0 and 1, that is kept aside and only measured on. The rows are picked at
  /// random: data is often sorted by class, and its last rows would then be of one class only.
  public var validationFraction: Double?
  /// Stop when so many epochs in a row brought no better value of the monitored metric.
  public var patience: Int?
  /// The metric by which epochs are compared; when nil the validation loss, or the loss where nothing is validated.
  public var monitor: TrainingMetric?
  /// By how much an epoch has to be better for `patience` to begin anew.
  public var minDelta = 0.0
  /// Which weights the network is left with. When nil, the best ones where something is validated or patience is
  /// limited, unless `stop` ended the training; else the last ones.
  public var keep: KeptWeights?
  /// Stop when a metric is reached.
  public var stop: StopCondition?
  /// What large weights cost.
  public var regularizer = Regularizer()
  /// The longest that the gradient of a batch may be; a longer one is shortened to it.
  public var clip: Double?
  /// How the rate changes in the course of the training.
  public var schedule = LearningRateSchedule.constant

  /// Creates options.
  public init(
    epochs: Int, batchSize: Int, loss: Loss, optimizer: Optimizer, rate: Double, shuffles: Bool = true,
    sumsBatch: Bool = false, validationFraction: Double? = nil, patience: Int? = nil,
    stop: StopCondition? = nil
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.loss = loss
    self.optimizer = optimizer
    self.rate = rate
    self.shuffles = shuffles
    self.sumsBatch = sumsBatch
    self.validationFraction = validationFraction
    self.patience = patience
    self.stop = stop
  }
}

extension TrainingOptions {
  /// The metric by which epochs are compared.
  package func monitored(isValidated: Bool) -> TrainingMetric {
    monitor ?? (isValidated ? .validationLoss : .loss)
  }

  /// Whether the weights of the best epoch are remembered.
  package func keepsBest(isValidated: Bool) -> Bool {
    keep.map { $0 == .best } ?? (isValidated || patience != nil || monitor != nil)
  }

  /// How many batches some rows make, the last one smaller.
  func batches(of rows: Int) -> Int { rows == 0 ? 0 : (rows - 1) / batchSize + 1 }

  /// Refuses numbers that no training can be done with.
  ///
  /// - Throws: `bad-value`.
  package func check() throws(CodedError) {
    func refuse(_ what: String, _ given: String, _ rule: String) -> CodedError {
      CodedError(.badValue, "\(what)=\(given) does not work: \(rule).")
    }
    if epochs < 1 { throw refuse("epochs", "\(epochs)", "train for at least one") }
    if batchSize < 1 { throw refuse("batch", "\(batchSize)", "a batch has at least one row") }
    if !(rate > 0 && rate.isFinite) { throw refuse("rate", "\(rate)", "a rate is a number above 0") }
    if let share = validationFraction, !(share > 0 && share < 1) {
      throw refuse("validate", "\(share)", "keep some of the rows aside, but not all")
    }
    if let patience, patience < 1 { throw refuse("patience", "\(patience)", "wait for at least one epoch") }
    if !(minDelta >= 0 && minDelta.isFinite) {
      throw refuse("min_delta", "\(minDelta)", "a difference is 0 or a number above 0")
    }
    if let momentum = optimizer.momentum?.factor, !(momentum >= 0 && momentum < 1) {
      throw refuse("momentum", "\(momentum)", "it lies between 0 and 1, without 1")
    }
    for (name, price) in [("l1", regularizer.l1), ("l2", regularizer.l2)]
    where !(price >= 0 && price.isFinite) {
      throw refuse(name, "\(price)", "a price is 0 or a number above 0")
    }
    if let clip, !(clip > 0 && clip.isFinite) {
      throw refuse("clip", "\(clip)", "a length is a number above 0")
    }
    try schedule.check()
  }
}

extension TrainingOptions {
  /// Refuses a metric to watch or to stop at that the training does not measure.
  ///
  /// - Throws: `no-validation` or `not-measured`.
  func checkMetrics(isValidated: Bool, countsCorrect: Bool) throws(CodedError) {
    for (given, metric) in [("monitor=", monitor), ("until ", stop?.metric)] {
      guard let metric else { continue }
      if metric.isOfValidation, !isValidated {
        throw CodedError(
          .noValidation, "There is no `\(metric.rawValue)` without validation data: add validate=20%",
          suggestion: "validate=20%")
      }
      if metric.isOfClasses, !countsCorrect {
        let other: TrainingMetric = metric.isOfValidation ? .validationLoss : .loss
        throw CodedError(
          .notMeasured,
          "`\(given)\(metric.rawValue)` is not measured here: the targets are no classes. Use `\(given)\(other.rawValue)`."
        )
      }
    }
  }
}

/// A metric that training reports after each epoch.
public enum TrainingMetric: Sendable, Hashable {
  /// The mean loss over the rows, each as it was when its batch was trained on.
  case loss
  /// The share of rows that were classified rightly, likewise.
  case accuracy
  /// The mean loss over the rows kept aside, after the epoch.
  case validationLoss
  /// The share of the rows kept aside that are classified rightly, after the epoch.
  case validationAccuracy
  /// A metric that a training was asked for.
  case watched(WatchedMetric)

  /// Those that every training reports.
  public static let standard = [loss, accuracy, validationLoss, validationAccuracy]

  /// Creates one of those that every training reports.
  public init?(rawValue name: String) {
    guard let metric = TrainingMetric.standard.first(where: { $0.rawValue == name }) else { return nil }
    self = metric
  }

  /// The name: `val_loss`.
  public var rawValue: String {
    switch self {
    case .loss: "loss"
    case .accuracy: "accuracy"
    case .validationLoss: "val_loss"
    case .validationAccuracy: "val_accuracy"
    case .watched(let metric): metric.title
    }
  }

  /// Whether it is measured on the rows kept aside.
  public var isOfValidation: Bool {
    switch self {
    case .validationLoss, .validationAccuracy: true
    case .loss, .accuracy: false
    case .watched(let metric): metric.isOfValidation
    }
  }

  /// Whether it has a meaning only where classes are told apart.
  public var isOfClasses: Bool { self == .accuracy || self == .validationAccuracy }
}

/// A metric's value at which training stops.
public struct StopCondition: Sendable, Equatable {
  /// How the metric is compared.
  public enum Comparison: String, Sendable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  /// The metric.
  public let metric: TrainingMetric
  /// How it is compared.
  public let comparison: Comparison
  /// With what.
  public let threshold: Double

  /// Creates a condition.
  public init(_ metric: TrainingMetric, _ comparison: Comparison, _ threshold: Double) {
    self.metric = metric
    self.comparison = comparison
    self.threshold = threshold
  }

  /// Whether an epoch's metrics meet it.
  func isMet(by metrics: EpochMetrics) -> Bool {
    guard let value = metrics[metric] else { return false }
    switch comparison {
    case .less: return value < threshold
    case .lessOrEqual: return value <= threshold
    case .greater: return value > threshold
    case .greaterOrEqual: return value >= threshold
    }
  }
}

/// What an epoch brought.
public struct EpochMetrics: Sendable, Equatable {
  /// The mean loss.
  public var loss: Double
  /// The share classified rightly; nil where the targets are no classes.
  public var accuracy: Double?
  /// The loss on the rows kept aside.
  public var validationLoss: Double?
  /// The share of the rows kept aside classified rightly.
  public var validationAccuracy: Double?
  /// The metrics that the training was asked for besides, with their values; NaN where one has none.
  public var watched: [WatchedValue] = []

  /// Creates metrics.
  public init(
    loss: Double, accuracy: Double? = nil, validationLoss: Double? = nil, validationAccuracy: Double? = nil
  ) {
    self.loss = loss
    self.accuracy = accuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
  }

  /// The value of a metric, where there is one.
  public subscript(_ metric: TrainingMetric) -> Double? {
    switch metric {
    case .loss: loss
    case .accuracy: accuracy
    case .validationLoss: validationLoss
    case .validationAccuracy: validationAccuracy
    case .watched(let metric): watched.first { $0.metric == metric }?.value
    }
  }

  /// The metrics that there are, in the order in which they are told.
  public var metrics: [TrainingMetric] {
    TrainingMetric.standard.filter { self[$0] != nil } + watched.map { .watched($0.metric) }
  }
}

/// What came of a training.
public struct TrainingResult: Sendable, Equatable {
  /// Why it ended.
  public enum End: Sendable, Equatable {
    /// All epochs are done.
    case finished
    /// The condition of `until` was met.
    case reached(StopCondition)
    /// Nothing got better for as many epochs as patience allows.
    case ranOutOfPatience
    /// Somebody asked it to stop.
    case interrupted
    /// A loss was not a finite number. The weights are the last finite ones.
    case diverged(layer: String?, epoch: Int, batch: Int)

    /// Whether nothing broke it off in an epoch.
    public var isRegular: Bool {
      switch self {
      case .finished, .reached, .ranOutOfPatience: true
      case .interrupted, .diverged: false
      }
    }
  }

  /// Why it ended.
  public let end: End
  /// The metrics of the epochs that were done to their end.
  public let history: TrainingHistory
  /// How it was trained.
  public let options: TrainingOptions
  /// How many rows it was trained on, without those kept aside.
  public let trainedRows: Int
  /// How many rows were kept aside.
  public let validationRows: Int
  /// The epoch whose weights the network was left with; nil where it is the last one, whatever it measured.
  public let best: BestEpoch?

  /// The metrics of the epoch whose weights the network was left with; nil where no epoch was completed.
  public var metrics: EpochMetrics? { best?.metrics ?? history.last }

  /// By how much an epoch moved the weights, as a share of their size: the first or the last one, whichever did more.
  public let weightChange: Double
  /// How many steps were taken.
  public var steps: Int { history.count * options.batches(of: trainedRows) }

  /// Creates a result.
  public init(
    end: End, history: TrainingHistory, options: TrainingOptions, trainedRows: Int, validationRows: Int,
    best: BestEpoch? = nil, weightChange: Double = 0
  ) {
    self.end = end
    self.history = history
    self.options = options
    self.trainedRows = trainedRows
    self.validationRows = validationRows
    self.best = best
    self.weightChange = weightChange
  }
}

/// How somebody outside takes part in a training.
public struct TrainingControl {
  /// Told when everything has been found fit and the first epoch is about to begin.
  public var begun: () -> Void
  /// Asked between two batches; true stops the training there.
  public var isInterrupted: () -> Bool
  /// Told after each batch which of how many it was in its epoch, and the mean loss of their rows; not after an epoch's last
  /// batch, which ends the epoch.
  public var batchEnded: (_ batch: Int, _ count: Int, _ loss: Double) -> Void
  /// Told after an epoch what all epochs so far brought, and says after which it is to be told next: a small network ends an
  /// epoch in less time than it takes to tell of it. Whoever keeps the history makes the training copy it.
  public var epochEnded: (TrainingHistory) -> Int
  /// Who keeps the training between epochs: asked after each, and told where it stands if it is due, and when it is over.
  public var checkpoint: (isDue: (_ epoch: Int) -> Bool, keep: (TrainingProgress) -> Void)?
  /// Whether the checkpoint wants to know where the training stands when it is over; to tell it takes memory.
  public var keepsEnd: () -> Bool = { true }
  /// What else is measured after each epoch; nil for nothing.
  public var watch: Watch?
  /// Told of the weights after each epoch; nil where nobody asks.
  var weightsChanged: ((_ epoch: Int, _ weights: NumberBuffer) -> Void)?

  /// Creates a control; by default it neither stops nor listens.
  public init(
    begun: @escaping () -> Void = {},
    isInterrupted: @escaping () -> Bool = { false },
    batchEnded: @escaping (_ batch: Int, _ count: Int, _ loss: Double) -> Void = { _, _, _ in },
    epochEnded: @escaping (TrainingHistory) -> Int = { _ in .max }
  ) {
    self.begun = begun
    self.isInterrupted = isInterrupted
    self.batchEnded = batchEnded
    self.epochEnded = epochEnded
  }
}

extension TrainingControl {
  /// The same control, in which processes stop at the same batch when one of them is to stop, and make sure that they have
  /// the same weights.
  ///
  /// - Parameter step: they do so at every `step`th batch and epoch; where they share no work, messages would be all that costs time.
  func agreed(by processes: Processes, each step: Int) -> TrainingControl {
    guard let group = processes.group else { return self }
    var agreed = self
    var questions = 0
    agreed.isInterrupted = { [isInterrupted] in
      questions += 1
      return questions % step == 0 && group.any(isInterrupted())
    }
    agreed.weightsChanged = { epoch, weights in
      guard epoch % step == 0 else { return }
      var digest = BitDigest()
      weights.add(to: &digest)
      group.confirm(digest.value, "the weights of epoch \(epoch)")
    }
    return agreed
  }
}

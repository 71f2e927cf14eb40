/// A way through the rows of a training: once through all of them in an epoch, changing the parameters. A class: the shortest epochs
/// take a third of a microsecond, of which unpacking a structure from its box would be a twentieth.
protocol EpochPass: AnyObject {
  /// How many answers to a row are right or wrong: one, or one a step.
  var answersPerRow: Int { get }

  /// Goes through the rows once.
  ///
  /// - Parameters:
  ///   - epoch: its number, from 1.
  ///   - key: what dropout draws from in it.
  ///   - blame: the first layer that gives a number that is not finite for a batch.
  func run(epoch: Int, key: UInt64, blame: (TrainingBatch) -> String?) -> EpochEnd
}

extension EpochPass {
  var answersPerRow: Int { 1 }
}

/// What every way through an epoch goes by.
struct EpochSetting {
  let data: TrainingData
  let options: TrainingOptions
  let rate: LearningRate
  let control: TrainingControl
  /// Whether classes are told apart, so that an accuracy means something.
  let countsCorrect: Bool

  init(_ data: TrainingData, _ options: TrainingOptions, _ control: TrainingControl, countsCorrect: Bool) {
    self.data = data
    self.options = options
    self.control = control
    self.countsCorrect = countsCorrect
    rate = LearningRate(
      options.schedule, from: options.rate, epochs: options.epochs,
      batches: options.batches(of: data.order.count))
  }

  /// Rows that are trained on one by one between two looks at whether somebody wants to stop.
  static var chunk: Int { 1024 }

  /// How many rows an epoch has.
  var rows: Int { data.order.count }

  /// What a batch draws from, each from numbers of its own; batches are counted from 0.
  func key(ofBatch batch: Int, epoch key: UInt64) -> UInt64 { key &+ UInt64(batch) &* 0x2545_F491_4F6C_DD1D }
}

/// What an epoch came to: its losses and how many rows were right, of how many answers where these are not as many for each
/// row, or why it broke off.
enum EpochEnd {
  case done(loss: Double, correct: Int, tallies: [OutputTally] = [], answers: Int? = nil)
  case broken(TrainingResult.End)
}

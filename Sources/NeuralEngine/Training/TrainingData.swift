import Foundations

/// The rows of a training: those that are trained on, in the order of the epoch, and those that are only measured on.
struct TrainingData {
  let samples: Samples
  /// The rows that are trained on, in the order of the data.
  private let rows: [Int]
  /// The steps of rows that are sequences, and how many rows are one batch; nil where all rows are equally wide.
  private let sequences: (steps: SequenceSteps, batch: Int)?
  /// How batches get their share of each class; nil where they are as they fall.
  private let strata: StratifiedOrder?
  /// The same in the order of the epoch.
  let order: RowOrder
  /// The same in the order of the data.
  var plainOrder: RowOrder { RowOrder(rows) }
  /// The rows that are only measured on, and what they are rows of.
  let validation: (samples: Samples, order: RowOrder)?
  /// How the rows that are trained on change from epoch to epoch.
  let augmenter: Augmenter?

  /// - Parameter batch: how many rows a batch has.
  /// - Throws: `too-few-rows` where a share is to be kept aside and there is one row.
  init(
    _ examples: Examples, _ validation: Examples?, share: Double?, batch: Int, _ precision: Precision,
    random: inout RandomStream
  ) throws(CodedError) {
    let (rows, aside) = try TrainingData.divide(examples, share: share, random: &random)
    samples = Samples(examples, precision)
    self.rows = rows
    let strata = examples.strata.map { StratifiedOrder(rows, strata: $0) }
    self.strata = strata
    sequences = examples.steps.map { ($0, max(1, min(batch, rows.count))) }
    let arranged = strata?.arranging(rows) ?? rows
    order = RowOrder(sequences?.steps.sortedWithin(batch: sequences?.batch ?? 1, arranged) ?? arranged)
    // By the training, so that a second one sees other changes, and one that goes on another day the same.
    augmenter = examples.augmentation.map { Augmenter($0, key: random.next(), precision) }
    if let validation {
      self.validation = (Samples(validation, precision), RowOrder(Array(0..<validation.rows)))
    } else {
      self.validation = aside.isEmpty ? nil : (samples, RowOrder(aside))
    }
  }

  /// Lets processes on the same machine hold the rows once.
  func merge(in group: any ProcessGroup) {
    samples.merge(in: group)
    if let validation, validation.samples !== samples { validation.samples.merge(in: group) }
  }

  /// Picks the rows to keep aside.
  private static func divide(
    _ examples: Examples, share: Double?, random: inout RandomStream
  ) throws(CodedError) -> (rows: [Int], aside: [Int]) {
    var rows = Array(0..<examples.rows)
    guard let share else { return (rows, []) }
    guard rows.count > 1 else {
      throw CodedError(
        .tooFewRows, "`\(examples.name)` has one row, so none can be kept aside to validate with.")
    }
    let aside = min(rows.count - 1, max(1, Int((Double(rows.count) * share).rounded())))
    random.shuffle(&rows)
    return (rows.dropLast(aside).sorted(), rows.suffix(aside).sorted())
  }

  /// Shuffles the rows from the order that they have in the data, not from that of the epoch before: a training that stops
  /// and goes on another day then takes them as if it had never stopped.
  func shuffle(_ random: inout RandomStream) {
    order.set(rows)
    order.shuffle(&random)
    var rows = strata == nil && sequences == nil ? [] : (0..<order.count).map { order[$0] }
    if let strata {
      rows = strata.arranging(rows)
      if let (steps, batch) = sequences { rows = steps.sortedWithin(batch: batch, rows) }
      order.set(rows)
    } else if let (steps, batch) = sequences {
      order.set(steps.gathered(rows, batch: batch, random: &random))
    }
  }
}

/// The rows between two steps.
struct TrainingBatch {
  /// The place of the first of them in the order.
  let start: Int
  /// How many there are.
  let rows: Int
  /// The epoch that they belong to, counted from 1.
  let epoch: Int
  /// What kernels need to know.
  let numbers: BatchNumbers
}

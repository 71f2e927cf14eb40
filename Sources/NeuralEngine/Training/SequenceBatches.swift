import Foundations

/// The batches of a training over sequences: each is taken apart into rows of equal length, which go through the plan for
/// their number of steps, and the gradients of these parts are added in the order of their lengths. Every answer counts alike,
/// one a row or one a step.
final class SequenceBatches {
  private let model: Model
  private let step: TrainingStep
  private let signal: ErrorSignal
  private let samples: Samples
  private let order: RowOrder
  private let steps: SequenceSteps
  private let batchSize: Int
  private let sumsBatch: Bool
  private let rowWeights: Int
  private let countsSteps: Bool
  /// The pieces that sequences go through in; nil where each goes as a whole.
  private let pieces: SequencePieces?
  private let sum: NumberBuffer
  /// What stopped the training, where a plan could not be made.
  private(set) var failure: CodedError?

  init(
    _ model: Model, _ step: TrainingStep, _ signal: ErrorSignal, _ data: TrainingData,
    _ options: TrainingOptions, rowWeights: Int
  ) {
    self.model = model
    self.step = step
    self.signal = signal
    samples = data.samples
    steps = samples.steps ?? SequenceSteps(lengths: [])
    order = data.order
    batchSize = options.batchSize
    sumsBatch = options.sumsBatch
    self.rowWeights = rowWeights
    countsSteps = model.graph.answersEachStep
    pieces = SequencePieces(model)
    sum = NumberBuffer(model.layout.count, model.options.precision)
  }

  /// What a batch came to.
  struct Outcome {
    /// The losses of its answers, added up, with what the weights cost for each.
    let loss: Double
    let measure: RowTotals
  }

  /// Computes the gradient of a batch; nil where it was interrupted.
  func gradient(of batch: TrainingBatch, key: UInt64, isInterrupted: () -> Bool) -> Outcome? {
    let groups = groups(of: batch)
    let parts = groups.flatMap { group -> [Part] in
      guard let pieces, group.steps > pieces.length else { return [Part(group: group, segment: nil)] }
      return pieces.segments(ofSteps: group.steps).map { Part(group: group, segment: $0) }
    }
    var measure = RowTotals(model.graph)
    for (number, part) in parts.enumerated() {
      let group = part.group
      guard let execution = execution(for: part) else { return nil }
      let source = SampleSource(samples, order, for: execution.plan)
      source.start = group.places.lowerBound
      source.epoch = batch.epoch
      source.segment = part.segment
      // The loss of a row is the mean over the steps at hand.
      let share = part.segment.map { Double($0.count) / Double(group.steps) } ?? 1
      var numbers = BatchNumbers(
        rows: group.places.count, scale: share * scale(group, of: batch, groups),
        // Each part draws numbers of its own.
        key: key &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
      numbers.isFirst = part.segment?.lowerBound ?? 0 == 0
      guard
        let loss = execution.run(
          numbers, source: source, threads: model.options.threadCount, isInterrupted: isInterrupted)
      else { return nil }
      measure.take(loss, of: execution, rows: group.places.count, steps: part.steps)
      if parts.count > 1 { step.parameters.addGradients(to: sum, isFirst: number == 0) }
    }
    if parts.count > 1 { step.parameters.gradients.copy(from: sum) }
    return Outcome(loss: measure.loss + step.cost(ofAnswers: measure.answers), measure: measure)
  }

  /// Changes the parameters by the gradient.
  func update(rate: Double) { step.update(rate: rate) }

  /// The parts of a batch, with the plan for each.
  func groups(of batch: TrainingBatch) -> [LengthGroup] {
    steps.groups(of: order, batch.start..<batch.start + batch.rows) { _ in batchSize }
  }

  /// What the gradient of each row's loss is multiplied by. That of a row is the mean over its steps, which all count alike where
  /// each has an answer.
  func scale(_ group: LengthGroup, of batch: TrainingBatch, _ groups: [LengthGroup]) -> Double {
    let share = sumsBatch ? 1 : 1 / Double(batch.rows)
    guard countsSteps else { return share }
    let all = groups.reduce(0) { $0 + $1.places.count * $1.steps }
    return sumsBatch
      ? Double(group.steps) * Double(batch.rows) / Double(all) : Double(group.steps) / Double(all)
  }

  /// Rows of equal length, or a segment of each of them.
  private struct Part {
    let group: LengthGroup
    /// The steps; nil for all.
    let segment: Range<Int>?

    var steps: Int { segment?.count ?? group.steps }
  }

  private func execution(for part: Part) -> CPUExecution? {
    noting { () throws(CodedError) in
      let purpose = Plan.Purpose.training(signal, isTraining: true)
      let rows = part.group.capacity(atMost: batchSize)
      guard let pieces, part.segment != nil else {
        return try model.execution(purpose, rows: rows, steps: part.group.steps, rowWeights: rowWeights)
      }
      return try pieces.execution(purpose, rows: rows, steps: part.steps, rowWeights: rowWeights)
    }
  }

  /// What something gives; nil where it fails, and then the training stops with the reason.
  func noting<Result>(_ body: () throws(CodedError) -> Result?) -> Result? {
    do throws(CodedError) { return try body() } catch {
      failure = error
      return nil
    }
  }
}

/// A batch after the other, each through a plan for every length that its sequences have.
final class SequencePass: EpochPass {
  private let setting: EpochSetting
  private let sequences: SequenceBatches

  init(_ setting: EpochSetting, _ sequences: SequenceBatches) {
    self.setting = setting
    self.sequences = sequences
  }

  func run(epoch: Int, key: UInt64, blame: (TrainingBatch) -> String?) -> EpochEnd {
    let (options, control) = (setting.options, setting.control)
    var (total, correct, answers) = (0.0, 0, 0)
    var tallies: [OutputTally] = []
    let batches = options.batches(of: setting.rows)
    var start = 0
    for batch in 0..<batches {
      if control.isInterrupted() { return .broken(.interrupted) }
      let rows = min(options.batchSize, setting.rows - start)
      let next = TrainingBatch(start: start, rows: rows, epoch: epoch, numbers: BatchNumbers(rows: rows))
      guard
        let outcome = sequences.gradient(
          of: next, key: setting.key(ofBatch: batch, epoch: key), isInterrupted: control.isInterrupted)
      else {
        return .broken(.interrupted)
      }
      guard outcome.loss.isFinite else {
        return .broken(.diverged(layer: blame(next), epoch: epoch, batch: batch + 1))
      }
      total += outcome.loss
      answers += outcome.measure.answers
      if setting.countsCorrect { correct += outcome.measure.correct }
      tallies.add(outcome.measure.tallies)
      sequences.update(rate: setting.rate.rate(epoch: epoch - 1, batch: batch))
      start += rows
      if batch + 1 < batches { control.batchEnded(batch + 1, batches, total / Double(answers)) }
    }
    return .done(loss: total / Double(answers), correct: correct, tallies: tallies, answers: answers)
  }
}

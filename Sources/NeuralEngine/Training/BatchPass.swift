/// A batch after the other through a plan.
final class BatchPass: EpochPass {
  private let setting: EpochSetting
  private let step: TrainingStep
  private let execution: CPUExecution
  private let source: SampleSource

  init(_ setting: EpochSetting, _ step: TrainingStep, through execution: CPUExecution) {
    self.setting = setting
    self.step = step
    self.execution = execution
    let data = setting.data
    source = SampleSource(data.samples, data.order, for: execution.plan, data.augmenter)
  }

  var answersPerRow: Int { execution.plan.answersPerRow }

  func run(epoch: Int, key: UInt64, blame: (TrainingBatch) -> String?) -> EpochEnd {
    let (options, control) = (setting.options, setting.control)
    var (total, correct) = (0.0, 0)
    var tallies: [OutputTally] = []
    let batches = options.batches(of: setting.rows)
    var start = 0
    for batch in 0..<batches {
      if control.isInterrupted() { return .broken(.interrupted) }
      let rows = min(options.batchSize, setting.rows - start)
      let next = TrainingBatch(
        start: start, rows: rows, epoch: epoch,
        numbers: step.numbers(rows: rows, key: setting.key(ofBatch: batch, epoch: key)))
      guard
        let loss = step.gradient(
          of: next, from: source, through: execution, isInterrupted: control.isInterrupted)
      else {
        return .broken(.interrupted)
      }
      guard loss.isFinite else {
        return .broken(.diverged(layer: blame(next), epoch: epoch, batch: batch + 1))
      }
      total += loss
      if setting.countsCorrect { correct += execution.correct(rows: rows) }
      tallies.add(execution.tallies)
      step.update(rate: setting.rate.rate(epoch: epoch - 1, batch: batch))
      start += rows
      if batch + 1 < batches { control.batchEnded(batch + 1, batches, total / Double(start)) }
    }
    return .done(loss: total / Double(setting.rows), correct: correct, tallies: tallies)
  }
}

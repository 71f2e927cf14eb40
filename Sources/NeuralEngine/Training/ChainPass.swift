/// A whole small network in one pass, trained row by row. Its epochs are the shortest there are: XOR's take a third of
/// a microsecond.
final class ChainPass: EpochPass {
  private let setting: EpochSetting
  private let chain: SmallChain

  init(_ setting: EpochSetting, _ chain: SmallChain) {
    self.setting = setting
    self.chain = chain
  }

  /// Whether a chain does what the options ask for row by row.
  static func isFit(_ setting: EpochSetting, _ step: TrainingStep) -> Bool {
    setting.options.batchSize == 1 && step.isPlain && setting.rate.isByEpoch
  }

  func run(epoch: Int, key: UInt64, blame: (TrainingBatch) -> String?) -> EpochEnd {
    let count = setting.rows
    let rate = setting.rate.rate(epoch: epoch - 1, batch: 0)
    var (total, correct) = (0.0, 0)
    var done = 0
    while done < count {
      if setting.control.isInterrupted() { return .broken(.interrupted) }
      let rows = done..<min(done + EpochSetting.chunk, count)
      guard
        let outcome = chain.train(
          setting.data.samples, setting.data.order, rows, rate: rate, countsCorrect: setting.countsCorrect)
      else { break }
      total += outcome.loss
      correct += outcome.correct
      done += outcome.rows
      if outcome.rows < rows.count {
        let layer = chain.firstNonFiniteLayer(setting.data.samples, row: setting.data.order[done])
        return .broken(.diverged(layer: layer, epoch: epoch, batch: done + 1))
      }
      if done < count { setting.control.batchEnded(done, count, total / Double(done)) }
    }
    return .done(loss: total / Double(count), correct: correct)
  }
}

/// A batch after the other through a small chain.
final class ChainBatchPass: EpochPass {
  private let setting: EpochSetting
  private let step: TrainingStep
  private let chain: SmallChain

  init(_ setting: EpochSetting, _ step: TrainingStep, _ chain: SmallChain) {
    self.setting = setting
    self.step = step
    self.chain = chain
  }

  func run(epoch: Int, key: UInt64, blame: (TrainingBatch) -> String?) -> EpochEnd {
    let (data, options, control) = (setting.data, setting.options, setting.control)
    var (total, correct) = (0.0, 0)
    let batches = options.batches(of: setting.rows)
    var start = 0
    for batch in 0..<batches {
      if control.isInterrupted() { return .broken(.interrupted) }
      let rows = min(options.batchSize, setting.rows - start)
      let numbers = step.numbers(rows: rows, key: key)
      guard
        let outcome = chain.gradient(
          data.samples, data.order, start..<start + rows, scale: numbers.scale,
          countsCorrect: setting.countsCorrect)
      else { break }
      let loss = outcome.loss + step.cost(ofAnswers: rows)
      guard loss.isFinite else {
        let layer = blame(TrainingBatch(start: start, rows: rows, epoch: epoch, numbers: numbers))
        return .broken(.diverged(layer: layer, epoch: epoch, batch: batch + 1))
      }
      total += loss
      correct += outcome.correct
      step.update(rate: setting.rate.rate(epoch: epoch - 1, batch: batch))
      start += rows
      if batch + 1 < batches { control.batchEnded(batch + 1, batches, total / Double(start)) }
    }
    return .done(loss: total / Double(setting.rows), correct: correct)
  }
}

/// Row by row under an online rule.
final class OnlinePass: EpochPass {
  private let setting: EpochSetting
  private let rows: OnlineRows

  init(_ setting: EpochSetting, _ rows: OnlineRows) {
    self.setting = setting
    self.rows = rows
  }

  func run(epoch: Int, key: UInt64, blame: (TrainingBatch) -> String?) -> EpochEnd {
    let (order, control) = (setting.data.order, setting.control)
    var (total, correct) = (0.0, 0)
    defer { rows.writeParameters() }
    for place in 0..<order.count {
      if place.isMultiple(of: EpochSetting.chunk), control.isInterrupted() { return .broken(.interrupted) }
      let rate = setting.rate.rate(epoch: epoch - 1, batch: place)
      guard let measured = rows.train(row: order[place], rate: rate) else {
        let batch = TrainingBatch(start: place, rows: 1, epoch: epoch, numbers: BatchNumbers(rows: 1))
        return .broken(.diverged(layer: blame(batch), epoch: epoch, batch: place + 1))
      }
      total += measured.loss
      if measured.isCorrect { correct += 1 }
      if (place + 1).isMultiple(of: EpochSetting.chunk), place + 1 < order.count {
        control.batchEnded(place + 1, order.count, total / Double(place + 1))
      }
    }
    return .done(loss: total / Double(order.count), correct: correct)
  }
}

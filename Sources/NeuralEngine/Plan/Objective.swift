/// What a network learns from: its outputs compared with their targets.
extension Lowering {
  /// Adds where the targets of output layers are loaded.
  mutating func addTargets(of outputs: [Layer]) -> [BufferID] {
    outputs.map { buffer("targets of \($0.name)", .rows(values[$0.name]?.width ?? 0)) }
  }

  /// Adds what compares the outputs with their targets.
  ///
  /// - Returns: where it is marked which rows are classified rightly.
  mutating func addComparison(
    of outputs: [Layer], _ targets: [BufferID], _ signal: ErrorSignal
  ) -> BufferID {
    let correct = buffer("correct", .rowBytes(1))
    for (layer, target) in zip(outputs, targets) {
      guard let value = values[layer.name] else { continue }
      let loss = buffer("loss of \(layer.name)", .reduced(0))
      emit(
        MeasureLoss(signal: signal, width: value.width), [value.buffer, target], to: [loss], of: layer)
      let threshold = if case .loss(let loss) = signal { loss.threshold } else { 0.5 }
      emit(
        MarkWrong(width: value.width, threshold: threshold), [value.buffer, target], to: [correct], of: layer)
    }
    return correct
  }
}

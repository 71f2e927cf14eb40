/// What a network learns from: its outputs compared with their targets.
extension Lowering {
  /// Adds where the targets of output layers are loaded.
  mutating func addTargets(of outputs: [Layer]) -> [BufferID] {
    outputs.map { buffer("targets of \($0.name)", .rows(values[$0.name]?.width ?? 0)) }
  }

  /// Adds where the weights of rows are loaded, behind their targets.
  mutating func addWeights() -> BufferID { buffer("weights of rows", .rows(1)) }

  /// Adds what compares the outputs with their targets.
  ///
  /// - Parameter weights: how much each row counts; nil where all count alike.
  /// - Returns: where it is marked which rows, or steps of them, are classified rightly.
  mutating func addComparison(
    of outputs: [Layer], _ targets: [BufferID], _ signal: ErrorSignal, weights: BufferID? = nil
  ) -> BufferID {
    let answers = graph.outputSteps
    let correct = buffer("correct", .rowBytes(answers))
    for (place, (layer, target)) in zip(outputs, targets).enumerated() {
      guard let value = values[layer.name] else { continue }
      let term = signal.term(place)
      let loss = buffer("loss of \(layer.name)", .reduced(0))
      let steps = graph.steps(of: layer)
      let width = value.width / steps
      emit(
        MeasureLoss(
          signal: term.signal, width: width, steps: steps, isWeighted: weights != nil, factor: term.weight,
          tally: term.tally),
        [value.buffer, target] + (weights.map { [$0] } ?? []), to: [loss], of: layer)
      // Amounts are neither right nor wrong.
      guard term.tellsClasses else { continue }
      let threshold = if case .loss(let loss) = term.signal { loss.threshold } else { 0.5 }
      emit(
        MarkWrong(width: width, steps: steps, answers: answers, threshold: threshold, tally: term.tally),
        [value.buffer, target], to: [correct], of: layer)
    }
    return correct
  }
}

/// What a network learns from: its outputs compared with their targets.
extension Lowering {
  /// Adds where the targets of output layers are loaded.
  mutating func addTargets(of outputs: [Layer]) -> [BufferID] {
    outputs.map { buffer("targets of \($0.name)", .rows(values[$0.name]?.width ?? 0)) }
  }

  /// Adds where the weights of rows are loaded, behind their targets.
  ///
  /// - Parameter count: how many each row has: none, one, or one for each output layer.
  mutating func addWeights(_ count: Int) -> [BufferID] {
    (0..<count).map { buffer(count == 1 ? "weights of rows" : "weights of rows \($0 + 1)", .rows(1)) }
  }

  /// Adds what compares the outputs with their targets.
  ///
  /// - Parameter weights: how much each row counts, for all outputs or for each; empty where all count alike.
  /// - Returns: where it is marked which rows, or steps of them, are classified rightly.
  mutating func addComparison(
    of outputs: [Layer], _ targets: [BufferID], _ signal: ErrorSignal, weights: [BufferID] = []
  ) -> BufferID {
    let answers = graph.comparedSteps
    let correct = buffer("correct", .rowBytes(answers))
    for (place, (layer, target)) in zip(outputs, targets).enumerated() {
      guard let value = values[layer.name] else { continue }
      let term = signal.term(place)
      let loss = buffer("loss of \(layer.name)", .reduced(0))
      let steps = graph.steps(of: layer)
      let width = value.width / steps
      let weight = weights.count == 1 ? weights : Array(weights.dropFirst(place).prefix(1))
      emit(
        MeasureLoss(
          signal: term.signal, width: width, steps: steps, isWeighted: !weight.isEmpty, factor: term.weight,
          tally: term.tally),
        [value.buffer, target] + weight, to: [loss], of: layer)
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

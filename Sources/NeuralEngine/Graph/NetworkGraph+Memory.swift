extension NetworkGraph {
  /// How many numbers one row takes on its way through the layers; in training with the gradients of all layers, the
  /// sums of some, and the targets and sums of the last.
  public func numbersPerRow(isTraining: Bool) -> Int {
    var numbers = isTraining ? 2 * outputWidth : 0
    for layer in layers where !layer.sharesMemory {
      let sums = isTraining && layer.activation.needsSums ? 1 : 0
      let gradients = isTraining && !layer.isInput ? 1 : 0
      numbers += (layer.keptArrays + gradients + sums) * width(of: layer)
    }
    // What several edges bring is put together first.
    for layer in layers where edges(into: layer.name).count > 1 {
      numbers += (isTraining ? 2 : 1) * (feed(of: layer)?.shape.reduce(1, *) ?? 0)
    }
    return numbers
  }
}

extension Layer {
  /// How many arrays as large as its output a layer keeps for each row.
  fileprivate var keptArrays: Int {
    switch kind {
    // With the masks, the numbers at mean 0, or the places of the largest.
    case .dropout, .batchNorm, .layerNorm: 2
    case .pool(let pool): pool.reduction == .max ? 2 : 1
    case .globalPool(let reduction): reduction == .max ? 2 : 1
    default: 1
    }
  }
}

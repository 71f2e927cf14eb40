extension NetworkGraph {
  /// How many numbers one row takes on its way through the layers; in training with the gradients of all layers, the
  /// sums of some, and the targets and sums of the last.
  public func numbersPerRow(isTraining: Bool) -> Int {
    var numbers = isTraining ? 2 * outputWidth : 0
    for layer in layers where !layer.sharesMemory {
      let buffers = !isTraining || layer.isInput ? 1 : layer.activation.needsSums ? 3 : 2
      numbers += buffers * width(of: layer)
    }
    return numbers
  }
}

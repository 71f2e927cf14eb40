/// The layers that slide a window, in one of the two kernel families.
extension PlanBuilder {
  mutating func addConvolution(
    _ convolution: Convolution, _ layer: Layer, to target: LayerBuffers<Scalar>
  ) {
    guard let feed = feed(of: layer), let weights = own(.kernel, of: layer) else { return }
    let geometry = SlidingGeometry(convolution.window, over: feed.shape)
    let biases = own(.bias, of: layer)
    kernels.append(
      ConvolutionKernel(
        geometry, groups: convolution.groups, filters: convolution.filters, source: feed.buffers,
        target: target, weights: weights, biases: biases))
    addActivation(of: layer, target)
  }

  mutating func addPool(
    _ reduction: Pool.Reduction, _ window: Window, _ feed: Feed, to target: LayerBuffers<Scalar>
  ) {
    let geometry = SlidingGeometry(window, over: feed.shape)
    kernels.append(
      PoolKernel(geometry, reduction, source: feed.buffers, target: target, capacity: capacity))
  }
}

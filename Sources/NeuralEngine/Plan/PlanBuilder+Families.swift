/// The layers that both kernel families have.
extension PlanBuilder {
  mutating func addFullEdge(
    from source: LayerBuffers<Scalar>, to target: LayerBuffers<Scalar>, _ weights: ParameterBuffers<Scalar>
  ) {
    if prefersOneDNN(work: source.width.multipliedOrMost(target.width)),
      let from = source as? LayerBuffers<Float>, let into = target as? LayerBuffers<Float>,
      let its = weights as? ParameterBuffers<Float>,
      let kernel = OneDNNFullEdge(source: from, target: into, weights: its, capacity: capacity)
        as? any Kernel<Scalar>
    {
      return kernels.append(kernel)
    }
    kernels.append(FullEdgeKernel(source: source, target: target, weights: weights))
  }

  mutating func addConvolution(
    _ convolution: Convolution, _ layer: Layer, to target: LayerBuffers<Scalar>
  ) {
    guard let feed = feed(of: layer), let weights = own(.kernel, of: layer) else { return }
    let geometry = SlidingGeometry(convolution.window, over: feed.shape)
    let biases = own(.bias, of: layer)
    let work = [geometry.places, convolution.filters, geometry.channels].reduce(geometry.positions) {
      $0.multipliedOrMost($1)
    }
    if !geometry.reachesFarBeyond, prefersOneDNN(work: work) {
      let places = OneDNNPlaces(source: feed.buffers, target: target, weights: weights, biases: biases)
      if addOneDNN(convolution, layer, geometry, places, feed) { return }
    }
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
    let masksRelu = reduction == .max && feed.layer.map(isMaskedByPool) == true
    if !geometry.reachesFarBeyond, prefersOneDNN(work: 16 * geometry.inputCount),
      addOneDNN(reduction, geometry, feed, to: target, masksRelu: masksRelu)
    {
      return
    }
    kernels.append(
      PoolKernel(
        geometry, reduction, source: feed.buffers, target: target, masksRelu: masksRelu, capacity: capacity))
  }

  /// Below this many multiplications a batch, what a call of oneDNN costs besides is more than it saves.
  private static var smallestWork: Int { 1 << 18 }

  private func prefersOneDNN(work: Int) -> Bool {
    switch backend {
    case .swift: false
    case .onednn: true
    case .auto: work.multipliedOrMost(capacity) >= Self.smallestWork
    }
  }
}

extension PlanBuilder {
  private struct OneDNNPlaces {
    let source: LayerBuffers<Scalar>
    let target: LayerBuffers<Scalar>
    let weights: ParameterBuffers<Scalar>
    let biases: ParameterBuffers<Scalar>?
  }

  /// - Returns: false where oneDNN has no such convolution, and in 64 bits, which it does not compute in.
  private mutating func addOneDNN(
    _ convolution: Convolution, _ layer: Layer, _ geometry: SlidingGeometry, _ places: OneDNNPlaces,
    _ feed: Feed
  ) -> Bool {
    guard let source = places.source as? LayerBuffers<Float>,
      let target = places.target as? LayerBuffers<Float>,
      let weights = places.weights as? ParameterBuffers<Float>
    else { return false }
    let appliesRelu = convolution.activation == .relu
    let options = OneDNNConvolution.Options(
      filters: convolution.filters, groups: convolution.groups, appliesRelu: appliesRelu,
      masksGradient: appliesRelu && !isMaskedByPool(layer), ownsSourceGradient: feed.ownGradient != nil,
      acceptsReference: backend == .onednn)
    guard
      let kernel = try? OneDNNConvolution(
        geometry,
        .init(
          source: source, target: target, weights: weights, biases: places.biases as? ParameterBuffers<Float>),
        options, capacity: capacity) as? any Kernel<Scalar>
    else { return false }
    feed.ownGradient.map { skipZeroing($0) }
    kernels.append(kernel)
    if !appliesRelu { addActivation(of: layer, places.target) }
    return true
  }

  /// Whether all that is made of a convolution's relu is the largest of windows: the pool then takes the relu's
  /// derivative along.
  private func isMaskedByPool(_ layer: Layer) -> Bool {
    guard case .convolution(let convolution) = layer.kind, convolution.activation == .relu else {
      return false
    }
    let consumers = graph.edges.filter { $0.source == layer.name }
    guard consumers.count == 1, let next = graph.layer(consumers[0].target),
      graph.edges(into: next.name).count == 1
    else { return false }
    switch next.kind {
    case .pool(let pool): return pool.reduction == .max
    case .globalPool(let reduction): return reduction == .max
    default: return false
    }
  }

  private mutating func addOneDNN(
    _ reduction: Pool.Reduction, _ geometry: SlidingGeometry, _ feed: Feed, to target: LayerBuffers<Scalar>,
    masksRelu: Bool
  ) -> Bool {
    guard let source = feed.buffers as? LayerBuffers<Float>, let target = target as? LayerBuffers<Float>
    else {
      return false
    }
    guard
      let kernel = try? OneDNNPool(
        geometry, reduction, source: source, target: target, masksRelu: masksRelu,
        ownsSourceGradient: feed.ownGradient != nil, capacity: capacity) as? any Kernel<Scalar>
    else { return false }
    feed.ownGradient.map { skipZeroing($0) }
    kernels.append(kernel)
    return true
  }
}

extension PlanBuilder {
  /// What a layer with one input reads.
  struct Feed {
    let buffers: LayerBuffers<Scalar>
    let shape: [Int]
    /// The layer that it comes from, unless several were merged.
    let layer: Layer?
    /// Whose gradient a kernel may write instead of adding to it; nil where others write there, too.
    let ownGradient: String?
  }

  /// Adds the kernels of a layer.
  ///
  /// - Returns: where its values stand.
  mutating func addKernels(for layer: Layer) -> LayerBuffers<Scalar> {
    switch layer.kind {
    case .input:
      return layerBuffers(layer.name, graph.width(of: layer), isInput: true)
    case .dense:
      let target = layerBuffers(layer.name, graph.width(of: layer), keepsSums: keepsSums(layer))
      addDense(layer, to: target)
      return target
    case .convolution(let convolution):
      let target = layerBuffers(layer.name, graph.width(of: layer), keepsSums: keepsSums(layer))
      addConvolution(convolution, layer, to: target)
      return target
    case .flatten, .reshape:
      // The same numbers under another shape.
      return feed(of: layer)?.buffers ?? layerBuffers(layer.name, graph.width(of: layer))
    default:
      let target = layerBuffers(layer.name, graph.width(of: layer))
      if let feed = feed(of: layer) { addSimple(layer, feed, to: target) }
      return target
    }
  }

  private mutating func addSimple(_ layer: Layer, _ feed: Feed, to target: LayerBuffers<Scalar>) {
    switch layer.kind {
    case .pool(let pool):
      addPool(pool.reduction, pool.window.spread(over: feed.shape.count - 1), feed, to: target)
    case .globalPool(let reduction):
      addPool(reduction, Window(feed.shape.dropLast()), feed, to: target)
    case .dropout(let share):
      kernels.append(
        DropoutKernel(share: share, source: feed.buffers, target: target, capacity: capacity, phase: phase))
    case .batchNorm(let options): addBatchNorm(options, layer, feed, to: target)
    case .layerNorm(let epsilon): addLayerNorm(epsilon, layer, feed, to: target)
    case .embedding(let words, let width):
      guard let table = own(.kernel, of: layer) else { return }
      kernels.append(
        EmbeddingKernel(words: words, width: width, source: feed.buffers, target: target, table: table))
    case .input, .dense, .convolution, .flatten, .reshape: break
    }
  }

  /// A run of parameters that a layer owns.
  func own(_ role: ParameterLayout.Role, of layer: Layer) -> ParameterBuffers<Scalar>? {
    parameters.buffers(ParameterLayout.key(layer, role))
  }

  private func keepsSums(_ layer: Layer) -> Bool {
    guard purpose != .answering else { return false }
    if case .training(_, isPerceptron: true) = purpose { return layer.activation.needsSums }
    return isFusedWithLoss(layer) || layer.activation.needsSums
  }

  /// The one array that a layer's edges bring it, merged if there are several.
  mutating func feed(of layer: Layer) -> Feed? {
    let edges = graph.edges(into: layer.name)
    guard let shape = graph.feed(of: layer)?.shape, let first = edges.first else { return nil }
    if edges.count == 1 {
      let isOwn = writers.count(first.source) == 1
      return byName[first.source].map {
        Feed(
          buffers: $0, shape: shape, layer: graph.layer(first.source),
          ownGradient: isOwn ? writers.root(of: first.source) : nil)
      }
    }
    let name = "edges into \(layer.name)"
    let merged = layerBuffers(name, shape.reduce(1, *))
    let lastAxes = edges.compactMap { graph.layer($0.source).flatMap { graph.shape(of: $0)?.last } }
    kernels.append(
      MergeKernel(
        graph.merge(into: layer) ?? .add, sources: edges.compactMap { byName[$0.source] }, target: merged,
        lastAxes: lastAxes))
    return Feed(buffers: merged, shape: shape, layer: nil, ownGradient: name)
  }

  private mutating func addDense(_ layer: Layer, to target: LayerBuffers<Scalar>) {
    kernels.append(BiasKernel(layer: target, biases: own(.bias, of: layer)))
    if let feed = graph.merge(into: layer) == nil ? nil : feed(of: layer),
      let weights = own(.kernel, of: layer)
    {
      addFullEdge(from: feed.buffers, to: target, weights)
    } else {
      for edge in graph.edges(into: layer.name) { addEdge(edge, into: target) }
    }
    addActivation(of: layer, target)
  }

  private mutating func addEdge(_ edge: Edge, into target: LayerBuffers<Scalar>) {
    guard let source = byName[edge.source] else { return }
    let weights = parameters.buffers(ParameterLayout.key(of: edge))
    switch (edge.type, weights) {
    case (.full, let weights?): addFullEdge(from: source, to: target, weights)
    case (.one, let weights?): kernels.append(OneEdgeKernel(source: source, target: target, weights: weights))
    default: kernels.append(IdentityEdgeKernel(source: source, target: target))
    }
  }

  /// An activation works on the last axis: softmax makes shares of an image's channels, place by place.
  mutating func addActivation(of layer: Layer, _ target: LayerBuffers<Scalar>) {
    let axis = graph.shape(of: layer)?.last ?? target.width
    kernels.append(
      ActivationKernel(
        layer: LayerBuffers(
          width: axis, outputs: target.outputs, gradients: target.gradients, sums: target.sums),
        repeats: target.width / axis, activation: layer.activation, isFusedWithLoss: isFusedWithLoss(layer)))
  }

  private mutating func addBatchNorm(
    _ options: BatchNorm, _ layer: Layer, _ feed: Feed, to target: LayerBuffers<Scalar>
  ) {
    guard let gamma = own(.gamma, of: layer), let beta = own(.beta, of: layer),
      let mean = own(.mean, of: layer), let variance = own(.variance, of: layer)
    else { return }
    kernels.append(
      BatchNormKernel(
        options, channels: feed.shape.last ?? 1, source: feed.buffers, target: target,
        parts: .init(gamma: gamma, beta: beta, mean: mean.values, variance: variance.values),
        capacity: capacity, phase: phase))
  }

  private mutating func addLayerNorm(
    _ epsilon: Double, _ layer: Layer, _ feed: Feed, to target: LayerBuffers<Scalar>
  ) {
    guard let gamma = own(.gamma, of: layer), let beta = own(.beta, of: layer) else { return }
    kernels.append(
      LayerNormKernel(
        epsilon: epsilon, width: feed.shape.last ?? 1, source: feed.buffers, target: target, gamma: gamma,
        beta: beta, capacity: capacity))
  }
}

/// Compiles a graph into the kernels and buffers of a ``Plan``.
struct PlanBuilder<Scalar: EngineScalar> {
  let capacity: Int
  let purpose: Plan<Scalar>.Purpose
  let parameters: Parameters<Scalar>
  private(set) var kernels: [any Kernel<Scalar>] = []
  private(set) var losses: [LossKernel<Scalar>] = []
  private(set) var inputs: [LayerBuffers<Scalar>] = []
  private(set) var outputs: [LayerBuffers<Scalar>] = []
  private(set) var targets: [UnsafeMutablePointer<Scalar>] = []
  private(set) var gradients: [Buffer<Scalar>] = []
  private(set) var buffers: [Buffer<Scalar>] = []
  private(set) var layers: [(name: String, buffers: LayerBuffers<Scalar>)] = []
  /// The whole network as one pass, where it is a small chain; nil otherwise.
  private(set) var chain: OnlineChain<Scalar>?
  private var byName: [String: LayerBuffers<Scalar>] = [:]

  /// - Throws: `too-large` before anything is allocated, or what makes the graph unfit to run.
  init(
    _ graph: NetworkGraph, parameters: Parameters<Scalar>, capacity: Int, purpose: Plan<Scalar>.Purpose
  ) throws(EngineError) {
    self.capacity = capacity
    self.purpose = purpose
    self.parameters = parameters
    let order = try graph.sorted()
    let widths = order.reduce(0) { $0 + $1.width }
    let bent = order.reduce(0) { $0 + ($1.activation.needsSums ? $1.width : 0) }
    // Training adds the gradients of all layers, the sums of some, and the targets and sums of the last.
    let numbers = purpose == .answering ? widths : 2 * (widths + graph.outputWidth) + bent
    try MemoryLimit.check(
      [capacity, numbers], bytesEach: MemoryLayout<Scalar>.stride,
      for: "A batch of \(capacity) rows through this network")
    let outputNames = Set(graph.outputs.map(\.name))
    for layer in order { add(layer, of: graph, isOutput: outputNames.contains(layer.name)) }
    // The user's order of outputs, not the computation's.
    outputs = graph.outputs.compactMap { byName[$0.name] }
    inputs = graph.inputs.compactMap { byName[$0.name] }
    if case .training(let loss, let isPerceptron) = purpose {
      for layer in graph.outputs { addLoss(loss, isPerceptron: isPerceptron, to: layer) }
      chain = onlineChain(order, of: graph)
    }
  }

  private func onlineChain(_ order: [Layer], of graph: NetworkGraph) -> OnlineChain<Scalar>? {
    guard capacity == 1, losses.count == 1, inputs.count == 1 else { return nil }
    var links: [OnlineChain<Scalar>.Link] = []
    for (source, target) in zip(order, order.dropFirst()) {
      let edges = graph.edges(into: target.name)
      guard edges.count == 1, edges[0].source == source.name, edges[0].type == .full, edges[0].isTrainable,
        max(source.width, target.width) <= OnlineChain<Scalar>.maximumWidth,
        let weights = parameters.buffers(ParameterLayout.key(of: edges[0])),
        let biases = parameters.buffers(ParameterLayout.biasKey(of: target)),
        let from = byName[source.name], let to = byName[target.name]
      else { return nil }
      links.append(
        .init(
          source: from, target: to, weights: weights.values, biases: biases.values,
          activation: target.activation))
    }
    return OnlineChain(links, loss: losses[0], targets: targets[0])
  }

  private mutating func allocate(_ width: Int) -> Buffer<Scalar> {
    let buffer = Buffer<Scalar>(count: capacity * width)
    buffers.append(buffer)
    return buffer
  }

  private mutating func add(_ layer: Layer, of graph: NetworkGraph, isOutput: Bool) {
    let isFused = isOutput && fuses(layer.activation)
    let buffers = layerBuffers(
      layer, keepsSums: isFused || (layer.activation.needsSums && purpose != .answering))
    byName[layer.name] = buffers
    layers.append((layer.name, buffers))
    guard !layer.isInput else { return }
    kernels.append(
      BiasKernel(
        layer: buffers, biases: layer.hasBias ? parameters.buffers(ParameterLayout.biasKey(of: layer)) : nil))
    for edge in graph.edges(into: layer.name) { addKernel(for: edge, into: buffers) }
    let isPerceptron = if case .training(_, true) = purpose { true } else { false }
    kernels.append(
      ActivationKernel(
        layer: buffers, activation: layer.activation, isFusedWithLoss: isFused || (isOutput && isPerceptron)))
  }

  private func fuses(_ activation: Activation) -> Bool {
    if case .training(let loss, isPerceptron: false) = purpose {
      loss.isFused(with: activation)
    } else {
      false
    }
  }

  private mutating func layerBuffers(_ layer: Layer, keepsSums: Bool) -> LayerBuffers<Scalar> {
    let outputs = allocate(layer.width)
    var gradient: Buffer<Scalar>?
    if purpose == .differentiating || (purpose != .answering && !layer.isInput) {
      gradient = allocate(layer.width)
      gradient.map { gradients.append($0) }
    }
    return LayerBuffers(
      width: layer.width, outputs: outputs.pointer, gradients: gradient?.pointer,
      sums: keepsSums ? allocate(layer.width).pointer : nil)
  }

  private mutating func addKernel(for edge: Edge, into target: LayerBuffers<Scalar>) {
    guard let source = byName[edge.source] else { return }
    let weights = parameters.buffers(ParameterLayout.key(of: edge))
    switch (edge.type, weights) {
    case (.full, let weights?):
      kernels.append(FullEdgeKernel(source: source, target: target, weights: weights))
    case (.one, let weights?): kernels.append(OneEdgeKernel(source: source, target: target, weights: weights))
    default: kernels.append(IdentityEdgeKernel(source: source, target: target))
    }
  }

  private mutating func addLoss(_ loss: Loss, isPerceptron: Bool, to layer: Layer) {
    guard let buffers = byName[layer.name] else { return }
    let target = allocate(layer.width).pointer
    targets.append(target)
    let signal: LossKernel<Scalar>.ErrorSignal =
      isPerceptron ? .perceptron : .gradient(loss, isFused: loss.isFused(with: layer.activation))
    losses.append(LossKernel(layer: buffers, targets: target, signal: signal))
  }
}

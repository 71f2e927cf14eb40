/// Compiles a graph into the kernels and buffers of a ``Plan``.
struct PlanBuilder<Scalar: EngineScalar> {
  let capacity: Int
  let purpose: Plan<Scalar>.Purpose
  let parameters: Parameters<Scalar>
  let graph: NetworkGraph
  let backend: Backend
  let phase = PlanPhase()
  var kernels: [any Kernel<Scalar>] = []
  private(set) var losses: [LossKernel<Scalar>] = []
  private(set) var inputs: [LayerBuffers<Scalar>] = []
  private(set) var outputs: [LayerBuffers<Scalar>] = []
  private(set) var targets: [UnsafeMutablePointer<Scalar>] = []
  /// What is zeroed before a backward pass, and the layer that each belongs to.
  private(set) var gradients: [(layer: String, buffer: Buffer<Scalar>)] = []
  private(set) var buffers: [Buffer<Scalar>] = []
  private(set) var layers: [(name: String, buffers: LayerBuffers<Scalar>)] = []
  /// The whole network as one pass, where it is a small chain; nil otherwise.
  private(set) var chain: OnlineChain<Scalar>?
  var byName: [String: LayerBuffers<Scalar>] = [:]
  let writers: GradientWriters

  /// - Throws: `too-large` before anything is allocated, or what makes the graph unfit to run.
  init(
    _ graph: NetworkGraph, parameters: Parameters<Scalar>, capacity: Int, purpose: Plan<Scalar>.Purpose,
    backend: Backend = .auto
  ) throws(EngineError) {
    self.capacity = capacity
    self.purpose = purpose
    self.parameters = parameters
    self.graph = graph
    self.backend = backend
    let order = try graph.sorted()
    writers = GradientWriters(graph, order)
    try checkMemory()
    for layer in order { add(layer) }
    // The user's order of outputs, not the computation's.
    outputs = graph.outputs.compactMap { byName[$0.name] }
    inputs = graph.inputs.compactMap { byName[$0.name] }
    if case .training(let loss, let isPerceptron) = purpose {
      for layer in graph.outputs { addLoss(loss, isPerceptron: isPerceptron, to: layer) }
      chain = onlineChain(order)
    }
  }

  private func checkMemory() throws(EngineError) {
    // Differentiating wants the inputs' gradients, too.
    let inputs = purpose == .differentiating ? graph.inputWidth : 0
    try MemoryLimit.check(
      [capacity, graph.numbersPerRow(isTraining: purpose != .answering) + inputs],
      bytesEach: MemoryLayout<Scalar>.stride, for: "A batch of \(capacity) rows through this network")
  }

  /// Zeros for a batch, kept as long as the plan.
  mutating func allocate(_ width: Int) -> Buffer<Scalar> {
    let buffer = Buffer<Scalar>(count: capacity * width)
    buffers.append(buffer)
    return buffer
  }

  private mutating func add(_ layer: Layer) {
    let buffers = addKernels(for: layer)
    byName[layer.name] = buffers
    layers.append((layer.name, buffers))
  }

  /// Whether the loss gives the gradient by the sums of an output layer, so that the activation has nothing to do.
  func isFusedWithLoss(_ layer: Layer) -> Bool {
    guard case .training(let loss, let isPerceptron) = purpose, writers.outputs.contains(layer.name) else {
      return false
    }
    return isPerceptron || loss.isFused(with: layer.activation)
  }

  /// Buffers of a layer's own; the gradient's is zeroed before each backward pass.
  mutating func layerBuffers(_ name: String, _ width: Int, keepsSums: Bool = false, isInput: Bool = false)
    -> LayerBuffers<Scalar>
  {
    let outputs = allocate(width)
    var gradient: Buffer<Scalar>?
    if purpose == .differentiating || (purpose != .answering && !isInput) {
      let buffer = allocate(width)
      gradients.append((name, buffer))
      gradient = buffer
    }
    return LayerBuffers(
      width: width, outputs: outputs.pointer, gradients: gradient?.pointer,
      sums: keepsSums ? allocate(width).pointer : nil)
  }

  /// Leaves out the zeroing of a gradient that one kernel alone writes, and writes whole.
  mutating func skipZeroing(_ name: String) { gradients.removeAll { $0.layer == name } }

  /// See ``Plan/tellsClasses``.
  var tellsClasses: Bool {
    if case .training(.hinge, _) = purpose { return true }
    return graph.outputs.allSatisfy { $0.activation != .linear }
  }

  private mutating func addLoss(_ loss: Loss, isPerceptron: Bool, to layer: Layer) {
    guard let buffers = byName[layer.name] else { return }
    let target = allocate(buffers.width).pointer
    targets.append(target)
    let signal: LossKernel<Scalar>.ErrorSignal =
      isPerceptron ? .perceptron : .gradient(loss, isFused: loss.isFused(with: layer.activation))
    losses.append(LossKernel(layer: buffers, targets: target, signal: signal))
  }

  private func onlineChain(_ order: [Layer]) -> OnlineChain<Scalar>? {
    guard capacity == 1, losses.count == 1, inputs.count == 1 else { return nil }
    var links: [OnlineChain<Scalar>.Link] = []
    for (source, target) in zip(order, order.dropFirst()) {
      let edges = graph.edges(into: target.name)
      guard edges.count == 1, edges[0].source == source.name, edges[0].type == .full, edges[0].isTrainable,
        let weights = parameters.buffers(ParameterLayout.key(of: edges[0])),
        let biases = parameters.buffers(ParameterLayout.key(target, .bias)),
        let from = byName[source.name], let to = byName[target.name],
        max(from.width, to.width) <= OnlineChain<Scalar>.maximumWidth
      else { return nil }
      links.append(
        .init(
          source: from, target: to, weights: weights.values, biases: biases.values,
          activation: target.activation))
    }
    return OnlineChain(links, loss: losses[0], targets: targets[0])
  }
}

/// How many kernels write the gradient of each layer: where it is one, it may write instead of adding, and nothing
/// need be zeroed before.
struct GradientWriters {
  /// The layers whose values stand in another layer's memory, each with that layer.
  private(set) var roots: [String: String] = [:]
  private var counts: [String: Int] = [:]
  /// The names of the output layers, which the loss writes to.
  let outputs: Set<String>

  init(_ graph: NetworkGraph, _ order: [Layer]) {
    outputs = Set(graph.outputs.map(\.name))
    for layer in order {
      let sources = graph.edges(into: layer.name).map(\.source)
      if layer.sharesMemory, sources.count == 1 {
        roots[layer.name] = root(of: sources[0])
      } else {
        for source in sources { counts[root(of: source), default: 0] += 1 }
      }
      if outputs.contains(layer.name) { counts[root(of: layer.name), default: 0] += 1 }
    }
  }

  /// The layer in whose memory a layer's values stand: itself, but for a flatten or a reshape.
  func root(of name: String) -> String { roots[name] ?? name }

  /// How many kernels write the gradient of a layer.
  func count(_ name: String) -> Int { counts[root(of: name)] ?? 0 }
}

extension Layer {
  /// Whether it only says how the numbers of the layer before are to be read.
  var sharesMemory: Bool {
    switch kind {
    case .flatten, .reshape: true
    default: false
    }
  }
}

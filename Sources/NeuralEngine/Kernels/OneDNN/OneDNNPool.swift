internal import COneDNN

/// The largest or the mean of each window, by oneDNN.
final class OneDNNPool: Kernel {
  typealias Scalar = Float

  /// The calls of one forward and backward pass.
  private struct Steps {
    let forward: OneDNNCall
    var backward: OneDNNCall?
  }

  private let geometry: SlidingGeometry
  private let reduction: Pool.Reduction
  private let source: LayerBuffers<Float>
  private let target: LayerBuffers<Float>
  /// Whether the source is a relu's output of which nothing else is made: its derivative is then told from the
  /// pool's output, of which there is less.
  private let masksRelu: Bool
  private let passes: OneDNNPasses<Steps>
  /// Where the source's gradient is made before it is added, if others write there, too.
  private let ownGradient: Buffer<Float>?

  /// - Throws: `OneDNNFailure` where oneDNN has no such pool.
  init(
    _ geometry: SlidingGeometry, _ reduction: Pool.Reduction, source: LayerBuffers<Float>,
    target: LayerBuffers<Float>, masksRelu: Bool, ownsSourceGradient: Bool, capacity: Int
  ) throws(OneDNNFailure) {
    self.geometry = geometry
    self.reduction = reduction
    self.source = source
    self.target = target
    self.masksRelu = masksRelu
    passes = try OneDNNPasses(work: capacity * geometry.inputCount * 16)
    ownGradient =
      source.gradients != nil && !ownsSourceGradient ? Buffer(count: capacity * source.width) : nil
    try passes.steps(rows: capacity, makeSteps)
  }

  func forward(rows: Int) {
    passes.run(rows: rows, makeSteps) { $0.forward.run(on: $1) }
  }

  func backward(rows: Int) {
    guard target.gradients != nil, source.gradients != nil else { return }
    if masksRelu { target.maskGradients(rows: rows) }
    passes.run(rows: rows, makeSteps) { $0.backward?.run(on: $1) }
    if let own = ownGradient { source.addGradients(own, rows: rows) }
  }

  private func makeSteps(rows: Int) throws(OneDNNFailure) -> Steps {
    var window = onednn_window(geometry, rows: rows, filters: geometry.channels, groups: 1)
    let engine = passes.engine
    let isMax = reduction == .max
    let forward = try OneDNNOperation { onednn_pool(engine.handle, &window, isMax, onednn_forward, nil, &$0) }
    let inputs = try forward.memory(dnnl_query_src_md, engine, over: source.outputs)
    let outputs = try forward.memory(dnnl_query_dst_md, engine, over: target.outputs)
    // Which place of each window was the largest.
    let winners = isMax ? [(DNNL_ARG_WORKSPACE, try forward.memory(dnnl_query_workspace_md, engine))] : []
    var steps = Steps(
      forward: try OneDNNCall(forward, [(DNNL_ARG_SRC, inputs), (DNNL_ARG_DST, outputs)] + winners))
    guard let delta = target.gradients, let gradients = ownGradient?.pointer ?? source.gradients else {
      return steps
    }
    let backward = try OneDNNOperation {
      onednn_pool(engine.handle, &window, isMax, onednn_backward_data, forward.handle, &$0)
    }
    let from = try forward.memory(dnnl_query_dst_md, engine, over: delta)
    let into = try forward.memory(dnnl_query_src_md, engine, over: gradients)
    steps.backward = try OneDNNCall(
      backward, [(DNNL_ARG_DIFF_DST, from), (DNNL_ARG_DIFF_SRC, into)] + winners)
    return steps
  }
}

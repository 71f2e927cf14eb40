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
  private let engine: OneDNNEngine
  private let stream: OneDNNStream
  private let threads: OneDNNThreads
  /// Where the source's gradient is made before it is added, if others write there, too.
  private let ownGradient: Buffer<Float>?
  private var steps: [Int: Steps] = [:]

  /// - Throws: `OneDNNFailure` where oneDNN has no such pool.
  init(
    _ geometry: SlidingGeometry, _ reduction: Pool.Reduction, source: LayerBuffers<Float>,
    target: LayerBuffers<Float>, masksRelu: Bool, ownsSourceGradient: Bool, capacity: Int
  ) throws(OneDNNFailure) {
    guard let engine = OneDNNEngine.shared else { throw OneDNNFailure(status: dnnl_unimplemented) }
    self.geometry = geometry
    self.reduction = reduction
    self.source = source
    self.target = target
    self.masksRelu = masksRelu
    self.engine = engine
    stream = try OneDNNStream(engine)
    threads = OneDNNThreads(work: capacity * geometry.inputCount * 16)
    ownGradient =
      source.gradients != nil && !ownsSourceGradient ? Buffer(count: capacity * source.width) : nil
    steps[capacity] = try threads.run { () throws(OneDNNFailure) in try makeSteps(rows: capacity) }
  }

  func forward(rows: Int) {
    guard let steps = steps(for: rows) else { return }
    threads.run { steps.forward.run(on: stream) }
  }

  func backward(rows: Int) {
    guard target.gradients != nil, source.gradients != nil else { return }
    if masksRelu { target.maskGradients(rows: rows) }
    if let call = steps(for: rows)?.backward { threads.run { call.run(on: stream) } }
    if let own = ownGradient { source.addGradients(own, rows: rows) }
  }

  private func steps(for rows: Int) -> Steps? {
    if let known = steps[rows] { return known }
    // What oneDNN made for a whole batch it makes for a part of one.
    let made = try? threads.run { () throws(OneDNNFailure) in try makeSteps(rows: rows) }
    steps[rows] = made
    return made
  }

  private func makeSteps(rows: Int) throws(OneDNNFailure) -> Steps {
    var window = onednn_window(geometry, rows: rows, filters: geometry.channels, groups: 1)
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

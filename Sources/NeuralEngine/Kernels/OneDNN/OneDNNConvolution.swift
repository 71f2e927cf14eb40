internal import COneDNN

/// A convolution by oneDNN, with the bias and a relu in the same pass.
///
/// Arrays keep the layout that the language shows, channels last, which oneDNN is fast with; only the kernel, which
/// is small, is copied to the layout that oneDNN likes and back at each step.
final class OneDNNConvolution: Kernel {
  typealias Scalar = Float

  /// What it works on.
  struct Places {
    let source: LayerBuffers<Float>
    let target: LayerBuffers<Float>
    let weights: ParameterBuffers<Float>
    let biases: ParameterBuffers<Float>?
  }

  /// What it does besides convolving.
  struct Options {
    let filters: Int
    let groups: Int
    /// Whether a relu follows, in the same pass.
    let appliesRelu: Bool
    /// Whether the gradient comes in by the relu's outputs, not yet by the sums.
    let masksGradient: Bool
    /// Whether nobody else writes the source's gradient, so that it need not be added to.
    let ownsSourceGradient: Bool
    /// Whether an implementation that is only meant as a yardstick will do.
    let acceptsReference: Bool
  }

  private let geometry: SlidingGeometry
  private let places: Places
  private let options: Options
  private let passes: OneDNNPasses<Steps>
  /// Where the source's gradient is made before it is added, if others write there, too.
  private let ownGradient: Buffer<Float>?

  /// - Throws: `OneDNNFailure` where oneDNN has no such convolution.
  init(_ geometry: SlidingGeometry, _ places: Places, _ options: Options, capacity: Int) throws(OneDNNFailure)
  {
    self.geometry = geometry
    self.places = places
    self.options = options
    passes = try OneDNNPasses(
      work: capacity * geometry.positions * geometry.places * geometry.channels * options.filters)
    let addsGradient = places.source.gradients != nil && !options.ownsSourceGradient
    ownGradient = addsGradient ? Buffer(count: capacity * places.source.width) : nil
    try passes.steps(rows: capacity, makeSteps)
  }

  func forward(rows: Int) {
    passes.run(rows: rows, makeSteps) { steps, stream in
      steps.layOutForward?.run(on: stream)
      steps.forward.run(on: stream)
    }
  }

  func backward(rows: Int) {
    passes.run(rows: rows, makeSteps) { steps, stream in
      steps.mask?.run(on: stream)
      steps.learn?.run(on: stream)
      steps.bringBack?.run(on: stream)
      steps.layOutBackward?.run(on: stream)
      steps.passOn?.run(on: stream)
    }
    if let own = ownGradient { places.source.addGradients(own, rows: rows) }
  }
}

/// The calls of one forward and backward pass.
private struct Steps {
  let layOutForward: OneDNNCall?
  let forward: OneDNNCall
  var mask: OneDNNCall?
  var learn: OneDNNCall?
  var bringBack: OneDNNCall?
  var layOutBackward: OneDNNCall?
  var passOn: OneDNNCall?
}

extension OneDNNConvolution {
  private var engine: OneDNNEngine { passes.engine }

  private func makeSteps(rows: Int) throws(OneDNNFailure) -> Steps {
    var window = onednn_window(geometry, rows: rows, filters: options.filters, groups: options.groups)
    let forward = try operation(&window, onednn_forward)
    let source = try forward.memory(dnnl_query_src_md, engine, over: places.source.outputs)
    let target = try forward.memory(dnnl_query_dst_md, engine, over: places.target.outputs)
    let plain = try plainKernel(&window, places.weights.values)
    let laidOut = try layOut(plain, for: forward)
    var arguments = [
      (DNNL_ARG_SRC, source), (DNNL_ARG_WEIGHTS, laidOut.memory), (DNNL_ARG_DST, target),
    ]
    if let biases = places.biases {
      arguments.append((DNNL_ARG_BIAS, try bias(biases.values)))
    }
    var steps = Steps(layOutForward: laidOut.call, forward: try OneDNNCall(forward, arguments))
    guard let gradients = places.target.gradients else { return steps }
    let delta = try forward.memory(dnnl_query_dst_md, engine, over: gradients)
    if options.masksGradient { steps.mask = try mask(rows * places.target.width, gradients) }
    try addLearning(&window, hint: forward, source, delta, to: &steps)
    try addPassingOn(&window, hint: forward, plain, delta, to: &steps)
    return steps
  }

  private func operation(
    _ window: inout onednn_window, _ direction: onednn_direction, hint: OneDNNOperation? = nil
  ) throws(OneDNNFailure) -> OneDNNOperation {
    let appliesRelu = direction == onednn_forward && options.appliesRelu
    let operation = try OneDNNOperation {
      onednn_convolution(
        engine.handle, &window, direction, places.biases != nil, appliesRelu, hint?.handle, &$0)
    }
    if operation.isReference, !options.acceptsReference { throw OneDNNFailure(status: dnnl_unimplemented) }
    return operation
  }

  private func bias(_ pointer: UnsafeMutablePointer<Float>?) throws(OneDNNFailure) -> OneDNNMemory {
    try OneDNNMemory { onednn_bias(engine.handle, Int64(options.filters), pointer, &$0) }
  }

  private func plainKernel(
    _ window: inout onednn_window, _ pointer: UnsafeMutablePointer<Float>
  ) throws(OneDNNFailure) -> OneDNNMemory {
    try OneDNNMemory { onednn_plain_kernel(&window, engine.handle, pointer, &$0) }
  }

  /// The kernel in the layout that an operation wants, and the call that brings it there.
  private func layOut(
    _ plain: OneDNNMemory, for operation: OneDNNOperation
  ) throws(OneDNNFailure) -> (memory: OneDNNMemory, call: OneDNNCall?) {
    let wanted = try operation.memory(dnnl_query_weights_md, engine)
    guard let call = try OneDNNCall.reorder(plain, to: wanted, engine) else { return (plain, nil) }
    return (wanted, call)
  }

  /// Turns the gradient by the relu's outputs into that by the sums, in place.
  private func mask(
    _ count: Int, _ gradients: UnsafeMutablePointer<Float>
  ) throws(OneDNNFailure) -> OneDNNCall {
    let forward = try OneDNNOperation {
      onednn_relu(engine.handle, Int64(count), onednn_forward, nil, &$0)
    }
    let backward = try OneDNNOperation {
      onednn_relu(engine.handle, Int64(count), onednn_backward_data, forward.handle, &$0)
    }
    let outputs = try forward.memory(dnnl_query_dst_md, engine, over: places.target.outputs)
    let delta = try forward.memory(dnnl_query_dst_md, engine, over: gradients)
    return try OneDNNCall(
      backward, [(DNNL_ARG_DST, outputs), (DNNL_ARG_DIFF_DST, delta), (DNNL_ARG_DIFF_SRC, delta)])
  }

  private func addLearning(
    _ window: inout onednn_window, hint: OneDNNOperation, _ source: OneDNNMemory, _ delta: OneDNNMemory,
    to steps: inout Steps
  ) throws(OneDNNFailure) {
    guard places.weights.gradients != nil || places.biases?.gradients != nil else { return }
    let operation = try operation(&window, onednn_backward_weights, hint: hint)
    var made = try operation.memory(dnnl_query_diff_weights_md, engine)
    if let gradients = places.weights.gradients {
      let plain = try plainKernel(&window, gradients)
      steps.bringBack = try OneDNNCall.reorder(made, to: plain, engine)
      if steps.bringBack == nil { made = plain }
    }
    var arguments = [(DNNL_ARG_SRC, source), (DNNL_ARG_DIFF_DST, delta), (DNNL_ARG_DIFF_WEIGHTS, made)]
    if let biases = places.biases {
      arguments.append((DNNL_ARG_DIFF_BIAS, try bias(biases.gradients)))
    }
    steps.learn = try OneDNNCall(operation, arguments)
  }

  private func addPassingOn(
    _ window: inout onednn_window, hint: OneDNNOperation, _ plain: OneDNNMemory, _ delta: OneDNNMemory,
    to steps: inout Steps
  ) throws(OneDNNFailure) {
    guard let gradients = ownGradient?.pointer ?? places.source.gradients else { return }
    let operation = try operation(&window, onednn_backward_data, hint: hint)
    let laidOut = try layOut(plain, for: operation)
    steps.layOutBackward = laidOut.call
    let made = try operation.memory(dnnl_query_diff_src_md, engine, over: gradients)
    steps.passOn = try OneDNNCall(
      operation,
      [(DNNL_ARG_DIFF_DST, delta), (DNNL_ARG_WEIGHTS, laidOut.memory), (DNNL_ARG_DIFF_SRC, made)])
  }
}

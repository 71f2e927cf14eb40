internal import CKernels
internal import Foundations

extension MatrixProduct: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, outputs, places, bytes) = (inputWidth, outputWidth, places, compiler.bytes)
    let (x, w, y) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let bias = startsFromBias ? step.inputs[2] : nil
    let start = bias != nil ? NBS_FROM_BIAS : step.accumulates ? NBS_FROM_RESULT : NBS_FROM_ZERO
    let product = compiler.products.product
    let byPacked = compiler.products.product_by_packed
    let scratch = compiler.products.product_scratch
    let packed = PackedMatrix(of: self, step.inputs[1], compiler)
    var kernel = compiler.productKernel(outputs, work: inputs * places) { frame, columns in
      if let packed = packed?.numbers {
        byPacked(
          frame.rows * places, outputs, inputs, nbs_matrix(numbers: frame[x], row: inputs, column: 1), packed,
          frame[y], outputs, start, bias.map { frame[$0] }, frame.scratch)
        return
      }
      let first = columns.lowerBound * bytes
      product(
        frame.rows * places, columns.count, inputs, nbs_matrix(numbers: frame[x], row: inputs, column: 1),
        nbs_matrix(numbers: frame[w] + first * inputs, row: 1, column: inputs), frame[y] + first, outputs,
        start,
        bias.map { frame[$0] + first }, frame.scratch)
    } scratch: {
      scratch($0 * places, outputs, inputs)
    }
    if let packed {
      kernel.prepare = { shards, threads in packed.prepare(shards: shards, threads: threads) }
    }
    return kernel
  }
}

/// The weights of a product packed once for all shards of a batch that is only predicted on. Where a batch is a shard or two, each
/// packs what it reads, as it does in training, where weights change from batch to batch.
private final class PackedMatrix: @unchecked Sendable {
  private let weights: UnsafeMutableRawPointer
  private let product: MatrixProduct
  private let backend: CPUBackend
  private var memory: CPUMemory?
  private var isUsed = false

  /// From so many shards on.
  private static var leastShards: Int { 3 }
  /// Narrower matrices are packed in no time, and larger ones take memory that somebody else may want.
  private static var widths: ClosedRange<Int> { 64...4096 }

  /// Makes room for the weights of a product; nil where they are not worth it.
  init?(of product: MatrixProduct, _ weights: BufferID, _ compiler: CPUCompiler) {
    switch compiler.plan.purpose {
    case .inference, .evaluation: break
    case .differentiation, .training: return nil
    }
    guard PackedMatrix.widths.contains(product.inputWidth), PackedMatrix.widths.contains(product.outputWidth),
      case .parameters = compiler.plan.buffers[weights.number].extent
    else { return nil }
    self.product = product
    self.weights = compiler.parameters(weights)
    backend = compiler.backend
  }

  /// The packed weights; nil where those at hand pack their own.
  var numbers: UnsafeRawPointer? { isUsed ? memory.map { UnsafeRawPointer($0.pointer) } : nil }

  /// Packs them before a batch.
  func prepare(shards: Int, threads: Int) {
    isUsed = shards >= PackedMatrix.leastShards
    guard isUsed else { return }
    let kernels = backend.kernels.pointee.products
    let (inputs, outputs, bytes) = (product.inputWidth, product.outputWidth, backend.precision.bytes)
    let memory = memory ?? backend.allocate(kernels.pack_right_size(outputs, inputs) * bytes)
    self.memory = memory
    let parts = min(threads, max(1, outputs / 32))
    WorkerPool.shared.run(parts: parts, threads: threads) { [weights] part, _ in
      // These begin at columns in thirty-twos, which fill their panels on every level: each part stands where it does in the whole.
      let columns = SharedKernel.range(part, of: parts, outOf: outputs)
      let offset = columns.lowerBound * inputs * bytes
      kernels.pack_right(
        columns.count, inputs, nbs_matrix(numbers: weights + offset, row: 1, column: inputs),
        memory.pointer + offset)
    }
  }
}

extension MatrixProductWeightGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, outputs, places, bytes) = (inputWidth, outputWidth, places, compiler.bytes)
    let (dy, x, dw) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let adds = compiler.adds(step)
    let product = compiler.products.product
    let scratch = compiler.products.product_scratch
    return compiler.productKernel(outputs, work: inputs * places) { frame, rows in
      let first = rows.lowerBound * bytes
      product(
        rows.count, inputs, frame.rows * places,
        nbs_matrix(numbers: frame[dy] + first, row: 1, column: outputs),
        nbs_matrix(numbers: frame[x], row: inputs, column: 1), frame[dw] + first * inputs, inputs,
        adds(frame) ? NBS_FROM_RESULT : NBS_FROM_ZERO, nil, frame.scratch)
    } scratch: {
      scratch(outputs, inputs, $0 * places)
    }
  }
}

extension MatrixProductInputGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, outputs, places, bytes) = (inputWidth, outputWidth, places, compiler.bytes)
    let (dy, w, dx) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let start = step.accumulates ? NBS_FROM_RESULT : NBS_FROM_ZERO
    let product = compiler.products.product
    let scratch = compiler.products.product_scratch
    return compiler.productKernel(inputs, work: outputs * places) { frame, columns in
      let first = columns.lowerBound * bytes
      product(
        frame.rows * places, columns.count, outputs, nbs_matrix(numbers: frame[dy], row: outputs, column: 1),
        nbs_matrix(numbers: frame[w] + first, row: inputs, column: 1), frame[dx] + first, inputs, start, nil,
        frame.scratch)
    } scratch: {
      scratch($0 * places, inputs, outputs)
    }
  }
}

extension CPUCompiler {
  /// Below so many multiplications a part is not worth a thread's while.
  private static var leastWork: Int { 1 << 19 }

  /// The kernel of a product, which threads can share by one of its widths.
  ///
  /// - Parameters:
  ///   - width: how many places there are to share.
  ///   - work: how many multiplications a place takes for each row.
  fileprivate func productKernel(
    _ width: Int, work: Int, _ run: @escaping @Sendable (Frame, Range<Int>) -> Void,
    scratch: @escaping @Sendable (Int) -> Int
  ) -> CPUKernel {
    var kernel = CPUKernel { run($0, 0..<width) }
    kernel.scratch = scratch
    let whole = width.multipliedOrMost(work).multipliedOrMost(plan.capacity)
    let parts = min(width / 64, whole / CPUCompiler.leastWork)
    if parts > 1 {
      kernel.shared = SharedKernel(mostParts: parts) { frame, part, parts in
        run(frame, SharedKernel.range(part, of: parts, outOf: width))
      }
    }
    return kernel
  }
}

extension Convolve: CPUOperation {
  /// The geometry as the kernels take it.
  var geometryOfKernels: nbs_convolution {
    nbs_convolution(window: nbs_window(geometry), filters: filters, groups: groups)
  }

  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (x, y) = (step.inputs[0], step.outputs[0])
    let bias = hasBias ? step.inputs[2] : nil
    let convolve = compiler.products.convolve
    let convolution = geometryOfKernels
    let packed = PackedWeights(
      compiler.parameters(step.inputs[1]), of: convolution, compiler,
      size: compiler.products.pack_forward_size, pack: compiler.products.pack_forward)
    var kernel = CPUKernel { frame in
      withUnsafePointer(to: convolution) {
        convolve(
          $0, frame.rows, frame[x], packed.memory.pointer, bias.map { frame[$0] }, frame[y], frame.scratch)
      }
    }
    kernel.prepare = { _, _ in packed.pack() }
    kernel.scratch = scratch(compiler)
    return kernel
  }

  fileprivate func scratch(_ compiler: CPUCompiler) -> @Sendable (Int) -> Int {
    let convolution = geometryOfKernels
    let scratch = compiler.products.convolution_scratch
    return { rows in withUnsafePointer(to: convolution) { scratch($0, rows) } }
  }
}

extension ConvolveKernelGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (dy, x, dw) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let adds = compiler.adds(step)
    let convolution = forward.geometryOfKernels
    let backward = compiler.products.convolve_backward_weights
    var kernel = CPUKernel { frame in
      withUnsafePointer(to: convolution) {
        backward($0, frame.rows, frame[x], frame[dy], frame[dw], adds(frame), frame.scratch)
      }
    }
    kernel.scratch = forward.scratch(compiler)
    return kernel
  }
}

extension ConvolveInputGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (dy, dx) = (step.inputs[0], step.outputs[0])
    let accumulates = step.accumulates
    let convolution = forward.geometryOfKernels
    let backward = compiler.products.convolve_backward_data
    let packed = PackedWeights(
      compiler.parameters(step.inputs[1]), of: convolution, compiler,
      size: compiler.products.pack_backward_size, pack: compiler.products.pack_backward)
    var kernel = CPUKernel { frame in
      withUnsafePointer(to: convolution) {
        backward(
          $0, frame.rows, frame[dy], packed.memory.pointer, frame[dx], accumulates, frame.scratch)
      }
    }
    kernel.prepare = { _, _ in packed.pack() }
    kernel.scratch = forward.scratch(compiler)
    return kernel
  }
}

/// A layer's weights in the order in which a kernel reads them, made anew for each batch.
final class PackedWeights: @unchecked Sendable {
  let memory: CPUMemory
  private let packing: () -> Void

  /// - Parameters:
  ///   - layer: the layer as the kernels take it.
  ///   - size: how many numbers its weights take packed.
  init<Layer>(
    _ weights: UnsafeMutableRawPointer, of layer: Layer, _ compiler: CPUCompiler,
    size: (UnsafePointer<Layer>?) -> Int,
    pack: @escaping (UnsafePointer<Layer>?, UnsafeRawPointer?, UnsafeMutableRawPointer?) -> Void
  ) {
    let numbers = withUnsafePointer(to: layer) { size($0) }
    let memory = compiler.backend.allocate(numbers * compiler.backend.precision.bytes)
    self.memory = memory
    packing = { withUnsafePointer(to: layer) { pack($0, weights, memory.pointer) } }
  }

  func pack() { packing() }
}

extension nbs_window {
  /// A geometry as the kernels take it.
  init(_ geometry: WindowGeometry) {
    func axes(_ value: SIMD3<Int>) -> (Int, Int, Int) { (value[0], value[1], value[2]) }
    self.init(
      input: axes(geometry.input), output: axes(geometry.output), size: axes(geometry.size),
      stride: axes(geometry.stride), dilation: axes(geometry.dilation), before: axes(geometry.before),
      channels: geometry.channels)
  }
}

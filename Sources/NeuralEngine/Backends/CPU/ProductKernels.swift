internal import CKernels
internal import Foundations

extension MatrixProduct: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, outputs, places, bytes) = (inputWidth, outputWidth, places, compiler.bytes)
    let (x, w, y) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let bias = startsFromBias ? step.inputs[2] : nil
    let start = bias != nil ? NBS_FROM_BIAS : step.accumulates ? NBS_FROM_RESULT : NBS_FROM_ZERO
    let product = compiler.products.product
    let scratch = compiler.products.product_scratch
    return compiler.productKernel(outputs, work: inputs * places) { frame, columns in
      let first = columns.lowerBound * bytes
      product(
        frame.rows * places, columns.count, inputs, nbs_matrix(numbers: frame[x], row: inputs, column: 1),
        nbs_matrix(numbers: frame[w] + first * inputs, row: 1, column: inputs), frame[y] + first, outputs,
        start,
        bias.map { frame[$0] + first }, frame.scratch)
    } scratch: {
      scratch($0 * places, outputs, inputs)
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
    nbs_convolution(
      window: nbs_window(geometry), filters: filters, groups: groups, rows_together: rowsTogether)
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
    kernel.prepare = { packed.pack() }
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
    kernel.prepare = { packed.pack() }
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

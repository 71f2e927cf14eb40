internal import CKernels

extension Combine: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, y, width) = (step.inputs, step.outputs[0], width)
    let (combine, code) = (compiler.layers.combine, rule.code)
    return CPUKernel { frame in
      let count = frame.rows * width
      combine(code, frame[inputs[0]], frame[inputs[1]], frame[y], count)
      for input in inputs.dropFirst(2) { combine(code, frame[y], frame[input], frame[y], count) }
    }
  }
}

extension CombineGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (dy, sources, dx) = (step.inputs[0], Array(step.inputs.dropFirst()), step.outputs[0])
    let (width, number, accumulates) = (width, number, step.accumulates)
    let others = sources.indices.filter { $0 != number }.map { sources[$0] }
    let bytes = width * compiler.backend.precision.bytes
    var kernel: CPUKernel
    switch rule {
    case .product:
      let (combine, scale) = (compiler.layers.combine, compiler.layers.scale)
      kernel = CPUKernel { frame in
        let count = frame.rows * width
        combine(Combine.Rule.product.code, frame[dy], frame[others[0]], frame.scratch, count)
        for other in others.dropFirst() {
          combine(Combine.Rule.product.code, frame.scratch, frame[other], frame.scratch, count)
        }
        scale(1, frame.scratch, frame[dx], count, accumulates)
      }
    case .largest:
      let (pass, scale) = (compiler.layers.pass_largest, compiler.layers.scale)
      kernel = CPUKernel { frame in
        let count = frame.rows * width
        frame.scratch.copyMemory(from: frame[dy], byteCount: frame.rows * bytes)
        for (place, other) in sources.enumerated() where place != number {
          // Of equals the first is the largest.
          pass(frame[sources[number]], frame[other], place > number, frame.scratch, count)
        }
        scale(1, frame.scratch, frame[dx], count, accumulates)
      }
    }
    kernel.scratch = { $0 * bytes }
    return kernel
  }
}

extension Combine.Rule {
  /// The rule as ``nbs_layer_kernels/combine`` names it.
  fileprivate var code: Int32 { self == .product ? 1 : 2 }
}

extension Concatenate: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, y, places, bytes) = (step.inputs, step.outputs[0], places, compiler.backend.precision.bytes)
    let widths = widths.map { $0 * bytes }
    let whole = widths.reduce(0, +)
    return CPUKernel { frame in
      for place in 0..<frame.rows * places {
        var into = frame[y] + place * whole
        for (input, width) in zip(inputs, widths) {
          into.copyMemory(from: frame[input] + place * width, byteCount: width)
          into += width
        }
      }
    }
  }
}

extension TakePart: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (dy, dx, places, bytes) = (
      step.inputs[0], step.outputs[0], places, compiler.backend.precision.bytes
    )
    let (width, whole) = (widths[number], widths.reduce(0, +))
    let start = widths[..<number].reduce(0, +)
    let (scale, accumulates) = (compiler.layers.scale, step.accumulates)
    return CPUKernel { frame in
      for place in 0..<frame.rows * places {
        scale(
          1, frame[dy] + (place * whole + start) * bytes, frame[dx] + place * width * bytes, width,
          accumulates)
      }
    }
  }
}

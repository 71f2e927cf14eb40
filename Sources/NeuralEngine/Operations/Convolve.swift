import Foundations

/// A window that slides over an array of channels last, as numbers: always three axes, those that an image or a signal
/// does not have being 1 long.
package struct WindowGeometry: Sendable, Equatable {
  package let input: SIMD3<Int>
  package let output: SIMD3<Int>
  package let size: SIMD3<Int>
  package let stride: SIMD3<Int>
  package var dilation: SIMD3<Int>
  /// How many zeros stand before each axis.
  package var before: SIMD3<Int>
  package let channels: Int

  /// Draws the places of a window together that lie so far apart that at most one of them ever reads the input: those
  /// that read nothing but zeros go on doing so, and nobody has to reckon with lengths beyond any array.
  mutating func bringNear(_ axis: Int) {
    let span = (output[axis] - 1) * stride[axis]
    guard size[axis] > 1, dilation[axis] > span + input[axis] else { return }
    let reading = max(0, (before[axis] - span + dilation[axis] - 1) / dilation[axis])
    let offset = reading * dilation[axis] - before[axis]
    dilation[axis] = span + input[axis] + 1
    if reading < size[axis], offset < input[axis] {
      before[axis] = reading * dilation[axis] - offset
    } else {
      before[axis] = dilation[axis] - input[axis]
    }
  }

  /// How many positions the window takes.
  package var positions: Int { output[0] * output[1] * output[2] }
  /// How many places a window has.
  package var places: Int { size[0].multipliedOrMost(size[1]).multipliedOrMost(size[2]) }
}

/// A convolution's sums: each filter's window of weights over all positions, chained in the order of the weights, from the
/// bias on.
///
/// - Inputs: x, the kernel of filters x window x (channels / groups); with a bias that too.
package struct Convolve: PlanOperation {
  package let geometry: WindowGeometry
  package let filters: Int
  package let groups: Int
  package let hasBias: Bool

  /// How many rows are added up before their gradient by the kernel is completed: where images of many channels go by squares, that
  /// takes about as long as the sums of a small one.
  package var rowsTogether: Int {
    let fillsVectors = geometry.channels.isMultiple(of: 16) && filters.isMultiple(of: 16)
    guard geometry.size[0] == 1, fillsVectors else { return 1 }
    return geometry.positions <= 64 ? 4 : geometry.positions <= 128 ? 2 : 1
  }

  package var name: String { hasBias ? "convolution + bias" : "convolution" }
  package var multiplications: Int {
    geometry.positions.multipliedOrMost(geometry.places).multipliedOrMost(geometry.channels / groups)
      .multipliedOrMost(filters)
  }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    let (x, kernel) = (step.inputs[0], step.inputs[1])
    if hasBias {
      tape.emit(
        ColumnSums(width: filters, places: geometry.positions), [dy], gradientOf: step.inputs[2],
        layer: step.layer)
    }
    tape.emit(ConvolveKernelGradient(forward: self), [dy, x], gradientOf: kernel, layer: step.layer)
    tape.emit(ConvolveInputGradient(forward: self), [dy, kernel], gradientOf: x, layer: step.layer)
  }
}

/// The gradient of a convolution by its kernel.
///
/// - Inputs: dy, x.
package struct ConvolveKernelGradient: PlanOperation {
  let forward: Convolve

  package var name: String { "kernel gradient" }
  package var rowsAtOnce: Int { forward.rowsTogether }
  package var multiplications: Int { forward.multiplications }
}

/// The gradient of a convolution by its input.
///
/// - Inputs: dy, the kernel.
package struct ConvolveInputGradient: PlanOperation {
  let forward: Convolve

  package var name: String { "input gradient" }
  package var multiplications: Int { forward.multiplications }
}

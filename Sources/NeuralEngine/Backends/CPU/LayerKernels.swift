internal import CKernels

extension FillRows: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (bias, y, width, places) = (step.inputs[0], step.outputs[0], width, places)
    let fill = compiler.layers.fill_rows
    return CPUKernel { frame in fill(frame[bias], frame[y], frame.rows * places, width) }
  }
}

extension Clear: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (y, bytes) = (step.outputs[0], width * compiler.backend.precision.bytes)
    return CPUKernel { frame in
      frame[y].initializeMemory(as: UInt8.self, repeating: 0, count: frame.rows * bytes)
    }
  }
}

extension ColumnSums: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (x, sums, width, places) = (step.inputs[0], step.outputs[0], width, places)
    let (add, adds) = (compiler.layers.column_sums, compiler.adds(step))
    return CPUKernel { frame in add(frame[x], frame[sums], frame.rows * places, width, adds(frame)) }
  }
}

extension ColumnProducts: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (x, y, sums) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (width, places) = (width, places)
    let (add, adds) = (compiler.layers.column_products, compiler.adds(step))
    return CPUKernel { frame in
      add(frame[x], frame[y], frame[sums], frame.rows * places, width, adds(frame))
    }
  }
}

extension ScaleColumns: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (x, w, y, width, places) = (step.inputs[0], step.inputs[1], step.outputs[0], width, places)
    let (scale, accumulates) = (compiler.layers.scale_columns, step.accumulates)
    return CPUKernel { frame in scale(frame[w], frame[x], frame[y], frame.rows * places, width, accumulates) }
  }
}

extension AddScaled: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (x, y, width, factor) = (step.inputs[0], step.outputs[0], width, factor)
    let (scale, accumulates) = (compiler.layers.scale, step.accumulates)
    let copies = factor == 1 && !accumulates
    return CPUKernel { frame in
      // What took over the memory of its source is there already.
      if copies && frame[x] == frame[y] { return }
      scale(factor, frame[x], frame[y], frame.rows * width, accumulates)
    }
  }
}

extension AddPair: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (a, b, y, width) = (step.inputs[0], step.inputs[1], step.outputs[0], width)
    let combine = compiler.layers.combine
    return CPUKernel { frame in combine(0, frame[a], frame[b], frame[y], frame.rows * width) }
  }
}

extension AddWhole: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (sum, gradient, width) = (step.inputs[0], step.outputs[0], width)
    let (scale, accumulates) = (compiler.layers.scale, step.accumulates)
    return CPUKernel { frame in scale(1, frame[sum], frame[gradient], width, accumulates) }
  }
}

extension Activate: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (z, y, width, places) = (step.inputs[0], step.outputs[0], width, places)
    let (activate, code) = (compiler.layers.activate, activation.code)
    return CPUKernel { frame in activate(code, frame[z], frame[y], frame.rows * places, width) }
  }
}

extension ActivateBackward: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (dy, y, dz, width, places) = (step.inputs[0], step.inputs[1], step.outputs[0], width, places)
    let z = step.inputs.count > 2 ? step.inputs[2] : nil
    let (backward, code) = (compiler.layers.activate_backward, activation.code)
    guard step.accumulates else {
      return CPUKernel { frame in
        backward(code, frame[y], z.map { frame[$0] }, frame[dy], frame[dz], frame.rows * places, width)
      }
    }
    // Sums that are carried on to the next step have a gradient from there, too.
    let (scale, numbers, bytes) = (compiler.layers.scale, places * width, compiler.bytes)
    var kernel = CPUKernel { frame in
      backward(code, frame[y], z.map { frame[$0] }, frame[dy], frame.scratch, frame.rows * places, width)
      scale(1, frame.scratch, frame[dz], frame.rows * numbers, true)
    }
    kernel.scratch = { $0 * numbers * bytes }
    return kernel
  }
}

extension Activation {
  /// The activation as the kernels name it.
  var code: nbs_activation {
    switch self {
    case .linear: NBS_LINEAR
    case .sigmoid: NBS_SIGMOID
    case .tanh: NBS_TANH
    case .relu: NBS_RELU
    case .leakyReLU: NBS_LEAKY_RELU
    case .elu: NBS_ELU
    case .selu: NBS_SELU
    case .gelu: NBS_GELU
    case .softplus: NBS_SOFTPLUS
    case .softmax: NBS_SOFTMAX
    case .step: NBS_STEP
    }
  }
}

extension DropOut: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (x, y, width, rate, steps) = (step.inputs[0], step.outputs[0], width, rate, steps)
    let (drop, accumulates, bytes) = (compiler.layers.dropout, step.accumulates, compiler.bytes)
    let salt = dropoutSalt(number)
    guard steps > 1 else {
      return CPUKernel { frame in
        drop(
          rate, frame.batch.pointee.key ^ salt, UInt64(frame.firstRow * width), frame[x], frame[y],
          frame.rows * width, accumulates)
      }
    }
    return CPUKernel { frame in
      for row in 0..<frame.rows {
        for step in 0..<steps {
          let start = (row * steps + step) * width * bytes
          drop(
            rate, frame.batch.pointee.key ^ salt, UInt64((frame.firstRow + row) * width), frame[x] + start,
            frame[y] + start, width, accumulates)
        }
      }
    }
  }
}

extension DrawMask: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (y, width, rate, bytes) = (step.outputs[0], width, rate, compiler.bytes)
    let (drop, salt) = (compiler.layers.dropout, dropoutSalt(number))
    return CPUKernel { frame in
      let count = frame.rows * width
      if bytes == 4 {
        frame[y].initializeMemory(as: Float.self, repeating: 1, count: count)
      } else {
        frame[y].initializeMemory(as: Double.self, repeating: 1, count: count)
      }
      drop(
        rate, frame.batch.pointee.key ^ salt, UInt64(frame.firstRow * width), frame[y], frame[y], count, false
      )
    }
  }
}

/// What changes a batch's key for each layer that drops: odd, so that no two layers share a key whatever the batch's is.
private func dropoutSalt(_ number: Int) -> UInt64 { UInt64(number) &* 0x9E37_79B9_7F4A_7C15 }

extension Embed: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (x, table, y) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (count, vocabulary, dimension, embed) = (count, vocabulary, dimension, compiler.layers.embed)
    return CPUKernel { frame in
      embed(frame[x], frame[table], frame[y], frame.rows * count, vocabulary, dimension)
    }
  }
}

extension EmbedGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (dy, x, gradient, forward) = (step.inputs[0], step.inputs[1], step.outputs[0], forward)
    let (backward, adds) = (compiler.layers.embed_backward, compiler.adds(step))
    let bytes = forward.vocabulary * forward.dimension * compiler.backend.precision.bytes
    return CPUKernel { frame in
      if !adds(frame) { frame[gradient].initializeMemory(as: UInt8.self, repeating: 0, count: bytes) }
      backward(
        frame[x], frame[dy], frame[gradient], frame.rows * forward.count, forward.vocabulary,
        forward.dimension)
    }
  }
}

extension MaxPool: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (x, y, winners) = (step.inputs[0], step.outputs[0], step.outputs[1])
    let (window, masks, pool) = (nbs_window(geometry), masksRelu, compiler.layers.max_pool)
    return CPUKernel { frame in
      withUnsafePointer(to: window) { pool($0, frame[x], frame[y], frame[winners], frame.rows, masks) }
    }
  }
}

extension MaxPoolGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (dy, winners, dx) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (window, accumulates) = (nbs_window(geometry), step.accumulates)
    let backward = compiler.layers.max_pool_backward
    return CPUKernel { frame in
      withUnsafePointer(to: window) {
        backward($0, frame[dy], frame[winners], frame[dx], frame.rows, accumulates)
      }
    }
  }
}

extension MeanPool: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (x, y, window) = (step.inputs[0], step.outputs[0], nbs_window(geometry))
    let pool = compiler.layers.mean_pool
    return CPUKernel { frame in
      withUnsafePointer(to: window) { pool($0, frame[x], frame[y], frame.rows) }
    }
  }
}

extension MeanPoolGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (dy, dx, window) = (step.inputs[0], step.outputs[0], nbs_window(geometry))
    let (backward, accumulates) = (compiler.layers.mean_pool_backward, step.accumulates)
    return CPUKernel { frame in
      withUnsafePointer(to: window) { backward($0, frame[dy], frame[dx], frame.rows, accumulates) }
    }
  }
}

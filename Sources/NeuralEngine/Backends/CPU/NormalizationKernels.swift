internal import CKernels

extension ColumnSquares: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (x, mean, sums) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (places, channels) = (places, channels)
    let (add, adds) = (compiler.layers.column_squares, compiler.adds(step))
    return CPUKernel { frame in
      add(frame[x], frame[mean], frame[sums], frame.rows * places, channels, adds(frame))
    }
  }
}

extension BatchMean: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (sums, mean, places, channels) = (step.inputs[0], step.outputs[0], places, channels)
    let scale = compiler.layers.scale
    return CPUKernel { frame in
      scale(1 / Double(frame.rows * places), frame[sums], frame[mean], channels, false)
    }
  }
}

extension BatchStatistics: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (mean, squares, inverse) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (runningMean, runningVariance) = (step.inputs[2], step.inputs[3])
    let (places, channels, momentum, epsilon) = (places, channels, momentum, epsilon)
    let statistics = compiler.layers.batch_statistics
    return CPUKernel { frame in
      statistics(
        frame[mean], frame[squares], 1 / Double(frame.rows * places), momentum, epsilon,
        frame[runningMean], frame[runningVariance], frame[inverse], channels)
    }
  }
}

extension InverseDeviation: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (variance, inverse, channels, epsilon) = (step.inputs[0], step.outputs[0], channels, epsilon)
    let invert = compiler.layers.inverse_deviation
    return CPUKernel { frame in invert(frame[variance], epsilon, frame[inverse], channels) }
  }
}

extension Normalize: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, y) = (step.inputs, step.outputs[0])
    let (places, channels, normalize) = (places, channels, compiler.layers.normalize)
    return CPUKernel { frame in
      normalize(
        frame[inputs[0]], frame[inputs[1]], frame[inputs[2]], frame[inputs[3]], frame[inputs[4]], frame[y],
        frame.rows * places, channels)
    }
  }
}

extension NormalizeSums: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, sums, products) = (step.inputs, step.outputs[0], step.outputs[1])
    let (places, channels) = (places, channels)
    let (add, adds) = (compiler.layers.normalize_sums, compiler.adds(step))
    return CPUKernel { frame in
      add(
        frame[inputs[0]], frame[inputs[1]], frame[inputs[2]], frame[inputs[3]], frame[sums], frame[products],
        frame.rows * places, channels, adds(frame))
    }
  }
}

extension NormalizeGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, dx, accumulates) = (step.inputs, step.outputs[0], step.accumulates)
    let (places, channels, isByBatch, masksRelu) = (places, channels, isByBatch, masksRelu)
    let backward = compiler.layers.normalize_backward
    return CPUKernel { frame in
      let share = isByBatch ? 1 / Double(frame.batch.pointee.rows * places) : 0
      backward(
        frame[inputs[0]], frame[inputs[1]], frame[inputs[2]], frame[inputs[3]], frame[inputs[4]],
        frame[inputs[5]], frame[inputs[6]], share, frame[dx], frame.rows * places, channels, masksRelu,
        accumulates)
    }
  }
}

extension Await: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel { CPUKernel { _ in } }
}

extension NormalizeLayer: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, outputs) = (step.inputs, step.outputs)
    let (places, width, epsilon, normalize) = (places, width, epsilon, compiler.layers.layer_norm)
    return CPUKernel { frame in
      normalize(
        frame[inputs[0]], frame[inputs[1]], frame[inputs[2]], epsilon, frame[outputs[1]],
        frame[outputs[2]], frame[outputs[0]], frame.rows * places, width)
    }
  }
}

extension NormalizeLayerGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, dx, accumulates) = (step.inputs, step.outputs[0], step.accumulates)
    let (places, width, backward) = (places, width, compiler.layers.layer_norm_backward)
    return CPUKernel { frame in
      backward(
        frame[inputs[0]], frame[inputs[1]], frame[inputs[2]], frame[inputs[3]], frame[dx],
        frame.rows * places, width, accumulates)
    }
  }
}

internal import CKernels

extension MeasureLoss: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (outputs, targets, width, steps) = (step.inputs[0], step.inputs[1], width, steps)
    let preactivations = readsPreactivations ? step.inputs.last : nil
    let (loss, code) = (compiler.layers.loss, signal.code)
    guard isWeighted else {
      return CPUKernel { frame in
        let lost = loss(
          code, frame[outputs], preactivations.map { frame[$0] }, frame[targets], frame.rows * steps, width)
        frame.loss.pointee += steps == 1 ? lost : lost / Double(steps)
      }
    }
    let (weights, bytes) = (step.inputs[2], compiler.bytes)
    return CPUKernel { frame in
      for row in 0..<frame.rows {
        let place = row * steps * width * bytes
        let lost = loss(
          code, frame[outputs] + place, preactivations.map { frame[$0] + place }, frame[targets] + place,
          steps, width)
        frame.loss.pointee += lost / Double(steps) * frame.number(weights, row, bytes)
      }
    }
  }
}

extension LossGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (outputs, targets, gradient) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (width, steps, isFused, code) = (width, steps, isFused, signal.code)
    let backward = compiler.layers.loss_gradient
    let whole: @Sendable (Frame) -> Void = { frame in
      backward(
        code, isFused, frame[outputs], frame[targets], frame[gradient], frame.rows * steps, width,
        frame.batch.pointee.scale / Double(steps))
    }
    guard isWeighted else { return CPUKernel(whole) }
    let (weights, bytes, scale) = (step.inputs[2], compiler.bytes, compiler.layers.scale)
    return CPUKernel { frame in
      whole(frame)
      for row in 0..<frame.rows {
        let part = frame[gradient] + row * steps * width * bytes
        scale(frame.number(weights, row, bytes), part, part, steps * width, false)
      }
    }
  }
}

extension Frame {
  /// A number of a buffer that has one a row.
  fileprivate func number(_ buffer: BufferID, _ row: Int, _ bytes: Int) -> Double {
    let place = self[buffer] + row * bytes
    return bytes == 4 ? Double(place.load(as: Float.self)) : place.load(as: Double.self)
  }
}

extension MarkWrong: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (outputs, targets, correct) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (width, threshold, mark) = (width, threshold, compiler.layers.mark_wrong)
    let (steps, bytes) = (steps, compiler.bytes)
    guard steps == answers else {
      return CPUKernel { frame in
        for place in 0..<frame.rows * steps {
          mark(
            frame[outputs] + place * width * bytes, frame[targets] + place * width * bytes,
            frame[correct].assumingMemoryBound(to: UInt8.self) + place / steps, 1, width, threshold)
        }
      }
    }
    return CPUKernel { frame in
      mark(
        frame[outputs], frame[targets], frame[correct].assumingMemoryBound(to: UInt8.self),
        frame.rows * steps, width, threshold)
    }
  }
}

extension ErrorSignal {
  /// The signal as the kernels name it.
  var code: nbs_loss {
    guard case .loss(let loss) = self else { return NBS_PERCEPTRON }
    let codes: [(Loss, nbs_loss)] = [
      (.mse, NBS_MSE), (.mae, NBS_MAE), (.huber, NBS_HUBER), (.bce, NBS_BCE),
      (.crossentropy, NBS_CROSSENTROPY), (.hinge, NBS_HINGE), (.kl, NBS_KL), (.poisson, NBS_POISSON),
    ]
    guard let code = codes.first(where: { $0.0 == loss })?.1 else {
      preconditionFailure("The loss \(loss.name) has no kernel.")
    }
    return code
  }
}

/// Measures rows of outputs outside of a plan, in 64 bits.
struct RowMeasure {
  private let code: nbs_loss
  private let threshold: Double
  /// The widths of the output layers side by side.
  private let widths: [Int]
  private let kernels: nbs_layer_kernels

  init(_ loss: Loss, _ graph: NetworkGraph) {
    code = ErrorSignal.loss(loss).code
    threshold = loss.threshold
    widths = graph.outputs.map { graph.width(of: $0) }
    kernels = InstructionSet.current.kernels(.double).pointee.layers
  }

  /// The loss of a row, and whether it is classified rightly.
  func callAsFunction(outputs: [Double], targets: [Double]) -> (loss: Double, isCorrect: Bool) {
    var (loss, correct, start) = (0.0, UInt8(1), 0)
    outputs.withUnsafeBufferPointer { outputs in
      targets.withUnsafeBufferPointer { targets in
        guard let outputs = outputs.baseAddress, let targets = targets.baseAddress else { return }
        for width in widths {
          loss += kernels.loss(code, outputs + start, nil, targets + start, 1, width)
          kernels.mark_wrong(outputs + start, targets + start, &correct, 1, width, threshold)
          start += width
        }
      }
    }
    return (loss, correct != 0)
  }
}

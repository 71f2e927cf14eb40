internal import CKernels

extension MeasureLoss: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (outputs, targets, width) = (step.inputs[0], step.inputs[1], width)
    let preactivations = readsPreactivations ? step.inputs[2] : nil
    let (loss, code) = (compiler.layers.loss, signal.code)
    return CPUKernel { frame in
      frame.loss.pointee += loss(
        code, frame[outputs], preactivations.map { frame[$0] }, frame[targets], frame.rows, width)
    }
  }
}

extension LossGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (outputs, targets, gradient) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (width, isFused, code) = (width, isFused, signal.code)
    let backward = compiler.layers.loss_gradient
    return CPUKernel { frame in
      backward(
        code, isFused, frame[outputs], frame[targets], frame[gradient], frame.rows, width,
        frame.batch.pointee.scale)
    }
  }
}

extension MarkWrong: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (outputs, targets, correct) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (width, threshold, mark) = (width, threshold, compiler.layers.mark_wrong)
    return CPUKernel { frame in
      mark(
        frame[outputs], frame[targets], frame[correct].assumingMemoryBound(to: UInt8.self), frame.rows, width,
        threshold)
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

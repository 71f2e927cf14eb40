internal import CKernels

extension MeasureLoss: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (outputs, targets, width, steps) = (step.inputs[0], step.inputs[1], width, steps)
    let preactivations = readsPreactivations ? step.inputs.last : nil
    let (loss, code, factor, tally) = (compiler.layers.loss, signal.code, factor, tally)
    guard isWeighted else {
      return CPUKernel { frame in
        let lost = loss(
          code, frame[outputs], preactivations.map { frame[$0] }, frame[targets], frame.rows * steps, width)
        frame.add(loss: steps == 1 ? lost : lost / Double(steps), times: factor, tally)
      }
    }
    let (weights, bytes) = (step.inputs[2], compiler.bytes)
    return CPUKernel { frame in
      for row in 0..<frame.rows {
        let place = row * steps * width * bytes
        let lost = loss(
          code, frame[outputs] + place, preactivations.map { frame[$0] + place }, frame[targets] + place,
          steps, width)
        frame.add(loss: lost / Double(steps) * frame.number(weights, row, bytes), times: factor, tally)
      }
    }
  }
}

extension LossGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (outputs, targets, gradient) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (width, steps, isFused, code, factor) = (width, steps, isFused, signal.code, factor)
    let backward = compiler.layers.loss_gradient
    let whole: @Sendable (Frame) -> Void = { frame in
      backward(
        code, isFused, frame[outputs], frame[targets], frame[gradient], frame.rows * steps, width,
        frame.batch.pointee.scale * factor / Double(steps))
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
  /// Adds to what the shard's losses come to, and to what those of one output layer do.
  fileprivate func add(loss lost: Double, times factor: Double, _ tally: Int?) {
    loss.pointee += lost * factor
    if let tally { loss[1 + 2 * tally] += lost }
  }

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
    let (steps, bytes, answers) = (steps, compiler.bytes, answers)
    if let tally {
      var kernel = CPUKernel { frame in
        let places = frame.rows * steps
        let own = frame.scratch.assumingMemoryBound(to: UInt8.self)
        own.update(repeating: 1, count: places)
        mark(frame[outputs], frame[targets], own, places, width, threshold)
        let all = frame[correct].assumingMemoryBound(to: UInt8.self)
        var right = 0
        for place in 0..<places {
          right += Int(own[place])
          if own[place] == 0 { all[steps == answers ? place : place / steps] = 0 }
        }
        frame.loss[2 + 2 * tally] += Double(right) / Double(steps)
      }
      kernel.scratch = { rows in rows * steps }
      return kernel
    }
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
    let loss: Loss
    switch self {
    case .loss(let own): loss = own
    case .perceptron: return NBS_PERCEPTRON
    // Operations compare one output layer each.
    case .several(let objective): loss = objective.loss
    }
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
  /// What the output layers are compared by, side by side.
  private let terms: [(code: nbs_loss, term: Objective.Term, width: Int, isFused: Bool)]
  private let kernels: nbs_layer_kernels

  init(_ objective: Objective, _ graph: NetworkGraph) {
    terms = zip(objective.terms, graph.outputs).map { term, layer in
      (
        ErrorSignal.loss(term.loss).code, term, graph.width(of: layer),
        term.loss.isFused(with: layer.activation)
      )
    }
    kernels = InstructionSet.current.kernels(.double).pointee.layers
  }

  /// The loss of a row, whether it is classified rightly, and the losses of its output layers.
  func callAsFunction(
    outputs: [Double], targets: [Double]
  ) -> (loss: Double, isCorrect: Bool, losses: [Double]) {
    var (loss, correct, start) = (0.0, UInt8(1), 0)
    var losses: [Double] = []
    outputs.withUnsafeBufferPointer { outputs in
      targets.withUnsafeBufferPointer { targets in
        guard let outputs = outputs.baseAddress, let targets = targets.baseAddress else { return }
        for (code, term, width, _) in terms {
          let own = kernels.loss(code, outputs + start, nil, targets + start, 1, width)
          loss += own * term.weight
          if terms.count > 1 { losses.append(own) }
          if term.tellsClasses {
            kernels.mark_wrong(outputs + start, targets + start, &correct, 1, width, term.loss.threshold)
          }
          start += width
        }
      }
    }
    return (loss, correct != 0, losses)
  }

  /// Minus the gradient of a row's loss by what the output units' activations are computed from.
  ///
  /// - Parameter derivatives: the derivative of each output by that.
  func errors(outputs: [Double], derivatives: [Double], targets: [Double]) -> [Double] {
    var gradients = [Double](repeating: 0, count: outputs.count)
    var start = 0
    for (code, term, width, isFused) in terms {
      outputs.withUnsafeBufferPointer { outputs in
        targets.withUnsafeBufferPointer { targets in
          gradients.withUnsafeMutableBufferPointer { gradients in
            guard let o = outputs.baseAddress, let t = targets.baseAddress, let d = gradients.baseAddress
            else {
              return
            }
            kernels.loss_gradient(code, isFused, o + start, t + start, d + start, 1, width, term.weight)
          }
        }
      }
      for place in start..<start + width { gradients[place] *= isFused ? -1 : -derivatives[place] }
      start += width
    }
    return gradients
  }
}

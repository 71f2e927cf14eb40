internal import CKernels

extension Recur: CPUOperation {
  /// The recurrence as the kernels take it.
  var description: nbs_recurrence {
    let cell =
      switch cell {
      case .rnn: NBS_RNN
      case .lstm: NBS_LSTM
      case .gru: NBS_GRU
      }
    return nbs_recurrence(
      cell: cell, activation: activation.code, gate_activation: gateActivation.code, steps: steps,
      units: units,
      is_reversed: isReversed, gives_all: returnsAll)
  }

  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, outputs) = (step.inputs, step.outputs)
    let (recurrence, kernels) = (description, compiler.recurrences)
    let packed = PackedWeights(
      compiler.parameters(inputs[1]), of: recurrence, compiler, size: kernels.pack_forward_size,
      pack: kernels.pack_forward)
    var kernel = CPUKernel { frame in
      var arrays = nbs_recurrence_arrays(
        sums: frame[inputs[0]], bias: inputs.count > 2 ? frame[inputs[2]] : nil,
        gates: frame[outputs[1]], previous: frame[outputs[2]],
        cells: outputs.count > 3 ? frame[outputs[3]] : nil, y: frame[outputs[0]])
      withUnsafePointer(to: recurrence) {
        kernels.forward($0, frame.rows, &arrays, packed.memory.pointer, frame.scratch)
      }
    }
    kernel.prepare = { packed.pack() }
    kernel.scratch = scratch(compiler)
    return kernel
  }

  fileprivate func scratch(_ compiler: CPUCompiler) -> @Sendable (Int) -> Int {
    let (recurrence, scratch) = (description, compiler.recurrences.scratch)
    return { rows in withUnsafePointer(to: recurrence) { scratch($0, rows) } }
  }
}

extension RecurGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, outputs) = (step.inputs, step.outputs)
    let (recurrence, kernels) = (forward.description, compiler.recurrences)
    let packed = PackedWeights(
      compiler.parameters(inputs[1]), of: recurrence, compiler, size: kernels.pack_backward_size,
      pack: kernels.pack_backward)
    var kernel = CPUKernel { frame in
      var arrays = nbs_recurrence_arrays(
        sums: nil, bias: nil, gates: frame[inputs[2]], previous: frame[inputs[3]],
        cells: inputs.count > 4 ? frame[inputs[4]] : nil, y: nil)
      var gradients = nbs_recurrence_gradients(
        dy: frame[inputs[0]], sums: frame[outputs[0]], products: outputs.count > 1 ? frame[outputs[1]] : nil)
      withUnsafePointer(to: recurrence) {
        kernels.backward($0, frame.rows, &arrays, &gradients, packed.memory.pointer, frame.scratch)
      }
    }
    kernel.prepare = { packed.pack() }
    kernel.scratch = forward.scratch(compiler)
    return kernel
  }
}

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
      compiler.parameters(inputs[1]), compiler,
      size: withUnsafePointer(to: recurrence, kernels.pack_forward_size)
    ) { weights, target in withUnsafePointer(to: recurrence) { kernels.pack_forward($0, weights, target) } }
    var kernel = CPUKernel { frame in
      var arrays = nbs_recurrence_arrays(
        sums: frame[inputs[0]], bias: inputs.count > 2 ? frame[inputs[2]] : nil, lengths: nil,
        gates: frame[outputs[1]], previous: frame[outputs[2]],
        cells: outputs.count > 3 ? frame[outputs[3]] : nil, y: frame[outputs[0]])
      withUnsafePointer(to: recurrence) {
        kernels.forward($0, frame.rows, &arrays, packed.memory.pointer, frame.scratch)
      }
    }
    kernel.prepare = { packed.pack() }
    kernel.scratch = { rows in withUnsafePointer(to: recurrence) { kernels.scratch($0, rows) } }
    return kernel
  }
}

extension RecurGradient: CPUOperation {
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, outputs) = (step.inputs, step.outputs)
    let (recurrence, kernels) = (forward.description, compiler.recurrences)
    let packed = PackedWeights(
      compiler.parameters(inputs[1]), compiler,
      size: withUnsafePointer(to: recurrence, kernels.pack_backward_size)
    ) { weights, target in withUnsafePointer(to: recurrence) { kernels.pack_backward($0, weights, target) } }
    var kernel = CPUKernel { frame in
      var arrays = nbs_recurrence_arrays(
        sums: nil, bias: nil, lengths: nil, gates: frame[inputs[2]], previous: frame[inputs[3]],
        cells: inputs.count > 4 ? frame[inputs[4]] : nil, y: nil)
      var gradients = nbs_recurrence_gradients(
        dy: frame[inputs[0]], sums: frame[outputs[0]], products: outputs.count > 1 ? frame[outputs[1]] : nil)
      withUnsafePointer(to: recurrence) {
        kernels.backward($0, frame.rows, &arrays, &gradients, packed.memory.pointer, frame.scratch)
      }
    }
    kernel.prepare = { packed.pack() }
    kernel.scratch = { rows in withUnsafePointer(to: recurrence) { kernels.scratch($0, rows) } }
    return kernel
  }
}

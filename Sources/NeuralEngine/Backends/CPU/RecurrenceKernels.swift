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
      is_reversed: isReversed, gives_all: returnsAll, truncation: truncation)
  }

  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel {
    let (inputs, outputs) = (step.inputs, step.outputs)
    let (recurrence, kernels) = (description, compiler.recurrences)
    let packed = PackedWeights(
      compiler.parameters(inputs[1]), of: recurrence, compiler, size: kernels.pack_forward_size,
      pack: kernels.pack_forward)
    let (bias, mask) = (hasBias ? inputs[2] : nil, isMasked ? inputs.last : nil)
    let (cells, states) = (cell == .lstm ? outputs[3] : nil, keepsStates ? outputs[3] : nil)
    let firstCells = keepsFirstCells ? outputs.last : nil
    let carried = isCarriedOn ? CarriedState.of(self, step.layer, compiler) : nil
    var kernel = CPUKernel { frame in
      let before = carried?.rows(of: frame)
      var arrays = nbs_recurrence_arrays(
        sums: frame[inputs[0]], bias: bias.map { frame[$0] }, gates: frame[outputs[1]],
        previous: frame[outputs[2]], cells: cells.map { frame[$0] }, y: frame[outputs[0]],
        mask: mask.map { frame[$0] }, states: states.map { frame[$0] }, carried: before?.state,
        carried_cells: before?.cells, first_cells: firstCells.map { frame[$0] })
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
    let (cells, states) = (forward.cell == .lstm ? inputs[4] : nil, forward.keepsStates ? inputs[4] : nil)
    let (firstCells, mask) = (forward.keepsFirstCells ? inputs[5] : nil, forward.isMasked ? inputs.last : nil)
    var kernel = CPUKernel { frame in
      var arrays = nbs_recurrence_arrays(
        sums: nil, bias: nil, gates: frame[inputs[2]], previous: frame[inputs[3]],
        cells: cells.map { frame[$0] }, y: nil, mask: mask.map { frame[$0] },
        states: states.map { frame[$0] },
        carried: nil, carried_cells: nil, first_cells: firstCells.map { frame[$0] })
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

/// The states that several executions hand to each other, by the layers' names.
final class CarriedStates: @unchecked Sendable {
  fileprivate var states: [String: CarriedState] = [:]
}

/// What a recurrent layer's last steps have left for the batch that follows, row by row.
private final class CarriedState: Sendable {
  private let state: CPUMemory
  private let cells: CPUMemory?
  private let rowBytes: Int

  init(_ recur: Recur, _ compiler: CPUCompiler) {
    rowBytes = recur.units * compiler.bytes
    let bytes = rowBytes * compiler.plan.capacity
    state = CPUMemory(bytes)
    cells = recur.cell == .lstm ? CPUMemory(bytes) : nil
  }

  /// The state of a layer: that which several executions share, or one of its own.
  static func of(_ recur: Recur, _ layer: String, _ compiler: CPUCompiler) -> CarriedState {
    guard let shared = compiler.backend.carried else { return CarriedState(recur, compiler) }
    let state = shared.states[layer] ?? CarriedState(recur, compiler)
    shared.states[layer] = state
    return state
  }

  /// Where the rows at hand stand; zeros in the first batch of a series.
  func rows(of frame: Frame) -> (state: UnsafeMutableRawPointer, cells: UnsafeMutableRawPointer?) {
    let (first, bytes) = (frame.firstRow * rowBytes, frame.rows * rowBytes)
    let rows = (state: state.pointer + first, cells: cells.map { $0.pointer + first })
    if frame.batch.pointee.isFirst {
      rows.state.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
      rows.cells?.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    }
    return rows
  }
}

internal import CKernels

/// The processor: kernels in C, one level of instructions.
package struct CPUBackend: Backend {
  /// What the numbers are.
  package let precision: Precision
  /// The instructions that the kernels use.
  package let instructions: InstructionSet
  /// Who shares the work.
  let processes: Processes
  /// The states that executions hand to each other; nil where each has its own.
  var carried: CarriedStates?
  /// The parameters that plans read.
  let parameters: NumberBuffer
  nonisolated(unsafe) let kernels: UnsafePointer<nbs_kernels>

  package init(
    _ precision: Precision, parameters: NumberBuffer, instructions: InstructionSet = .current,
    processes: Processes = Processes()
  ) {
    self.processes = processes
    self.precision = precision
    self.instructions = instructions
    self.parameters = parameters
    kernels = instructions.kernels(precision)
  }

  package func allocate(_ bytes: Int) -> CPUMemory { CPUMemory(bytes) }

  package func compile(_ step: Step, of plan: Plan) -> CPUKernel {
    guard let operation = step.operation as? any CPUOperation else {
      preconditionFailure("The operation \(step.operation.name) has no kernel.")
    }
    return operation.kernel(step, CPUCompiler(backend: self, plan: plan))
  }
}

/// An operation that the processor has a kernel for.
protocol CPUOperation: PlanOperation {
  /// The kernel of a step.
  func kernel(_ step: Step, _ compiler: CPUCompiler) -> CPUKernel
}

/// What a kernel is made with.
struct CPUCompiler {
  let backend: CPUBackend
  let plan: Plan

  /// How many bytes a number takes.
  var bytes: Int { backend.precision.bytes }
  var layers: nbs_layer_kernels { backend.kernels.pointee.layers }
  var products: nbs_product_kernels { backend.kernels.pointee.products }
  var recurrences: nbs_recurrence_kernels { backend.kernels.pointee.recurrences }

  /// Where parameters begin.
  func parameters(_ buffer: BufferID) -> UnsafeMutableRawPointer {
    guard case .parameters(let range) = plan.buffers[buffer.number].extent else {
      preconditionFailure("\(plan.buffers[buffer.number].name) holds no parameters.")
    }
    return backend.parameters.pointer(at: range.lowerBound)
  }

  /// Whether a step adds to its output for the rows at hand. What a shard adds up it adds to from its second run of rows on.
  func adds(_ step: Step) -> @Sendable (Frame) -> Bool {
    let accumulates = step.accumulates
    guard plan.buffers[step.outputs[0].number].isReduced else { return { _ in accumulates } }
    return { frame in accumulates || !frame.isFirst }
  }
}

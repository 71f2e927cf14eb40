/// What computes plans: memory, and a kernel for each operation. ``CPUBackend`` is the one there is.
///
/// Nobody else sees a pointer. Another backend has a memory and a kernel type of its own, and its own
/// `Execution`, which runs a plan's kernels over its memory.
package protocol Backend: Sendable {
  /// Memory that it computes in.
  associatedtype Memory
  /// What computes a step.
  associatedtype Kernel

  /// Allocates so many bytes, all 0.
  func allocate(_ bytes: Int) -> Memory

  /// Turns a step of a plan into a kernel.
  func compile(_ step: Step, of plan: Plan) -> Kernel
}

internal import CKernels

/// The kernels that arrays are computed with: those for numbers of 64 bits, at the level of ``InstructionSet/current``.
enum Kernels64 {
  private nonisolated(unsafe) static let table = InstructionSet.current.kernels(.double)

  @inline(__always) static var arrays: nbs_array_kernels { table.pointee.arrays }
  @inline(__always) static var functions: nbs_function_kernels { table.pointee.functions }
  @inline(__always) static var products: nbs_product_kernels { table.pointee.products }
  @inline(__always) static var random: nbs_random_kernels { table.pointee.random }
}

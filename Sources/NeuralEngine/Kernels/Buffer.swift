/// Numbers at a fixed place in memory, allocated once and freed with their owner.
///
/// Kernels hold the pointers of buffers that their plan owns: the plan outlives its kernels.
final class Buffer<Scalar: EngineScalar> {
  let pointer: UnsafeMutablePointer<Scalar>
  let count: Int

  /// Allocates `count` zeros, aligned to a cache line.
  init(count: Int) {
    let size = max(1, count) * MemoryLayout<Scalar>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    pointer = raw.bindMemory(to: Scalar.self, capacity: max(1, count))
    self.count = count
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// The numbers as an array of doubles, from the language's side.
  var doubles: [Double] {
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    get { (0..<count).map { Double(pointer[$0]) } }
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    set { for index in 0..<min(count, newValue.count) { pointer[index] = Scalar(newValue[index]) } }
  }

  /// Sets all numbers to 0.
  func clear() { pointer.update(repeating: 0, count: count) }

  /// Takes over the numbers of another buffer of the same size.
  func copy(from other: Buffer) { pointer.update(from: other.pointer, count: min(count, other.count)) }
}

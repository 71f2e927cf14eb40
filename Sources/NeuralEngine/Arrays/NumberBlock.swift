/// The numbers of a larger tensor.
///
/// Really large blocks are mapped, and given away again through ``SpareBlocks``.
final class NumberBlock {
  let pointer: UnsafeMutablePointer<Double>
  /// What is mapped; nil for a block from the heap.
  private let mapped: MappedBlock?

  /// Creates a block of `count` numbers that are yet to be written.
  init(count: Int) {
    mapped = SpareBlocks.take(bytes: count * MemoryLayout<Double>.stride)
    pointer = mapped?.pointer.assumingMemoryBound(to: Double.self) ?? .allocate(capacity: count)
  }

  /// Creates a block of `count` zeros. Fresh pages are zeros, and cost nothing before they are used.
  init(zeros count: Int) {
    mapped = SpareBlocks.map(bytes: count * MemoryLayout<Double>.stride)
    pointer = mapped?.pointer.assumingMemoryBound(to: Double.self) ?? .allocate(capacity: count)
    if mapped == nil { pointer.update(repeating: 0, count: count) }
  }

  deinit {
    if let mapped { SpareBlocks.keep(mapped) } else { pointer.deallocate() }
  }
}

extension NumberBlock {
  /// Calls `body` with room for `count` numbers, aligned to a cache line.
  static func withScratch<Result>(
    _ count: Int, _ body: (UnsafeMutablePointer<Double>) throws -> Result
  ) rethrows -> Result {
    let block = NumberBlock(count: count + 7)
    return try withExtendedLifetime(block) { try body(block.pointer.alignedUp(toMultipleOf: 64)) }
  }
}

extension UnsafeMutablePointer<Double> {
  fileprivate func alignedUp(toMultipleOf alignment: Int) -> UnsafeMutablePointer<Double> {
    let beyond = Int(bitPattern: self) % alignment
    return beyond == 0 ? self : self + (alignment - beyond) / MemoryLayout<Double>.stride
  }
}

import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The numbers of a larger tensor.
///
/// Really large blocks are mapped, in huge pages where the system has them, and given away again through ``SpareBlocks``:
/// clearing fresh pages takes the system longer than most operations take to fill them.
final class NumberBlock {
  let pointer: UnsafeMutablePointer<Double>
  /// How many bytes are mapped; 0 for a block from the heap.
  private let mapped: Int

  /// The fewest numbers that are mapped.
  private static let leastMapped = 1 << 17

  /// Creates a block of `count` numbers that are yet to be written.
  init(count: Int) {
    if count < NumberBlock.leastMapped {
      pointer = .allocate(capacity: count)
      mapped = 0
    } else {
      let block = SpareBlocks.take(bytes: count * MemoryLayout<Double>.stride)
      (pointer, mapped) = (block.pointer, block.bytes)
    }
  }

  /// Creates a block of `count` zeros. Fresh pages are zeros, and cost nothing before they are used.
  init(zeros count: Int) {
    if count < NumberBlock.leastMapped {
      pointer = .allocate(capacity: count)
      pointer.update(repeating: 0, count: count)
      mapped = 0
    } else {
      let block = MappedBlock(bytes: count * MemoryLayout<Double>.stride)
      (pointer, mapped) = (block.pointer, block.bytes)
    }
  }

  deinit {
    if mapped == 0 { pointer.deallocate() } else { SpareBlocks.keep(MappedBlock(pointer, bytes: mapped)) }
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

/// Memory from the system.
private struct MappedBlock {
  private let address: UInt
  let bytes: Int

  var pointer: UnsafeMutablePointer<Double> {
    guard let pointer = UnsafeMutablePointer<Double>(bitPattern: address) else {
      preconditionFailure("No block is mapped at 0.")
    }
    return pointer
  }

  init(_ pointer: UnsafeMutablePointer<Double>, bytes: Int) {
    address = UInt(bitPattern: pointer)
    self.bytes = bytes
  }

  /// Maps zeros, in whole pages.
  init(bytes count: Int) {
    let page = 1 << 16
    bytes = (count + page - 1) / page * page
    guard let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      start != MAP_FAILED
    else { fatalError("The system has no memory left for an array of \(count) bytes.") }
    #if os(Linux)
      madvise(start, bytes, MADV_HUGEPAGE)
    #endif
    address = UInt(bitPattern: start)
  }

  func unmap() { munmap(pointer, bytes) }
}

/// Blocks that were given back, for the next arrays of their size.
///
/// They never make a computation need more memory than it would without: when none fits, all of them go back to the system
/// before a new one is mapped, so that what is used and what is spare together were in use at once before.
private enum SpareBlocks {
  private static let blocks = Mutex<[MappedBlock]>([])

  /// The most bytes that lie spare.
  private static let mostBytes = 1 << 28

  static func take(bytes: Int) -> MappedBlock {
    let spare = blocks.withLock { blocks -> MappedBlock? in
      // The last one given back is the likeliest to be in the cache still.
      if let fitting = blocks.lastIndex(where: { $0.bytes >= bytes && $0.bytes - bytes <= bytes / 8 }) {
        return blocks.remove(at: fitting)
      }
      for block in blocks { block.unmap() }
      blocks.removeAll(keepingCapacity: true)
      return nil
    }
    return spare ?? MappedBlock(bytes: bytes)
  }

  static func keep(_ block: MappedBlock) {
    blocks.withLock { blocks in
      blocks.append(block)
      var total = blocks.reduce(0) { $0 + $1.bytes }
      while total > mostBytes {
        let oldest = blocks.removeFirst()
        total -= oldest.bytes
        oldest.unmap()
      }
    }
  }
}

import Synchronization
import SystemLibrary

/// Large blocks of memory, in huge pages where the system has them. Those that were given back are kept for the next that
/// need their size: clearing fresh pages takes the system longer than most operations take to fill them.
///
/// They never make a computation need more memory than it would without: when none fits, all of them go back to the system
/// before a new one is mapped, so that what is used and what is spare together were in use at once before.
enum SpareBlocks {
  private static let blocks = Mutex<[MappedBlock]>([])

  /// How many bytes are mapped, in use or spare.
  static var mappedBytes: Int { MappedBlock.total.load(ordering: .relaxed) }

  /// Gives all that is spare back to the system.
  static func release() {
    blocks.withLock { blocks in
      for block in blocks { block.unmap() }
      blocks.removeAll(keepingCapacity: true)
    }
  }

  /// The smallest block, in bytes; the heap serves smaller ones better.
  private static let leastBytes = 1 << 20
  /// The most bytes that lie spare.
  private static let mostBytes = 1 << 28

  /// A block of at least so many bytes, which hold anything; nil for too few.
  static func take(bytes: Int) -> MappedBlock? {
    guard bytes >= leastBytes else { return nil }
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

  /// A block of at least so many bytes, all 0, which cost nothing before they are used; nil for too few.
  static func map(bytes: Int) -> MappedBlock? { bytes < leastBytes ? nil : MappedBlock(bytes: bytes) }

  /// Gives a block back to the system.
  static func release(_ block: MappedBlock) { block.unmap() }

  /// Takes a block that nobody uses any more.
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

/// Memory from the system, in whole pages.
struct MappedBlock: @unchecked Sendable {
  /// Where it starts.
  let pointer: UnsafeMutableRawPointer
  /// How large it is.
  let bytes: Int

  fileprivate init(bytes count: Int) {
    let page = 1 << 16
    bytes = (count + page - 1) / page * page
    guard let start = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      start != MAP_FAILED
    else { fatalError("The system has no memory left for \(count) bytes.") }
    #if os(Linux)
      madvise(start, bytes, MADV_HUGEPAGE)
    #endif
    pointer = start
    MappedBlock.total.add(bytes, ordering: .relaxed)
  }

  fileprivate func unmap() {
    munmap(pointer, bytes)
    MappedBlock.total.subtract(bytes, ordering: .relaxed)
  }

  fileprivate static let total = Atomic(0)
}

internal import CKernels

/// Bytes at a fixed place in memory, allocated once and freed with their owner.
package final class CPUMemory: @unchecked Sendable {
  /// Where they are, aligned to a cache line.
  let pointer: UnsafeMutableRawPointer
  /// How many there are.
  package let bytes: Int

  /// What is mapped; nil for bytes from the heap.
  private let mapped: MappedBlock?

  /// Allocates bytes, all 0.
  convenience init(_ bytes: Int) {
    self.init(bytes, SpareBlocks.map(bytes: bytes))
    if mapped == nil { pointer.initializeMemory(as: UInt8.self, repeating: 0, count: max(64, bytes)) }
  }

  /// Allocates bytes that are yet to be written, all of them.
  convenience init(unwritten bytes: Int) { self.init(bytes, SpareBlocks.take(bytes: bytes)) }

  private init(_ bytes: Int, _ mapped: MappedBlock?) {
    self.bytes = bytes
    self.mapped = mapped
    pointer = mapped?.pointer ?? .allocate(byteCount: max(64, bytes), alignment: 64)
  }

  /// Whether other processes of this machine hold the same pages.
  private var isMerged = false

  /// Lets processes on the same machine hold these bytes once, which are the same in each of them and stay as they are.
  func merge(in group: any ProcessGroup) {
    guard mapped != nil else { return }
    isMerged = true
    group.merge([UnsafeMutableRawBufferPointer(start: pointer, count: bytes)])
  }

  deinit {
    guard let mapped else { return pointer.deallocate() }
    // Whoever used shared pages for something else would hold them besides its own.
    isMerged ? SpareBlocks.release(mapped) : SpareBlocks.keep(mapped)
  }
}

/// Numbers of one precision at a fixed place in memory.
package final class NumberBuffer: @unchecked Sendable {
  /// How many there are.
  package let count: Int
  /// What they are.
  package let precision: Precision
  private let memory: CPUMemory
  private let kernels: UnsafePointer<nbs_kernels>

  /// Allocates zeros.
  package convenience init(_ count: Int, _ precision: Precision) {
    self.init(count, precision, CPUMemory(count * precision.bytes))
  }

  /// Allocates numbers that are yet to be written, all of them.
  convenience init(unwritten count: Int, _ precision: Precision) {
    self.init(count, precision, CPUMemory(unwritten: count * precision.bytes))
  }

  /// Allocates numbers.
  package convenience init(_ doubles: [Double], _ precision: Precision) {
    self.init(unwritten: doubles.count, precision)
    self.doubles = doubles
  }

  private init(_ count: Int, _ precision: Precision, _ memory: CPUMemory) {
    self.count = count
    self.precision = precision
    self.memory = memory
    kernels = InstructionSet.current.kernels(precision)
  }

  /// Lets processes on the same machine hold these numbers once; see ``CPUMemory/merge(in:)``.
  func merge(in group: any ProcessGroup) { memory.merge(in: group) }

  /// Where the numbers are.
  var pointer: UnsafeMutableRawPointer { memory.pointer }

  /// Where a number is.
  func pointer(at place: Int) -> UnsafeMutableRawPointer { pointer + place * precision.bytes }

  /// Adds the numbers' bits to a digest.
  func add(to digest: inout BitDigest) {
    digest.add(UnsafeRawBufferPointer(start: pointer, count: count * precision.bytes))
  }

  /// The numbers in 64 bits.
  package var doubles: [Double] {
    get {
      [Double](unsafeUninitializedCapacity: count) { target, filled in
        if count > 0 { kernels.pointee.layers.to_doubles(pointer, target.baseAddress, count) }
        filled = count
      }
    }
    set { kernels.pointee.layers.from_doubles(newValue, pointer, min(count, newValue.count)) }
  }

  /// One of the numbers.
  package subscript(place: Int) -> Double {
    get {
      var number = 0.0
      kernels.pointee.layers.to_doubles(pointer(at: place), &number, 1)
      return number
    }
    set {
      var number = newValue
      kernels.pointee.layers.from_doubles(&number, pointer(at: place), 1)
    }
  }

  /// Takes over the numbers of another buffer of the same size and precision.
  package func copy(from other: NumberBuffer) {
    pointer.copyMemory(from: other.pointer, byteCount: min(count, other.count) * precision.bytes)
  }

  /// Sets all numbers to 0.
  package func clear() {
    pointer.initializeMemory(as: UInt8.self, repeating: 0, count: count * precision.bytes)
  }

  /// How far these numbers are from others, as a share of how far they are from 0: |a - b| / |a|.
  func relativeDistance(to other: NumberBuffer) -> Double {
    precision == .double
      ? relativeDistance(to: other, as: Double.self) : relativeDistance(to: other, as: Float.self)
  }

  private func relativeDistance<Number: BinaryFloatingPoint>(
    to other: NumberBuffer, as: Number.Type
  ) -> Double {
    let (own, others) = (
      pointer.assumingMemoryBound(to: Number.self), other.pointer.assumingMemoryBound(to: Number.self)
    )
    var (moved, length) = (0.0, 0.0)
    for place in 0..<min(count, other.count) {
      let (a, b) = (Double(own[place]), Double(others[place]))
      moved += (a - b) * (a - b)
      length += a * a
    }
    return length > 0 ? (moved / length).squareRoot() : moved > 0 ? .infinity : 0
  }

  /// Whether all are finite.
  package var areFinite: Bool { kernels.pointee.layers.all_finite(pointer, count) }
}

extension Precision {
  /// How many bytes a number takes.
  var bytes: Int { self == .single ? 4 : 8 }
}

internal import CKernels

/// The memory of a plan besides what each thread has for its rows at hand.
final class PlanStorage: @unchecked Sendable {
  private let plan: Plan
  private let sharding: Sharding
  private let backend: CPUBackend
  private let bytes: Int
  /// Buffers of all rows.
  private let shared: [(buffer: BufferID, memory: CPUMemory, rowBytes: Int)]
  /// Buffers of a whole batch, and what shards add up besides the parameters' gradients: a copy a shard.
  private let whole: [(buffer: BufferID, memory: CPUMemory)]
  private let reduced: [(buffer: BufferID, memory: CPUMemory, shardBytes: Int)]
  /// The parameters' gradient; the first shard adds up where it is wanted in the end, each other one has a copy.
  private let gradients: NumberBuffer
  private let gradientCopies: CPUMemory
  private let gradientBuffers: [(buffer: BufferID, offset: Int)]

  init(_ plan: Plan, _ sharding: Sharding, _ backend: CPUBackend, _ gradients: NumberBuffer) {
    self.plan = plan
    self.sharding = sharding
    self.backend = backend
    self.gradients = gradients
    let bytes = backend.precision.bytes
    self.bytes = bytes
    let all = plan.buffers.indices.map { (BufferID(number: $0), plan.buffers[$0]) }
    shared = all.filter { $0.1.isByRow && plan.memory.shared.contains($0.0) }.map { id, buffer in
      let rowBytes = if case .rowBytes(let count) = buffer.extent { count } else { buffer.width * bytes }
      return (id, backend.allocate(plan.capacity * rowBytes), rowBytes)
    }
    whole = all.compactMap { id, buffer in
      if case .whole(let width) = buffer.extent { (id, backend.allocate(width * bytes)) } else { nil }
    }
    reduced = all.compactMap { id, buffer in
      guard case .reduced(let width) = buffer.extent else { return nil }
      let shardBytes = (width * bytes + 63) / 64 * 64
      return (id, backend.allocate(sharding.shards * shardBytes), shardBytes)
    }
    gradientBuffers = all.compactMap { id, buffer in
      if case .gradient(let range) = buffer.extent { (id, range.lowerBound * bytes) } else { nil }
    }
    let copies = gradientBuffers.isEmpty ? 0 : sharding.shards - 1
    gradientCopies = backend.allocate(copies * gradients.count * bytes)
  }

  var bufferCount: Int { plan.buffers.count }

  /// How much a thread needs for a block of rows.
  var blockBytes: Int { plan.memory.rowWidth * sharding.blockRows * bytes }

  /// Says where everything stands that stays in its place, for a thread with this block of memory.
  func place(in block: UnsafeMutableRawPointer, _ bases: UnsafeMutablePointer<UnsafeMutableRawPointer>) {
    for (buffer, offset) in plan.memory.offsets {
      bases[buffer.number] = block + offset * sharding.blockRows * bytes
    }
    for (number, buffer) in plan.buffers.enumerated() {
      if case .parameters(let range) = buffer.extent {
        bases[number] = backend.parameters.pointer(at: range.lowerBound)
      }
    }
    for (buffer, memory) in whole { bases[buffer.number] = memory.pointer }
    enter(0, [], bases)
    point(bases, to: 0)
  }

  /// Points to a shard's own sums where it adds them up in this segment, and to those of all shards where others have.
  func enter(
    _ shard: Int, _ added: [BufferID], _ bases: UnsafeMutablePointer<UnsafeMutableRawPointer>
  ) {
    for (buffer, memory, shardBytes) in reduced {
      bases[buffer.number] = memory.pointer + (added.contains(buffer) ? shard * shardBytes : 0)
    }
    for (buffer, offset) in gradientBuffers {
      bases[buffer.number] = gradient(of: added.contains(buffer) ? shard : 0) + offset
    }
  }

  private func gradient(of shard: Int) -> UnsafeMutableRawPointer {
    shard == 0 ? gradients.pointer : gradientCopies.pointer + (shard - 1) * gradients.count * bytes
  }

  /// Points to the rows from one on.
  func point(_ bases: UnsafeMutablePointer<UnsafeMutableRawPointer>, to row: Int) {
    for (buffer, memory, rowBytes) in shared { bases[buffer.number] = memory.pointer + row * rowBytes }
  }

  /// What is to be added up over the shards once they have gone through some steps.
  struct Sums {
    fileprivate let reduced: [(memory: CPUMemory, shardBytes: Int, width: Int)]
    /// Slices of the gradient, in parts that are worth a thread's while.
    fileprivate let gradient: [Range<Int>]
  }

  /// The sums that stand in some buffers.
  func sums(in buffers: [BufferID]) -> Sums {
    let slices = gradientBuffers.filter { buffers.contains($0.buffer) }
      .map { $0.offset / bytes..<$0.offset / bytes + plan.buffers[$0.buffer.number].width }
    let parts = slices.flatMap { slice in
      stride(from: slice.lowerBound, to: slice.upperBound, by: 16384).map {
        $0..<min($0 + 16384, slice.upperBound)
      }
    }
    return Sums(
      reduced: reduced.filter { buffers.contains($0.buffer) }
        .map { ($0.memory, $0.shardBytes, plan.buffers[$0.buffer.number].width) }, gradient: parts)
  }

  /// Adds what the shards have added up, by a fixed tree: neighbours first, then neighbours of those.
  func addUp(_ sums: Sums, shards: Int, threads: Int) {
    for (memory, shardBytes, width) in sums.reduced {
      addUp(shards) { shard in (memory.pointer + shard * shardBytes, 0..<width) }
    }
    let parts = sums.gradient
    WorkerPool.shared.run(parts: parts.count, threads: parts.count > 1 ? threads : 1) { part, _ in
      addUp(shards) { shard in (gradient(of: shard), parts[part]) }
    }
  }

  private func addUp(_ shards: Int, _ numbers: (Int) -> (UnsafeMutableRawPointer, Range<Int>)) {
    let combine = backend.kernels.pointee.layers.combine
    var distance = 1
    while distance < shards {
      for shard in stride(from: 0, to: shards - distance, by: 2 * distance) {
        let (into, range) = numbers(shard)
        let (from, _) = numbers(shard + distance)
        let start = range.lowerBound * bytes
        combine(0, into + start, from + start, into + start, range.count)
      }
      distance *= 2
    }
  }
}

extension PlanStorage {
  private func memory(_ buffer: BufferID) -> (memory: CPUMemory, rowBytes: Int)? {
    shared.first { $0.buffer == buffer }.map { ($0.memory, $0.rowBytes) }
  }

  func values(_ buffer: BufferID, rows: Int) -> [Double] {
    guard let (_, rowBytes) = memory(buffer) else { return [] }
    let count = rows * rowBytes / bytes
    return [Double](unsafeUninitializedCapacity: count) { target, filled in
      if let first = target.baseAddress { copy(buffer, rows: rows, to: first) }
      filled = count
    }
  }

  func copy(_ buffer: BufferID, rows: Int, to target: UnsafeMutablePointer<Double>) {
    guard let (memory, rowBytes) = memory(buffer) else { return }
    backend.kernels.pointee.layers.to_doubles(memory.pointer, target, rows * rowBytes / bytes)
  }

  func set(_ buffer: BufferID, to values: [Double]) {
    guard let (memory, _) = memory(buffer) else { return }
    backend.kernels.pointee.layers.from_doubles(
      values, memory.pointer, min(values.count, memory.bytes / bytes))
  }

  func markAllCorrect(_ rows: Int) {
    guard let correct = plan.correct, let (memory, _) = memory(correct) else { return }
    memory.pointer.initializeMemory(as: UInt8.self, repeating: 1, count: rows)
  }

  func correct(rows: Int) -> Int {
    guard let correct = plan.correct, let (memory, _) = memory(correct) else { return 0 }
    let marks = memory.pointer.assumingMemoryBound(to: UInt8.self)
    return (0..<rows).reduce(0) { $0 + Int(marks[$1]) }
  }
}

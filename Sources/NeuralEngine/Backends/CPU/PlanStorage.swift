internal import CKernels

/// The memory of a plan besides what each thread has for its rows at hand.
final class PlanStorage: @unchecked Sendable {
  private let plan: Plan
  private let sharding: Sharding
  private let backend: CPUBackend
  private let bytes: Int
  /// What somebody may want to read of all rows: outputs, marks, gradients of inputs.
  let readRows: [(memory: CPUMemory, rowBytes: Int)]
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
    func rowBytes(_ buffer: PlanBuffer) -> Int {
      if case .rowBytes(let count) = buffer.extent { count } else { buffer.width * bytes }
    }
    let slots = plan.memory.slotExtents.map {
      backend.allocate(plan.capacity * rowBytes(PlanBuffer("", $0)))
    }
    shared = all.filter { $0.1.isByRow && plan.memory.shared.contains($0.0) }.map { id, buffer in
      let rowBytes = rowBytes(buffer)
      let slot = plan.memory.slots[id].map { slots[$0] }
      return (id, slot ?? backend.allocate(plan.capacity * rowBytes), rowBytes)
    }
    let read = plan.results.union([plan.correct].compactMap(\.self))
    readRows = shared.filter { read.contains($0.buffer) }.map { ($0.memory, $0.rowBytes) }
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
  var blockBytes: Int { plan.memory.rowWidth * mostRows * bytes }

  /// The most rows that a thread has at hand.
  var mostRows: Int { backend.processes.group == nil ? sharding.blockRows : sharding.endingRows }

  /// Says where everything stands that stays in its place, for a thread with this block of memory.
  func place(in block: UnsafeMutableRawPointer, _ bases: UnsafeMutablePointer<UnsafeMutableRawPointer>) {
    for (buffer, offset) in plan.memory.offsets {
      bases[buffer.number] = block + offset * mostRows * bytes
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

  /// Numbers that shards add up, each shard where it has its own.
  struct SumPart {
    fileprivate let first: UnsafeMutableRawPointer
    fileprivate let second: UnsafeMutableRawPointer
    fileprivate let shardBytes: Int
    /// Which of the numbers there.
    let numbers: Range<Int>

    /// Where the numbers of a shard begin.
    func address(_ shard: Int) -> UnsafeMutableRawPointer {
      shard == 0 ? first : second + (shard - 1) * shardBytes
    }
  }

  /// What is to be added up over the shards once they have gone through some steps.
  struct Sums {
    /// In parts that are worth a thread's while.
    fileprivate let parts: [SumPart]
    /// The parts dealt to the processes, by rank; none where this one works alone.
    let slices: [[SumPart]]
    /// Whether there is nothing to add up.
    var isEmpty: Bool { parts.isEmpty }

    fileprivate init(parts: [SumPart], processes: Int) {
      self.parts = parts
      // Those that follow each other are one.
      slices = (0..<processes).map { rank in
        parts[parts.count * rank / processes..<parts.count * (rank + 1) / processes].reduce(into: []) {
          slices, part in
          guard let last = slices.last, last.first == part.first,
            last.numbers.upperBound == part.numbers.lowerBound, last.numbers.count < PlanStorage.mostNumbers
          else { return slices.append(part) }
          slices[slices.count - 1] = SumPart(
            first: part.first, second: part.second, shardBytes: part.shardBytes,
            numbers: last.numbers.lowerBound..<part.numbers.upperBound)
        }
      }
    }
  }

  /// How many numbers of a sum a thread takes at a time, or a process.
  private static var partNumbers: Int { 16384 }
  /// How many numbers a message to another process has at most; libraries count bytes in 32 bits.
  private static var mostNumbers: Int { 1 << 27 }

  /// How many bytes a number takes.
  var bytesEach: Int { bytes }

  /// The sums that stand in some buffers.
  func sums(in buffers: [BufferID]) -> Sums {
    let small = reduced.filter { buffers.contains($0.buffer) }.map { buffer, memory, shardBytes in
      SumPart(
        first: memory.pointer, second: memory.pointer + shardBytes, shardBytes: shardBytes,
        numbers: 0..<plan.buffers[buffer.number].width)
    }
    let slices = gradientBuffers.filter { buffers.contains($0.buffer) }
      .map { $0.offset / bytes..<$0.offset / bytes + plan.buffers[$0.buffer.number].width }
    let processes = backend.processes.group?.count ?? 0
    // So many that each process has about as much to add.
    let most = max(
      1024, min(PlanStorage.partNumbers, slices.reduce(0) { $0 + $1.count } / max(1, 4 * processes)))
    let gradient = slices.flatMap { slice in
      stride(from: slice.lowerBound, to: slice.upperBound, by: most).map {
        SumPart(
          first: gradients.pointer, second: gradientCopies.pointer, shardBytes: gradients.count * bytes,
          numbers: $0..<min($0 + most, slice.upperBound))
      }
    }
    return Sums(parts: small + gradient, processes: processes)
  }

  /// Adds what the shards have added up, pair by pair.
  func addUp(_ sums: Sums, _ pairs: [ShardTree.Pair], threads: Int) {
    let parts = sums.parts
    WorkerPool.shared.run(parts: parts.count, threads: parts.count > 1 ? threads : 1) { part, _ in
      addUp(parts[part], pairs)
    }
  }

  /// Adds one pair of sums in all their parts, on this thread.
  func addUp(_ sums: Sums, _ pair: ShardTree.Pair) { for part in sums.parts { addUp(part, [pair]) } }

  func addUp(_ part: SumPart, _ pairs: [ShardTree.Pair]) {
    let combine = backend.kernels.pointee.layers.combine
    let start = part.numbers.lowerBound * bytes
    for pair in pairs {
      let into = part.address(pair.left) + start
      combine(0, into, part.address(pair.right) + start, into, part.numbers.count)
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
    let count = rows * rowBytes / bytes
    let convert = backend.kernels.pointee.layers.to_doubles
    Pieces.forEach(of: count, in: Pieces.count(of: count)) { _, range in
      convert(memory.pointer + range.lowerBound * bytes, target + range.lowerBound, range.count)
    }
  }

  func set(_ buffer: BufferID, to values: [Double]) {
    guard let (memory, _) = memory(buffer) else { return }
    backend.kernels.pointee.layers.from_doubles(
      values, memory.pointer, min(values.count, memory.bytes / bytes))
  }

  func markAllCorrect(_ rows: Int) {
    guard let correct = plan.correct, let (memory, answers) = memory(correct) else { return }
    memory.pointer.initializeMemory(as: UInt8.self, repeating: 1, count: rows * answers)
  }

  func correct(rows: Int) -> Int {
    guard let correct = plan.correct, let (memory, answers) = memory(correct) else { return 0 }
    let marks = memory.pointer.assumingMemoryBound(to: UInt8.self)
    return (0..<rows * answers).reduce(0) { $0 + Int(marks[$1]) }
  }
}

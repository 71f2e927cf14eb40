internal import CKernels
internal import Synchronization

/// What loads rows into a plan: the examples of a batch.
protocol RowSource: AnyObject, Sendable {
  /// Writes the rows at hand into the buffers that they enter by.
  func load(_ frame: Frame)
}

/// A plan made ready to run on the processor: kernels, and memory that is allocated once.
///
/// Shards go through the plan independently of each other, on as many threads as there are, a block of rows at a time.
package final class CPUExecution: @unchecked Sendable {
  /// The plan.
  package let plan: Plan
  /// How batches are cut up.
  package let sharding: Sharding
  private let backend: CPUBackend
  private let gradients: NumberBuffer
  private let segments: [Segment]
  private let preparations: [@Sendable () -> Void]
  private let storage: PlanStorage
  /// What the shards have added up after each segment, and is wanted then.
  private let sums: [PlanStorage.Sums]
  /// What is added up among processes while the rest is computed, by the number of shards, once a batch has had as many.
  private var gradientSums: [GradientSums?]
  /// By what tree as many shards are added up, and how processes share them, where there are several.
  private let trees: [ShardTree]
  private let deals: [ShardDeal]
  /// For each shard what its losses come to, and the tallies of output layers.
  private let losses: UnsafeMutablePointer<Double>
  private let lossesPerShard: Int
  private let batch: UnsafeMutablePointer<BatchNumbers>
  private var workers: [Worker] = []
  /// How many shards the last run had.
  private var lastShards = 0
  private let isStopped = Atomic(false)

  /// Steps that follow each other without a wait between them.
  private struct Segment {
    let scope: Step.Scope
    /// What the kernels do. They are called a million times a second where networks are small, and copying whole kernels
    /// would take longer than some of them.
    let runs: [Run]
    /// How threads share each of them.
    let shared: [SharedKernel?]
    /// What shards add up in it.
    let reduced: [BufferID]
    /// Where gradients are finished, which processes then add up.
    let stages: [GradientStage]
  }

  /// How a shard takes part in a batch that processes share.
  private struct Sharing {
    let sums: GradientSums
    /// Whether this thread is the one that talks to other processes.
    let isCaller: Bool
    /// Whether the thread has no other shard behind this one.
    let endsWork: Bool
  }

  /// What a kernel does. Functions that stand in an array by themselves are called through another one.
  private struct Run {
    let call: @Sendable (Frame) -> Void
  }

  /// Compiles a plan.
  ///
  /// - Parameters:
  ///   - gradients: where the gradient of the parameters goes.
  ///   - other: a plan for as many rows, whose shards are to have the same rows.
  package init(_ plan: Plan, _ backend: CPUBackend, gradients: NumberBuffer, shardedAs other: Plan? = nil) {
    self.plan = plan
    self.backend = backend
    self.gradients = gradients
    sharding = Sharding(
      plan, parameters: gradients.count, bytesEach: backend.precision.bytes, as: other)
    let kernels = plan.steps.map { backend.compile($0, of: plan) }
    let stages = backend.processes.group == nil ? [] : GradientStage.stages(of: plan)
    segments = CPUExecution.segments(plan, kernels, stages)
    preparations = kernels.compactMap(\.prepare)
    let storage = PlanStorage(plan, sharding, backend, gradients)
    self.storage = storage
    let later = Set(stages.flatMap(\.buffers))
    sums = segments.map { storage.sums(in: $0.reduced.filter { !later.contains($0) }) }
    let counts = 0...sharding.shards
    gradientSums = counts.map { _ in nil }
    trees = counts.map(ShardTree.init)
    deals = backend.processes.group.map { group in counts.map { ShardDeal(shards: $0, group) } } ?? []
    lossesPerShard = 1 + 2 * (plan.purpose.signal?.tallies ?? 0)
    losses = .allocate(capacity: sharding.shards * lossesPerShard)
    losses.initialize(repeating: 0, count: sharding.shards * lossesPerShard)
    batch = .allocate(capacity: 1)
    batch.initialize(to: BatchNumbers())
    scratchBytes = kernels.map { [rows = storage.mostRows] in $0.scratch(rows) }.max() ?? 0
    mostParts = kernels.map { $0.shared?.mostParts ?? 1 }.max() ?? 1
  }

  private let scratchBytes: Int
  /// The most parts that threads can share a kernel in.
  let mostParts: Int

  deinit {
    losses.deallocate()
    batch.deallocate()
  }

  private static func segments(
    _ plan: Plan, _ kernels: [CPUKernel], _ stages: [GradientStage]
  ) -> [Segment] {
    var segments: [Segment] = []
    var start = 0
    while start < kernels.count {
      let scope = plan.steps[start].scope
      let end = (start..<kernels.count).first { plan.steps[$0].scope != scope } ?? kernels.count
      let outputs = plan.steps[start..<end].flatMap(\.outputs)
      let reduced = scope == .whole ? [] : Set(outputs).filter { plan.buffers[$0.number].isReduced }
      segments.append(
        Segment(
          scope: scope, runs: kernels[start..<end].map { Run(call: $0.run) },
          shared: kernels[start..<end].map(\.shared),
          reduced: reduced.sorted { $0.number < $1.number },
          stages: stages.filter { (start..<end).contains($0.step) }.map { $0.counted(from: start) }))
      start = end
    }
    // A network that only passes its inputs on has rows to load all the same.
    if segments.isEmpty {
      segments.append(Segment(scope: .rows, runs: [], shared: [], reduced: [], stages: []))
    }
    return segments
  }

  /// Runs the plan.
  ///
  /// - Parameters:
  ///   - numbers: what kernels need to know; its rows are at most the plan's capacity.
  ///   - source: what loads the rows; nil where they stand in place.
  ///   - isInterrupted: asked between blocks of rows, where no other process works at the same batch.
  /// - Returns: the losses of the rows, added up; nil where it was interrupted.
  package func run(
    _ numbers: BatchNumbers, threads: Int, isInterrupted: () -> Bool = { false }
  ) -> Double? {
    run(numbers, source: nil, threads: threads, isInterrupted: isInterrupted)
  }

  func run(
    _ numbers: BatchNumbers, source: (any RowSource)?, threads: Int, isInterrupted: () -> Bool = { false }
  ) -> Double? {
    batch.pointee = numbers
    let shards = sharding.shards(of: numbers.rows)
    let deal = deal(shards)
    let own = deal?.share ?? 0..<shards
    let gradients = deal.map { gradientSums(shards, $0) }
    gradients?.begin()
    let threads = max(1, shards == 1 ? min(threads, mostParts) : min(threads, own.count))
    while workers.count < threads { workers.append(Worker(storage, scratchBytes)) }
    for prepare in preparations { prepare() }
    losses.update(repeating: 0, count: shards * lossesPerShard)
    storage.markAllCorrect(numbers.rows)
    isStopped.store(false, ordering: .relaxed)
    for (number, segment) in segments.enumerated() {
      if segment.scope == .whole {
        runWhole(segment, numbers.rows)
      } else {
        // Rows are loaded when they first come by.
        let source = number == firstRowSegment ? source : nil
        if shards == 1 {
          runShard(0, of: segment, numbers.rows, workers[0], source, isInterrupted, sharedBy: threads)
        } else {
          WorkerPool.shared.run(parts: own.count, threads: threads) { part, worker in
            runShard(
              own.lowerBound + part, of: segment, numbers.rows, workers[worker], source,
              worker == 0 && deal == nil ? isInterrupted : { false },
              gradients.map {
                Sharing(
                  sums: $0, isCaller: worker == 0,
                  endsWork: (1...threads).contains { own.count * $0 / threads == part + 1 })
              })
          }
        }
        if isStopped.load(ordering: .relaxed) { return nil }
        if let deal {
          storage.addUp(sums[number], deal, threads: threads)
        } else if shards > 1 {
          storage.addUp(sums[number], trees[shards].pairs, threads: threads)
        }
      }
    }
    if let deal {
      gradients?.finish()
      storage.share(losses, of: lossesPerShard, deal)
      storage.shareRows(sharding, rows: numbers.rows, deal)
    }
    lastShards = shards
    return (0..<shards).reduce(0) { $0 + losses[$1 * lossesPerShard] }
  }

  /// What each output layer came to in the last run; empty where they are not told apart.
  var tallies: [OutputTally] {
    (0..<lossesPerShard / 2).map { place in
      (0..<lastShards).reduce(OutputTally()) { sum, shard in
        let own = losses + shard * lossesPerShard + 1 + 2 * place
        return sum + OutputTally(loss: own[0], correct: own[1])
      }
    }
  }

  /// Whether processes share full batches.
  var isShared: Bool { deal(sharding.shards) != nil }

  /// How processes share so many shards; nil where each computes them all, as one alone does.
  private func deal(_ shards: Int) -> ShardDeal? { shards > 1 && !deals.isEmpty ? deals[shards] : nil }

  private var firstRowSegment: Int { segments.firstIndex { $0.scope == .rows } ?? 0 }

  private func runShard(
    _ shard: Int, of segment: Segment, _ rows: Int, _ worker: Worker, _ source: (any RowSource)?,
    _ isInterrupted: () -> Bool, _ sharing: Sharing? = nil, sharedBy threads: Int = 1
  ) {
    let range = sharding.rows(of: shard, outOf: rows)
    storage.enter(shard, segment.reduced, worker.bases)
    var frame = Frame(
      bases: UnsafePointer(worker.bases), rows: 0, firstRow: range.lowerBound, isFirst: true,
      scratch: worker.scratch.pointer, loss: losses + shard * lossesPerShard, batch: UnsafePointer(batch))
    while frame.firstRow < range.upperBound {
      if isInterrupted() { isStopped.store(true, ordering: .relaxed) }
      if isStopped.load(ordering: .relaxed) { return }
      let left = range.upperBound - frame.firstRow
      let isLast = sharing?.endsWork == true ? left <= sharding.endingRows : left <= sharding.blockRows
      frame.rows = isLast ? left : sharding.blockRows
      storage.point(worker.bases, to: frame.firstRow)
      source?.load(frame)
      if let sharing {
        run(segment, frame, isLast ? shard : nil, sharing)
      } else if threads == 1 {
        for run in segment.runs { run.call(frame) }
      } else {
        for (run, shared) in zip(segment.runs, segment.shared) {
          if let shared { self.run(shared, frame, threads) } else { run.call(frame) }
        }
      }
      frame.firstRow += frame.rows
      frame.isFirst = false
    }
  }

  /// Runs a block of rows, and lets sums among processes go on between its kernels.
  ///
  /// - Parameter ending: the shard, if these are its last rows, so that gradients are finished here.
  private func run(_ segment: Segment, _ frame: Frame, _ ending: Int?, _ sharing: Sharing) {
    var next = 0
    for (place, run) in segment.runs.enumerated() {
      run.call(frame)
      if let ending, next < segment.stages.count, segment.stages[next].step == place {
        sharing.sums.finished(segment.stages[next].number, shard: ending)
        next += 1
      }
      // One thread alone talks to other processes.
      if sharing.isCaller { sharing.sums.advance() }
    }
  }

  private func gradientSums(_ shards: Int, _ deal: ShardDeal) -> GradientSums {
    if let made = gradientSums[shards] { return made }
    let made = GradientSums(segments.flatMap(\.stages).map { storage.sums(in: $0.buffers) }, storage, deal)
    gradientSums[shards] = made
    return made
  }

  /// Runs a large kernel on the only shard there is, on several threads.
  private func run(_ shared: SharedKernel, _ frame: Frame, _ threads: Int) {
    let parts = min(threads, shared.mostParts)
    WorkerPool.shared.run(parts: parts, threads: threads) { part, worker in
      var frame = frame
      frame.scratch = workers[worker].scratch.pointer
      shared.run(frame, part, parts)
    }
  }

  private func runWhole(_ segment: Segment, _ rows: Int) {
    let worker = workers[0]
    storage.enter(0, [], worker.bases)
    storage.point(worker.bases, to: 0)
    let frame = Frame(
      bases: UnsafePointer(worker.bases), rows: rows, firstRow: 0, isFirst: true,
      scratch: worker.scratch.pointer, loss: losses, batch: UnsafePointer(batch))
    for run in segment.runs { run.call(frame) }
  }

  /// What a thread computes in.
  private final class Worker: @unchecked Sendable {
    let bases: UnsafeMutablePointer<UnsafeMutableRawPointer>
    let scratch: CPUMemory
    private let block: CPUMemory

    init(_ storage: PlanStorage, _ scratchBytes: Int) {
      scratch = CPUMemory(scratchBytes)
      block = CPUMemory(storage.blockBytes)
      bases = .allocate(capacity: max(1, storage.bufferCount))
      bases.initialize(repeating: scratch.pointer, count: max(1, storage.bufferCount))
      storage.place(in: block.pointer, bases)
    }

    deinit { bases.deallocate() }
  }
}

extension CPUExecution {
  /// What a buffer of all rows holds for the first of them.
  ///
  /// - Returns: rows x width numbers.
  package func values(_ buffer: BufferID, rows: Int) -> [Double] { storage.values(buffer, rows: rows) }

  /// Writes a buffer of all rows.
  package func set(_ buffer: BufferID, to values: [Double]) { storage.set(buffer, to: values) }

  /// How many of the answers to the rows are classified as their targets say; see ``Plan/answersPerRow``.
  package func correct(rows: Int) -> Int { storage.correct(rows: rows) }

  /// The outputs of the first rows, all output layers side by side.
  package func outputs(rows: Int) -> [Double] { sideBySide(plan.outputs, rows: rows) }

  /// Writes the outputs of the first rows, as ``outputs(rows:)`` gives them, at an address.
  func copyOutputs(rows: Int, to target: UnsafeMutablePointer<Double>) {
    guard plan.outputs.count == 1 else {
      return outputs(rows: rows).withUnsafeBufferPointer { values in
        if let first = values.baseAddress { target.update(from: first, count: values.count) }
      }
    }
    storage.copy(plan.outputs[0], rows: rows, to: target)
  }

  /// The gradient by the inputs of the first rows, all input layers side by side.
  package func inputGradients(rows: Int) -> [Double] { sideBySide(plan.inputGradients, rows: rows) }

  private func sideBySide(_ buffers: [BufferID], rows: Int) -> [Double] {
    let parts = buffers.map { (values($0, rows: rows), plan.buffers[$0.number].width) }
    if parts.count == 1 { return parts[0].0 }
    return (0..<rows).flatMap { row in
      parts.flatMap { values, width in values[row * width..<(row + 1) * width] }
    }
  }
}

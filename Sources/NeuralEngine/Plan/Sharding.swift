import Foundations

/// How a batch is cut up. It depends on the plan alone, never on threads or the machine: sums within a shard go in order,
/// and those of the shards are added by a fixed tree, so that whoever computes them gets the same bits.
package struct Sharding: Sendable, Equatable {
  /// How many rows a shard has; the last one may have fewer.
  package let shardRows: Int
  /// How many rows go through the plan at a time, so that what they take stays near the processor.
  package let blockRows: Int
  /// How many rows go through it at a time at the end of what a process computes of a batch that it shares: as many as there
  /// may be, so that most of the way back is still to come when the first gradients are finished and travel.
  let endingRows: Int
  /// How many shards a full batch has.
  package let shards: Int

  /// Below so many multiplications a shard is not worth a thread's while.
  private static var leastWork: Int { 1 << 19 }
  /// What makes up for what each shard does once, in work for each parameter.
  private static func workPerParameter(_ purpose: Plan.Purpose) -> Int {
    switch purpose {
    // It packs the weights of its products and reads them from afar.
    case .inference: 384
    // It has gradients of its own, which are written and added up.
    case .differentiation, .training: 48
    // Its rows decide which errors are added to which, and so the bits; what packing takes does not count.
    case .evaluation: 0
    }
  }

  /// More shards only take memory.
  static var mostShards: Int { 16 }
  /// What a block of rows may take of the cache: more where the weights, which are read for each block, are many times as large.
  private static func blockBytes(_ purpose: Plan.Purpose, weightBytes: Int) -> Int {
    let most = purpose == .inference ? min(weightBytes, 8 << 20) : min(weightBytes / 4, 1 << 20)
    return max(384 << 10, most)
  }
  /// What the rows at the end may take.
  private static var endingBytes: Int { 4 << 20 }

  /// - Parameter other: a plan for as many rows, whose shards these are to be; nil for the plan's own.
  init(_ plan: Plan, parameters: Int, bytesEach: Int, as other: Plan? = nil) {
    let work = max(1, (other ?? plan).multiplications)
    let wanted = max(Sharding.leastWork, parameters.multipliedOrMost(Self.workPerParameter(plan.purpose)))
    let atOnce = (other ?? plan).steps.map(\.operation.rowsAtOnce).max() ?? 1
    var rows = atOnce
    while rows < plan.capacity,
      rows.multipliedOrMost(work) < wanted || rows * Sharding.mostShards < plan.capacity
    {
      rows *= 2
    }
    shardRows = min(rows, max(1, plan.capacity))
    shards = max(1, (plan.capacity + shardRows - 1) / shardRows)
    let width = plan.buffers.reduce(0) { $1.isByRow ? $0 + $1.width : $0 }
    let rowBytes = max(1, plan.memory.rowWidth > 0 ? plan.memory.rowWidth : width) * bytesEach
    let blockBytes = Sharding.blockBytes(plan.purpose, weightBytes: parameters.multipliedOrMost(bytesEach))
    let mostRows = min(shardRows, max(atOnce, blockBytes / rowBytes))
    // Blocks of about as many rows each: a few that are left take almost as long as many.
    let blocks = (shardRows + mostRows - 1) / mostRows
    blockRows = min(shardRows, ((shardRows + blocks - 1) / blocks + atOnce - 1) / atOnce * atOnce)
    endingRows = min(shardRows, max(blockRows, Sharding.endingBytes / rowBytes))
  }

  /// How many shards so many rows make.
  func shards(of rows: Int) -> Int { (rows + shardRows - 1) / shardRows }

  /// The rows of a shard.
  func rows(of shard: Int, outOf rows: Int) -> Range<Int> {
    shard * shardRows..<min((shard + 1) * shardRows, rows)
  }
}

/// What goes between processes while they run a plan. All of it stands where it is wanted in the end: nothing is copied
/// but by the messages themselves.
extension PlanStorage {
  /// Messages to other processes, and from them.
  typealias Messages = (sent: [ProcessMessage], received: [ProcessMessage])

  /// Adds up what the shards of all processes have, each slice at one of them, and gives everybody the result.
  func addUp(_ sums: Sums, _ deal: ShardDeal, threads: Int) {
    guard !sums.isEmpty else { return }
    addUp(sums, deal.own, threads: threads)
    let scattered = scattering(sums, deal)
    deal.group.exchange(scattered.sent, scattered.received)
    addUpOwnSlices(of: sums, deal)
    let gathered = gathering(sums, deal)
    deal.group.exchange(gathered.sent, gathered.received)
  }

  /// What brings the sums that processes are left with to those who add them.
  func scattering(_ sums: Sums, _ deal: ShardDeal) -> Messages {
    let (group, slices) = (deal.group, sums.slices)
    return (
      group.others.flatMap { other in
        deal.partials[group.rank].flatMap { shard in
          slices[other].map { message(to: other, $0, shard) }
        }
      },
      group.others.flatMap { other in
        deal.partials[other].flatMap { shard in slices[group.rank].map { message(to: other, $0, shard) } }
      }
    )
  }

  /// Adds what has been brought to this process.
  func addUpOwnSlices(of sums: Sums, _ deal: ShardDeal) {
    for slice in sums.slices[deal.group.rank] { addUp(slice, deal.spanning) }
  }

  /// What gives everybody the whole sums.
  func gathering(_ sums: Sums, _ deal: ShardDeal) -> Messages {
    let (group, slices) = (deal.group, sums.slices)
    return (
      group.others.flatMap { other in slices[group.rank].map { message(to: other, $0, 0) } },
      group.others.flatMap { other in slices[other].map { message(to: other, $0, 0) } }
    )
  }

  private func message(to process: Int, _ part: SumPart, _ shard: Int) -> ProcessMessage {
    ProcessMessage(
      process: process, memory: part.address(shard) + part.numbers.lowerBound * bytesEach,
      bytes: part.numbers.count * bytesEach)
  }

  /// Gives every process the rows that the others have computed, of the buffers that somebody may want to read.
  func shareRows(_ sharding: Sharding, rows: Int, _ deal: ShardDeal) {
    shareEach(deal) { shards in
      let first = sharding.rows(of: shards.lowerBound, outOf: rows).lowerBound
      let end = sharding.rows(of: shards.upperBound - 1, outOf: rows).upperBound
      return readRows.map { memory, rowBytes in (memory.pointer + first * rowBytes, (end - first) * rowBytes)
      }
    }
  }

  /// Gives every process the losses of the others' shards, so many numbers a shard.
  func share(_ losses: UnsafeMutablePointer<Double>, of width: Int, _ deal: ShardDeal) {
    shareEach(deal) { shards in
      [
        (
          UnsafeMutableRawPointer(losses + shards.lowerBound * width),
          shards.count * width * MemoryLayout<Double>.size
        )
      ]
    }
  }

  private func shareEach(
    _ deal: ShardDeal, _ places: (Range<Int>) -> [(memory: UnsafeMutableRawPointer, bytes: Int)]
  ) {
    let group = deal.group
    let messages = deal.shares.map { $0.isEmpty ? [] : places($0) }
    func all(_ process: Int, from owner: Int) -> [ProcessMessage] {
      messages[owner].map { ProcessMessage(process: process, memory: $0.memory, bytes: $0.bytes) }
    }
    group.exchange(
      group.others.flatMap { all($0, from: group.rank) }, group.others.flatMap { all($0, from: $0) })
  }
}

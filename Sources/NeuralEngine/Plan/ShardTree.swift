/// The tree by which the sums of shards are added: neighbours first, then neighbours of those.
struct ShardTree {
  /// Two sums that become one, in place of the first.
  struct Pair: Equatable {
    /// The shards whose sums stand on either side, each by the first of them.
    let left: Int
    let right: Int
    /// All shards that have gone into the sum.
    let shards: Range<Int>
  }

  /// The pairs, each behind those that it needs.
  let pairs: [Pair]

  init(shards: Int) {
    var pairs: [Pair] = []
    var distance = 1
    while distance < shards {
      for left in stride(from: 0, to: shards - distance, by: 2 * distance) {
        pairs.append(
          Pair(left: left, right: left + distance, shards: left..<min(left + 2 * distance, shards)))
      }
      distance *= 2
    }
    self.pairs = pairs
  }
}

/// How the shards of a batch are dealt to processes, and which sums of the tree each of them makes.
struct ShardDeal {
  let group: any ProcessGroup
  /// The shards of each process, by rank.
  let shares: [Range<Int>]
  /// What this process adds up by itself.
  let own: [ShardTree.Pair]
  /// What is left to add once processes have exchanged their sums.
  let spanning: [ShardTree.Pair]
  /// The sums that each process is left with, by rank: the first shards of each.
  let partials: [[Int]]

  init(shards: Int, _ group: any ProcessGroup) {
    self.group = group
    let shares = (0..<group.count).map { rank in
      shards * rank / group.count..<shards * (rank + 1) / group.count
    }
    let tree = ShardTree(shards: shards)
    func isWithin(_ pair: ShardTree.Pair, _ share: Range<Int>) -> Bool {
      share.lowerBound <= pair.shards.lowerBound && pair.shards.upperBound <= share.upperBound
    }
    self.shares = shares
    own = tree.pairs.filter { isWithin($0, shares[group.rank]) }
    spanning = tree.pairs.filter { pair in !shares.contains { isWithin(pair, $0) } }
    partials = shares.map { share in
      let added = Set(tree.pairs.filter { isWithin($0, share) }.map(\.right))
      return share.filter { !added.contains($0) }
    }
  }

  /// The shards of this process.
  var share: Range<Int> { shares[group.rank] }
}

extension ProcessGroup {
  /// Tells the user where a training has less to share than there are processes.
  func noteShards(_ shards: Int, rows: Int) {
    guard shards < count else { return }
    let batch = "A batch of \(rows) row\(rows == 1 ? "" : "s")"
    let more = shards < Sharding.mostShards ? " A larger batch= has more, up to \(Sharding.mostShards)." : ""
    if shards == 1 {
      note(
        "\(batch) is too little work for this network to be shared: each of the \(count) processes computes all of it, and none is faster than one alone."
      )
    } else {
      let idle = count - shards
      note(
        "\(batch) has \(shards) shards for \(count) processes: \(idle) of them \(idle == 1 ? "has" : "have") nothing to compute.\(more)"
      )
    }
  }
}

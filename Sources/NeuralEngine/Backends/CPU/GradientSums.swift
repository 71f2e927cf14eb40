internal import Synchronization

/// The sums of gradients over the shards of all processes, which go on while the way back is still computed.
///
/// Whoever finishes a shard's gradients adds them to its neighbour's if those are finished too, and so on up the tree. What a
/// process is left with then travels in two exchanges, as ``PlanStorage`` has them; all messages are made ready once.
final class GradientSums: @unchecked Sendable {
  private let storage: PlanStorage
  private let deal: ShardDeal
  private let stages: [Stage]
  /// For each shard of this process, and for each pair that it adds, the pair that the sum goes into next.
  private let pairOfShard: [Int?]
  private let pairOfPair: [Int?]
  /// Stages that are not over in this batch.
  private var open = 0

  private final class Stage: @unchecked Sendable {
    enum State {
      case computed
      case scattered
      case gathered
      case over
    }

    let sums: PlanStorage.Sums
    let scattering: any ProcessExchange
    let gathering: any ProcessExchange
    /// For each pair how many of its two sums are there.
    let arrived: [Counter]
    /// How many of the sums are there that this process is left with.
    let left = Counter()
    var state = State.over

    init(_ sums: PlanStorage.Sums, number: Int, _ storage: PlanStorage, _ deal: ShardDeal) {
      self.sums = sums
      let (scattered, gathered) = (storage.scattering(sums, deal), storage.gathering(sums, deal))
      scattering = deal.group.prepare(scattered.sent, scattered.received, channel: 2 * number + 1)
      gathering = deal.group.prepare(gathered.sent, gathered.received, channel: 2 * number + 2)
      arrived = deal.own.map { _ in Counter() }
    }
  }

  private final class Counter: Sendable {
    let value = Atomic(0)
  }

  /// Makes everything ready.
  ///
  /// - Parameter sums: what is added up in each stage.
  init(_ sums: [PlanStorage.Sums], _ storage: PlanStorage, _ deal: ShardDeal) {
    self.storage = storage
    self.deal = deal
    stages = sums.enumerated().map { Stage($1, number: $0, storage, deal) }
    var ofPair = [Int?](repeating: nil, count: deal.own.count)
    var ofShard = [Int?](repeating: nil, count: deal.share.upperBound)
    // The pair whose sum stands in a shard's place; none where the shard's own does.
    var holder = ofShard
    for (number, pair) in deal.own.enumerated() {
      for shard in [pair.left, pair.right] {
        if let held = holder[shard] { ofPair[held] = number } else { ofShard[shard] = number }
      }
      holder[pair.left] = number
    }
    (pairOfShard, pairOfPair) = (ofShard, ofPair)
  }

  /// A batch begins.
  func begin() {
    open = stages.count
    for stage in stages {
      for counter in stage.arrived { counter.value.store(0, ordering: .relaxed) }
      stage.left.value.store(0, ordering: .relaxed)
      stage.state = .computed
    }
  }

  /// The gradients of a stage are finished in a shard of this process. Any thread may say so.
  func finished(_ number: Int, shard: Int) {
    let stage = stages[number]
    var next = pairOfShard[shard]
    while let pair = next {
      // The other sum is not there yet; whoever finishes it goes on.
      if stage.arrived[pair].value.add(1, ordering: .acquiringAndReleasing).oldValue == 0 { return }
      storage.addUp(stage.sums, deal.own[pair])
      next = pairOfPair[pair]
    }
    stage.left.value.add(1, ordering: .releasing)
  }

  /// Lets messages travel on, and begins those whose sums are there. Only the thread that talks to other processes calls it.
  func advance() {
    guard open > 0 else { return }
    let wanted = deal.partials[deal.group.rank].count
    for stage in stages {
      switch stage.state {
      case .computed:
        guard stage.left.value.load(ordering: .acquiring) == wanted else { continue }
        stage.scattering.start()
        stage.state = .scattered
      case .scattered:
        guard stage.scattering.isDone() else { continue }
        storage.addUpOwnSlices(of: stage.sums, deal)
        stage.gathering.start()
        stage.state = .gathered
      case .gathered:
        guard stage.gathering.isDone() else { continue }
        stage.state = .over
        open -= 1
      case .over: continue
      }
    }
  }

  /// Waits until everybody has all sums.
  func finish() { while open > 0 { advance() } }
}

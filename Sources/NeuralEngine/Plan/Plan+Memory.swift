import Foundations

extension Plan {
  /// How many numbers a row takes while it goes through the plan, all buffers that are kept apart counted.
  var numbersPerRow: Int {
    let alone = memory.shared.filter { memory.slots[$0] == nil }.map { buffers[$0.number] }
    let widths = alone.filter(\.isByRow).map(\.width) + memory.slotExtents.map { PlanBuffer("", $0).width }
    return widths.reduce(memory.rowWidth, +)
  }

  /// How many numbers all rows take, or the most there are.
  var numbers: Int { capacity.multipliedOrMost(numbersPerRow) }

  /// Refuses a plan that memory cannot hold, before anything is allocated.
  ///
  /// - Throws: `too-large`.
  func checkMemory(bytesEach: Int, parameters: Int) throws(CodedError) {
    try MemoryLimit.check(
      [capacity, numbersPerRow], bytesEach: bytesEach,
      for: "A batch of \(capacity) rows through this network")
    let sharding = Sharding(self, parameters: parameters, bytesEach: bytesEach)
    try MemoryLimit.check(
      [sharding.shards, parameters], bytesEach: bytesEach,
      for: "The gradients of \(sharding.shards) shards of this network")
  }
}

/// Plans for sequences are as many as these have lengths. They are kept while all of them take no more than a few of the largest
/// do, or little.
enum PlanRoom {
  private static let mostNumbers = 1 << 22
  private static let largest = 3

  /// How many plans can stay beside a new one.
  ///
  /// - Parameters:
  ///   - sizes: how many numbers each holds, the one that was used last first.
  ///   - numbers: how many the new one holds.
  ///   - most: how many may stay however small they are.
  static func kept(of sizes: [Int], besides numbers: Int, atMost most: Int) -> Int {
    let room = max(mostNumbers, max(numbers, sizes.max() ?? 0).multipliedOrMost(largest))
    var total = numbers
    var kept = 0
    while kept < sizes.count, kept < most, total <= room - sizes[kept] {
      total += sizes[kept]
      kept += 1
    }
    return kept
  }
}

extension NetworkGraph {
  /// How many steps a row has in an account of a network that takes any number.
  package static var summarySteps: Int { 100 }

  /// How many numbers a row takes while the network is trained: its values, their gradients, and what is kept for the way
  /// back. 0 while the network is not complete.
  package var trainingNumbersPerRow: Int {
    let loss = Loss.fitting(outputs.last?.activation ?? .linear)
    guard let layout = try? ParameterLayout(self),
      let plan = try? Plan(
        filled(steps: NetworkGraph.summarySteps), layout, purpose: .training(.loss(loss), isTraining: true),
        capacity: 2)
    else { return 0 }
    return plan.numbersPerRow
  }
}

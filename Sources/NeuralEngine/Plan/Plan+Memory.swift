extension Plan {
  /// How many numbers a row takes while it goes through the plan, all buffers that are kept apart counted.
  var numbersPerRow: Int {
    buffers.indices.reduce(memory.rowWidth) { sum, number in
      let buffer = buffers[number]
      return buffer.isByRow && memory.shared.contains(BufferID(number: number)) ? sum + buffer.width : sum
    }
  }

  /// Refuses a plan that memory cannot hold, before anything is allocated.
  ///
  /// - Throws: `too-large`.
  func checkMemory(bytesEach: Int, parameters: Int) throws(EngineError) {
    try MemoryLimit.check(
      [capacity, numbersPerRow], bytesEach: bytesEach,
      for: "A batch of \(capacity) rows through this network")
    let sharding = Sharding(self, parameters: parameters, bytesEach: bytesEach)
    try MemoryLimit.check(
      [sharding.shards, parameters], bytesEach: bytesEach,
      for: "The gradients of \(sharding.shards) shards of this network")
  }
}

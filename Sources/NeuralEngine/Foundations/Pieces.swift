/// Work cut into ranges for several threads. No result may depend on where the cuts are.
enum Pieces {
  /// How many numbers a thread should have to go through, so that starting it pays.
  static let leastNumbers = 1 << 17

  /// How many pieces `count` items make, of `cost` numbers each.
  static func count(of count: Int, costing cost: Int = 1) -> Int {
    let (work, overflows) = count.multipliedReportingOverflow(by: cost)
    return max(1, min(WorkerPool.processors, count, (overflows ? .max : work) / leastNumbers))
  }

  /// How many pieces `count` items make that are `work` in all, `least` of it each.
  static func count(of count: Int, work: Double, least: Int) -> Int {
    max(1, Int(min(Double(min(WorkerPool.processors, count)), work / Double(least))))
  }

  /// How many numbers a thread goes through before it asks whether to stop: a few milliseconds.
  private static let mostNumbers = 1 << 21

  /// Calls `body` for ranges that together are 0..<`count`, at once on several threads where that pays. Some are left out
  /// once the work is to stop; see ``Cancellation``.
  ///
  /// - Parameters:
  ///   - cost: how many numbers there are to go through for one of `count`.
  ///   - body: what may run for different ranges at the same time: it writes nothing that two ranges share.
  @inline(__always)
  static func forEach(of count: Int, costing cost: Int = 1, _ body: (Range<Int>) -> Void) {
    if count &* cost < 2 * leastNumbers, count < 2 * leastNumbers { return body(0..<count) }
    forEachPart(
      of: count, most: max(64, mostNumbers / max(1, cost)), in: self.count(of: count, costing: cost), body)
  }

  /// Calls `body` for parts of at most `most` items of `pieces` ranges.
  @inline(never)
  static func forEachPart(of count: Int, most: Int, in pieces: Int, _ body: (Range<Int>) -> Void) {
    let isCancelled = Cancellation.isRequested
    forEach(of: count, in: pieces) { _, range in
      var start = range.lowerBound
      while start < range.upperBound, !isCancelled() {
        let end = min(start + most, range.upperBound)
        body(start..<end)
        start = end
      }
    }
  }

  /// Calls `body` for each of `pieces` ranges and its number.
  @inline(never)
  static func forEach(of count: Int, in pieces: Int, _ body: (Int, Range<Int>) -> Void) {
    let even = (count + pieces - 1) / pieces
    // Up to 63 more keep vectors and cache lines whole.
    let length = even > 64 ? (even + 63) / 64 * 64 : even
    WorkerPool.shared.run(parts: pieces, threads: pieces) { piece, _ in
      let start = min(piece * length, count)
      body(piece, start..<min(start + length, count))
    }
  }
}

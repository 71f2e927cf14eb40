import Foundations

/// Rows of equally many steps that stand one after the other in an order.
struct LengthGroup {
  /// Their places in the order.
  let places: Range<Int>
  /// How many steps each has.
  let steps: Int

  /// How many rows a plan for them takes: the next power of two, so that groups of about the same size share a plan.
  func capacity(atMost most: Int) -> Int {
    var capacity = 1
    while capacity < places.count { capacity *= 2 }
    return max(places.count, min(capacity, most))
  }
}

extension SequenceSteps {
  /// The rows between some places of an order, in runs of equal length.
  ///
  /// - Parameter most: the most rows that a run of so many steps may have.
  func groups(of order: RowOrder, _ places: Range<Int>, atMost most: (Int) -> Int) -> [LengthGroup] {
    var groups: [LengthGroup] = []
    var start = places.lowerBound
    while start < places.upperBound {
      let steps = length(ofRow: order[start])
      var end = start + 1
      while end < places.upperBound, end - start < most(steps), length(ofRow: order[end]) == steps {
        end += 1
      }
      groups.append(LengthGroup(places: start..<end, steps: steps))
      start = end
    }
    return groups
  }

  /// Rows by their lengths, those of equal length in the order given.
  func byLength(_ rows: some Sequence<Int>) -> [Int] {
    rows.enumerated().sorted {
      let (a, b) = (length(ofRow: $0.element), length(ofRow: $1.element))
      return a == b ? $0.offset < $1.offset : a < b
    }.map(\.element)
  }

  /// How many batches are put in order by length together when rows are shuffled: their batches then have few lengths, and rows
  /// still meet others in each epoch.
  private static var batchesAtOnce: Int { 16 }

  /// Rows in batches of few lengths: the order is random from one stretch of some batches to the next, and within it rows of
  /// similar length share a batch. The batches of all stretches are shuffled then.
  ///
  /// - Parameters:
  ///   - rows: the rows, shuffled.
  ///   - batch: how many rows a batch has; the last one may have fewer, which are any of its stretch.
  package func gathered(_ rows: [Int], batch: Int, random: inout RandomStream) -> [Int] {
    var full: [ArraySlice<Int>] = []
    var last: ArraySlice<Int> = []
    let stretch = batch * SequenceSteps.batchesAtOnce
    for start in stride(from: 0, to: rows.count, by: stretch) {
      var sorted = byLength(rows[start..<min(start + stretch, rows.count)])
      let left = sorted.count % batch
      if left > 0 {
        let place = random.below(sorted.count / batch + 1) * batch
        last = sorted[place..<place + left]
        sorted.removeSubrange(place..<place + left)
      }
      full += stride(from: 0, to: sorted.count, by: batch).map { sorted[$0..<$0 + batch] }
    }
    random.shuffle(&full)
    return full.flatMap(\.self) + last
  }

  /// Rows in batches as they stand, each of them in the order of its lengths.
  package func sortedWithin(batch: Int, _ rows: [Int]) -> [Int] {
    stride(from: 0, to: rows.count, by: batch).flatMap { start in
      byLength(rows[start..<min(start + batch, rows.count)])
    }
  }
}

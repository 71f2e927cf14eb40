internal import CKernels
import Foundations

/// Sorting of rows: -0 before 0, NaN last.
enum SortingKernels {
  /// The rows of a tensor, its last axis, each in ascending order.
  static func sortRows(_ a: borrowing Tensor) -> Tensor {
    let dimensions = a.dimensions
    let count = a.count
    let isBoolean = a.isBoolean
    let width = dimensions[dimensions.rank - 1]
    return a.withNumbers { a in
      Tensor(dimensions, count: count, isBoolean: isBoolean) { out in
        guard width > 0 else { return }
        if Pieces.count(of: width) > 1 {
          NumberBlock.withScratch(width) { scratch in
            for row in 0..<count / width {
              sortRow(a + row * width, width, into: out + row * width, scratch: scratch)
            }
          }
        } else {
          Pieces.forEach(of: count / width, costing: width) { rows in
            NumberBlock.withScratch(width) { scratch in
              for row in rows { Kernels64.arrays.sort(a + row * width, out + row * width, scratch, width) }
            }
          }
        }
      }
    }
  }

  /// How many numbers are sorted between two looks at whether to stop; see ``Cancellation``.
  private static let mostAtOnce = 1 << 22

  /// One row, by several threads where that pays.
  private static func sortRow(
    _ a: UnsafePointer<Double>, _ count: Int, into out: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Double>
  ) {
    guard Pieces.count(of: count) > 1 else { return Kernels64.arrays.sort(a, out, scratch, count) }
    // Nothing reads what has not been sorted.
    guard let sorted = sortNumbers(a, count, into: out, scratch: scratch) else { return }
    Kernels64.arrays.sort_rest(out, sorted.count, count, sorted.negativeZeros)
  }

  /// What is sorted of an array: its numbers without NaN, of which -0 may stand among the 0.
  private struct SortedNumbers {
    var count: Int
    var negativeZeros: Int
  }

  /// Both halves, and then both halves of what they merge to, two at once each time; nil if the work is to stop.
  private static func sortNumbers(
    _ a: UnsafePointer<Double>, _ count: Int, into out: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Double>
  ) -> SortedNumbers? {
    if Cancellation.isRequested() { return nil }
    let middle = count / 2
    guard
      let halves = sortHalves(a, middle, count, into: scratch, scratch: out),
      // What is not sorted cannot be divided by order.
      !Cancellation.isRequested()
    else { return nil }
    merge(scratch, halves.0.count, scratch + middle, halves.1.count, into: out)
    return SortedNumbers(
      count: halves.0.count + halves.1.count, negativeZeros: halves.0.negativeZeros + halves.1.negativeZeros)
  }

  /// The two halves of an array, each from where it begins in `out`.
  private static func sortHalves(
    _ a: UnsafePointer<Double>, _ middle: Int, _ count: Int, into out: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Double>
  ) -> (SortedNumbers, SortedNumbers)? {
    if count > mostAtOnce {
      guard
        let lower = sortNumbers(a, middle, into: out, scratch: scratch),
        let upper = sortNumbers(a + middle, count - middle, into: out + middle, scratch: scratch + middle)
      else { return nil }
      return (lower, upper)
    }
    return withUnsafeTemporaryAllocation(of: SortedNumbers.self, capacity: 2) { halves in
      Pieces.forEach(of: 2, in: 2) { _, numbers in
        for half in numbers {
          let start = half * middle
          var zeros = 0
          let found = Kernels64.arrays.sort_numbers(
            a + start, out + start, scratch + start, half == 0 ? middle : count - middle, &zeros)
          halves.initializeElement(at: half, to: SortedNumbers(count: found, negativeZeros: zeros))
        }
      }
      return (halves[0], halves[1])
    }
  }

  /// Two sorted arrays without NaN as one.
  private static func merge(
    _ a: UnsafePointer<Double>, _ aCount: Int, _ b: UnsafePointer<Double>, _ bCount: Int,
    into out: UnsafeMutablePointer<Double>
  ) {
    let kernels = Kernels64.arrays
    let middle = (aCount + bCount) / 2
    let fromA = kernels.merge_split(a, aCount, b, bCount, middle)
    let fromB = middle - fromA
    Pieces.forEach(of: 2, in: 2) { _, halves in
      for half in halves {
        if half == 0 {
          kernels.merge(a, fromA, b, fromB, out)
        } else {
          kernels.merge(a + fromA, aCount - fromA, b + fromB, bCount - fromB, out + middle)
        }
      }
    }
  }

  /// The places of a tensor's elements with each row of the last axis in ascending order, equal elements in their own.
  ///
  /// - Throws: `too-large`; `interrupted`, since half an order has places that are none.
  static func orderOfRows(_ a: borrowing Tensor) throws -> PlaceList {
    let count = a.count
    let width = a.dimensions[a.dimensions.rank - 1]
    try MemoryLimit.reserve((count &+ 4 &* width) &* MemoryLayout<Double>.stride) {
      "The order of \(count) numbers"
    }
    return try a.withNumbers { a in
      try PlaceList(count: count) { places in
        guard width > 0 else { return }
        try NumberBlock.withScratch(4 * width) { scratch in
          for start in stride(from: 0, to: count, by: width) {
            let isDone = withUnsafePointer(to: Cancellation.isRequested) { question in
              Kernels64.arrays.sort_places(
                a + start, places + start, scratch, width, UnsafeMutableRawPointer(mutating: question)
              ) { $0.assumingMemoryBound(to: Cancellation.Question.self).pointee() }
            }
            guard isDone else {
              throw CodedError(.interrupted, "This was stopped before the order was found.")
            }
            for i in start..<start + width { places[i] += start }
          }
        }
      }
    }
  }

  /// The different elements of a tensor in ascending order along one axis, NaN once.
  static func unique(_ a: borrowing Tensor) -> Tensor {
    let count = a.count
    let isBoolean = a.isBoolean
    return a.withNumbers { a in
      NumberBlock.withScratch(count) { different in
        NumberBlock.withScratch(count) { sorted in
          // The table takes longer to clear than a few numbers to sort.
          let isLong = count > Int(NBS_DIFFERENT_TABLE)
          let few = isLong ? withoutRepeats(a, count, into: different) : count
          NumberBlock.withScratch(few) {
            sortRow(isLong ? UnsafePointer(different) : a, few, into: sorted, scratch: $0)
          }
          let found = Kernels64.arrays.unique(sorted, few, different)
          return Tensor(Dimensions([found]), count: found, isBoolean: isBoolean) { out in
            out.update(from: different, count: found)
          }
        }
      }
    }
  }

  /// Copies each number of an array at least once; few more often, if it has few different ones.
  ///
  /// - Returns: how many are copied.
  private static func withoutRepeats(
    _ a: UnsafePointer<Double>, _ count: Int, into out: UnsafeMutablePointer<Double>
  ) -> Int {
    let pieces = max(Pieces.count(of: count), count / mostAtOnce)
    let isCancelled = Cancellation.isRequested
    return withUnsafeTemporaryAllocation(of: Range<Int>.self, capacity: pieces) { found in
      found.initialize(repeating: 0..<0)
      Pieces.forEach(of: count, in: pieces) { piece, range in
        if isCancelled() { return }
        NumberBlock.withScratch(Int(NBS_DIFFERENT_TABLE)) { table in
          let start = range.lowerBound
          let copied = Kernels64.arrays.different(a + start, range.count, out + start, table)
          found[piece] = start..<start + copied
        }
      }
      var end = 0
      for range in found {
        (out + end).update(from: out + range.lowerBound, count: range.count)
        end += range.count
      }
      return end
    }
  }
}

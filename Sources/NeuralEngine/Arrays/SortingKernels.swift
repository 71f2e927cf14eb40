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
              sortLong(a + row * width, width, into: out + row * width, scratch: scratch)
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

  /// Both halves, and then both halves of what they merge to, two at once each time.
  private static func sortLong(
    _ a: UnsafePointer<Double>, _ count: Int, into out: UnsafeMutablePointer<Double>,
    scratch sorted: UnsafeMutablePointer<Double>
  ) {
    if Cancellation.isRequested() { return }
    let middle = count / 2
    if count > mostAtOnce {
      sortLong(a, middle, into: sorted, scratch: out)
      sortLong(a + middle, count - middle, into: sorted + middle, scratch: out + middle)
      // What is not sorted cannot be divided by order.
      if Cancellation.isRequested() { return }
    } else {
      Pieces.forEach(of: 2, in: 2) { _, halves in
        for half in halves {
          let start = half * middle
          Kernels64.arrays.sort(a + start, sorted + start, out + start, half == 0 ? middle : count - middle)
        }
      }
    }
    merge(sorted, middle, count, into: out)
  }

  /// The two sorted parts of a row, up to `middle` and from there, as one.
  private static func merge(
    _ sorted: UnsafePointer<Double>, _ middle: Int, _ count: Int, into out: UnsafeMutablePointer<Double>
  ) {
    let upper = sorted + middle
    let split = Kernels64.arrays.merge_split(sorted, middle, upper, count - middle, middle)
    Pieces.forEach(of: 2, in: 2) { _, halves in
      for half in halves {
        if half == 0 {
          Kernels64.arrays.merge(sorted, split, upper, middle - split, out)
        } else {
          Kernels64.arrays.merge(
            sorted + split, middle - split, upper + (middle - split), count - 2 * middle + split,
            out + middle)
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

  /// The different elements of a sorted tensor of one axis, NaN once.
  static func unique(_ sorted: borrowing Tensor) -> Tensor {
    let count = sorted.count
    let isBoolean = sorted.isBoolean
    return sorted.withNumbers { sorted in
      NumberBlock.withScratch(count) { different in
        let found = Kernels64.arrays.unique(sorted, count, different)
        return Tensor(Dimensions([found]), count: found, isBoolean: isBoolean) { out in
          out.update(from: different, count: found)
        }
      }
    }
  }
}

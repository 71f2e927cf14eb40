internal import CKernels

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
          for row in 0..<count / width { sortLong(a + row * width, width, into: out + row * width) }
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

  /// Both halves at once, and then both halves of what they merge to.
  private static func sortLong(
    _ a: UnsafePointer<Double>, _ count: Int, into out: UnsafeMutablePointer<Double>
  ) {
    let middle = count / 2
    NumberBlock.withScratch(count) { sorted in
      Pieces.forEach(of: 2, in: 2) { _, halves in
        for half in halves {
          let start = half * middle
          Kernels64.arrays.sort(a + start, sorted + start, out + start, half == 0 ? middle : count - middle)
        }
      }
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
  }

  /// The places of a tensor's elements with each row of the last axis in ascending order, equal elements in their own.
  static func orderOfRows(_ a: borrowing Tensor) -> PlaceList {
    let count = a.count
    let width = a.dimensions[a.dimensions.rank - 1]
    return a.withNumbers { a in
      PlaceList(count: count) { places in
        guard width > 0 else { return }
        NumberBlock.withScratch(4 * width) { scratch in
          for start in stride(from: 0, to: count, by: width) {
            Kernels64.arrays.sort_places(a + start, places + start, scratch, width)
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

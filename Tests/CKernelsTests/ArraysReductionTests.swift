import CKernels
import Testing

/// Sums, extremes and running sums: the same bits at all levels, in the shape that is promised.
@Suite struct ArraysReductionTests {
  /// The sum as kernels_arrays.h describes it.
  private func sum<Number: KernelNumber>(_ x: ArraySlice<Number>) -> Number {
    if x.count < 16 { return x.reduce(0, +) }
    let blocks = stride(from: x.startIndex, to: x.endIndex, by: 256).map { start in
      let block = Array(x[start..<min(start + 256, x.endIndex)])
      if block.count < 16 { return block.reduce(0, +) }
      var lanes = (0..<16).map { lane in
        stride(from: lane, to: block.count, by: 16).reduce(0) { $0 + block[$1] }
      }
      while lanes.count > 1 { lanes = (0..<lanes.count / 2).map { lanes[$0] + lanes[$0 + lanes.count / 2] } }
      return lanes[0]
    }
    return tree(blocks)
  }

  /// Pairs of neighbours, then pairs of those; one that has no neighbour waits.
  private func tree<Number: KernelNumber>(_ sums: [Number]) -> Number {
    var sums = sums
    while sums.count > 1 {
      sums = stride(from: 0, to: sums.count, by: 2).map {
        $0 + 1 < sums.count ? sums[$0] + sums[$0 + 1] : sums[$0]
      }
    }
    return sums.first ?? 0
  }

  @Test(arguments: arrayLengths + [256 * 7 + 3])
  func rowsAreSummedInTheirShape(_ count: Int) {
    checkRows(Double.self, count)
    checkRows(Float.self, count)
  }

  private func checkRows<Number: KernelNumber>(_: Number.Type, _ count: Int) {
    let x: [Number] = sampleNumbers(3 * count)
    let result: [Number]? = atAllLevels(3, from: 5) { kernels, y in kernels.sum_rows(x, 3, count, y, false) }
    let expected = (0..<3).map { sum(x[$0 * count..<($0 + 1) * count]) }
    #expect(result == expected)
    let more: [Number]? = atAllLevels(3, from: 5) { kernels, y in kernels.sum_rows(x, 3, count, y, true) }
    #expect(more == expected.map { 5 + $0 })
    let withSpecial: [Number] = sampleNumbers(3 * count, special: true)
    let sums: [Number]? = atAllLevels(3) { kernels, y in kernels.sum_rows(withSpecial, 3, count, y, false) }
    #expect(sums != nil)
  }

  @Test(arguments: [1, 511, 512, 513, 1024, 2500, 7000])
  func partsOfARowMakeItsSum(_ count: Int) {
    let x: [Double] = sampleNumbers(count)
    let whole: [Double]? = atAllLevels(1) { kernels, y in kernels.sum_rows(x, 1, count, y, false) }
    let parted: [Double]? = atAllLevels(1) { kernels, y in
      let starts = Array(stride(from: 0, to: count, by: 512))
      var sums = [Double](repeating: 0, count: starts.count)
      x.withUnsafeBufferPointer { x in
        for (i, start) in starts.enumerated() {
          kernels.sum_rows(x.baseAddress.map { $0 + start }, 1, min(512, count - start), &sums[i], false)
        }
      }
      kernels.sum_tree(sums, sums.count, y)
    }
    #expect(whole == parted)
  }

  @Test(arguments: [(1, 5), (4, 9), (7, 1030), (5, 64), (0, 3), (9, 1)])
  func columnsAreSummedInOrder(_ rows: Int, _ width: Int) {
    let stride = width + 2
    let x: [Double] = sampleNumbers(rows * stride)
    let result: [Double]? = atAllLevels(width, from: 3) { kernels, y in
      kernels.sum_columns(x, stride, rows, width, y, false)
      kernels.sum_columns(x, stride, rows, width, y, true)
    }
    let twice = (0..<2 * rows).map { $0 % max(rows, 1) }
    #expect(result == (0..<width).map { column in twice.reduce(0) { $0 + x[$1 * stride + column] } })
  }

  /// The place of the extreme of numbers, one by one.
  private func extreme(_ x: [Double], largest: Bool) -> Int {
    if let missing = x.firstIndex(where: \.isNaN) { return missing }
    return x.indices.reduce(0) { (largest ? x[$1] > x[$0] : x[$1] < x[$0]) ? $1 : $0 }
  }

  @Test(arguments: arrayLengths.filter { $0 > 0 }, [true, false])
  func extremesOfRows(_ count: Int, _ largest: Bool) {
    for (seed, special) in [(1, false), (2, true), (3, true)] as [(UInt64, Bool)] {
      // Without NaN in the second case, but with zeros of both signs.
      var x: [Double] = sampleNumbers(2 * count, seed: seed, special: special)
      if seed == 2 { x = x.map { $0.isNaN || abs($0) > 0 ? -0.0 : $0 } }
      let places = (0..<2).map { extreme(Array(x[$0 * count..<($0 + 1) * count]), largest: largest) }
      let found: [Double]? = atAllLevels(4) { kernels, y in
        kernels.extremes_of_rows(largest, x, 2, count, y, y + 2)
      }
      let values = (0..<2).map { x[$0 * count + places[$0]] }
      #expect(found.map { haveSameBits($0, values + places.map(Double.init)) } == true)
    }
  }

  @Test(arguments: [(1, 5), (2, 9), (11, 1100), (6, 64), (9, 1)], [true, false])
  func extremesOfColumns(_ shape: (rows: Int, width: Int), _ largest: Bool) {
    let (rows, width) = shape
    for special in [false, true] {
      let x: [Double] = sampleNumbers(rows * width, seed: 4, special: special)
      let places = (0..<width).map { column in
        extreme((0..<rows).map { x[$0 * width + column] }, largest: largest)
      }
      let values = (0..<width).map { x[places[$0] * width + $0] }
      let found: [Double]? = atAllLevels(3 * width) { kernels, y in
        kernels.extremes_of_columns(largest, x, width, rows, width, y, y + width)
        kernels.extremes_of_columns(largest, x, width, rows, width, y + 2 * width, nil)
      }
      #expect(found.map { haveSameBits($0, values + places.map(Double.init) + values) } == true)
    }
  }

  @Test(arguments: [(1, 0, 1), (2, 9, 1), (2, 5, 17), (1, 1, 3)], [false, true])
  func runningSumsGoInOrder(_ shape: (outer: Int, length: Int, inner: Int), _ backwards: Bool) {
    let (outer, length, inner) = shape
    let x: [Double] = sampleNumbers(outer * length * inner)
    let result: [Double]? = atAllLevels(x.count) { kernels, y in
      kernels.running_sums(x, y, outer, length, inner, backwards)
    }
    var expected = x
    for block in 0..<outer {
      for step in stride(from: 1, to: length, by: 1) {
        let row = block * length + (backwards ? length - 1 - step : step)
        for i in 0..<inner { expected[row * inner + i] += expected[(row + (backwards ? 1 : -1)) * inner + i] }
      }
    }
    #expect(result == expected)
  }
}

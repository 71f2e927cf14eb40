import CKernels
import Testing

/// Moving numbers: by layouts, lists, masks.
@Suite struct ArraysLayoutTests {
  /// Lengths, strides and where the first number stands.
  struct Layout: Sendable {
    let lengths: [Int]
    let strides: [Int]
    let first: Int

    init(_ lengths: [Int], _ strides: [Int], from first: Int = 0) {
      (self.lengths, self.strides, self.first) = (lengths, strides, first)
    }

    /// Calls `body` with the layout as kernels take it.
    func withKernelLayout(_ body: (nbs_layout) -> Void) {
      lengths.withUnsafeBufferPointer { lengths in
        strides.withUnsafeBufferPointer { strides in
          body(nbs_layout(rank: lengths.count, lengths: lengths.baseAddress, strides: strides.baseAddress))
        }
      }
    }

    /// Where each number stands, in row-major order.
    var places: [Int] {
      zip(lengths, strides).reduce([first]) { places, axis in
        places.flatMap { place in (0..<axis.0).map { place + $0 * axis.1 } }
      }
    }
  }

  static let layouts: [Layout] = [
    .init([], []), .init([100], [1]), .init([100], [-1], from: 99), .init([33], [3]), .init([0], [1]),
    .init([13, 7], [1, 13]), .init([40, 30], [1, 40]), .init([16, 24], [1, 16]),
    .init([3, 5, 7], [1, 21, 3]),
    .init([4, 1, 5], [5, 9, 1]), .init([9, 4, 10], [40, 1, 4]), .init([8, 9, 10], [1, 80, 8]),
    .init([10, 8, 9], [1, 90, 10]), .init([5, 4], [-8, 2], from: 32), .init([6, 3, 2], [7, 0, 1]),
    .init([2, 3, 2, 5], [60, 4, 30, 1]),
  ]

  @Test(arguments: layouts)
  func layoutsAreReadAndWritten(_ layout: Layout) {
    check(Double.self, layout)
    check(Float.self, layout)
  }

  private func check<Number: KernelNumber>(_: Number.Type, _ layout: Layout) {
    let x: [Number] = (0..<1300).map { Number($0) }
    let places = layout.places
    let gathered: [Number]? = atAllLevels(places.count) { kernels, y in
      x.withUnsafeBufferPointer { x in
        layout.withKernelLayout { kernels.gather_layout(x.baseAddress.map { $0 + layout.first }, $0, y) }
      }
    }
    #expect(gathered == places.map { x[$0] })
    guard !layout.strides.contains(0) else { return }
    let scattered: [Number]? = atAllLevels(1300, from: -1) { kernels, y in
      layout.withKernelLayout { kernels.scatter_layout(x, $0, y + layout.first) }
    }
    var expected = [Number](repeating: -1, count: 1300)
    for (i, place) in places.enumerated() { expected[place] = x[i] }
    #expect(scattered == expected)
  }

  @Test(arguments: [1, 3, 70])
  func listsAreReadAndWritten(_ width: Int) {
    let x: [Double] = sampleNumbers(10 * width)
    let rows = [7, 0, 9, 7, 3]
    let places = rows.map { $0 * width }
    let gathered: [Double]? = atAllLevels(5 * width) { kernels, y in kernels.gather(x, places, 5, width, y) }
    #expect(gathered == takenRows(rows, of: x, width))
    let written: [Double]? = atAllLevels(10 * width) { kernels, y in kernels.scatter(x, places, 5, width, y) }
    let added: [Double]? = atAllLevels(10 * width) { kernels, y in kernels.scatter_add(x, places, 5, width, y)
    }
    var last = [Double](repeating: 0, count: 10 * width)
    var sums = last
    for (i, row) in rows.enumerated() {
      for c in 0..<width {
        last[row * width + c] = x[i * width + c]
        sums[row * width + c] += x[i * width + c]
      }
    }
    #expect(written == last)
    #expect(added == sums)
  }

  @Test func indexesBecomePlaces() {
    for kernels in arrayLevels(Double.self) {
      var places: [Int] = [100, 100, 100]
      #expect(kernels.find_places([2, -1, 0] as [Double], 3, 5, 10, &places, true) == 3)
      #expect(places == [120, 140, 100])
      #expect(kernels.find_places([-5, 4] as [Double], 2, 5, 3, &places, false) == 2)
      #expect(places == [0, 12, 100])
      for wrong in [0.5, 5, -6, .nan, .infinity, 1e300] {
        #expect(kernels.find_places([1, wrong] as [Double], 2, 5, 10, &places, true) == 1)
      }
    }
  }

  @Test(arguments: arrayLengths, [1, 3])
  func masksPickAndPut(_ count: Int, _ width: Int) {
    let mask: [Double] = sampleNumbers(count, seed: 6).map { $0 > 0 ? 1 : 0 }
    let rows = mask.indices.filter { mask[$0] != 0 }
    let x: [Double] = sampleNumbers(count * width)
    for kernels in arrayLevels(Double.self) {
      #expect(kernels.count_true(mask, count) == rows.count)
      var places = [Int](repeating: 0, count: rows.count)
      kernels.true_places(mask, rows.count, &places)
      #expect(places == rows)
    }
    let picked: [Double]? = atAllLevels(rows.count * width) { kernels, y in
      kernels.compress(mask, rows.count, x, width, y)
    }
    #expect(picked == takenRows(rows, of: x, width))
    let put: [Double]? = atAllLevels(count * width, from: -1) { kernels, y in
      kernels.expand(mask, rows.count, x, width, y)
    }
    var expected = [Double](repeating: -1, count: count * width)
    for (i, row) in rows.enumerated() {
      for c in 0..<width { expected[row * width + c] = x[i * width + c] }
    }
    #expect(put == expected)
  }

  @Test(arguments: [1, 4, 100])
  func rowsAreCopied(_ width: Int) {
    let x: [Double] = sampleNumbers(5 * width)
    let copied: [Double]? = atAllLevels(5 * (width + 2)) { kernels, y in
      kernels.copy_rows(x, width, y, width + 2, 5, width)
    }
    let expected: [Double] = (0..<5).flatMap { row in takenRows([row], of: x, width) + [0, 0] }
    #expect(copied == expected)
  }

  private func takenRows(_ rows: [Int], of numbers: [Double], _ width: Int) -> [Double] {
    rows.flatMap { row in numbers[row * width..<(row + 1) * width] }
  }
}

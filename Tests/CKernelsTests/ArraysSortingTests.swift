import CKernels
import Testing

/// Sorting against the standard library's.
@Suite struct ArraysSortingTests {
  /// -0 before 0, NaN last.
  private func precedes<Number: KernelNumber>(_ a: Number, _ b: Number) -> Bool {
    if a.isNaN || b.isNaN { return !a.isNaN }
    return a < b || (a == b && a.sign == .minus && b.sign == .plus)
  }

  private func comesBefore<Number: KernelNumber>(_ a: Number, _ b: Number) -> Bool {
    precedes(a, b) && !(a.isNaN && b.isNaN)
  }

  @Test(arguments: arrayLengths + [47, 48, 49], [false, true])
  func sortsLikeTheStandardLibrary(_ count: Int, _ special: Bool) {
    check(sampleNumbers(count, special: special) as [Double])
    check(sampleNumbers(count, special: special) as [Float])
    // Few digits that tell numbers apart, so that there are odd and even numbers of passes.
    check((0..<count).map { Double($0 * 7 % 5) })
    check((0..<count).map { Float($0 * 7 % 3) * 0.1 })
    check([Double](repeating: -3, count: count))
  }

  private func check<Number: KernelNumber>(_ x: [Number]) {
    let sorted: [Number]? = atAllLevels(x.count) { kernels, y in
      var scratch = x
      kernels.sort(x, y, &scratch, x.count)
    }
    // The standard library's sort keeps the order of equal ones.
    let order = x.indices.sorted { comesBefore(x[$0], x[$1]) }
    let expected = order.map { x[$0] }
    #expect(sorted.map { haveSameBits($0, expected) } == true)
    for kernels in arrayLevels(Number.self) {
      var places = [Int](repeating: 0, count: x.count)
      var scratch = [Int](repeating: 0, count: 4 * x.count)
      var isStopped = false
      let stops: @convention(c) (UnsafeMutableRawPointer) -> Bool = {
        $0.assumingMemoryBound(to: Bool.self).pointee
      }
      #expect(kernels.sort_places(x, &places, &scratch, x.count, &isStopped, stops))
      #expect(places == order)
      guard let first = expected.first, let last = expected.last, comesBefore(first, last) else { continue }
      isStopped = true
      #expect(!kernels.sort_places(x, &places, &scratch, x.count, &isStopped, stops))
    }
    checkUnique(expected)
  }

  private func checkUnique<Number: KernelNumber>(_ sorted: [Number]) {
    var expected: [Number] = []
    for number in sorted {
      if let last = expected.last, last == number || (last.isNaN && number.isNaN) { continue }
      expected.append(number)
    }
    for kernels in arrayLevels(Number.self) {
      var different = sorted
      let count = kernels.unique(sorted, sorted.count, &different)
      #expect(haveSameBits(Array(different.prefix(count)), expected))
    }
  }

  @Test(arguments: [(0, 0), (0, 5), (5, 0), (20, 30), (64, 1), (33, 33)])
  func mergesFromAnyPlaceOn(_ aCount: Int, _ bCount: Int) {
    let a: [Double] = sampleNumbers(aCount, special: true).sorted(by: comesBefore)
    let unsorted: [Double] = sampleNumbers(bCount, seed: 2, special: true)
    let b = unsorted.map { $0.rounded() }.sorted(by: comesBefore)
    let expected = (a + b).sorted(by: comesBefore)
    for count in 0...(aCount + bCount) {
      let merged: [Double]? = atAllLevels(aCount + bCount) { kernels, y in
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            let fromA = kernels.merge_split(a.baseAddress, aCount, b.baseAddress, bCount, count)
            let fromB = count - fromA
            kernels.merge(a.baseAddress, fromA, b.baseAddress, fromB, y)
            kernels.merge(
              a.baseAddress.map { $0 + fromA }, aCount - fromA, b.baseAddress.map { $0 + fromB },
              bCount - fromB,
              y + count)
          }
        }
      }
      #expect(merged.map { haveSameBits($0, expected) } == true)
    }
  }
}

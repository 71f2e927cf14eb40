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

  @Test(arguments: arrayLengths + [12, 13, 47, 48, 49, 128, 129, 513], [false, true])
  func sortsLikeTheStandardLibrary(_ count: Int, _ special: Bool) {
    check(sampleNumbers(count, special: special) as [Double])
    check(sampleNumbers(count, special: special) as [Float])
    // Few digits that tell numbers apart, so that the order by places has odd and even numbers of passes.
    check((0..<count).map { Double($0 * 7 % 5) })
    check((0..<count).map { Float($0 * 7 % 3) * 0.1 })
    check([Double](repeating: -3, count: count))
    // In order, from behind, and with runs that end long before the others do.
    check((0..<count).map { Double($0) - 100 })
    check((0..<count).map { -Double($0) })
    check((0..<count).map { Float($0 < count / 3 ? $0 + 1000 : $0 % 17) })
    // Zeros of both signs, and infinity, which also stands for numbers that are not there.
    check((0..<count).map { [-0.0, 0, 1][$0 % 3] })
    check((0..<count).map { [Float.infinity, .nan, -1, 2, -.infinity][$0 % 5] })
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

  @Test(arguments: [(0, 0), (0, 5), (5, 0), (20, 30), (64, 1), (33, 33), (3, 90), (150, 41)])
  func mergesFromAnyPlaceOn(_ aCount: Int, _ bCount: Int) {
    // Without NaN and -0, which merges do not know.
    let mergeable = { (x: [Double]) in x.map { $0.isNaN ? 1 : $0 + 0 }.sorted() }
    let a = mergeable(sampleNumbers(aCount, special: true))
    let b = mergeable((sampleNumbers(bCount, seed: 2, special: true) as [Double]).map { $0.rounded() })
    let expected = (a + b).sorted()
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

  /// Two halves with NaN and zeros of both signs, which are put right once they are one.
  @Test(arguments: [10, 100, 1000]) func sortsInParts(_ count: Int) {
    let x: [Double] = sampleNumbers(2 * count, special: true).map { abs($0) < 0.01 ? -$0 * 0 : $0 }
    let expected = x.sorted(by: comesBefore)
    let sorted: [Double]? = atAllLevels(x.count) { kernels, y in
      var halves = x
      var scratch = x
      var negativeZeros = 0
      halves.withUnsafeMutableBufferPointer { halves in
        guard let lower = halves.baseAddress else { return }
        let upper = lower + count
        let lowerCount = kernels.sort_numbers(x, lower, &scratch, count, &negativeZeros)
        let upperCount = x.withUnsafeBufferPointer {
          kernels.sort_numbers($0.baseAddress.map { $0 + count }, upper, &scratch, count, &negativeZeros)
        }
        kernels.merge(lower, lowerCount, upper, upperCount, y)
        kernels.sort_rest(y, lowerCount + upperCount, x.count, negativeZeros)
      }
    }
    #expect(sorted.map { haveSameBits($0, expected) } == true)
  }

  @Test(arguments: [0, 1, 20, 5000, 40_000]) func leavesOutWhatWasThere(_ count: Int) {
    for kinds in [3, 700, 30_000] {
      let x = (0..<count).map { $0 % 11 == 5 ? Double.nan : Double($0 * 7919 % kinds) * -1 }
      let expected = Set(x.map(\.bitPattern))
      for kernels in arrayLevels(Double.self) {
        var different = x
        var table = [Double](repeating: 0, count: Int(NBS_DIFFERENT_TABLE))
        let found = kernels.different(x, count, &different, &table)
        #expect(Set(different.prefix(found).map(\.bitPattern)) == expected)
        #expect(found <= count && (found == expected.count || expected.count > table.count / 2))
      }
    }
  }
}

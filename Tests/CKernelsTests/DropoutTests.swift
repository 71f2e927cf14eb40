import CKernels
import Testing

@Suite struct DropoutTests {
  /// Number i is dropped where its random bits are below the rate, and only there.
  @Test func aMaskIsAFunctionOfTheKeyAndThePlace() {
    func check<Number: KernelNumber>(_: Number.Type) {
      let (key, first, count): (UInt64, UInt64, Int) = (0x1234_5678_9ABC_DEF0, 1_000_003, 700)
      let x: [Number] = noise(count, seed: 1, special: true)
      let before: [Number] = noise(count, seed: 2)
      for rate in [0, 0.3, 0.5, 0.999] {
        let results = atEveryLevel { kernels in
          var (y, sum) = (x, before)
          kernels.dropout(rate, key, first, x, &y, count, false)
          kernels.dropout(rate, key, first, x, &sum, count, true)
          return y + sum
        }
        let divided = atEveryLevel { kernels in
          var (y, sum) = (x, before)
          x.withUnsafeBufferPointer { x in
            y.withUnsafeMutableBufferPointer { y in
              sum.withUnsafeMutableBufferPointer { sum in
                for (start, part) in [(0, 1), (1, 300), (301, count - 301)] {
                  let place = first + UInt64(start)
                  let from = x.baseAddress! + start
                  kernels.dropout(rate, key, place, from, y.baseAddress! + start, part, false)
                  kernels.dropout(rate, key, place, from, sum.baseAddress! + start, part, true)
                }
              }
            }
          }
          return y + sum
        }
        #expect(results.map(\.comparedBits) == divided.map(\.comparedBits))

        var bits = [UInt32](repeating: 0, count: count)
        nbs_kernels_at(nbs_best_level(), Number.precision).pointee.random.bits(key, first, &bits, count)
        let masks = bits.map { Double($0) < rate * 0x1p32 ? 0 : Number(1 / (1 - rate)) }
        let sums = zip(before, zip(x, masks)).map { $0.addingProduct($1.0, $1.1) }
        let expected = zip(x, masks).map { $0 * $1 } + sums
        #expect(results.map(\.comparedBits) == expected.map(\.comparedBits))
        let dropped = Double(masks.count { $0 == 0 }) / Double(count)
        #expect(abs(dropped - rate) < 0.08)
      }
    }
    check(Float.self)
    check(Double.self)
  }
}

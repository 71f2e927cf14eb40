import CKernels
import Testing

/// Random bits, uniform and normal numbers.
@Suite struct RandomTests {
  static let levels = FunctionKernels<Double>.levels

  private func kernels<Number: KernelNumber>(_: Number.Type, _ level: nbs_level) -> nbs_random_kernels {
    nbs_kernels_at(level, Number.precision).pointee.random
  }

  private func bits(_ level: nbs_level, key: UInt64, first: UInt64, count: Int) -> [UInt32] {
    var bits = [UInt32](repeating: 0, count: count)
    kernels(Double.self, level).bits(key, first, &bits, count)
    return bits
  }

  /// Philox4x32-10, written down once more, without regard to speed.
  private func philox(counter: [UInt32], key: [UInt32]) -> [UInt32] {
    var x = counter, key = key
    for _ in 0..<10 {
      let first = x[0].multipliedFullWidth(by: 0xD251_1F53),
        second = x[2].multipliedFullWidth(by: 0xCD9E_8D57)
      x = [second.high ^ x[1] ^ key[0], second.low, first.high ^ x[3] ^ key[1], first.low]
      key = [key[0] &+ 0x9E37_79B9, key[1] &+ 0xBB67_AE85]
    }
    return x
  }

  /// The known answers that come with Random123, the library of Philox's authors.
  @Test func philoxGivesTheKnownAnswers() {
    let ones: UInt32 = 0xFFFF_FFFF
    #expect(
      philox(counter: [0, 0, 0, 0], key: [0, 0]) == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
    #expect(
      philox(counter: [ones, ones, ones, ones], key: [ones, ones])
        == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
    #expect(
      philox(counter: [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], key: [0xA409_3822, 0x299F_31D0])
        == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
    #expect(
      bits(nbs_best_level(), key: 0, first: 0, count: 4) == [
        0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8,
      ])
  }

  @Test(arguments: levels)
  func bitsAreAFunctionOfKeyAndPlace(level: nbs_level) {
    let key: UInt64 = 0x0123_4567_89AB_CDEF
    for first: UInt64 in [0, 1, 2, 3, 5, 1 << 34, (1 << 34) - 6, .max - 200] {
      for count in [0, 1, 2, 3, 4, 7, 64, 131] {
        let expected = (0..<UInt64(count)).map { offset in
          let place = first + offset
          let counter = [UInt32(truncatingIfNeeded: place / 4), UInt32((place / 4) >> 32), 0, 0]
          return philox(counter: counter, key: [0x89AB_CDEF, 0x0123_4567])[Int(place % 4)]
        }
        #expect(bits(level, key: key, first: first, count: count) == expected)
      }
    }
  }

  @Test(arguments: levels)
  func uniformNumbersAreTheUpperBits(level: nbs_level) {
    var generator = FunctionsGenerator()
    let ends: [UInt64] = [0, .max, 1 << 11, 1 << 40, 1 << 38, 1 << 63]
    let bits = ends + (0..<101).map { _ in generator.next() }
    var doubles = [Double](repeating: -1, count: bits.count)
    kernels(Double.self, level).uniform(bits, &doubles, bits.count)
    #expect(doubles == bits.map { Double($0 >> 11) * 0x1p-53 })
    var floats = [Float](repeating: -1, count: bits.count)
    kernels(Float.self, level).uniform(bits, &floats, bits.count)
    #expect(floats == bits.map { Float($0 >> 40) * 0x1p-24 })
  }

  private func normal<Number: KernelNumber>(_: Number.Type, _ level: nbs_level, _ bits: [UInt64]) -> [Number]
  {
    var y = [Number](repeating: .kernelNaN, count: bits.count)
    kernels(Number.self, level).normal(bits, &y, bits.count / 2)
    return y
  }

  @Test func normalNumbersAreTheSameAtEveryLevel() {
    func check<Number: KernelNumber>(_: Number.Type) {
      var generator = FunctionsGenerator()
      for pairs in Array(0..<20) + [101] {
        let bits = (0..<2 * pairs).map { _ in generator.next() }
        let expected = normal(Number.self, Self.levels[0], bits).map(\.bitPattern)
        for level in Self.levels {
          #expect(normal(Number.self, level, bits).map(\.bitPattern) == expected, "level \(level)")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// Pairs whose radius and angle are known: u = 1 - bits / 2^64 and a quarter turn for each quarter of 2^64.
  @Test func normalNumbersHaveTheRadiusAndTheAngleOfTheirBits() {
    func check<Number: KernelNumber>(_: Number.Type, tolerance: Number) {
      let half: UInt64 = 1 << 63, quarter: UInt64 = 1 << 62
      // u = 1/2, then the least u, 2^-53, then u = 1
      let radius = Number(1.1774100225154747), greatest = Number(8.571674348652905)
      let y = normal(
        Number.self, nbs_best_level(),
        [half, 0, half, quarter, half, half, half, 3 * quarter, .max, 0, 0, half])
      let expected = [radius, 0, 0, radius, -radius, 0, 0, -radius, greatest, 0, 0, 0]
      for (value, exact) in zip(y, expected) {
        #expect(abs(value - exact) <= tolerance * max(exact.magnitude, 1e-30))
      }
      let diagonal = normal(Number.self, nbs_best_level(), [half, quarter / 2])
      for value in diagonal { #expect(abs(value - radius * Number(0.5).squareRoot()) <= tolerance) }
    }
    check(Float.self, tolerance: 3e-7)
    check(Double.self, tolerance: 5e-16)
  }

  @Test func normalNumbersHaveTheMomentsOfTheNormalDistribution() {
    func check<Number: KernelNumber>(_: Number.Type) {
      let count = 20_000
      var words = [UInt32](repeating: 0, count: 2 * count)
      kernels(Number.self, nbs_best_level()).bits(1, 0, &words, words.count)
      let bits = stride(from: 0, to: words.count, by: 2).map {
        UInt64(words[$0]) << 32 | UInt64(words[$0 + 1])
      }
      let y = normal(Number.self, nbs_best_level(), bits).map(Double.init)
      func moment(_ power: (Double) -> Double) -> Double { y.reduce(0) { $0 + power($1) } / Double(count) }
      // Four standard deviations of each mean.
      #expect(abs(moment { $0 }) < 0.03)
      #expect(abs(moment { $0 * $0 } - 1) < 0.04)
      #expect(abs(moment { $0 * $0 * $0 }) < 0.11)
      #expect(abs(moment { $0 * $0 * $0 * $0 } - 3) < 0.28)
    }
    check(Float.self)
    check(Double.self)
  }
}

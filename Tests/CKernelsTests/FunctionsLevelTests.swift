import CKernels
import Testing

/// Every level gives the same bits, whatever the length of the array and wherever the result goes.
@Suite struct FunctionsLevelTests {
  static let sizes = Array(0..<40) + [255, 256, 257, 700]

  @Test(arguments: FunctionName.allCases)
  func functionsGiveTheSameBits(name: FunctionName) {
    check(Float.self, name)
    check(Double.self, name)
  }

  private func check<Number: KernelNumber>(_: Number.Type, _ name: FunctionName) {
    var generator = FunctionsGenerator()
    let first = FunctionKernels<Number>(level: FunctionKernels<Number>.levels[0])
    for size in Self.sizes {
      for x: [Number] in [generator.numbers(size), regularNumbers(size, &generator)] {
        // One number at a time: neither vectors nor blocks.
        let expected = x.map { first(name.kernel, [$0])[0].bitPattern }
        for level in FunctionKernels<Number>.levels {
          let kernels = FunctionKernels<Number>(level: level)
          #expect(kernels(name.kernel, x).map(\.bitPattern) == expected, "level \(level)")
          #expect(kernels.inPlace(name.kernel, x).map(\.bitPattern) == expected, "level \(level), in place")
        }
      }
    }
  }

  /// Positive numbers of moderate size, for which the functions have ways without special cases.
  private func regularNumbers<Number: KernelNumber>(_ count: Int, _ generator: inout FunctionsGenerator)
    -> [Number]
  {
    (0..<count).map { _ in Number(generator.next() >> 40) / 0x1p20 + 0.001 }
  }

  @Test func powersGiveTheSameBits() {
    checkPower(Float.self)
    checkPower(Double.self)
  }

  private func checkPower<Number: KernelNumber>(_: Number.Type) {
    var generator = FunctionsGenerator()
    let first = FunctionKernels<Number>(level: FunctionKernels<Number>.levels[0])
    for size in Self.sizes.dropFirst(2) {
      let exponents: [Number] = generator.numbers(size)
      for bases: [Number] in [generator.numbers(size), regularNumbers(size, &generator)] {
        let expected = zip(bases, exponents).map { first.power([$0], [$1])[0].bitPattern }
        let ofOneBase = exponents.map { first.power([bases[0]], [$0])[0].bitPattern }
        let toOneExponent = first.power(bases, [exponents[0]]).map(\.bitPattern)
        for level in FunctionKernels<Number>.levels {
          let kernels = FunctionKernels<Number>(level: level)
          #expect(kernels.power(bases, exponents).map(\.bitPattern) == expected, "level \(level)")
          #expect(kernels.power([bases[0]], exponents).map(\.bitPattern) == ofOneBase, "level \(level)")
          #expect(kernels.power(bases, [exponents[0]]).map(\.bitPattern) == toOneExponent, "level \(level)")
        }
      }
    }
  }
}

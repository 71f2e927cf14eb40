import CKernels
import Testing

/// Values at the ends and at the special numbers, with their signs.
@Suite struct FunctionsSpecialCaseTests {
  typealias Case = (x: Double, value: Double)

  static let cases: [(name: FunctionName, cases: [Case])] = [
    (.exp, [(0, 1), (-0.0, 1), (.infinity, .infinity), (-.infinity, 0), (1000, .infinity), (-1000, 0)]),
    (
      .expm1,
      [(0, 0), (-0.0, -0.0), (.infinity, .infinity), (-.infinity, -1), (1000, .infinity), (-1000, -1)]
    ),
    (
      .log,
      [(0, -.infinity), (-0.0, -.infinity), (1, 0), (.infinity, .infinity), (-1, .nan), (-.infinity, .nan)]
    ),
    (
      .log1p,
      [(0, 0), (-0.0, -0.0), (-1, -.infinity), (.infinity, .infinity), (-2, .nan), (-.infinity, .nan)]
    ),
    (.sin, [(0, 0), (-0.0, -0.0), (.infinity, .nan), (-.infinity, .nan)]),
    (.cos, [(0, 1), (-0.0, 1), (.infinity, .nan), (-.infinity, .nan)]),
    (.tan, [(0, 0), (-0.0, -0.0), (.infinity, .nan), (-.infinity, .nan)]),
    (.tanh, [(0, 0), (-0.0, -0.0), (.infinity, 1), (-.infinity, -1), (50, 1), (-50, -1)]),
    (.sigmoid, [(0, 0.5), (-0.0, 0.5), (.infinity, 1), (-.infinity, 0), (1000, 1), (-1000, 0)]),
    (.erf, [(0, 0), (-0.0, -0.0), (.infinity, 1), (-.infinity, -1), (30, 1), (-30, -1)]),
    (.erfc, [(0, 1), (-0.0, 1), (.infinity, 0), (-.infinity, 2), (30, 0), (-30, 2)]),
    (.softplus, [(.infinity, .infinity), (-.infinity, 0), (1000, 1000), (-1000, 0)]),
    (.sqrt, [(0, 0), (-0.0, -0.0), (4, 2), (.infinity, .infinity), (-1, .nan), (-.infinity, .nan)]),
  ]

  @Test(arguments: cases)
  func functionsTakeSpecialNumbers(name: FunctionName, cases: [Case]) {
    check(Float.self, name, cases)
    check(Double.self, name, cases)
  }

  private func check<Number: KernelNumber>(_: Number.Type, _ name: FunctionName, _ cases: [Case]) {
    let cases = cases + [(.nan, .nan), (-.nan, .nan)]
    let results = FunctionKernels<Number>()(name.kernel, cases.map { Number($0.x) })
    for (result, (x, value)) in zip(results, cases) {
      let expected = value.isNaN ? Number.kernelNaN : Number(value)
      #expect(result.bitPattern == expected.bitPattern, "\(name)(\(x)) in \(Number.self)")
    }
  }

  @Test(arguments: [FunctionName.expm1, .log1p, .sin, .tan, .tanh])
  func subnormalNumbersAreTheirOwnValues(name: FunctionName) {
    func check<Number: KernelNumber>(_: Number.Type) {
      let least = Number.leastNonzeroMagnitude
      let normal = Number.leastNormalMagnitude
      let x = [least, -least, 3 * least, normal - least, -normal]
      #expect(FunctionKernels<Number>()(name.kernel, x) == x)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func logarithmsOfSubnormalNumbersAreExact() {
    // ln 2^-149 and ln 2^-1074
    #expect(FunctionKernels<Float>()(NBS_LOG, [.leastNonzeroMagnitude]) == [-103.27893])
    #expect(FunctionKernels<Double>()(NBS_LOG, [.leastNonzeroMagnitude]) == [-744.4400719213812])
  }
}

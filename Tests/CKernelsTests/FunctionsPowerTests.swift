import CKernels
import Testing

/// Powers' special cases (C17, annex F.10.4.4) and those exponents that have ways of their own.
@Suite struct FunctionsPowerTests {
  static let infinity = Double.infinity

  static let cases: [(base: Double, exponent: Double, value: Double)] = [
    (0, 3, 0), (-0.0, 3, -0.0), (0, 2, 0), (-0.0, 2, 0), (-0.0, 0.5, 0), (-0.0, 2.5, 0),
    (0, -3, infinity), (-0.0, -3, -infinity), (-0.0, -2, infinity), (-0.0, -2.5, infinity),
    (0, -infinity, infinity),
    (-0.0, -1, -infinity), (0, -1, infinity),
    (-1, infinity, 1), (-1, -infinity, 1), (1, .nan, 1), (1, infinity, 1), (1, -7, 1), (-1, 3, -1),
    (-1, 4, 1),
    (.nan, 0, 1), (.nan, -0.0, 1), (5, 0, 1), (infinity, 0, 1), (-infinity, -0.0, 1), (0, 0, 1),
    (-8, 1.0 / 3, .nan), (-2, 0.5, .nan), (-0.5, 1.5, .nan), (.nan, 1, .nan), (.nan, 2, .nan),
    (.nan, 0.5, .nan),
    (.nan, -1, .nan), (2, .nan, .nan), (-1, .nan, .nan), (0, .nan, .nan),
    (0.5, -infinity, infinity), (-0.5, -infinity, infinity), (2, -infinity, 0), (-2, -infinity, 0),
    (0.5, infinity, 0), (-0.5, infinity, 0), (2, infinity, infinity), (-2, infinity, infinity),
    (-infinity, -3, -0.0), (-infinity, -2, 0), (-infinity, -1, -0.0), (-infinity, -0.5, 0),
    (-infinity, 3, -infinity),
    (-infinity, 2, infinity), (-infinity, 0.5, infinity), (-infinity, 1, -infinity), (infinity, -3, 0),
    (infinity, 0.1, infinity), (infinity, -infinity, 0), (infinity, infinity, infinity),
    (2, 10, 1024), (10, 2, 100), (3, 4, 81), (-3, 3, -27), (2, -2, 0.25), (10, 400, infinity), (10, -400, 0),
    (-10, 401, -infinity), (-10, -401, -0.0), (9, 0.5, 3), (4, 1.5, 8), (0.5, 3, 0.125),
  ]

  @Test(arguments: cases)
  func specialCasesFollowC(base: Double, exponent: Double, value: Double) {
    check(Float.self, base, exponent, value)
    check(Double.self, base, exponent, value)
  }

  private func check<Number: KernelNumber>(
    _: Number.Type, _ base: Double, _ exponent: Double, _ value: Double
  ) {
    let expected = value.isNaN ? Number.kernelNaN : Number(value)
    let kernels = FunctionKernels<Number>()
    let bases = [Number](repeating: Number(base), count: 3)
    let exponents = [Number](repeating: Number(exponent), count: 3)
    for results in [
      kernels.power(bases, exponents), kernels.power([bases[0]], exponents),
      kernels.power(bases, [exponents[0]]),
      kernels.power([bases[0]], [exponents[0]]),
    ] {
      #expect(results.map(\.bitPattern) == results.map { _ in expected.bitPattern }, "\(Number.self)")
    }
  }

  @Test func everydayExponentsAreRoundedCorrectly() {
    func check<Number: KernelNumber>(_: Number.Type) {
      var generator = FunctionsGenerator()
      let numbers: [Number] = generator.numbers(1000)
      let x = numbers.map(\.magnitude).filter { !$0.isNaN }
      let kernels = FunctionKernels<Number>()
      func check(_ exponent: Number, _ values: [Number]) {
        #expect(kernels.power(x, [exponent]) == values)
        #expect(kernels.power(x, x.map { _ in exponent }) == values)
      }
      check(0, x.map { _ in 1 })
      check(1, x)
      check(2, x.map { $0 * $0 })
      check(-1, x.map { 1 / $0 })
      check(0.5, x.map { $0.squareRoot() })
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func onePowerOfOneBaseFillsTheArray() {
    var y = [Double](repeating: 0, count: 5)
    FunctionKernels<Double>().kernels.power([3.0], 0, [3.0], 0, &y, 5)
    #expect(y == [27, 27, 27, 27, 27])
  }
}

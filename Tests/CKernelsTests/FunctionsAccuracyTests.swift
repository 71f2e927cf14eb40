import CKernels
import Testing

/// How far the functions are from the exact values, in units in the last place. The bounds are what was measured,
/// rounded up.
@Suite struct FunctionsAccuracyTests {
  static let bounds: [(name: FunctionName, units: Double)] = [
    (.exp, 0.8), (.expm1, 1.2), (.log, 0.8), (.log1p, 0.85), (.sin, 0.85), (.cos, 0.85), (.tan, 1),
    (.tanh, 1.5),
    (.sigmoid, 1.9), (.erf, 0.85), (.erfc, 1.4), (.softplus, 1.5),
  ]

  @Test(arguments: bounds)
  func functionsAreWithinTheirBounds(name: FunctionName, units: Double) throws {
    try check(Float.self, name, units)
    try check(Double.self, name, units)
  }

  private func check<Number: KernelNumber>(_: Number.Type, _ name: FunctionName, _ bound: Double) throws {
    let fixture = try FunctionsFixture<Number>(name.rawValue)
    let results = FunctionKernels<Number>()(name.kernel, fixture.arguments[0])
    let worst = fixture.worstError(of: results)
    #expect(worst.units <= bound, "\(name) in \(Number.self) at \(fixture.arguments[0][worst.index])")
  }

  @Test func powersAreWithinTheirBounds() throws {
    try checkPower(Float.self)
    try checkPower(Double.self)
  }

  private func checkPower<Number: KernelNumber>(_: Number.Type) throws {
    let fixture = try FunctionsFixture<Number>("power")
    let worst = fixture.worstError(
      of: FunctionKernels<Number>().power(fixture.arguments[0], fixture.arguments[1]))
    let base = fixture.arguments[0][worst.index], exponent = fixture.arguments[1][worst.index]
    #expect(worst.units <= 0.85, "\(base) to the power of \(exponent)")
  }

  @Test func squareRootsAreRoundedCorrectly() {
    func check<Number: KernelNumber>(_: Number.Type) {
      var generator = FunctionsGenerator()
      let numbers: [Number] = generator.numbers(2000)
      let x = numbers.map(\.magnitude).filter { !$0.isNaN }
      #expect(FunctionKernels<Number>()(NBS_SQRT, x) == x.map { $0.squareRoot() })
    }
    check(Float.self)
    check(Double.self)
  }
}

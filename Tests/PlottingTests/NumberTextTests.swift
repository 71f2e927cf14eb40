import TestSupport
import Testing

@testable import Plotting

@Suite("Numbers as text")
struct NumberTextTests {
  @Test(
    "Four digits, no idle zeros, short exponents",
    arguments: [
      (0, "0"), (-0.0, "0"), (1, "1"), (0.26, "0.26"), (2.7e-4, "2.7e-4"), (0.0021, "0.0021"),
      (0.12345, "0.1235"), (-0.5, "-0.5"), (99.996, "100"), (12345.6, "12346"), (999_999.7, "1e6"),
      (9.99996e-4, "0.001"), (1.7976931348623157e308, "1.798e308"), (.leastNonzeroMagnitude, "5e-324"),
      (1e22, "1e22"),
      (-9.99996, "-10"), (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
    ] as [(Double, String)])
  func short(value: Double, text: String) {
    #expect(NumberText.short(value) == text)
  }

  @Test("A rounded number is the nearest with four digits")
  func roundTrip() throws {
    var noise = Noise(seed: 1)
    for _ in 0..<2000 {
      let value = Fixtures.power(10, Int(noise.uniform() * 12)) * (noise.uniform() - 0.5) / 1e6
      let read = try #require(Double(NumberText.short(value)))
      #expect(abs(read - value) <= abs(value) * 5.0001e-4)
    }
  }

  @Test("Tick labels have the decimals of their step")
  func labels() {
    #expect(NumberText.labels([0, 0.1 + 0.2, 1], lastPower: -1) == ["0.0", "0.3", "1.0"])
    #expect(NumberText.labels([0, 2.5, 5], lastPower: -1) == ["0.0", "2.5", "5.0"])
    #expect(NumberText.labels([0, 5000, 10000], lastPower: 3) == ["0", "5000", "10000"])
    #expect(NumberText.labels([0, 2e-5, 4e-5], lastPower: -5) == ["0", "2e-5", "4e-5"])
  }

  @Test("Only all is 100 per cent and only none is 0")
  func percent() {
    #expect(NumberText.percent(0, of: 7) == "0%")
    #expect(NumberText.percent(1, of: 1000) == "0.1%")
    #expect(NumberText.percent(999, of: 1000) == "99.9%")
    #expect(NumberText.percent(1, of: 10_000) == "<0.1%")
    #expect(NumberText.percent(9999, of: 10_000) == ">99.9%")
    #expect(NumberText.percent(997, of: 1000) == "99.7%")
    #expect(NumberText.percent(2, of: 3) == "67%")
    #expect(NumberText.percent(7, of: 7) == "100%")
    #expect(NumberText.percent(0, of: 0) == "0%")
  }
}

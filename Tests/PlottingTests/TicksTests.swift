import Testing

@testable import Plotting

@Suite("Ticks")
struct TicksTests {
  private func labels(
    _ low: Double, _ high: Double, atMost count: Int, isLogarithmic: Bool = false, wholeOnly: Bool = false
  ) throws -> [String] {
    let scale = try #require(Scale(from: low, to: high, isLogarithmic: isLogarithmic))
    return Ticks.on(scale, wholeOnly: wholeOnly, most: count) { $0.count <= count }.map(\.label)
  }

  @Test("The tightest steps of 1, 2, 2.5 and 5 that lie inside the data")
  func steps() throws {
    #expect(try labels(0, 1, atMost: 5) == ["0.00", "0.25", "0.50", "0.75", "1.00"])
    #expect(try labels(0, 1, atMost: 6) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(try labels(0.07, 0.61, atMost: 4) == ["0.2", "0.4", "0.6"])
    #expect(try labels(-0.25, 1.25, atMost: 4) == ["0.0", "0.5", "1.0"])
    #expect(try labels(0, 0.3, atMost: 4) == ["0.0", "0.1", "0.2", "0.3"])
    #expect(try labels(-3e6, 3e6, atMost: 3) == ["-2e6", "0", "2e6"])
  }

  @Test("What never changes is named itself")
  func constant() throws {
    #expect(try labels(0.25, 0.25, atMost: 4) == ["0.25"])
    #expect(try labels(2.7e-4, 2.7e-4, atMost: 4, isLogarithmic: true) == ["2.7e-4"])
  }

  @Test("Epochs have whole ticks")
  func whole() throws {
    #expect(try labels(1, 3, atMost: 9, wholeOnly: true) == ["1", "2", "3"])
    #expect(try labels(1, 12, atMost: 4, wholeOnly: true) == ["5", "10"])
    #expect(try labels(1, 100, atMost: 4, wholeOnly: true) == ["25", "50", "75", "100"])
    #expect(try labels(0.5, 1.5, atMost: 9, wholeOnly: true) == ["1"])
  }

  @Test("Decades on a logarithmic axis, more or fewer as they fit")
  func decades() throws {
    #expect(try labels(1e-4, 0.26, atMost: 5, isLogarithmic: true) == ["1e-4", "0.001", "0.01", "0.1"])
    #expect(try labels(1e-12, 1, atMost: 5, isLogarithmic: true) == ["1e-12", "1e-9", "1e-6", "0.001", "1"])
    #expect(try labels(0.03, 0.9, atMost: 5, isLogarithmic: true) == ["0.05", "0.1", "0.2", "0.5"])
    #expect(try labels(0.03, 0.9, atMost: 3, isLogarithmic: true) == ["0.05", "0.1", "0.5"])
    #expect(try labels(0.61, 0.69, atMost: 4, isLogarithmic: true) == ["0.62", "0.64", "0.66", "0.68"])
  }

  @Test("No scale is too odd for ticks that lie on it")
  func odd() throws {
    let limit = Double.greatestFiniteMagnitude
    let ends: [(Double, Double)] = [
      (-limit, limit), (0, .leastNonzeroMagnitude), (1, 1.0000000000000002), (1e308, limit),
      (-.leastNonzeroMagnitude, 0), (3, 3), (0, 0),
      (limit, limit), (1e16, 1e16 + 2), (.leastNonzeroMagnitude, limit),
    ]
    for (low, high) in ends {
      for isLogarithmic in [false, true] where !isLogarithmic || low > 0 {
        let scale = try #require(Scale(from: low, to: high, isLogarithmic: isLogarithmic))
        let ticks = Ticks.on(scale, most: 6) { $0.count <= 6 }
        #expect(ticks.allSatisfy { (0...1).contains($0.fraction) })
        #expect(ticks.count <= 6)
      }
    }
  }

  @Test("A scale has the low end at 0 and the high one at 1, whatever its length")
  func scale() throws {
    let limit = Double.greatestFiniteMagnitude
    let wide = try #require(Scale(from: -limit, to: limit))
    #expect([-limit, 0, limit].map(wide.fraction) == [0, 0.5, 1])
    let tiny = try #require(Scale(from: 0, to: .leastNonzeroMagnitude))
    #expect([tiny.fraction(0), tiny.fraction(.leastNonzeroMagnitude)] == [0, 1])
    let constant = try #require(Scale(from: 3, to: 3))
    #expect(abs(constant.fraction(3) - 0.5) < 1e-9)
    #expect(Scale(from: 0, to: 1, isLogarithmic: true) == nil)
    #expect(Scale(from: 0, to: .infinity) == nil)
  }
}

import NeuralEngine
import Testing

/// A fill of an array is the same numbers, and leaves the same stream, as one draw for each.
@Suite struct RandomFillTests {
  @Test(arguments: [0, 1, 2, 7, 1023, 1024, 1025, 2500])
  func fillsAreSingleDraws(_ count: Int) throws {
    for draws in 0..<2 {
      var fill = RandomStream(seed: 9)
      // After one draw a normal number is left over.
      for _ in 0..<draws { _ = fill.normal() }
      var single = fill
      #expect(try Tensor.uniform([count], using: &fill).values == (0..<count).map { _ in single.uniform() })
      #expect(try Tensor.normal([count], using: &fill).values == (0..<count).map { _ in single.normal() })
      #expect(try Tensor.normal([3], using: &fill).values == (0..<3).map { _ in single.normal() })
      #expect(fill == single)
    }
  }

  @Test func normalNumbersAreNormal() throws {
    var stream = RandomStream(seed: 2)
    let numbers = try Tensor.normal([100_000], using: &stream)
    let mean = try #require(try numbers.mean().scalar)
    let deviation = try #require(try numbers.standardDeviation().scalar)
    let beyond = try #require(
      try Tensor.binary(.greater, .unary(.abs, numbers), Tensor(1.959964)).mean().scalar)
    // Four standard errors.
    #expect(abs(mean) < 0.0127 && abs(deviation - 1) < 0.009 && abs(beyond - 0.05) < 0.0028)
  }
}

import NeuralEngine
import Testing

/// `mod` against NumPy 2.4's `numpy.mod`.
@Suite struct RemainderTests {
  @Test(arguments: [
    (7.0, 3.0, 1.0), (-7, 3, 2), (7, -3, -2), (-7, -3, -1), (5.5, 2, 1.5), (0.3, 0.1, 0.09999999999999998),
    (1e20, 3, 1), (6, 3, 0), (3, .infinity, 3), (-3, .infinity, .infinity),
  ])
  func agreesWithNumPy(_ a: Double, _ b: Double, _ expected: Double) throws {
    #expect(try Tensor.remainder(Tensor(a), Tensor(b)).values == [expected])
  }

  @Test func ofZeroIsNotANumber() throws {
    #expect(try Tensor.remainder(Tensor(1), Tensor(0)).values[0].isNaN)
  }
}

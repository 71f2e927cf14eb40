import Foundations
import NeuralEngine
import Testing

/// Where the numbers and shapes of small and large arrays are kept must not show.
@Suite struct StorageTests {
  /// Sizes around those at which arrays and shapes are kept differently.
  @Test(arguments: [0, 1, 63, 64, 65, 1000])
  func keepsNumbersOfAnyCount(_ count: Int) throws {
    let numbers = (0..<count).map { Double($0) - 3.5 }
    let a = Tensor(numbers)
    #expect(a.values == numbers)
    #expect(a.withValues { span in span.indices.map { span[$0] } } == numbers)
    #expect(try a.reshaped([count, 1]).transposed().values == numbers)
    #expect(try (a + a).values == numbers.map { 2 * $0 })
    #expect(try a.broadcast(to: [2, count]).values == numbers + numbers)
    #expect(a.detached().values == numbers)
  }

  @Test(arguments: [3, 100])
  func writesToOneArrayOnly(_ count: Int) throws {
    var a = Tensor([Double](repeating: 1, count: count)).stamped(variable: 1)
    let flat = try a.reshaped([count, 1])
    let copy = a.detached()
    let identity = a.identity
    try Tensor.assign(Tensor(5), at: [.at(1)], of: &a)
    #expect(copy.values[1] == 1 && flat.values[1] == 1)
    #expect(a.values[1] == 5 && a.values[0] == 1)
    // `flat` was computed from `a`, and so holds it.
    #expect(a.identity != identity)
  }

  @Test func anArrayThatNobodyElseHoldsBecomesTheVariablesOwn() throws {
    let weight = Tensor([1, 2]).assigned(to: 1)
    let sum = try weight + Tensor(1)
    let identity = sum.identity
    let held = sum
    let copy = sum.assigned(to: 1)
    #expect(copy.identity != identity && held.isRecorded)
    let taken = try (weight + Tensor(1)).assigned(to: 1)
    #expect(taken.values == [2, 3] && taken.variable == 1)
    #expect(throws: CodedError.self) { try gradients(of: taken.sum(), withRespectTo: [weight]) }
  }

  @Test(arguments: [[2, 1, 3, 1, 2], [1, 1, 1, 1, 1, 1, 1, 4], [0, 1, 2, 3, 4]])
  func keepsShapesOfAnySize(_ shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let a = try Tensor(shape: shape, values: (0..<count).map(Double.init)).stamped(variable: 1)
    #expect(a.shape == shape && a.rank == shape.count)
    let double = try a + a
    #expect(double.shape == shape)
    #expect(Tensor.unary(.exp, a).shape == shape)
    #expect(try a.transposed().shape == shape.reversed())
    #expect(try a.sum(axis: 0, keepDims: true).shape == [1] + shape.dropFirst())
    #expect(try gradients(of: (double * a).sum(), withRespectTo: [a])[0].shape == shape)
  }

  private func random(_ shape: [Int], seed: UInt64) throws -> Tensor {
    var stream = RandomStream(seed: seed)
    return try Tensor.normal(shape, using: &stream)
  }

  /// The sizes lie on both sides of where products are packed, and of where they are cut into pieces.
  @Test(arguments: [(100, 100, 100), (128, 128, 128), (300, 9, 1000), (9, 300, 1000), (300, 7, 2000)])
  func largeProductsAgreeWithSums(_ m: Int, _ k: Int, _ n: Int) throws {
    let a = try random([m, k], seed: 1)
    let b = try random([k, n], seed: 2)
    let product = try Tensor.matrixProduct(a, b).values
    // Row by row, which is never cut into pieces.
    for row in stride(from: 0, to: m, by: 37) {
      let expected = try Tensor.matrixProduct(a.selecting([.at(row)]), b).values
      #expect(Array(product[(row * n)..<((row + 1) * n)]) == expected)
    }
    #expect(try Tensor.matrixProduct(a, b).values == product)
  }

  @Test func largeProductsPassOnWhatIsNotFinite() throws {
    let size = 130
    let ones = try Tensor.ones([size, size])
    let infinite = try ones.replacing([.at(2), .at(3)], with: Tensor(.infinity))
    let zero = try Tensor.zeros([size, size])
    let product = try Tensor.matrixProduct(infinite, zero)
    #expect(try product.selecting([.at(2)]).values.allSatisfy(\.isNaN))
    #expect(try product.selecting([.at(1)]).values.allSatisfy { $0 == 0 })
    let large = try Tensor.matrixProduct(infinite, ones)
    #expect(try large.selecting([.at(2)]).values.allSatisfy { $0 == .infinity })
    #expect(try large.selecting([.at(1)]).values.allSatisfy { $0 == Double(size) })
    let missing = try ones.replacing([.at(5), .at(0)], with: Tensor(.nan))
    #expect(try Tensor.matrixProduct(zero, missing).selecting([.all, .at(0)]).values.allSatisfy(\.isNaN))
    #expect(try Tensor.matrixProduct(Tensor.zeros([2000, 0]), Tensor.zeros([0, 2000])).sum().scalar == 0)
    #expect(
      try Tensor.matrixProduct(Tensor.zeros([0, 2000]), Tensor.zeros([2000, 2000])).shape == [0, 2000])
  }
}

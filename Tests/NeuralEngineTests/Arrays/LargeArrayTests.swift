import NeuralEngine
import Testing

/// Arrays large enough to be cut into pieces for several threads: nothing may show of the cuts.
@Suite struct LargeArrayTests {
  private static let count = 600_001

  private func numbers(_ count: Int = count, seed: UInt64 = 1) throws -> Tensor {
    var stream = RandomStream(seed: seed)
    return try Tensor.uniform([count], using: &stream) - Tensor(0.5)
  }

  /// The rows of a matrix of three, one by one: small enough for a single thread.
  private func rows(of matrix: Tensor) throws -> [Tensor] {
    try (0..<3).map { try matrix.selecting([.at($0)]) }
  }

  @Test func elementsAreWhatSmallArraysGive() throws {
    let a = try numbers()
    let b = try numbers(seed: 2)
    let places = [0, 1, 299_999, 300_000, 300_032, 300_033, 400_000, 600_000]
    let list = ArrayIndex.list(Tensor(places.map(Double.init)))
    let (x, y) = (try a.selecting([list]), try b.selecting([list]))
    let works: [(Tensor, Tensor) throws -> Tensor] = [
      { try $0 * $1 + $0 }, { try .binary(.less, $0, $1) }, { a, _ in .unary(.exp, a) },
      { a, _ in a.clipped(low: 0, high: 0.25) },
      { try .choose(.binary(.greater, $0, Tensor(0)), $1, Tensor(7)) }, { a, _ in try a.power(Tensor(0.5)) },
      { a, _ in a.logicalNot() },
    ]
    for work in works {
      let large = try work(a, b).selecting([list]).values
      #expect(large.map(\.bitPattern) == (try work(x, y)).values.map(\.bitPattern))
    }
  }

  @Test func sumsAreTheSumsOfTheirParts() throws {
    let a = try numbers(1 << 20)
    var sums = try (0..<16).map { part in
      try a.selecting([.slice(start: part << 16, stop: (part + 1) << 16, step: nil)]).sum()
    }
    while sums.count > 1 { sums = try (0..<sums.count / 2).map { try sums[2 * $0] + sums[2 * $0 + 1] } }
    #expect(try a.sum().values == sums[0].values)
  }

  @Test func columnsAreWhatNarrowArraysGive() throws {
    let matrix = try numbers(600_000).reshaped([3, 200_000])
    let parts = try rows(of: matrix)
    #expect(try matrix.sum(axis: 0).values == (parts[0] + parts[1] + parts[2]).values)
    let most = try matrix.max(axis: 0).values
    let place = try matrix.indexOfMax(axis: 0).values
    let values = parts.map(\.values)
    for column in stride(from: 0, to: 200_000, by: 9973) {
      let expected = (0..<3).reduce(0) { values[$1][column] > values[$0][column] ? $1 : $0 }
      #expect(most[column] == values[expected][column] && place[column] == Double(expected))
    }
    let biased = try matrix + parts[1]
    #expect(try rows(of: biased)[2].values == (parts[2] + parts[1]).values)
    #expect(try rows(of: matrix.transposed().transposed())[2].values == parts[2].values)
  }

  @Test func extremesAreFoundInAnyPiece() throws {
    for place in [0, 299_000, 310_000, 600_000] {
      var a = try numbers()
      try Tensor.assign(Tensor(3), at: [.at(place)], of: &a)
      #expect(try a.indexOfMax().scalar == Double(place) && a.max().scalar == 3)
      try Tensor.assign(Tensor(.nan), at: [.at(place)], of: &a)
      try Tensor.assign(Tensor(.nan), at: [.at(600_000)], of: &a)
      #expect(try a.indexOfMin().scalar == Double(place))
      #expect(!a.isFinite)
    }
    #expect(try numbers().isFinite)
  }

  @Test func sortsInHalves() throws {
    let a = try numbers()
    #expect(try a.sorted().values == a.values.sorted())
    let digits = Tensor.unary(.floor, try a * Tensor(10))
    #expect(try digits.unique().values == [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4])
  }

  @Test func blocksAreUsedAgainClean() throws {
    for _ in 0..<3 {
      let ones = try Tensor.ones([Self.count])
      #expect(try ones.sum().scalar == Double(Self.count))
      #expect(try Tensor.zeros([Self.count]).sum().scalar == 0)
    }
  }

  @Test func productsAreChainsOnAnyNumberOfThreads() throws {
    var stream = RandomStream(seed: 3)
    let a = try Tensor.normal([150, 70], using: &stream)
    let b = try Tensor.normal([70, 130], using: &stream)
    let product = try Tensor.matrixProduct(a, b).values
    let (left, right) = (a.values, b.values)
    for place in stride(from: 0, to: 150 * 130, by: 389) {
      let (row, column) = (place / 130, place % 130)
      var sum = 0.0
      for p in 0..<70 { sum.addProduct(left[row * 70 + p], right[p * 130 + column]) }
      #expect(product[place] == sum)
    }
  }
}

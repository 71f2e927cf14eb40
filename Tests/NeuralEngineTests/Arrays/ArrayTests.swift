import Foundations
import NeuralEngine
import Testing

/// Broadcasting, indexing and shapes where the table of expressions does not reach: writing, and errors.
@Suite struct ArrayTests {
  private let matrix = Tensor([1, 2, 3, 4, 5, 6])

  private func error(_ body: () throws -> Tensor) -> CodedError? {
    do {
      _ = try body()
      return nil
    } catch {
      return error as? CodedError
    }
  }

  @Test func namesOperatorAndShapes() throws {
    let a = try Tensor.zeros([3, 2])
    let message = error { try a + Tensor.zeros([4]) }
    #expect(message?.code == .shapeMismatch)
    #expect(message?.message.hasPrefix("`+` cannot combine 3x2 with 4 numbers: ") == true)
    #expect(error { try a * Tensor.zeros([2, 3]) }?.message.contains(".T") == true)
    #expect(error { try a - Tensor.zeros([3]) }?.message.contains("[3, 1]") == true)
    #expect(error { try .matrixProduct(a, a) }?.message.contains("2 columns, the right one 3 rows") == true)
    #expect(error { try .matrixProduct(a, Tensor(1)) }?.code == .shapeMismatch)
    #expect(error { try .meanSquaredError(a, Tensor.zeros([3])) }?.code == .shapeMismatch)
  }

  @Test func namesIndexAxisAndShape() throws {
    let a = try matrix.reshaped([2, 3])
    let message = error { try a.selecting([.all, .at(3)]) }
    #expect(message?.code == .indexOutOfRange)
    #expect(message?.message.contains("Index 3 is out of range: axis 1 of 2x3 has indexes 0 to 2") == true)
    #expect(error { try a.selecting([.at(-3)]) }?.code == .indexOutOfRange)
    #expect(error { try a.selecting([.list(Tensor([0, 2]))]) }?.code == .indexOutOfRange)
    #expect(error { try a.selecting([.at(0), .at(0), .at(0)]) }?.code == .tooManyIndexes)
    #expect(error { try a.selecting([.list(Tensor([0.5]))]) }?.code == .notWhole)
    #expect(error { try a.selecting([.list(Tensor([.nan]))]) }?.code == .notWhole)
    #expect(error { try a.selecting([.mask(Tensor([1, 0, 1]))]) }?.code == .shapeMismatch)
    #expect(error { try a.selecting([.slice(start: nil, stop: nil, step: 0)]) }?.code == .badIndex)
    #expect(error { try Tensor(1).selecting([.at(0)]) }?.code == .tooManyIndexes)
    #expect(error { try Tensor(1).selecting([.mask(Tensor(true))]) }?.code == .tooManyIndexes)
  }

  @Test func clampsSlicesOfAnyNumbers() throws {
    let far = ArrayIndex.slice(start: .min, stop: .max, step: .max)
    #expect(try matrix.selecting([far]).values == [1])
    let back = ArrayIndex.slice(start: .max, stop: .min, step: .min)
    #expect(try matrix.selecting([back]).values == [6])
  }

  @Test func writesWhereItReads() throws {
    let a = try matrix.reshaped([2, 3])
    #expect(try a.replacing([.at(0)], with: Tensor(9)).values == [9, 9, 9, 4, 5, 6])
    #expect(try a.replacing([.all, .at(1)], with: Tensor([7, 8])).values == [1, 7, 3, 4, 8, 6])
    let row = try Tensor(shape: [1, 3], values: [7, 8, 9])
    #expect(try a.replacing([.at(-1)], with: row).values == [1, 2, 3, 7, 8, 9])
    let mask = try Tensor.binary(.greater, a, Tensor(4))
    #expect(try a.replacing([.mask(mask)], with: Tensor(0)).values == [1, 2, 3, 4, 0, 0])
    #expect(try a.replacing([.list(Tensor([0, 0]))], with: Tensor([1, 1, 1])).values == [1, 1, 1, 4, 5, 6])
    #expect(a.values == matrix.values)
    #expect(error { try a.replacing([.at(0)], with: Tensor([1, 2])) }?.code == .shapeMismatch)
    #expect(error { try a.replacing([.at(0)], with: a) }?.code == .shapeMismatch)
  }

  @Test func assignsInPlaceOnlyWhereNobodyCanTell() throws {
    var a = Tensor([1, 2, 3]).stamped(variable: 1)
    let loss = try (a * a).sum()
    try Tensor.assign(Tensor(9), at: [.at(0)], of: &a)
    #expect(a.values == [9, 2, 3] && a.variable == 1)
    #expect(loss.scalar == 14)
    #expect(error { try gradients(of: loss, withRespectTo: [a])[0] }?.code == .staleGradient)
    var b = Tensor.unary(.exp, a).assigned(to: 2)
    let identity = b.identity
    try Tensor.assign(a.selecting([.at(1)]), at: [.slice(start: 0, stop: 2, step: 1)], of: &b)
    #expect(b.identity == identity)
    #expect(b.values[..<2] == [2, 2])
    #expect(b.dependsOn(variable: 2) && !b.dependsOn(variable: 1))
    #expect(throws: CodedError.self) { try Tensor.assign(Tensor(1), at: [.at(3)], of: &b) }
    var truth = try Tensor.binary(.less, a, Tensor(5))
    try Tensor.assign(Tensor(7), at: [.at(0)], of: &truth)
    #expect(truth.values == [7, 1, 1] && !truth.isBoolean)
  }

  @Test func findsExtremesOfLongRows() throws {
    var values = (0..<200).map { Double(($0 * 37) % 101) }
    #expect(try Tensor(values).indexOfMax().scalar == Double(values.firstIndex(of: 100) ?? -1))
    #expect(try Tensor(values).min().scalar == 0)
    values[199] = 500
    #expect(try Tensor(values).indexOfMax().scalar == 199)
    values[150] = .nan
    #expect(try Tensor(values).indexOfMin().scalar == 150)
    values[199] = .nan
    #expect(try Tensor(values).max().scalar?.isNaN == true)
  }

  @Test func addsAxes() throws {
    #expect(try matrix.selecting([.all, .newAxis]).shape == [6, 1])
    #expect(try matrix.selecting([.newAxis, .at(0)]).shape == [1])
    let a = try matrix.reshaped([2, 3])
    #expect(try a.selecting([.at(1), .newAxis, .slice(start: 1, stop: nil, step: nil)]).values == [5, 6])
  }

  @Test func refusesWhatMemoryCannotHold() throws {
    let huge = error { try Tensor.zeros([100_000_000, 100_000]) }
    #expect(huge?.code == .tooLarge)
    #expect(huge?.message.contains("100000000x100000 would take 80000 GB") == true)
    #expect(error { try Tensor.zeros([.max, .max, .max]) }?.code == .tooLarge)
    #expect(error { try Tensor.zeros([.max, 0]) }?.code == .tooLarge)
    #expect(error { try Tensor.eye(.max) }?.code == .tooLarge)
    #expect(error { try Tensor.range(from: 0, to: 1e300) }?.code == .tooLarge)
    #expect(error { try Tensor.evenlySpaced(from: 0, to: 1, count: .max) }?.code == .tooLarge)
    #expect(error { try Tensor([1e15]).oneHot() }?.code == .tooLarge)
    let long = try Tensor.zeros([1_000_000])
    #expect(error { try long + long.reshaped([1_000_000, 1]) }?.code == .tooLarge)
    let column = try long.reshaped([1_000_000, 1])
    #expect(error { try .matrixProduct(column, column.transposed()) }?.code == .tooLarge)
  }

  @Test func refusesWhatHasNoMeaning() throws {
    #expect(error { try Tensor.zeros([-1]) }?.code == .badShape)
    #expect(error { try Tensor.zeros([Int](repeating: 1, count: 33)) }?.code == .badShape)
    #expect(error { try matrix.reshaped([4, -1]) }?.code == .badShape)
    #expect(error { try matrix.reshaped([-1, -1]) }?.code == .badShape)
    #expect(error { try matrix.reshaped([0, -1]) }?.code == .badShape)
    #expect(error { try Tensor([]).max() }?.code == .empty)
    #expect(error { try Tensor.zeros([2, 0]).indexOfMin(axis: 1) }?.code == .empty)
    #expect(error { try Tensor.zeros([2, 0, 0]).max(axis: 1) }?.code == .empty)
    #expect(error { try Tensor.zeros([0, 3]).indexOfMax(axis: 0) }?.code == .empty)
    #expect(try Tensor.zeros([0, 2]).max(axis: 1).shape == [0])
    #expect(Tensor([0, 1.5, 3, .nan]).clipped(low: 2, high: 1).values.prefix(3) == [1, 1, 1])
    #expect(error { try matrix.sum(axis: 1) }?.code == .badAxis)
    #expect(error { try matrix.sum(axis: .min) }?.code == .badAxis)
    #expect(error { try Tensor(1).softmax() }?.code == .badAxis)
    #expect(error { try matrix.transposed(axes: [0, 0]) }?.code == .badAxis)
    #expect(error { try .concatenated([]) }?.code == .empty)
    #expect(error { try .concatenated([matrix, Tensor(1)]) }?.code == .shapeMismatch)
    #expect(error { try Tensor.range(from: 0, to: 1, by: 0) }?.code == .badRange)
    #expect(error { try Tensor([0, 3]).oneHot(classes: 2) }?.code == .indexOutOfRange)
    #expect(try Tensor([]).mean().values[0].isNaN)
  }

  @Test func drawsWhatTheSeedSays() throws {
    var stream = RandomStream(seed: 5)
    var same = RandomStream(seed: 5)
    #expect(try Tensor.normal([3, 2], using: &stream).values == Tensor.normal([3, 2], using: &same).values)
    let dice = try Tensor.integers(from: 1, to: 7, shape: [600], using: &stream)
    #expect(try dice.unique().values == [1, 2, 3, 4, 5, 6])
    #expect(error { try Tensor.integers(from: 3, to: 3, shape: [1], using: &stream) }?.code == .badRange)
    #expect(error { try .integers(from: .min, to: .max, shape: [1], using: &stream) }?.code == .badRange)
    let all = try Tensor([4, 5, 6]).choice(3, replacing: false, using: &stream)
    #expect(try all.sorted().values == [4, 5, 6])
    #expect(try Tensor(4).choice(using: &stream).shape == [])
    #expect(error { try Tensor([1]).choice(2, replacing: false, using: &stream) }?.code == .badRange)
    #expect(error { try Tensor([]).choice(using: &stream) }?.code == .empty)
  }

  @Test(arguments: [(3, 5, 7), (17, 33, 65), (64, 64, 64), (5, 300, 9), (130, 6, 131), (4, 4, 1000)])
  func multipliesBlocksAsItMultipliesRows(_ m: Int, _ k: Int, _ n: Int) throws {
    var stream = RandomStream(seed: 1)
    let a = try Tensor.normal([m, k], using: &stream)
    let b = try Tensor.normal([k, n], using: &stream)
    let product = try Tensor.matrixProduct(a, b)
    let (left, right) = (a.values, b.values)
    for (i, value) in product.values.enumerated() {
      let expected = (0..<k).reduce(0.0) { $0 + left[i / n * k + $1] * right[$1 * n + i % n] }
      #expect(abs(value - expected) < 1e-11)
    }
  }
}

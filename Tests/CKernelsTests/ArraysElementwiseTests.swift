import CKernels
import Testing

/// Operations element by element: the same bits at all levels, and what plain code gives.
@Suite struct ArraysElementwiseTests {
  private static let binary: [(nbs_binary, @Sendable (Double, Double) -> Double)] = [
    (NBS_ADD, { $0 + $1 }), (NBS_SUBTRACT, { $0 - $1 }), (NBS_MULTIPLY, { $0 * $1 }),
    (NBS_DIVIDE, { $0 / $1 }),
    (NBS_EQUAL, { $0 == $1 ? 1 : 0 }), (NBS_NOT_EQUAL, { $0 != $1 ? 1 : 0 }), (NBS_LESS, { $0 < $1 ? 1 : 0 }),
    (NBS_LESS_OR_EQUAL, { $0 <= $1 ? 1 : 0 }), (NBS_GREATER, { $0 > $1 ? 1 : 0 }),
    (NBS_GREATER_OR_EQUAL, { $0 >= $1 ? 1 : 0 }), (NBS_AND, { $0 != 0 && $1 != 0 ? 1 : 0 }),
    (NBS_OR, { $0 != 0 || $1 != 0 ? 1 : 0 }),
  ]

  private static let unary: [(nbs_unary, @Sendable (Double) -> Double)] = [
    (NBS_NEGATE, { -$0 }), (NBS_ABSOLUTE, { $0.magnitude }),
    (NBS_SIGN, { $0.isNaN ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }), (NBS_POSITIVE_PART, { $0 <= 0 ? 0 : $0 }),
    (NBS_UNIT_STEP, { $0.isNaN ? $0 : $0 > 0 ? 1 : 0 }),
    (NBS_ROUND, { $0.rounded(.toNearestOrEven) }), (NBS_FLOOR, { $0.rounded(.down) }),
    (NBS_CEILING, { $0.rounded(.up) }),
    (NBS_HALF_POWER, { $0 == -.infinity ? .infinity : ($0 + 0).squareRoot() }),
    (NBS_NOT, { $0 == 0 ? 1 : 0 }),
  ]

  @Test(arguments: arrayLengths)
  func binaryOperationsAgree(_ count: Int) {
    checkBinary(Double.self, count)
    checkBinary(Float.self, count)
  }

  /// What is computed in Double and rounded to Float is what Float gives: Double has more than twice Float's digits, so
  /// the first of the two roundings never decides the second (S. Figueroa, "When is double rounding innocuous?", 1995).
  private func checkBinary<Number: KernelNumber>(_: Number.Type, _ count: Int) {
    let a: [Number] = sampleNumbers(count, special: true)
    let b: [Number] = sampleNumbers(count, seed: 2, special: true)
    for (operation, reference) in Self.binary {
      for (aStep, bStep) in [(1, 1), (1, 0), (0, 1)] where count > 0 {
        let result: [Number]? = atAllLevels(count) { kernels, y in
          a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
              kernels.binary(
                operation, nbs_operand(numbers: a.baseAddress, row: 0, step: aStep),
                nbs_operand(numbers: b.baseAddress, row: 0, step: bStep), y, 1, count)
            }
          }
        }
        let expected = (0..<count).map { Number(reference(Double(a[$0 * aStep]), Double(b[$0 * bStep]))) }
        #expect(result.map { haveSameBits($0, expected) } == true, "\(operation) \(aStep) \(bStep)")
      }
    }
  }

  @Test func binaryRowsRepeatOperands() {
    let a: [Double] = sampleNumbers(6 * 19)
    let row: [Double] = sampleNumbers(19, seed: 3)
    let result: [Double]? = atAllLevels(6 * 19) { kernels, y in
      a.withUnsafeBufferPointer { a in
        row.withUnsafeBufferPointer { row in
          kernels.binary(
            NBS_ADD, nbs_operand(numbers: a.baseAddress, row: 19, step: 1),
            nbs_operand(numbers: row.baseAddress, row: 0, step: 1), y, 6, 19)
          // In place, with a column of factors.
          kernels.binary(
            NBS_MULTIPLY, nbs_operand(numbers: y, row: 19, step: 1),
            nbs_operand(numbers: row.baseAddress, row: 1, step: 0), y, 6, 19)
        }
      }
    }
    var expected = a
    for place in a.indices { expected[place] = (a[place] + row[place % 19]) * row[place / 19] }
    #expect(result == expected)
  }

  @Test(arguments: arrayLengths)
  func unaryOperationsAgree(_ count: Int) {
    checkUnary(Double.self, count)
    checkUnary(Float.self, count)
  }

  private func checkUnary<Number: KernelNumber>(_: Number.Type, _ count: Int) {
    let x: [Number] = sampleNumbers(count, special: true)
    for (operation, reference) in Self.unary {
      let result: [Number]? = atAllLevels(count) { kernels, y in kernels.unary(operation, x, y, count) }
      let expected = x.map { Number(reference(Double($0))) }
      #expect(result.map { haveSameBits($0, expected) } == true, "\(operation)")
    }
    let clipped: [Number]? = atAllLevels(count) { kernels, y in kernels.clip(x, -100, 200, y, count) }
    let held = x.map { $0 < -100 ? -100 : $0 > 200 ? 200 : $0 }
    #expect(clipped.map { haveSameBits($0, held) } == true)
    let crossed: [Number]? = atAllLevels(count) { kernels, y in kernels.clip(x, 2, 1, y, count) }
    #expect(crossed.map { haveSameBits($0, x.map { $0.isNaN ? $0 : 1 }) } == true)
  }

  @Test(arguments: arrayLengths)
  func choosesByTruth(_ count: Int) {
    let condition: [Double] = sampleNumbers(count, seed: 5, special: true).map {
      $0 > 0 ? $0 : $0.isNaN ? $0 : 0
    }
    let a: [Double] = sampleNumbers(count, special: true)
    let b: [Double] = sampleNumbers(count, seed: 2, special: true)
    for (aStep, bStep) in [(1, 1), (1, 0), (0, 1), (0, 0)] {
      let result: [Double]? = atAllLevels(count) { kernels, y in
        kernels.choose(condition, a, aStep, b, bStep, y, count)
      }
      let expected = (0..<count).map { condition[$0] != 0 ? a[$0 * aStep] : b[$0 * bStep] }
      #expect(result.map { haveSameBits($0, expected) } == true)
    }
  }

  @Test(arguments: [1, 8, 65, 300, 9000])
  func findsWhatIsNotFinite(_ count: Int) {
    for kernels in arrayLevels(Double.self) {
      #expect(kernels.all_finite([Double](repeating: .greatestFiniteMagnitude, count: count), count))
      for (place, number) in [(0, Double.nan), (count / 2, .infinity), (count - 1, -.infinity)] {
        var x = [Double](repeating: 1, count: count)
        x[place] = number
        #expect(!kernels.all_finite(x, count))
      }
    }
  }

  @Test func smallProductsAreChains() {
    let (m, k, n) = (3, 7, 5)
    let a: [Double] = sampleNumbers(m * k)
    let b: [Double] = sampleNumbers(k * n, seed: 2)
    let result: [Double]? = atAllLevels(m * n) { kernels, y in kernels.small_product(m, n, k, a, b, y) }
    let expected: [Double] = (0..<m * n).map { place in
      let (row, column) = (place / n, place % n)
      return (0..<k).reduce(0.0) { sum, p in sum.addingProduct(a[row * k + p], b[p * n + column]) }
    }
    #expect(result == expected)
  }

  @Test func fillsAndCounts() {
    let result: [Double]? = atAllLevels(21) { kernels, y in
      kernels.fill(2.5, y, 10)
      kernels.ramp(3, 0.1, 5, y + 10, 11)
    }
    let ramp: [Double] = (5..<16).map { 3 + Double($0) * 0.1 }
    #expect(result == [Double](repeating: 2.5, count: 10) + ramp)
    let rows: [Float]? = atAllLevels(3 * 19, from: 7) { kernels, y in
      kernels.one_hot([0, 18, 4] as [Float], 3, 19, y)
    }
    #expect(rows?.indices.filter { rows?[$0] == 1 } == [0, 19 + 18, 38 + 4])
    #expect(rows?.reduce(0, +) == 3)
  }
}

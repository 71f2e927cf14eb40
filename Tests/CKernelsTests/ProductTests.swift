import CKernels
import Testing

/// Products against chains of fused multiply-adds, bit by bit and on every level.
@Suite struct ProductTests {
  /// How a matrix lies in memory.
  enum Layout: CaseIterable {
    case rows, columns, spread

    func strides(rows: Int, columns: Int) -> (row: Int, column: Int) {
      switch self {
      case .rows: (columns + 2, 1)
      case .columns: (1, rows + 1)
      case .spread: (2 * columns + 1, 2)
      }
    }
  }

  /// A product with all that it reads and what its chains must give.
  struct Problem<Number: KernelNumber> {
    var m: Int, n: Int, k: Int
    var a: [Number], b: [Number], c: [Number], bias: [Number]
    var aStrides: (row: Int, column: Int), bStrides: (row: Int, column: Int)
    var cRow: Int
    var start: nbs_start

    init(
      _ m: Int, _ n: Int, _ k: Int, _ layouts: (Layout, Layout), start: nbs_start, hard: Bool = false,
      _ generator: inout ProductGenerator
    ) {
      (self.m, self.n, self.k, self.start) = (m, n, k, start)
      aStrides = layouts.0.strides(rows: m, columns: k)
      bStrides = layouts.1.strides(rows: k, columns: n)
      cRow = n + 3
      let sizes = [
        max(m, 1) * aStrides.row + max(k, 1) * aStrides.column,
        max(k, 1) * bStrides.row + max(n, 1) * bStrides.column,
        m * cRow, n,
      ]
      let arrays: [[Number]] = sizes.map { hard ? generator.hardNumbers($0) : generator.numbers($0) }
      (a, b, c, bias) = (arrays[0], arrays[1], arrays[2], arrays[3])
    }

    var expected: [Number] {
      var result = c
      for i in 0..<m {
        for j in 0..<n {
          var sum = start == NBS_FROM_ZERO ? 0 : start == NBS_FROM_RESULT ? c[i * cRow + j] : bias[j]
          for l in 0..<k {
            sum.addProduct(
              a[i * aStrides.row + l * aStrides.column], b[l * bStrides.row + j * bStrides.column])
          }
          result[i * cRow + j] = sum
        }
      }
      return result
    }

    /// The product by the kernels, for some rows and some steps.
    func run(
      _ kernels: nbs_product_kernels, into c: inout [Number], rows: Range<Int>? = nil,
      steps: Range<Int>? = nil
    ) {
      let rows = rows ?? 0..<m, steps = steps ?? 0..<k
      let left = ProductMemory(a), right = ProductMemory(b), bias = ProductMemory(bias),
        result = ProductMemory(c)
      let scratch = ProductScratch(bytes: kernels.product_scratch(rows.count, n, steps.count))
      withExtendedLifetime((left, right, bias)) {
        kernels.product(
          rows.count, n, steps.count,
          nbs_matrix(
            numbers: left.address + rows.lowerBound * aStrides.row + steps.lowerBound * aStrides.column,
            row: aStrides.row, column: aStrides.column),
          nbs_matrix(
            numbers: right.address + steps.lowerBound * bStrides.row, row: bStrides.row,
            column: bStrides.column),
          result.address + rows.lowerBound * cRow, cRow, steps.lowerBound > 0 ? NBS_FROM_RESULT : start,
          bias.address, scratch.address)
      }
      c = result.numbers
      #expect(scratch.isIntact)
    }
  }

  static let starts = [NBS_FROM_ZERO, NBS_FROM_RESULT, NBS_FROM_BIAS]
  static let layouts = Layout.allCases.flatMap { a in Layout.allCases.map { (a, $0) } }

  func check<Number: KernelNumber>(_ problem: Problem<Number>) {
    let expected = problem.expected
    for (level, kernels) in productKernels(Number.self) {
      var c = problem.c
      problem.run(kernels, into: &c)
      expectSameBits(
        c, expected,
        "level \(level): \(problem.m) x \(problem.n) x \(problem.k), strides \(problem.aStrides), \(problem.bStrides)"
      )
    }
  }

  func checkShapes<Number: KernelNumber>(_: Number.Type, hard: Bool, seed: UInt64) {
    var generator = ProductGenerator(state: seed)
    let sizes = [1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 24, 25, 31, 33]
    for layouts in Self.layouts {
      for start in Self.starts {
        for _ in 0..<4 {
          check(
            Problem<Number>(
              generator.pick(sizes), generator.pick(sizes), generator.pick([0, 1] + sizes), layouts,
              start: start,
              hard: hard, &generator))
        }
      }
    }
  }

  @Test func oddShapesAndLayouts() {
    checkShapes(Float.self, hard: false, seed: 1)
    checkShapes(Double.self, hard: false, seed: 2)
  }

  @Test func numbersThatAreNotOrdinary() {
    checkShapes(Float.self, hard: true, seed: 3)
    checkShapes(Double.self, hard: true, seed: 4)
  }

  /// More rows, columns and steps than go through at once.
  @Test(arguments: [(3, 5, 1100), (2, 67, 300), (300, 2, 3), (5, 300, 4), (270, 1, 5), (1, 40, 513)])
  func blocking(m: Int, n: Int, k: Int) {
    var generator = ProductGenerator(state: 5)
    for layouts: (Layout, Layout) in [(.rows, .rows), (.rows, .columns), (.columns, .rows)] {
      check(Problem<Float>(m, n, k, layouts, start: NBS_FROM_BIAS, &generator))
      check(Problem<Double>(m, n, k, layouts, start: NBS_FROM_RESULT, &generator))
    }
  }

  /// Products large enough for the left matrix to be packed, against the same in blocks of rows that are not.
  @Test(arguments: layouts.indices) func largeProducts(layout: Int) {
    var generator = ProductGenerator(state: 9)
    let problem = Problem<Double>(70, 261, 270, Self.layouts[layout], start: NBS_FROM_BIAS, &generator)
    for (level, kernels) in productKernels(Double.self) where level != 2 || layout == 0 {
      var whole = problem.c, divided = problem.c
      problem.run(kernels, into: &whole)
      for rows in [0..<35, 35..<70] { problem.run(kernels, into: &divided, rows: rows) }
      expectSameBits(whole, divided, "level \(level), strides \(problem.aStrides), \(problem.bStrides)")
    }
  }

  /// Nothing to add up: the result is what it starts with. Nothing to write: nothing is.
  @Test func emptyProducts() {
    var generator = ProductGenerator(state: 6)
    for (m, n, k) in [(3, 20, 0), (0, 3, 4), (3, 0, 4), (40, 40, 0)] {
      for start in Self.starts { check(Problem<Float>(m, n, k, (.rows, .rows), start: start, &generator)) }
    }
  }

  /// Rows, or steps, that are divided between several calls.
  @Test func dividedCalls() {
    var generator = ProductGenerator(state: 7)
    for layouts in Self.layouts {
      let problem = Problem<Float>(29, 37, 23, layouts, start: NBS_FROM_BIAS, &generator)
      for (level, kernels) in productKernels(Float.self) {
        var byRows = problem.c
        for rows in [0..<1, 1..<12, 12..<29] { problem.run(kernels, into: &byRows, rows: rows) }
        expectSameBits(byRows, problem.expected, "level \(level), by rows")
        var bySteps = problem.c
        for steps in [0..<2, 2..<19, 19..<23] { problem.run(kernels, into: &bySteps, steps: steps) }
        expectSameBits(bySteps, problem.expected, "level \(level), by steps")
      }
    }
  }

  /// Products of one step are single multiply-adds, here such as a second rounding would give away: products half-way
  /// between two floats with an addend far below them, and results that are subnormal, overflow or cancel.
  @Test func hardRoundings() {
    var generator = ProductGenerator(state: 8)
    func scaled(_ significand: UInt64, _ exponent: Int) -> Float {
      let sign: FloatingPointSign = generator.next() % 2 == 0 ? .plus : .minus
      return Float(sign: sign, exponent: exponent, significand: Float(significand))
    }
    for _ in 0..<40 {
      let exponent = generator.pick([-2, -2, 0, 5, -75, -70, -66, 52])
      let a = (0..<60).map { _ in scaled(generator.next() % 4096 | 2049, exponent) }
      let b = (0..<60).map { _ in scaled(generator.next() % 8192 | 4097, exponent) }
      let c = (0..<3600).map { _ in
        let distance = generator.pick([0, 0, 1, 2, 12, 24, 25, 30, 52, 53, 54, 60, 100])
        return scaled(generator.next() % (1 << 24), 2 * exponent - distance)
      }
      var problem = Problem<Float>(60, 60, 1, (.rows, .rows), start: NBS_FROM_RESULT, &generator)
      (problem.a, problem.aStrides) = (a, (1, 1))
      (problem.b, problem.bStrides) = (b, (60, 1))
      (problem.c, problem.cRow) = (c, 60)
      check(problem)
    }
  }
}

import CKernels
import Testing

/// Convolutions of 3 x 3 and 5 x 5 places by Winograd's minimal filtering, against the chains that they stand for.
@Suite struct WinogradTests {
  private typealias Axis = ConvolutionProblem.Axis

  /// With and without zeros at the edges, odd and even lengths, one and several images at once, channels and filters of one
  /// panel and of several, more squares than go through at once, and rows that are added up together.
  private static let problems: [ConvolutionProblem] = [
    problem(
      height: Axis(input: 8, size: 3, before: 1, after: 1),
      width: Axis(input: 8, size: 3, before: 1, after: 1), 16, 32),
    problem(height: Axis(input: 12, size: 3), width: Axis(input: 13, size: 3), 32, 16, hasBias: false),
    problem(
      height: Axis(input: 9, size: 3, before: 2, after: 2),
      width: Axis(input: 8, size: 3, before: 0, after: 2), 48, 16, accumulates: true),
    problem(
      height: Axis(input: 15, size: 3, before: 1, after: 1),
      width: Axis(input: 16, size: 3, before: 1, after: 1), 16, 16, planes: 2, accumulates: true),
    problem(
      height: Axis(input: 12, size: 3, before: 1, after: 1), width: Axis(input: 30, size: 3, before: 1), 16,
      48),
    problem(height: Axis(input: 12, size: 5), width: Axis(input: 12, size: 5), 32, 32, accumulates: true),
    problem(
      height: Axis(input: 10, size: 5, before: 2, after: 2),
      width: Axis(input: 8, size: 5, before: 2, after: 2), 16, 48),
    problem(
      height: Axis(input: 8, size: 5, before: 4), width: Axis(input: 16, size: 5), 16, 16, planes: 2,
      accumulates: true),
    problem(
      height: Axis(input: 19, size: 5), width: Axis(input: 16, size: 5, before: 0, after: 2), 48, 16,
      hasBias: false),
    problem(
      height: Axis(input: 6, size: 3), width: Axis(input: 7, size: 3, before: 1), 32, 32, accumulates: true,
      rowsTogether: 2),
  ]

  /// How many products a square of an image takes for each channel and filter.
  private static func products(_ problem: ConvolutionProblem) -> Int { problem.axes[1].size == 3 ? 16 : 49 }

  private static func problem(
    height: Axis, width: Axis, _ channels: Int, _ filters: Int, planes: Int = 1, accumulates: Bool = false,
    hasBias: Bool = true, rowsTogether: Int = 1
  ) -> ConvolutionProblem {
    ConvolutionProblem(
      axes: [Axis(input: planes), height, width], channels: channels, filters: filters, groups: 1, rows: 3,
      accumulates: accumulates, hasBias: hasBias, rowsTogether: rowsTogether)
  }

  /// All levels give the same bits, however rows are divided.
  private func results<Number: KernelNumber>(_ arrays: ConvolutionArrays<Number>) throws
    -> ConvolutionArrays<Number>.Results
  {
    let problem = arrays.problem
    var first: ConvolutionArrays<Number>.Results?
    for (level, kernels) in productKernels(Number.self) {
      var convolution = problem.convolution
      // The transformed weights of 16 or 49 products, not those of 9 or 25 places.
      let packed = Self.products(problem) * problem.channels * problem.filters
      #expect(kernels.pack_forward_size(&convolution) == packed)
      #expect(kernels.pack_backward_size(&convolution) == packed)
      for division in [[3], [1, 2], [2, 1]]
      where division.dropLast().allSatisfy({ $0 % problem.rowsTogether == 0 }) {
        let result = arrays.run(kernels, division: division)
        let expected = first ?? result
        first = expected
        let comment = "level \(level), rows \(division), \(problem)"
        expectSameBits(result.y, expected.y, "forward, \(comment)")
        expectSameBits(result.dx, expected.dx, "backward by the data, \(comment)")
        expectSameBits(result.dw, expected.dw, "backward by the weights, \(comment)")
      }
    }
    return try #require(first)
  }

  /// What the layers stand for, in 64 bits. A debug build takes minutes for the written-out chains of all these channels, in
  /// which every number is one of any type.
  private func sums<Number: KernelNumber>(_ arrays: ConvolutionArrays<Number>)
    -> ConvolutionArrays<Double>.Results
  {
    let p = arrays.problem
    let (x, weights, dy) = (
      arrays.x.map(Double.init), arrays.weights.map(Double.init), arrays.dy.map(Double.init)
    )
    var y = dy.indices.map { p.hasBias ? Double(arrays.bias[$0 % p.filters]) : 0 }
    var dx = arrays.dx.map { p.accumulates ? Double($0) : 0 }
    var dw = arrays.dw.map { p.accumulates ? Double($0) : 0 }
    let (outputs, window) = (arrays.places(\.output), arrays.places(\.size))
    for (o, output) in outputs.enumerated() {
      for (k, place) in window.enumerated() {
        guard let input = arrays.inputPlace(output, place) else { continue }
        for row in 0..<p.rows {
          let pixel = (row * p.inputs + input) * p.channels
          for filter in 0..<p.filters {
            let answer = (row * p.outputs + o) * p.filters + filter
            let weight = (filter * p.windowPlaces + k) * p.channels
            for channel in 0..<p.channels {
              y[answer] += x[pixel + channel] * weights[weight + channel]
              dx[pixel + channel] += dy[answer] * weights[weight + channel]
              dw[weight + channel] += dy[answer] * x[pixel + channel]
            }
          }
        }
      }
    }
    return (y, dx, dw)
  }

  /// Nothing is rounded where numbers are small and whole: halves and quarters of them are exact as well.
  @Test func wholeNumbersAreExact() throws {
    func check<Number: KernelNumber>(_: Number.Type) throws {
      var generator = ProductGenerator(state: 31)
      for problem in Self.problems {
        var arrays = ConvolutionArrays<Number>(problem, hard: false, &generator)
        for array in [\ConvolutionArrays<Number>.x, \.weights, \.bias, \.dy, \.dx, \.dw] {
          arrays[keyPath: array] = arrays[keyPath: array].map { _ in Number(Int(generator.next() % 9) - 4) }
        }
        let (result, expected) = (try results(arrays), sums(arrays))
        #expect(result.y.map(Double.init) == expected.y, "\(problem)")
        #expect(result.dx.map(Double.init) == expected.dx, "\(problem)")
        #expect(result.dw.map(Double.init) == expected.dw, "\(problem)")
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  /// Transforms cost no more than about a digit in the last place of the largest terms.
  @Test func ordinaryNumbersAreClose() throws {
    func check<Number: KernelNumber>(_: Number.Type) throws {
      var generator = ProductGenerator(state: 32)
      for problem in Self.problems {
        let arrays = ConvolutionArrays<Number>(problem, hard: false, &generator)
        let (result, expected) = (try results(arrays), sums(arrays))
        for (name, numbers, sums) in [
          ("y", result.y, expected.y), ("dx", result.dx, expected.dx), ("dw", result.dw, expected.dw),
        ] {
          let size = (sums.reduce(0) { $0 + $1 * $1 } / Double(sums.count)).squareRoot()
          let error = zip(numbers, sums).map { abs(Double($0) - $1) }.max() ?? 0
          #expect(
            error < 128 * Double(Number.ulpOfOne) * size, "\(name) is off by \(error / size), \(problem)")
        }
      }
    }
    try check(Float.self)
    try check(Double.self)
  }

  /// Which convolutions go this way is a matter of their shape.
  @Test func shapes() throws {
    func isTransformed(_ change: (inout ConvolutionProblem) -> Void) throws -> Bool {
      var problem = Self.problems[0]
      change(&problem)
      var convolution = problem.convolution
      let sizes = productKernels(Float.self).map {
        $0.kernels.pack_forward_size(&convolution) == Self.products(problem) * problem.channels
          * problem.filters
      }
      #expect(Set(sizes).count == 1, "levels differ: \(problem)")
      return sizes[0]
    }
    #expect(try isTransformed { _ in })
    #expect(
      try isTransformed {
        $0.axes[1].size = 5; $0.axes[2].size = 5
      })
    #expect(try !isTransformed { $0.axes[1].size = 5 })
    #expect(
      try !isTransformed {
        $0.axes[1].size = 4; $0.axes[2].size = 4
      })
    #expect(try !isTransformed { $0.channels = 24 })
    #expect(try !isTransformed { $0.filters = 40 })
    #expect(try !isTransformed { $0.groups = 2 })
    #expect(try !isTransformed { $0.axes[2].stride = 2 })
    #expect(try !isTransformed { $0.axes[1].dilation = 2 })
    #expect(try !isTransformed { $0.axes[1].size = 2 })
    #expect(
      try !isTransformed {
        $0.axes[0].size = 1; $0.axes[0].before = 1
      })
    // So few places that squares would be cut, or lie in the padding.
    #expect(
      try !isTransformed {
        $0.axes[1].input = 3; $0.axes[2].input = 3
      })
    #expect(try !isTransformed { $0.axes[1].input = 1 })
  }
}

import CKernels
import Testing

/// Convolutions against chains of fused multiply-adds, bit by bit and on every level.
@Suite struct ConvolutionTests {
  func check<Number: KernelNumber>(
    _: Number.Type, _ problems: [ConvolutionProblem], hard: Bool = false, seed: UInt64
  ) {
    var generator = ProductGenerator(state: seed)
    for problem in problems {
      let arrays = ConvolutionArrays<Number>(problem, hard: hard, &generator)
      let expected = arrays.expected
      for (level, kernels) in productKernels(Number.self) {
        for division in [[problem.rows], problem.rows > 1 ? [1, problem.rows - 1] : []]
        where !division.isEmpty {
          let result = arrays.run(kernels, division: division)
          let comment = "level \(level), rows \(division), \(problem)"
          expectSameBits(result.y, expected.y, "forward, \(comment)")
          expectSameBits(result.dx, expected.dx, "backward by the data, \(comment)")
          expectSameBits(result.dw, expected.dw, "backward by the weights, \(comment)")
        }
      }
    }
  }

  @Test func randomGeometries() {
    check(Float.self, ConvolutionProblem.random(60, seed: 1), seed: 2)
    check(Double.self, ConvolutionProblem.random(40, seed: 3), seed: 4)
  }

  @Test func numbersThatAreNotOrdinary() {
    check(Float.self, ConvolutionProblem.random(30, seed: 5), hard: true, seed: 6)
    check(Double.self, ConvolutionProblem.random(20, seed: 7), hard: true, seed: 8)
  }

  /// Panels of every width, and gradients that are scattered as well as gathered.
  @Test(arguments: [(3, 7, 2), (16, 24, 1), (33, 40, 1), (8, 65, 1)])
  func widths(channels: Int, filters: Int, rows: Int) {
    let axes: [ConvolutionProblem.Axis] = [
      .init(input: 1), .init(input: 6, size: 3), .init(input: 5, size: 4),
    ]
    let same: [ConvolutionProblem.Axis] = [
      .init(input: 1), .init(input: 4, size: 3, before: 1, after: 1),
      .init(input: 4, size: 3, before: 1, after: 1),
    ]
    let problems = [axes, same].map {
      ConvolutionProblem(axes: $0, channels: channels, filters: filters, groups: 1, rows: rows)
    }
    check(Float.self, problems, seed: 9)
    check(Double.self, problems, seed: 10)
  }

  /// Windows that lie in the padding altogether, are larger than the input, or leave part of it out.
  @Test func padding() {
    let axes: [ConvolutionProblem.Axis] = [
      .init(input: 2, size: 2, before: 5, after: 4), .init(input: 2, size: 5, before: 2, after: 2),
      .init(input: 7, size: 2, stride: 4),
      .init(input: 3, size: 3, stride: 2, dilation: 3, before: 7, after: 3),
      .init(input: 5, size: 1, stride: 3), .init(input: 1, size: 3, before: 1, after: 1),
    ]
    let problems = axes.indices.map { index in
      ConvolutionProblem(
        axes: [axes[(index + 2) % axes.count], axes[(index + 1) % axes.count], axes[index]], channels: 2,
        filters: 3,
        groups: 1, rows: 2)
    }
    check(Float.self, problems, seed: 11)
    check(Double.self, problems, seed: 12)
  }

  /// What lies beyond the edges takes no part, not even times an infinite weight.
  @Test func infiniteWeightsBeyondTheEdges() {
    let problem = ConvolutionProblem(
      axes: [.init(input: 1), .init(input: 1), .init(input: 3, size: 3, before: 1, after: 1)], channels: 1,
      filters: 1,
      groups: 1, rows: 1)
    var generator = ProductGenerator(state: 13)
    var arrays = ConvolutionArrays<Float>(problem, hard: false, &generator)
    arrays.x = [1, 2, 3]
    arrays.weights = [.infinity, 1, 1]
    arrays.bias = [0]
    for (_, kernels) in productKernels(Float.self) {
      #expect(arrays.run(kernels, division: [1]).y == [3, .infinity, .infinity])
    }
  }
}

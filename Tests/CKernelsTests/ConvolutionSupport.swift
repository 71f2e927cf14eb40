import CKernels
import Testing

/// A convolution's geometry and how many images it goes over.
struct ConvolutionProblem: CustomStringConvertible {
  struct Axis {
    var input: Int
    var size = 1, stride = 1, dilation = 1
    var before = 0, after = 0

    var output: Int { (input + before + after - (size - 1) * dilation - 1) / stride + 1 }

    /// The input place that a window place of an output place reads, if it lies inside.
    func place(_ output: Int, _ k: Int) -> Int? {
      let place = output * stride + k * dilation - before
      return (0..<input).contains(place) ? place : nil
    }
  }

  var axes: [Axis]
  var channels: Int, filters: Int, groups: Int
  var rows: Int
  var accumulates = false
  var hasBias = true
  /// How many rows are added up together for the gradient by the weights.
  var rowsTogether = 1

  var description: String {
    let axes = axes.map {
      "\($0.input)>\($0.output) size \($0.size)/\($0.stride)*\($0.dilation) before \($0.before)"
    }
    return "\(axes) channels \(channels) filters \(filters) groups \(groups)"
  }

  var inputs: Int { axes.reduce(1) { $0 * $1.input } }
  var outputs: Int { axes.reduce(1) { $0 * $1.output } }
  var windowPlaces: Int { axes.reduce(1) { $0 * $1.size } }
  var groupChannels: Int { channels / groups }
  var groupFilters: Int { filters / groups }

  var convolution: nbs_convolution {
    func triple(_ value: (Axis) -> Int) -> (Int, Int, Int) {
      (value(axes[0]), value(axes[1]), value(axes[2]))
    }
    let window = nbs_window(
      input: triple(\.input), output: triple(\.output), size: triple(\.size), stride: triple(\.stride),
      dilation: triple(\.dilation), before: triple(\.before), channels: channels)
    return nbs_convolution(window: window, filters: filters, groups: groups, rows_together: rowsTogether)
  }

  static func random(_ count: Int, seed: UInt64) -> [ConvolutionProblem] {
    var generator = ProductGenerator(state: seed)
    return (0..<count).map { index in
      let used = 1 + index % 3
      let axes = (0..<3).map { axis in
        guard axis >= 3 - used else { return Axis(input: 1) }
        var result = Axis(
          input: generator.pick([1, 2, 3, 4, 5, 6]), size: generator.pick([1, 2, 3, 3, 4]),
          stride: generator.pick([1, 1, 2, 3]), dilation: generator.pick([1, 1, 2, 3]),
          before: generator.pick([0, 0, 1, 2, 5]), after: generator.pick([0, 1, 2]))
        result.after = max(
          result.after, (result.size - 1) * result.dilation + 1 - result.input - result.before)
        return result
      }
      let groups = generator.pick([1, 1, 2, 3])
      let small = [1, 1, 2, 3, 4, 5], large = used == 1 ? [6, 9, 17, 34] : [7, 9]
      return ConvolutionProblem(
        axes: axes, channels: groups * generator.pick(small + large),
        filters: groups * generator.pick(small + large),
        groups: groups, rows: generator.pick([1, 2, 3]), accumulates: generator.next() % 2 == 0,
        hasBias: generator.next() % 3 > 0)
    }
  }
}

/// All that a convolution and its gradients read, and what they start with.
struct ConvolutionArrays<Number: KernelNumber> {
  let problem: ConvolutionProblem
  var x: [Number], weights: [Number], bias: [Number], dy: [Number]
  /// What stands where the gradients go.
  var dx: [Number], dw: [Number]

  typealias Results = (y: [Number], dx: [Number], dw: [Number])

  init(_ problem: ConvolutionProblem, hard: Bool, _ generator: inout ProductGenerator) {
    self.problem = problem
    let inputs = problem.rows * problem.inputs * problem.channels
    let outputs = problem.rows * problem.outputs * problem.filters
    let weightCount = problem.filters * problem.windowPlaces * problem.groupChannels
    let arrays: [[Number]] = [inputs, weightCount, problem.filters, outputs, inputs, weightCount].map {
      hard ? generator.hardNumbers($0) : generator.numbers($0)
    }
    (x, weights, bias, dy, dx, dw) = (arrays[0], arrays[1], arrays[2], arrays[3], arrays[4], arrays[5])
  }

  /// The places of a box, row by row.
  func places(_ extent: (ConvolutionProblem.Axis) -> Int) -> [[Int]] {
    let extents = problem.axes.map(extent)
    return (0..<extents[0]).flatMap { z in
      (0..<extents[1]).flatMap { y in (0..<extents[2]).map { x in [z, y, x] } }
    }
  }

  /// The input place that a window place of an output place reads, if it lies inside.
  func inputPlace(_ output: [Int], _ k: [Int]) -> Int? {
    var place = 0
    for (index, axis) in problem.axes.enumerated() {
      guard let here = axis.place(output[index], k[index]) else { return nil }
      place = place * axis.input + here
    }
    return place
  }

  /// The chains, written out.
  var expected: Results {
    let p = problem
    var y = [Number](repeating: 0, count: dy.count)
    var dx = p.accumulates ? self.dx : [Number](repeating: 0, count: x.count)
    var dw = p.accumulates ? self.dw : [Number](repeating: 0, count: weights.count)
    let outputs = places(\.output), window = places(\.size)
    for row in 0..<p.rows {
      for (o, output) in outputs.enumerated() {
        for f in 0..<p.filters {
          let at = (row * p.outputs + o) * p.filters + f
          y[at] = p.hasBias ? bias[f] : 0
          for (k, place) in window.enumerated() {
            let input = inputPlace(output, place)
            for i in 0..<p.groupChannels {
              let channel = f / p.groupFilters * p.groupChannels + i
              let number = input.map { x[(row * p.inputs + $0) * p.channels + channel] }
              let weight = (f * p.windowPlaces + k) * p.groupChannels + i
              if let number { y[at].addProduct(number, weights[weight]) }
              // Backward by the weights, what lies beyond the edges counts as zeros.
              dw[weight].addProduct(number ?? 0, dy[at])
            }
          }
        }
      }
      for (k, place) in window.enumerated() {
        for (o, output) in outputs.enumerated() {
          guard let input = inputPlace(output, place) else { continue }
          for channel in 0..<p.channels {
            let group = channel / p.groupChannels
            for f in group * p.groupFilters..<(group + 1) * p.groupFilters {
              dx[(row * p.inputs + input) * p.channels + channel].addProduct(
                dy[(row * p.outputs + o) * p.filters + f],
                weights[(f * p.windowPlaces + k) * p.groupChannels + channel % p.groupChannels])
            }
          }
        }
      }
    }
    return (y, dx, dw)
  }

  /// The same by the kernels, the rows being divided between calls.
  func run(_ kernels: nbs_product_kernels, division: [Int]) -> Results {
    var convolution = problem.convolution
    let x = ProductMemory(self.x), dy = ProductMemory(self.dy), bias = ProductMemory(self.bias)
    let weights = ProductMemory(self.weights)
    let unset = Number(1234.5)
    let y = ProductMemory([Number](repeating: unset, count: self.dy.count))
    let dx = ProductMemory(self.dx), dw = ProductMemory(self.dw)
    let forward = ProductMemory([Number](repeating: unset, count: kernels.pack_forward_size(&convolution)))
    let backward = ProductMemory([Number](repeating: unset, count: kernels.pack_backward_size(&convolution)))
    return withExtendedLifetime((x, dy, bias, weights, forward, backward)) {
      kernels.pack_forward(&convolution, weights.address, forward.address)
      kernels.pack_backward(&convolution, weights.address, backward.address)
      var first = 0
      for rows in division {
        let input = first * problem.inputs * problem.channels
        let output = first * problem.outputs * problem.filters
        let scratch = ProductScratch(bytes: kernels.convolution_scratch(&convolution, rows))
        kernels.convolve(
          &convolution, rows, x.address + input, forward.address, problem.hasBias ? bias.address : nil,
          y.address + output, scratch.address)
        kernels.convolve_backward_data(
          &convolution, rows, dy.address + output, backward.address, dx.address + input, problem.accumulates,
          scratch.address)
        kernels.convolve_backward_weights(
          &convolution, rows, x.address + input, dy.address + output, dw.address,
          problem.accumulates || first > 0, scratch.address)
        #expect(scratch.isIntact)
        first += rows
      }
      return (y.numbers, dx.numbers, dw.numbers)
    }
  }
}

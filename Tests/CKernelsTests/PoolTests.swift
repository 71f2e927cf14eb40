import CKernels
import Testing

@Suite struct PoolTests {
  /// A window as its axes say it, and what it does by definition: every output looks at every place of its window.
  private struct Pool {
    var name: String
    var input: [Int], output: [Int], size: [Int], stride: [Int], dilation = [1, 1, 1], before = [0, 0, 0]
    var channels = 1

    var window: nbs_window {
      func axes(_ list: [Int]) -> (Int, Int, Int) { (list[0], list[1], list[2]) }
      return nbs_window(
        input: axes(input), output: axes(output), size: axes(size), stride: axes(stride),
        dilation: axes(dilation), before: axes(before), channels: channels)
    }

    var inputs: Int { input.reduce(channels, *) }
    var outputs: Int { output.reduce(channels, *) }

    /// The inputs that an output looks at, in row-major order.
    func places(of output: Int) -> [Int] {
      let (position, channel) = output.quotientAndRemainder(dividingBy: channels)
      let (line, x) = position.quotientAndRemainder(dividingBy: self.output[2])
      let (z, y) = line.quotientAndRemainder(dividingBy: self.output[1])
      func inside(_ axis: Int, _ at: Int) -> [Int] {
        let start = at * stride[axis] - before[axis]
        return (0..<input[axis]).filter { pixel in
          let distance = pixel - start
          return distance >= 0 && distance % dilation[axis] == 0 && distance / dilation[axis] < size[axis]
        }
      }
      return inside(0, z).flatMap { a in
        inside(1, y).flatMap { b in
          inside(2, x).map { c in ((a * input[1] + b) * input[2] + c) * channels + channel }
        }
      }
    }
  }

  private static let pools: [Pool] = [
    Pool(
      name: "2 x 2", input: [1, 6, 8], output: [1, 3, 4], size: [1, 2, 2], stride: [1, 2, 2], channels: 16),
    Pool(
      name: "2 x 2, odd", input: [1, 7, 5], output: [1, 3, 2], size: [1, 2, 2], stride: [1, 2, 2],
      channels: 19),
    Pool(
      name: "2 x 2 of planes", input: [3, 4, 4], output: [3, 2, 2], size: [1, 2, 2], stride: [1, 2, 2],
      channels: 5),
    Pool(
      name: "2 x 2 of 32", input: [1, 4, 4], output: [1, 2, 2], size: [1, 2, 2], stride: [1, 2, 2],
      channels: 32),
    Pool(
      name: "signal", input: [1, 1, 9], output: [1, 1, 4], size: [1, 1, 2], stride: [1, 1, 2], channels: 3),
    Pool(
      name: "overlapping, padded", input: [1, 7, 7], output: [1, 4, 4], size: [1, 3, 3], stride: [1, 2, 2],
      before: [0, 1, 1], channels: 17),
    Pool(
      name: "volume", input: [4, 5, 3], output: [2, 2, 2], size: [2, 3, 2], stride: [2, 2, 1], channels: 2),
    Pool(
      name: "dilated", input: [1, 9, 9], output: [1, 5, 5], size: [1, 3, 3], stride: [1, 1, 1],
      dilation: [1, 2, 2], channels: 4),
    Pool(
      name: "dilated, nothing inside", input: [1, 1, 5], output: [1, 1, 5], size: [1, 1, 2],
      stride: [1, 1, 1],
      dilation: [1, 1, 10], before: [0, 0, 5], channels: 2),
    Pool(
      name: "255 places", input: [1, 20, 20], output: [1, 2, 2], size: [1, 15, 17], stride: [1, 5, 3],
      channels: 3),
    Pool(
      name: "256 places", input: [1, 20, 20], output: [1, 2, 2], size: [1, 16, 16], stride: [1, 4, 4],
      channels: 3),
    Pool(
      name: "far larger than the array", input: [1, 3, 4], output: [1, 3, 4],
      size: [1, 1_000_001, 2_000_001],
      stride: [1, 1, 1], before: [0, 500_000, 1_000_000], channels: 18),
  ]

  private static let rows = 2

  /// The largest and who it was; nobody where a relu's is not above 0.
  private func largest<Number: KernelNumber>(
    _ pool: Pool, _ x: [Number], masksRelu: Bool
  ) -> [(value: Number, place: Int?)] {
    (0..<Self.rows * pool.outputs).map { output in
      let (row, place) = output.quotientAndRemainder(dividingBy: pool.outputs)
      let places = pool.places(of: place).map { $0 + row * pool.inputs }
      var (winner, value) = (Int?.none, -Number.infinity)
      for place in places where winner == nil || x[place] > value || x[place].isNaN {
        (winner, value) = (place, x[place])
      }
      return (value, masksRelu && value <= 0 ? nil : winner)
    }
  }

  @Test func theLargestWinsAndGetsTheGradient() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for pool in Self.pools {
        for (special, masksRelu) in [(false, false), (true, false), (false, true)] {
          var x: [Number] = noise(Self.rows * pool.inputs, seed: 1, special: special)
          // Many equal ones, since the first of them wins.
          x = x.map { $0.isFinite ? ($0 * 4).rounded() / 4 : $0 }
          if masksRelu { x = x.map { max($0, 0) } }
          let (dy, before): ([Number], [Number]) = (
            noise(Self.rows * pool.outputs, seed: 2), noise(x.count, seed: 3)
          )
          let results = atEveryLevel("\(pool.name)") { kernels in
            var window = pool.window
            var y = [Number](repeating: 9, count: Self.rows * pool.outputs)
            var winners = [UInt32](repeating: 7, count: y.count)
            var (dx, sum) = (x, before)
            kernels.max_pool(&window, x, &y, &winners, Self.rows, masksRelu)
            kernels.max_pool_backward(&window, dy, winners, &dx, Self.rows, false)
            kernels.max_pool_backward(&window, dy, winners, &sum, Self.rows, true)
            return y + dx + sum
          }
          let winners = largest(pool, x, masksRelu: masksRelu)
          var (dx, sum) = ([Number](repeating: 0, count: x.count), before)
          for (winner, gradient) in zip(winners, dy) {
            guard let place = winner.place else { continue }
            dx[place] += gradient
            sum[place] += gradient
          }
          let expected = winners.map(\.value) + dx + sum
          #expect(
            zip(results, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN },
            "\(pool.name) \(special) \(masksRelu)")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func theMeanIsOfThePlacesInside() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for pool in Self.pools {
        let (x, dy): ([Number], [Number]) = (
          noise(Self.rows * pool.inputs, seed: 4), noise(Self.rows * pool.outputs, seed: 5)
        )
        let before: [Number] = noise(x.count, seed: 6)
        let results = atEveryLevel("\(pool.name)") { kernels in
          var window = pool.window
          var (y, dx, sum) = (dy, x, before)
          kernels.mean_pool(&window, x, &y, Self.rows)
          kernels.mean_pool_backward(&window, dy, &dx, Self.rows, false)
          kernels.mean_pool_backward(&window, dy, &sum, Self.rows, true)
          return y + dx + sum
        }
        var y: [Double] = []
        var dx = [Double](repeating: 0, count: x.count)
        for output in 0..<Self.rows * pool.outputs {
          let (row, place) = output.quotientAndRemainder(dividingBy: pool.outputs)
          let places = pool.places(of: place).map { $0 + row * pool.inputs }
          let count = Double(max(1, places.count))
          y.append(places.reduce(0) { $0 + Double(x[$1]) } / count)
          for place in places { dx[place] += Double(dy[output]) / count }
        }
        expectClose(results, y + dx + zip(dx, before).map { $0 + Double($1) }, roundings: 64, "\(pool.name)")
      }
    }
    check(Float.self)
    check(Double.self)
  }
}

import CKernels
import Testing

@Suite struct ChainTests {
  /// A chain's numbers, layer by layer.
  private struct Chain<Number: KernelNumber> {
    var widths: [Int]
    var activations: [nbs_activation]
    var weights: [[Number]] = []
    var biases: [[Number]] = []

    init(_ widths: [Int], _ activations: [nbs_activation]) {
      self.widths = widths
      self.activations = activations
      for link in activations.indices {
        weights.append(noise(widths[link] * widths[link + 1], seed: UInt64(10 + link)))
        biases.append(noise(widths[link + 1], seed: UInt64(20 + link)))
      }
    }

    var numbers: [Number] { weights.flatMap { $0 } + biases.flatMap { $0 } }

    /// One row's way through the single kernels, the products being plain chains of fused multiply-adds.
    mutating func train(
      _ kernels: nbs_layer_kernels, _ loss: nbs_loss, fused: Bool, _ input: [Number], _ target: [Number],
      rate: Double
    ) -> (loss: Double, isCorrect: Bool) {
      var (values, sums) = ([input], [[Number]]())
      for link in activations.indices {
        let (inputs, units) = (widths[link], widths[link + 1])
        var z = biases[link]
        for unit in 0..<units {
          for i in 0..<inputs { z[unit].addProduct(values[link][i], weights[link][unit * inputs + i]) }
        }
        var y = z
        kernels.activate(activations[link], z, &y, 1, units)
        sums.append(z)
        values.append(y)
      }
      let (outputs, width) = (values[activations.count], target.count)
      let total = kernels.loss(loss, outputs, fused ? sums[activations.count - 1] : nil, target, 1, width)
      guard total.isFinite else { return (total, false) }
      var correct: UInt8 = 1
      kernels.mark_wrong(outputs, target, &correct, 1, width, 0.5)

      var gradient = outputs
      kernels.loss_gradient(loss, fused, outputs, target, &gradient, 1, width, 1)
      var factors = nbs_update_factors()
      factors.rate = rate
      for link in activations.indices.reversed() {
        let (inputs, units) = (widths[link], widths[link + 1])
        if !(fused && link == activations.count - 1) {
          let by = gradient
          kernels.activate_backward(activations[link], values[link + 1], sums[link], by, &gradient, 1, units)
        }
        var (dx, dw) = ([Number](repeating: 0, count: inputs), weights[link])
        for unit in 0..<units {
          for i in 0..<inputs {
            dx[i].addProduct(gradient[unit], weights[link][unit * inputs + i])
            dw[unit * inputs + i] = gradient[unit] * values[link][i]
          }
        }
        kernels.update(NBS_SGD, &factors, &weights[link], dw, nil, nil, inputs * units)
        kernels.update(NBS_SGD, &factors, &biases[link], gradient, nil, nil, units)
        gradient = dx
      }
      return (total, correct == 1)
    }

    /// The gradient of `scale` times the losses of some rows by the weights and biases, link by link, with single kernels: each
    /// sum over the rows in order.
    func gradient(
      _ kernels: nbs_layer_kernels, _ loss: nbs_loss, fused: Bool, _ inputs: [[Number]],
      _ targets: [[Number]], scale: Double
    ) -> (loss: Double, correct: Int, gradient: [Number]) {
      let (rows, last) = (inputs.count, activations.count - 1)
      let wanted = targets.flatMap { $0 }
      var (values, sums) = ([inputs.flatMap { $0 }], [[Number]]())
      for link in activations.indices {
        let (from, units) = (widths[link], widths[link + 1])
        var z = [Number](repeating: 0, count: rows * units)
        for place in z.indices {
          z[place] = biases[link][place % units]
          for i in 0..<from {
            z[place].addProduct(
              values[link][place / units * from + i], weights[link][place % units * from + i])
          }
        }
        var y = z
        kernels.activate(activations[link], z, &y, rows, units)
        sums.append(z)
        values.append(y)
      }
      let (outputs, width) = (values[last + 1], widths[last + 1])
      let total = kernels.loss(loss, outputs, fused ? sums[last] : nil, wanted, rows, width)
      var marks = [UInt8](repeating: 1, count: rows)
      kernels.mark_wrong(outputs, wanted, &marks, rows, width, 0.5)
      var gradient = outputs
      kernels.loss_gradient(loss, fused, outputs, wanted, &gradient, rows, width, scale)
      var (byWeights, byBiases) = (weights, biases)
      for link in activations.indices.reversed() {
        let (from, units) = (widths[link], widths[link + 1])
        if !(fused && link == last) {
          let by = gradient
          kernels.activate_backward(
            activations[link], values[link + 1], sums[link], by, &gradient, rows, units)
        }
        var dx = [Number](repeating: 0, count: rows * from)
        for unit in 0..<units {
          byBiases[link][unit] = (0..<rows).reduce(0) { $0 + gradient[$1 * units + unit] }
          for i in 0..<from {
            var sum: Number = 0
            for row in 0..<rows {
              sum.addProduct(gradient[row * units + unit], values[link][row * from + i])
              dx[row * from + i].addProduct(gradient[row * units + unit], weights[link][unit * from + i])
            }
            byWeights[link][unit * from + i] = sum
          }
        }
        gradient = dx
      }
      return (total, marks.count { $0 == 1 }, zip(byWeights, byBiases).flatMap { $0 + $1 })
    }

    /// Gives the body the chain as the kernels want it, in memory of its own, and takes its numbers back.
    mutating func withLinks<Result>(_ body: ([nbs_chain_link]) -> Result) -> Result {
      var buffers: [UnsafeMutablePointer<Number>] = []
      func buffer(_ numbers: [Number]) -> UnsafeMutablePointer<Number> {
        let buffer = UnsafeMutablePointer<Number>.allocate(capacity: numbers.count)
        buffer.initialize(from: numbers, count: numbers.count)
        buffers.append(buffer)
        return buffer
      }
      let links = activations.indices.map { link in
        let room = [Number](repeating: 0, count: widths[link + 1])
        let needsSums = activations[link] == NBS_GELU || link == activations.count - 1
        return nbs_chain_link(
          inputs: widths[link], units: widths[link + 1], weights: buffer(weights[link]),
          biases: buffer(biases[link]), activation: activations[link], outputs: buffer(room),
          preactivations: needsSums ? buffer(room) : nil, gradient: buffer(room),
          weight_gradients: buffer(weights[link]), bias_gradients: buffer(biases[link]))
      }
      let result = body(links)
      for (number, link) in links.enumerated() {
        func numbers(_ pointer: UnsafeMutableRawPointer, _ count: Int) -> [Number] {
          Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Number.self), count: count))
        }
        weights[number] = numbers(link.weights, link.inputs * link.units)
        biases[number] = numbers(link.biases, link.units)
      }
      for buffer in buffers { buffer.deallocate() }
      return result
    }
  }

  private struct Training {
    var widths: [Int]
    var activations: [nbs_activation]
    var loss: nbs_loss
    var fused = false
  }

  private static let trainings = [
    Training(widths: [2, 3, 1], activations: [NBS_SIGMOID, NBS_SIGMOID], loss: NBS_MSE),
    Training(widths: [2, 3, 1], activations: [NBS_SIGMOID, NBS_SIGMOID], loss: NBS_BCE, fused: true),
    Training(widths: [2, 2, 1], activations: [NBS_TANH, NBS_SIGMOID], loss: NBS_MSE),
    Training(widths: [2, 4, 1], activations: [NBS_TANH, NBS_SIGMOID], loss: NBS_BCE, fused: true),
    Training(widths: [2, 4, 1], activations: [NBS_SIGMOID, NBS_SIGMOID], loss: NBS_MSE),
    Training(widths: [2, 5, 1], activations: [NBS_SIGMOID, NBS_SIGMOID], loss: NBS_BCE, fused: true),
    Training(widths: [2, 1], activations: [NBS_SIGMOID], loss: NBS_BCE),
    Training(widths: [2, 1], activations: [NBS_STEP], loss: NBS_PERCEPTRON, fused: true),
    Training(widths: [4, 5, 3], activations: [NBS_TANH, NBS_SOFTMAX], loss: NBS_CROSSENTROPY, fused: true),
    Training(widths: [4, 17, 3], activations: [NBS_RELU, NBS_SOFTMAX], loss: NBS_KL),
    Training(
      widths: [3, 4, 6, 2, 1], activations: [NBS_GELU, NBS_SOFTMAX, NBS_ELU, NBS_LINEAR], loss: NBS_HUBER),
    Training(
      widths: [1, 19, 2, 2], activations: [NBS_SOFTPLUS, NBS_SELU, NBS_LEAKY_RELU], loss: NBS_MAE),
    Training(widths: [5, 2, 1], activations: [NBS_RELU, NBS_TANH], loss: NBS_HINGE),
    Training(widths: [2, 2, 2], activations: [NBS_TANH, NBS_SOFTPLUS], loss: NBS_POISSON),
    Training(widths: [3, 2, 4], activations: [NBS_TANH, NBS_SIGMOID], loss: NBS_BCE, fused: true),
  ]

  /// Layers of more than a vector.
  private static let wideTrainings = [
    Training(
      widths: [31, 31, 17, 3], activations: [NBS_TANH, NBS_RELU, NBS_SOFTMAX], loss: NBS_CROSSENTROPY,
      fused: true),
    Training(widths: [20, 9, 30], activations: [NBS_GELU, NBS_SIGMOID], loss: NBS_BCE, fused: true),
    Training(widths: [16, 16, 8], activations: [NBS_SIGMOID, NBS_SOFTMAX], loss: NBS_MSE),
  ]

  private static let rows = 6

  private static func examples<Number: KernelNumber>(
    _ training: Training
  ) -> (inputs: [Number], targets: [Number], order: [Int64]) {
    let width = training.widths.last ?? 1
    let targets: [Number] = noise(rows * width, seed: 31).map { $0 > 0 ? 1 : 0 }
    return (noise(rows * training.widths[0], seed: 30), targets, [3, 0, 5, 1, 2, 4, 3, 3])
  }

  /// Bit for bit.
  @Test func aChainIsTheSingleKernels() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for training in Self.trainings {
        let (inputs, targets, order): ([Number], [Number], [Int64]) = Self.examples(training)
        let (from, into) = (training.widths[0], training.widths.last ?? 1)
        let rate = 0.3
        for kernels in (1...4).compactMap({ nbs_kernels_at($0, Number.precision)?.pointee.layers }) {
          var fast = Chain<Number>(training.widths, training.activations)
          let result = fast.withLinks { links in
            kernels.chain_train(
              links, links.count, training.loss, training.fused, 0.5, inputs, targets, order, order.count,
              rate, true)
          }
          var (slow, total, correct) = (Chain<Number>(training.widths, training.activations), 0.0, 0)
          for row in order.map({ Int($0) }) {
            let outcome = slow.train(
              kernels, training.loss, fused: training.fused, Array(inputs[row * from..<(row + 1) * from]),
              Array(targets[row * into..<(row + 1) * into]), rate: rate)
            total += outcome.loss
            correct += outcome.isCorrect ? 1 : 0
          }
          #expect(fast.numbers.map(\.comparedBits) == slow.numbers.map(\.comparedBits), "\(training)")
          #expect(
            result.loss == total && result.correct == correct && result.rows == order.count, "\(training)")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// Bit for bit, for batches that fill vectors and tiles and such that do not, one after the other in the same scratch.
  @Test func theGradientOfABatchIsThatOfTheSingleKernels() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for training in Self.trainings + Self.wideTrainings {
        let (inputs, targets, _): ([Number], [Number], [Int64]) = Self.examples(training)
        let (from, into) = (training.widths[0], training.widths.last ?? 1)
        for kernels in (1...4).compactMap({ nbs_kernels_at($0, Number.precision)?.pointee.layers }) {
          var chain = Chain<Number>(training.widths, training.activations)
          let plain = chain
          chain.withLinks { links in
            let scratch = UnsafeMutableRawPointer.allocate(
              byteCount: kernels.chain_scratch(links, links.count, 21), alignment: 64)
            scratch.initializeMemory(
              as: UInt8.self, repeating: 0, count: kernels.chain_scratch(links, links.count, 21))
            for rows in [21, 1, 8, 10] {
              let order = (0..<rows).map { Int64($0 * 5 % Self.rows) }
              let result = kernels.chain_gradient(
                links, links.count, training.loss, training.fused, 0.5, inputs, targets, order, rows, 0.75,
                true,
                scratch)
              func row(_ numbers: [Number], _ row: Int64, _ width: Int) -> [Number] {
                Array(numbers[Int(row) * width..<(Int(row) + 1) * width])
              }
              let expected = plain.gradient(
                kernels, training.loss, fused: training.fused, order.map { row(inputs, $0, from) },
                order.map { row(targets, $0, into) }, scale: 0.75)
              let gradient = links.flatMap { link in
                [(link.weight_gradients, link.inputs * link.units), (link.bias_gradients, link.units)].flatMap
                {
                  UnsafeBufferPointer(start: $0?.assumingMemoryBound(to: Number.self), count: $1)
                }
              }
              #expect(
                gradient.map(\.comparedBits) == expected.gradient.map(\.comparedBits), "\(training) \(rows)")
              #expect(
                result.loss == expected.loss && result.correct == expected.correct, "\(training) \(rows)")
              #expect(result.rows == rows)
            }
            scratch.deallocate()
          }
          #expect(chain.numbers == plain.numbers)
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func levelsAgreeAndPredictingThenLearningIsTraining() {
    func check<Number: KernelNumber>(_: Number.Type) {
      for training in Self.trainings {
        let (inputs, targets, order): ([Number], [Number], [Int64]) = Self.examples(training)
        let (from, into) = (training.widths[0], training.widths.last ?? 1)
        let trained = atEveryLevel("\(training)") { kernels in
          var chain = Chain<Number>(training.widths, training.activations)
          _ = chain.withLinks { links in
            kernels.chain_train(
              links, links.count, training.loss, training.fused, 0.5, inputs, targets, order, order.count,
              0.1, false)
          }
          return chain.numbers
        }
        let learned = atEveryLevel("\(training)") { kernels in
          var chain = Chain<Number>(training.widths, training.activations)
          chain.withLinks { links in
            for row in order.map({ Int($0) }) {
              let input = Array(inputs[row * from..<(row + 1) * from])
              kernels.chain_predict(links, links.count, input)
              kernels.chain_learn(
                links, links.count, training.loss, training.fused, input,
                Array(targets[row * into..<(row + 1) * into]), 0.1)
            }
          }
          return chain.numbers
        }
        #expect(trained.map(\.comparedBits) == learned.map(\.comparedBits))
      }
    }
    check(Float.self)
    check(Double.self)
  }

  /// The weights stay those from before the row whose loss was not finite.
  @Test func aLossThatIsNotFiniteEndsTheTraining() {
    let inputs: [Double] = [0.1, 0.2, 0.3, 0.4, .nan, 0, 0.5, 0.6]
    let targets: [Double] = [1, 0, 1, 0]
    func trained(_ output: nbs_activation, _ order: [Int64]) -> (numbers: [Double], result: nbs_chain_result)
    {
      var chain = Chain<Double>([2, 3, 1], [NBS_TANH, output])
      let kernels = nbs_kernels_at(nbs_best_level(), NBS_FLOAT64).pointee.layers
      let result = chain.withLinks { links in
        kernels.chain_train(
          links, links.count, NBS_MSE, false, 0.5, inputs, targets, order, order.count, 0.3, true)
      }
      return (chain.numbers, result)
    }
    for output in [NBS_LINEAR, NBS_SIGMOID] {
      let (broken, whole) = (trained(output, [0, 1, 2, 3]), trained(output, [0, 1]))
      #expect(broken.numbers == whole.numbers)
      #expect(broken.result.rows == 2 && broken.result.loss == whole.result.loss)
    }
  }

  @Test func predictingLeavesTheOutputs() {
    var chain = Chain<Double>([2, 2], [NBS_LINEAR])
    chain.weights = [[1, 2, 3, 4]]
    chain.biases = [[0.5, -0.5]]
    let kernels = nbs_kernels_at(nbs_best_level(), NBS_FLOAT64).pointee.layers
    let outputs = chain.withLinks { links in
      kernels.chain_predict(links, 1, [10.0, 1.0])
      let outputs = links[0].outputs.assumingMemoryBound(to: Double.self)
      return [outputs[0], outputs[1]]
    }
    #expect(outputs == [12.5, 33.5])
  }
}

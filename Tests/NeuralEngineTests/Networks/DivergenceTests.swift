import Testing

@testable import NeuralEngine

/// A training that goes wrong says where, and leaves a network that can be trained again.
@Suite struct DivergenceTests {
  private func options(
    _ epochs: Int, batch: Int, _ optimizer: Optimizer = .sgd(), rate: Double
  ) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, batchSize: batch, loss: .mse, optimizer: optimizer, rate: rate, shuffles: false)
  }

  private let line = Examples(name: "line", rows: 4, inputs: [1, 2, 3, 4], targets: [2, 4, 6, 8])

  @Test(arguments: gradientOptimizers)
  func nanInTheDataIsNamed(_ optimizer: Optimizer) throws {
    var inputs = line.inputs
    inputs[2] = .nan
    let broken = Examples(name: "line", rows: 4, inputs: inputs, targets: line.targets)
    for batch in [1, 2] {
      let network = try Network(chain([1, 2, 1], output: .linear))
      let result = try network.train(broken, options(3, batch: batch, optimizer, rate: 0.01), seed: 1)
      #expect(result.end == .diverged(layer: "l0", epoch: 1, batch: batch == 1 ? 3 : 2))
      #expect(result.history.isEmpty)
      #expect(network.isFinite)
      // The rows before were learnt from, and that is kept.
      #expect(network.values != (try Network(chain([1, 2, 1], output: .linear))).values)
    }
  }

  @Test(arguments: [1, 2, 4], Precision.allCases)
  func tooLargeARateIsFound(_ batch: Int, _ precision: Precision) throws {
    for output in [Activation.linear, .relu] {
      let network = try Network(chain([1, 3, 1], hidden: .relu, output: output), precision, seed: 2)
      let result = try network.train(line, options(2000, batch: batch, rate: 1e6), seed: 1)
      #expect(network.isFinite)
      if output == .relu, result.end == .finished { continue }  // Its units may all have died.
      guard case .diverged(let layer, let epoch, let number) = result.end else {
        Issue.record("\(result.end)")
        continue
      }
      #expect(["l1", "l2"].contains(layer))
      #expect(epoch == result.history.count + 1)
      #expect((1...4 / batch).contains(number))
    }
  }

  /// The last step of a training has no loss after it that could tell.
  @Test(arguments: [1, 4])
  func brokenLastStepIsFound(_ batch: Int) throws {
    let network = try Network(chain([1, 1], output: .linear), .single)
    let before = network.values
    let one = Examples(name: "one", rows: 1, inputs: [1e3], targets: [1e6])
    let result = try network.train(one, options(1, batch: batch, rate: 3e35), seed: 1)
    #expect(result.end == .diverged(layer: "l1", epoch: 1, batch: 1))
    #expect(network.values == before)
  }

  /// A velocity without bounds would undo what putting the weights back mends.
  @Test func brokenLastStepIsForgotten() throws {
    let network = try Network(chain([1, 1], output: .linear), .single)
    let one = Examples(name: "one", rows: 1, inputs: [1e3], targets: [1e6])
    let momentum = Optimizer.sgd(momentum: 0.9)
    let broken = try network.train(one, options(1, batch: 1, momentum, rate: 3e35), seed: 1)
    #expect(broken.end == .diverged(layer: "l1", epoch: 1, batch: 1))
    #expect(try network.train(line, options(5, batch: 4, momentum, rate: 0.001), seed: 1).end == .finished)
  }

  /// An infinite weight behind a saturated unit gives a finite loss for ever.
  @Test func infinityBehindSaturationIsFound() throws {
    let graph = try makeGraph(
      [input("x", 1), dense("o", 1, .sigmoid, bias: false)], [Edge(from: "x", to: "o", presetWeights: [0])])
    let network = try Network(graph, .single)
    let one = Examples(name: "one", rows: 1, inputs: [1e10], targets: [1])
    let result = try network.train(one, options(5, batch: 1, rate: 3e38), seed: 1)
    #expect(result.end == .diverged(layer: "o", epoch: 1, batch: 1))
    #expect(network.values == [0])
  }

  @Test(arguments: [Optimizer.sgd(momentum: 0.9), .adam])
  func optimizerRecovers(_ optimizer: Optimizer) throws {
    let network = try Network(chain([1, 1], output: .linear), .single)
    let first = try network.train(line, options(500, batch: 4, optimizer, rate: 1e37), seed: 1)
    guard case .diverged = first.end else {
      Issue.record("\(first.end)")
      return
    }
    // From sound weights, what the optimizer remembers is all that could go wrong.
    for slice in try ParameterLayout(network.graph).slices {
      try network.setParameters(slice.key, to: [Double](repeating: 0, count: slice.count))
    }
    let second = try network.train(line, options(20, batch: 4, optimizer, rate: 0.001), seed: 1)
    #expect(second.end == .finished)
    let losses = second.history.recent.map(\.loss)
    #expect((losses.last ?? 0) < (losses.first ?? 0))
  }
}

import Foundation
import NeuralEngine
import Outputs
import Plotting
import Testing

@testable import Sessions

/// `plot network` unit by unit, `plot neuron` and `plot descent` against the networks that they show.
@Suite struct NetworkFigureTests {
  private let xor = """
    data xor
    net solver loss=mse
    layer inp input 2
    layer hid dense 3 tanh
    layer out dense 1 sigmoid
    connect all
    hid.weights = [[1, 2], [3, 4], [5, 6]]
    hid.bias = [0.1, 0.2, -0.3]
    out.weights = [[1, -2, 3]]
    out.bias = [0.5]
    """

  @Test func unitsShowWhatARowMakesOfThem() throws {
    let studio = try Studio(xor)
    guard let plot = try studio.plot("plot network xor sample=2").content as? NetworkPlot else {
      Issue.record("no network")
      return
    }
    #expect(plot.showsUnits && plot.title == "solver on sample 2 of xor")
    #expect(plot.nodes[0].values == [1, 0])
    let hidden = [tanh(1.1), tanh(3.2), tanh(4.7)]
    let sum = 0.5 + hidden[0] - 2 * hidden[1] + 3 * hidden[2]
    for (value, expected) in zip(plot.nodes[1].values ?? [], hidden) { #expect(abs(value - expected) < 1e-5) }
    #expect(abs((plot.nodes[2].values?[0] ?? 0) - 1 / (1 + exp(-sum))) < 1e-5)
    guard let plain = try studio.plot("plot network units=true").content as? NetworkPlot else { return }
    #expect(plain.showsUnits && plain.nodes[1].values == nil)
    guard let boxes = try studio.plot("plot network").content as? NetworkPlot else { return }
    #expect(!boxes.showsUnits)
  }

  @Test func moreThanFortyUnitsAreBoxes() {
    let bench = Bench()
    bench.run("net n; layer inp input 30; layer hid dense 11; connect all")
    #expect(bench.run("plot network units=true"))
    #expect(bench.shown.contains("has 41 units, and circles are drawn for up to 40"))
    #expect(bench.shown.contains("| inp  |") || bench.shown.contains("inp"))
  }

  @Test func aNeuronAddsUp() throws {
    let studio = try Studio(xor)
    guard let plot = try studio.plot("plot neuron hid xor sample=2 unit=1").content as? NeuronPlot else {
      Issue.record("no neuron")
      return
    }
    #expect(plot.inputs.map(\.name) == ["x1", "x2"] && plot.inputs.map(\.value) == [1, 0])
    #expect(plot.inputs.map(\.weight) == [3, 4])
    #expect(abs((plot.bias ?? 0) - 0.2) < 1e-6 && abs(plot.sum - 3.2) < 1e-6)
    #expect(plot.activation == "tanh" && abs(plot.output - tanh(3.2)) < 1e-5)
    guard let out = try studio.plot("plot neuron out xor").content as? NeuronPlot else { return }
    #expect(out.inputs.map(\.name) == ["hid 0", "hid 1", "hid 2"])
  }

  /// Of a layer that answers at each step the last one is drawn, and adds up.
  @Test(
    arguments: [("input 3x2", "[[0, 1, 1, 0, 1, 1]]"), ("sequence 2", "[[0, 1], [1, 0], [1, 1]]")],
    ["lstm 2 return=all", "dense 2 tanh"])
  func aNeuronAddsUpAtAStep(input: (String, String), layer: String) throws {
    let studio = try Studio(
      """
      data d = [[[1, 2], [3, 4], [5, 6]], [[0, 1], [1, 0], [1, 1]]] -> [[1, 2, 3], [0, 1, 0]]
      net n
      layer i \(input.0)
      layer h \(layer)
      layer o dense 1
      connect all
      last = reshape(predict(\(input.1)), 3)[2]
      """)
    guard let plot = try studio.plot("plot neuron o d sample=1").content as? NeuronPlot else {
      Issue.record("no neuron")
      return
    }
    #expect(plot.inputs.map(\.name) == ["h 0", "h 1"])
    let sum = plot.inputs.reduce(plot.bias ?? 0) { $0 + $1.value * $1.weight }
    #expect(abs(plot.sum - sum) < 1e-6 && abs(plot.output - sum) < 1e-6)
    #expect(abs(plot.output - (studio.session.number(named: "last") ?? .nan)) < 1e-6)
    #expect(plot.title == "unit 0 of o, step 3 of sample 1 of d")
  }

  @Test(arguments: [
    ("plot neuron hid xor unit=3", "has 3 units, counted from 0"), ("plot neuron inp xor", "is not one"),
    ("plot neuron hid", "has not been trained on any"), ("plot descent xor", "x=out.weights[0, 0]"),
    ("plot descent xor x=out.weights y=out.bias[0]", "not one number"),
    ("plot descent xor x=1 y=out.bias[0]", "not one number"),
    ("w = 1\nplot descent xor x=w y=out.bias[0]", "not one number"),
    ("plot descent xor x=out.bias[0] y=out.bias[0]", "two different numbers"),
    ("plot descent xor x=out.bias[0] y=out.weights[0, 9]", "9"),
  ])
  func whatCannotBeDrawnIsSaid(cell: String, words: String) {
    let bench = Bench()
    bench.run(xor)
    #expect(!bench.run(cell) && bench.shown.contains(words), "\(bench.shown)")
    // Nothing of it stays.
    #expect(bench.run("assert out.bias == [0.5] and out.weights == [[1, -2, 3]]"), "\(bench.shown)")
  }

  /// A line of one weight and one bias, whose loss is a quadratic function of the two.
  private let line = """
    option precision=double
    x = [[0], [1], [2], [3]]
    y = [[1], [3], [5], [7]]
    data points = x -> y
    net line loss=mse
    layer inp input 1
    layer out dense 1
    connect all
    out.weights = [[0]]
    out.bias = [0]
    """

  @Test func theDescentIsThatOfATraining() throws {
    let studio = try Studio(line)
    guard
      let plot = try studio.plot(
        "plot descent points x=out.weights[0, 0] y=out.bias[0] rate=0.05 steps=20"
      ).content as? DescentPlot
    else {
      Issue.record("no descent")
      return
    }
    #expect(plot.path.count == 21 && plot.rate == 0.05)
    // By hand: the mean of the squares, and its gradient.
    let (xs, ys) = ([0.0, 1, 2, 3], [1.0, 3, 5, 7])
    var (w, b) = (0.0, 0.0)
    for step in plot.path {
      let errors = zip(xs, ys).map { w * $0 + b - $1 }
      #expect(abs(step.x - w) < 1e-12 && abs(step.y - b) < 1e-12)
      #expect(abs(step.loss - errors.reduce(0) { $0 + $1 * $1 } / 4) < 1e-12)
      w -= 0.05 * 2 * zip(errors, xs).reduce(0) { $0 + $1.0 * $1.1 } / 4
      b -= 0.05 * 2 * errors.reduce(0, +) / 4
    }
    // The surface at two of its corners.
    func loss(_ w: Double, _ b: Double) -> Double {
      zip(xs, ys).reduce(0) { $0 + pow(w * $1.0 + b - $1.1, 2) } / 4
    }
    #expect(abs(plot.losses[0] - loss(plot.xRange.lowerBound, plot.yRange.lowerBound)) < 1e-9)
    #expect(abs((plot.losses.last ?? 0) - loss(plot.xRange.upperBound, plot.yRange.upperBound)) < 1e-9)
    #expect(plot.path.allSatisfy { plot.xRange.contains($0.x) && plot.yRange.contains($0.y) })
    // The network is as it was, and so are the random numbers.
    _ = try studio.caption("assert out.weights == [[0]] and out.bias == [0]")
    let before = studio.session.state.random
    _ = try studio.caption("plot descent points x=out.weights[0, 0] y=out.bias[0]")
    #expect(studio.session.state.random == before)
  }

  @Test func onlyTheTwoMove() throws {
    let studio = try Studio(xor)
    guard
      let plot = try studio.plot(
        "plot descent xor x=hid.weights[0, 1] y=out.bias[0] rate=1 steps=3"
      ).content as? DescentPlot
    else { return }
    #expect(plot.path.count == 4 && plot.path[0].x == 2 && plot.path[0].y == 0.5)
    for (first, second) in zip(plot.path, plot.path.dropFirst()) { #expect(second.loss < first.loss) }
    #expect(plot.xLabel == "hid.weights[0, 1]")
  }

  @Test func aRateThatIsTooLargeEndsThePath() throws {
    let studio = try Studio(line)
    guard
      let plot = try studio.plot(
        "plot descent points x=out.weights[0, 0] y=out.bias[0] rate=5 steps=1000"
      ).content as? DescentPlot
    else { return }
    #expect(plot.path.count > 2 && plot.path.count < 100 && plot.path.allSatisfy { $0.loss.isFinite })
  }
}

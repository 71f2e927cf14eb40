import Foundations
import Testing

@testable import NeuralEngine

/// The network for images of 28x28 that the tutorials build.
@Suite struct ImageNetworkTests {
  private static func graph() throws -> NetworkGraph {
    try sequence(
      [28, 28, 1], .conv(32, [5, 5], .valid, .relu), .pool(.max, [2, 2]), .conv(64, [5, 5], .valid, .relu),
      .pool(.max, [2, 2]), .flatten, .dense(10, .softmax))
  }

  @Test func hasTheShapesAndParametersOfTheTutorial() throws {
    let graph = try Self.graph()
    let shapes = graph.layers.map { graph.shape(of: $0)?.sizesText }
    #expect(shapes == ["28x28x1", "24x24x32", "12x12x32", "8x8x64", "4x4x64", "1024", "10"])
    let layout = try ParameterLayout(graph)
    let counts = Dictionary(grouping: layout.slices, by: \.layer).mapValues { $0.reduce(0) { $0 + $1.count } }
    #expect(counts == ["l1": 832, "l3": 51_264, "l6": 10_250])
    #expect(layout.count == 62_346)
  }

  /// Untrained it knows nothing of ten classes: pixels like those of photographs, and any labels.
  @Test func untrainedLossIsThatOfGuessing() throws {
    var random = RandomStream(seed: 4)
    let rows = 20
    let pixels = (0..<rows * 784).map { _ in UInt8(random.below(256)) }
    let images = Examples(
      name: "noise", rows: rows, storage: .bytes(ByteInputs(pixels, divisors: [255])),
      targets: (0..<rows).map { Double($0 % 10) })
    let network = Network(name: "net")
    let graph = try Self.graph()
    try network.edit { $0 = graph }
    try network.prepare(ExecutionOptions(), random: &random)
    #expect(abs(try network.evaluate(images).loss - 2.302585) < 0.25)
  }
}

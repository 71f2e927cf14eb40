import Foundations
import Testing

@testable import NeuralEngine

@Suite("The values of inner layers")
struct LayerValuesTests {
  private func ear() throws -> Network {
    let kind = Layer.Kind.convolution(Convolution(filters: 1, Window([2])))
    let graph = try makeGraph(
      [
        Layer(name: "sound", kind: .input(shape: [4, 1])), Layer(name: "conv", kind: kind),
        Layer(name: "drop", kind: .dropout(0.5)), Layer(name: "flat", kind: .flatten),
        dense("out", 1, .linear),
      ],
      [
        Edge(from: "sound", to: "conv"), Edge(from: "conv", to: "drop"), Edge(from: "drop", to: "flat"),
        Edge(from: "flat", to: "out"),
      ])
    let network = try Network(graph)
    try network.setParameters("conv/kernel", to: [1, -1])
    return network
  }

  @Test("A convolution by hand, and dropout that passes everything on")
  func convolution() throws {
    let network = try ear()
    let row = Examples(name: "row", rows: 1, inputs: [1, 3, 2, 5])
    #expect(try network.values(ofLayer: "sound", for: row) == [1, 3, 2, 5])
    #expect(try network.values(ofLayer: "conv", for: row) == [-2, 1, -3])
    #expect(try network.values(ofLayer: "drop", for: row) == [-2, 1, -3])
    #expect(try network.values(ofLayer: "out", for: row) == network.predict(row))
  }

  @Test("A look inside leaves the last activation as it was")
  func activation() throws {
    let network = try ear()
    try network.activate([1, 0, 0, 0])
    let before = network.outputs
    _ = try network.values(ofLayer: "conv", for: Examples(name: "row", rows: 1, inputs: [9, 9, 9, 9]))
    #expect(network.outputs == before)
  }

  @Test("What does not fit is refused by name")
  func mistakes() throws {
    let network = try ear()
    let row = Examples(name: "row", rows: 1, inputs: [1, 3, 2, 5])
    #expect { _ = try network.values(ofLayer: "eye", for: row) } throws: {
      ($0 as? CodedError)?.code == .unknownLayer
    }
    let short = Examples(name: "row", rows: 1, inputs: [1])
    #expect { _ = try network.values(ofLayer: "conv", for: short) } throws: {
      ($0 as? CodedError)?.code == .shapeMismatch
    }
  }
}

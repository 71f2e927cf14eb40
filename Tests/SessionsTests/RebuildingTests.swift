import Diagnostics
import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import Sessions

/// A network's cell that is run again, and a layer that is defined anew.
@Suite struct RebuildingTests {
  private let bench = Bench()
  private let cell = """
    net solver loss=bce optimizer=adam
    layer inp input 2
    layer hid dense 3 sigmoid
    layer out dense 1 sigmoid
    connect all
    """

  private func shapes(_ layers: String...) -> String {
    bench.run("print " + layers.map { "\($0).weights.shape" }.joined(separator: ", "))
    return bench.shown.trimmingCharacters(in: .newlines)
  }

  @Test func aCellThatMakesANetworkRunsAgain() throws {
    bench.run(cell)
    bench.run("data xor\ntrain xor epochs=3")
    #expect(bench.run(cell.replacing("dense 3", with: "dense 5").replacing(" optimizer=adam", with: "")))
    #expect(
      bench.said.contains(
        "`solver` is built again, and the weights that it had learned are discarded."))
    #expect(shapes("hid", "out") == "[5 2] [1 5]")
    let network = try #require(bench.session.state.current)
    #expect(network.defaults.optimizer == nil, "the defaults are those of the new cell")
    #expect(network.lastTraining == nil)
  }

  @Test func withoutTrainingThereIsNothingToTell() {
    bench.run(cell)
    #expect(bench.run(cell) && bench.shown.isEmpty)
  }

  @Test func netWithALayerOfANewNameAddsIt() {
    bench.run(cell)
    #expect(bench.run("net solver\nlayer more dense 2 tanh\nconnect out -> more") && bench.shown.isEmpty)
    #expect(shapes("hid", "more") == "[3 2] [2 1]")
  }

  @Test func aLayerIsDefinedAnewInPlace() {
    bench.run(cell)
    bench.run("data xor\ntrain xor epochs=3")
    #expect(bench.run("layer hid dense 4 tanh"))
    #expect(shapes("hid", "out") == "[4 2] [1 4]")
    #expect(bench.run("layer hid dense 4 relu") && bench.shown.contains("trained weights are discarded"))
    bench.run("kept = hid.weights[0, 0]")
    #expect(
      bench.run("layer hid dense 4 tanh\nassert kept == hid.weights[0, 0]"), "another activation costs none")
    #expect(!bench.run("layer hid input 4") && bench.lastError?.code == .badEdge)
    #expect(shapes("hid") == "[4 2]", "and nothing has changed")
  }

  @Test func edgesMustFitTheNewLayer() {
    bench.run(
      cell.replacing("connect all", with: "connect inp -> hid; connect hid -> out weights=[[1, 2, 3]]"))
    #expect(!bench.run("layer out dense 2 sigmoid") && bench.lastError != nil)
    #expect(!bench.run("layer hid dense 2 sigmoid"), "nor do the preset weights behind it")
    bench.run("layer same dense 1; connect out -> same type=identity")
    #expect(!bench.run("layer same dense 2") && bench.lastError?.code == .shapeMismatch)
    #expect(shapes("hid", "out") == "[3 2] [1 3]")
  }

  @Test func twiceInOneCellIsASlip() {
    #expect(!bench.run("net n\nlayer a input 2\nlayer a dense 3") && bench.lastError?.code == .duplicateLayer)
  }
}

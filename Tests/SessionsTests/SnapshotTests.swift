import Diagnostics
import NeuralEngine
import Outputs
import Sessions
import Testing

/// Going back to an earlier state brings back the same bits.
@Suite struct SnapshotTests {
  private let xor = """
    data xor
    net solver loss=mse rate=0.3
    layer inp input 2; layer hid dense 3 sigmoid; layer out dense 1 sigmoid
    connect inp -> hid -> out
    """

  /// Runs a cell that is right, and gives what it shows.
  @discardableResult
  private func run(_ source: String, in session: Session, _ location: SourceLocation = #_sourceLocation)
    -> [String]
  {
    var shown: [String] = []
    let outcome = session.evaluate(SourceText(source, name: "test")) { output in
      if case .value(let text) = output { shown.append(text) }
      if case .printed(let text) = output { shown.append(text) }
      if case .plot(let plot) = output { shown.append("\(plot)") }
      if case .table(let table) = output { shown.append("\(table)") }
    }
    #expect(outcome == .done, sourceLocation: location)
    return shown
  }

  @Test(
    "Whatever a cell does can be taken back, and doing it again gives the same bits",
    arguments: [
      "train xor epochs=5 batch=1", "train xor epochs=5 optimizer=adam", "train xor epochs=5 momentum=0.9",
      "activate [0, 1]; propagate [1]", "reset weights; train xor epochs=2",
      "layer more dense 2 tanh; connect out -> more; show solver", "hid.weights = zeros(3, 2)",
      "option precision=double digits=9; train xor epochs=3", "split xor test=25%; train xor epochs=2",
      "prepare xor scale=minmax; train xor epochs=2", "a[1] = 9; b = rand(3)", "delete solver", "delete xor",
      "delete a; delete a2", "seed 7; b = randn(3)", "record r = 3", "net other", "a, a2 = [a2, a]",
    ])
  func undone(cell: String) {
    let session = Session(seed: 3)
    run(xor, in: session)
    run("a = [1, 2, 3]; a2 = a; record r = 1; train xor epochs=3 optimizer=adam batch=1", in: session)
    run("activate [1, 0]", in: session)
    let look = """
      option digits=17
      print a, a2, hid.weights, out.bias; predict xor; plot series r; propagate [1]; print hid.weights
      train xor epochs=4 optimizer=adam batch=1; print hid.weights, randn(3), max(xor.x)
      """
    let state = session.snapshot()
    let before = run(look, in: session)
    session.restore(state)
    run(cell, in: session)
    session.restore(state)
    #expect(run(look, in: session) == before)
  }

  @Test("A snapshot can be taken up more than once, and later ones stay good")
  func repeated() {
    let session = Session()
    run(xor + "\ntrain xor epochs=2", in: session)
    let first = session.snapshot()
    run("train xor epochs=2", in: session)
    let second = session.snapshot()
    let weights = run("hid.weights", in: session)
    session.restore(first)
    run("train xor epochs=7 optimizer=adam", in: session)
    session.restore(second)
    #expect(run("hid.weights", in: session) == weights)
    session.restore(first)
    run("train xor epochs=2", in: session)
    #expect(run("hid.weights", in: session) == weights)
  }

  @Test("Gradients by a network's weights hold after going back")
  func gradients() {
    let session = Session()
    run(xor + "\ny = predict([1, 0])\nL = sum(y ^ 2)", in: session)
    let gradient = run("grad L wrt hid.weights", in: session)
    let state = session.snapshot()
    run("train xor epochs=2", in: session)
    session.restore(state)
    #expect(run("grad L wrt hid.weights", in: session) == gradient)
  }

  @Test("Numbers that did not change are not copied")
  func sharing() {
    let network = Network(name: "n")
    let state = network.state
    #expect(network.state.weights === state.weights)
    network.reset()
    #expect(network.state.weights !== state.weights)
  }
}

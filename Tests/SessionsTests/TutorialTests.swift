import Diagnostics
import Foundation
import Language
import NeuralEngine
import Outputs
import Testing

@testable import Sessions

/// Backpropagation as a tutorial does it by hand, three times over: written out, with `grad`, and by layers.
@Suite struct TutorialTests {
  private static let start = """
    X = [[2, 9], [1, 5], [3, 6]]
    X = X / max(X, axis=0)
    y = [[92], [86], [89]] / 100
    W1 = [[0.2, 0.6, 0.1], [0.8, 0.3, 0.7]]
    W2 = [[0.4], [0.5], [0.9]]
    def answer(A, B) = sigmoid(sigmoid(X @ A) @ B)
    """

  private static let byHand = """
    h = sigmoid(X @ W1)
    o = sigmoid(h @ W2)
    d2 = (y - o) * o * (1 - o)
    d1 = (d2 @ W2.T) * h * (1 - h)
    W2 += h.T @ d2
    W1 += X.T @ d1
    """

  private static let byGradient = """
    L = sum((y - answer(W1, W2)) ^ 2)
    d1, d2 = grad L wrt W1, W2
    W1 -= 0.5 * d1
    W2 -= 0.5 * d2
    """

  private static let layers = """
    option precision=double
    data exam = X -> y
    net n loss=mse
    layer inp input 2
    layer hid dense 3 sigmoid bias=false
    layer out dense 1 sigmoid bias=false
    connect inp -> hid weights=(W1.T)
    connect hid -> out weights=(W2.T)
    """

  private static let byLayers = "train exam epochs=N batch=3 shuffle=false reduction=sum rate=0.5"

  /// The outputs after so many rounds of a program.
  private func outputs(_ session: Session, _ program: String) throws -> [Double] {
    let outcome = session.evaluate(SourceText(program, name: "tutorial")) { _ in }
    try #require(outcome == .done)
    return try #require(session.array(named: "result")).values
  }

  private func loss(_ outputs: [Double]) -> Double {
    zip([0.92, 0.86, 0.89], outputs).map { ($0 - $1) * ($0 - $1) }.reduce(0, +) / 3
  }

  private func loop(_ body: String, _ rounds: Int) throws -> [Double] {
    try outputs(Session(), "\(Self.start)\nrepeat \(rounds) {\n\(body)\n}\nresult = answer(W1, W2)")
  }

  private func trained(_ epochs: Int) throws -> [Double] {
    let train = Self.byLayers.replacing("N", with: "\(epochs)")
    return try outputs(Session(), "\(Self.start)\n\(Self.layers)\n\(train)\nresult = predict(X)")
  }

  @Test func figuresOfTheTutorial() throws {
    #expect(abs(loss(try loop(Self.byHand, 0)) - 0.01626653947749774) < 1e-15)
    #expect(abs(loss(try loop(Self.byHand, 1)) - 0.0123823287) < 1e-10)
    let learned = try loop(Self.byHand, 1000)
    #expect(abs(loss(learned) - 0.000161060558) < 1e-12)
    for (output, said) in zip(learned, [0.90227, 0.87216, 0.89458]) { #expect(abs(output - said) < 5e-6) }
  }

  @Test(arguments: [1, 10, 1000]) func threeWaysAgree(rounds: Int) throws {
    let byHand = try loop(Self.byHand, rounds)
    for other in [try loop(Self.byGradient, rounds), try trained(rounds)] {
      for (a, b) in zip(byHand, other) { #expect(abs(a - b) < 1e-9) }
    }
  }
}

@Suite struct InterruptionTests {
  @Test func whatIsAskedForWhileACommandDrawsStopsTheNext() {
    let session = Session(seed: 1)
    var plots = 0
    let cell = SourceText("plot line [1, 2]; plot line [3, 4]", name: "test")
    let outcome = session.evaluate(cell) { output in
      if case .plot = output { plots += 1 }
      session.interruption.request()
    }
    #expect(outcome == .interrupted)
    #expect(plots == 1)
  }

  @Test(.timeLimit(.minutes(1))) func anEndlessLoopIsStoppedFromOutside() {
    let session = Session()
    let interruption = session.interruption
    let timer = Thread {
      Thread.sleep(forTimeInterval: 0.05)
      interruption.request()
    }
    timer.start()
    let outcome = session.evaluate(SourceText("a = 0\nrepeat 1e12 { a += 1 }", name: "loop")) { _ in }
    #expect(outcome == .interrupted)
  }

  @Test(.timeLimit(.minutes(1))) func aTrainingIsStoppedFromOutside() {
    let session = Session()
    let interruption = session.interruption
    let program = """
      data xor
      net n
      layer i input 2
      layer o dense 1 sigmoid
      connect all
      train xor epochs=1_000_000_000 batch=1
      """
    let timer = Thread {
      Thread.sleep(forTimeInterval: 0.05)
      interruption.request()
    }
    timer.start()
    #expect(session.evaluate(SourceText(program, name: "loop")) { _ in } == .interrupted)
  }
}

import Diagnostics
import Language
import NeuralEngine
import Outputs
import Testing

@testable import Sessions

/// `sweep … { … }`.
@Suite struct SweepBlockTests {
  private static let data = "data moons from moons n=40 noise=0.3\nsplit moons validate=40% seed=1\n"
  private static let block = """
    {
      net n
      layer i input 2
      layer h dense hidden tanh
      layer o dense 1 sigmoid
      connect all
      train moons epochs=4 rate=rate
    }
    """

  private func tables(_ cell: String, in session: Session) throws -> (tables: [Table], texts: [String]) {
    var tables: [Table] = []
    var texts: [String] = []
    let outcome = session.evaluate(SourceText(cell, name: "test")) { output in
      if case .table(let table) = output { tables.append(table) }
      if case .text(let text) = output { texts.append(text) }
    }
    try #require(outcome == .done, "\(outcome)")
    return (tables, texts)
  }

  /// Each trial is what the block comes to by itself, with its values and its seed.
  @Test func aTrialIsTheBlockAlone() throws {
    let session = Session(seed: 9)
    _ = try tables(Self.data, in: session)
    let shown = try tables(
      "sweep rate=[0.1, 1] hidden=[2, 3] seeds=2 minimize=val_loss \(Self.block)", in: session)
    let table = try #require(shown.tables.first)
    #expect(
      table.rows.count == 4
        && table.columns.map(\.title) == ["trial", "rate", "hidden", "val_loss", "deviation", "seeds"])
    let best = try #require(table.rows.first)
    // The best values are left behind.
    #expect(session.number(named: "rate").map { String($0) } == best[1] || best[1] == "1")
    #expect(session.number(named: "hidden") == Double(best[2]))
    var losses: [Double] = []
    for seed in 0..<2 {
      let alone = Session(seed: 9)
      _ = try tables(
        Self.data + "seed \(seed)\nrate = \(best[1])\nhidden = \(best[2])\n"
          + Self.block.dropFirst().dropLast(), in: alone)
      losses.append(try #require(alone.metrics["val_loss"]))
    }
    let mean = (losses[0] + losses[1]) / 2
    #expect(try abs(#require(Double(best[3])) - mean) < 1e-3 * mean)
    #expect(shown.texts.contains { $0.hasPrefix("best: rate=") })
  }

  /// Networks, data, variables and random numbers are as they were before.
  @Test func theSessionStaysAsItIs() throws {
    let session = Session(seed: 9)
    _ = try tables(Self.data + "a = 5", in: session)
    let random = session.random
    _ = try tables(
      "sweep rate=[0.1, 1] hidden=[2] maximize=val_accuracy { a = 7\n\(Self.block.dropFirst())", in: session)
    #expect(session.random == random && session.state.networks.isEmpty)
    #expect(session.number(named: "a") == 5 && session.metrics["val_loss"] == nil)
  }

  @Test func aTrialThatFailsIsARow() throws {
    let session = Session()
    let shown = try tables(
      "sweep w=[1, 2, 3] minimize=cost { assert w != 2, \"two is too many\"\n cost = w * w }", in: session)
    let table = try #require(shown.tables.first)
    #expect(table.rows.map { $0[1] } == ["1", "3", "2"])
    #expect(table.rows[2].last?.contains("two is too many") == true)
    #expect(table.footer.contains("1 trial failed"))
  }

  @Test(arguments: [
    ("sweep minimize=x { x = 1 }", "Name what is tried"),
    ("sweep a=[1, 2] { x = 1 }", "Name what is compared"),
    ("sweep a=[1, 1] minimize=x { x = 1 }", "twice"),
    ("sweep a=3 minimize=x { x = 1 }", "takes a list of values"),
    ("sweep a=[1] a=[2] minimize=x { x = 1 }", "given twice"),
    ("sweep a=[1] minimize=y { x = a }", "No trial has a `y`"),
    ("sweep a=range(200) b=range(200) minimize=x { x = a }", "--random 200"),
    ("def f(z) { sweep a=[1] minimize=x { x = a } }", "outside of functions"),
    ("sweep a=[1] seeds=0 minimize=x { x = a }", "`seeds` takes an integer, 1 or more"),
    ("sweep a=[1] minimize=x maximize=y { x = a }", "Keep one of"),
  ])
  func mistakesAreTold(_ mistake: (cell: String, words: String)) {
    guard
      case .failed(let diagnostic) = Session().evaluate(
        SourceText(mistake.cell, name: "test"), emit: { _ in })
    else {
      Issue.record("\(mistake.cell) should fail")
      return
    }
    #expect(diagnostic.message.contains(mistake.words), "\(diagnostic.message)")
  }

  /// `sweep` is still a name.
  @Test func aVariableMayBeCalledSweep() throws {
    let session = Session()
    _ = try tables("sweep = 3\nb = sweep + 1", in: session)
    #expect(session.number(named: "b") == 4)
  }

  /// What the block makes is gone behind it, and a cell that reads it is told so before it runs.
  @Test func namesOfTheBlockEndWithIt() {
    let (result, _) = Checker.check(
      SourceText("sweep a=[1, 2] minimize=x { x = a\n inner = 4 }\nprint a\nprint inner", name: "test"),
      names: Session().knownNames)
    #expect(
      result.diagnostics.map(\.message) == ["Nothing is called `inner`. Assign a value first: `inner = 0`."])
  }
}

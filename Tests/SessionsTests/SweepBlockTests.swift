import Diagnostics
import Language
import NeuralEngine
import Outputs
import Plotting
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

  @Test(arguments: ["b=range(100000000)", "b=range(200) c=range(200)", "b=range(20000) halving=e e=9"])
  func tooManyCombinationsAreRefusedAtOnce(space: String) throws {
    let outcome = Session(seed: 1).evaluate(
      SourceText("sweep \(space) minimize=b { b = 1 }", name: "test")
    ) { _ in }
    guard case .failed(let error) = outcome else { return #expect(Bool(false), "\(outcome)") }
    #expect(error.message.hasPrefix("These are more than 10000 combinations."))
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
    ("sweep a=[1, 2] seeds=1000000000000000 minimize=x { x = 1 }", "too many trials"),
    ("sweep a=[1, 2, 3] halving=e minimize=x { x = a }", "halving=e e=81"),
    ("sweep a=[1, 2, 3] e=9 halving=[3] minimize=x { x = a }", "takes the name of the variable"),
    ("sweep e=9 halving=e minimize=x { x = e }", "Name what is tried"),
    ("sweep a=[1, 2] e=9 halving=e minimize=x { x = a }", "there are 2"),
    ("sweep a=[1, 2, 3] e=\"many\" halving=e minimize=x { x = a }", "is the budget of halving"),
    ("sweep a=[1, 2, 3] e=[9, 3] halving=e minimize=x { x = a }", "the least first"),
    ("plot effects", "no sweep in this session"), ("plot parallel", "no sweep in this session"),
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

  /// Nine values with a budget of 1, the best three with 3, and the best of them with 9, which is left behind.
  @Test func halvingGivesTheBestMore() throws {
    let session = Session()
    let shown = try tables(
      """
      sweep a=[1, 2, 3, 4, 5, 6, 7, 8, 9] e=9 halving=e minimize=x {
        x = (a - 5) ^ 2 + (if_last(a, e))
      }
      """.replacing("(if_last(a, e))", with: "4 * a / e"), in: session)
    let table = try #require(shown.tables.first)
    #expect(table.columns.map(\.title) == ["trial", "a", "e", "x"])
    #expect(table.rows.prefix(3).map { $0[2] } == ["9", "3", "3"])
    #expect(table.rows.dropFirst(3).allSatisfy { $0[2] == "1" })
    // With a budget of 1 it is (a - 5)² + 4a, least at 3; at 9 nearly at 5.
    #expect(Set(table.rows.prefix(3).map { $0[1] }) == ["2", "3", "4"] && table.rows[0][1] == "4")
    #expect(session.number(named: "a") == 4 && session.number(named: "e") == 9)
    #expect(table.footer.contains("successive halving: 9 combinations with e=1, 3 with 3, 1 with 9"))
    #expect(shown.tables[1].title == "mean x by value, at e=1")
  }

  /// The plots are of the last sweep, and undo takes it back with the rest of the session.
  @Test func plotsAreOfTheLastSweep() throws {
    let session = Session()
    func plot(_ cell: String) throws -> Plot? {
      var plots: [Plot] = []
      let outcome = session.evaluate(SourceText(cell, name: "test")) {
        if case .plot(let plot) = $0 { plots.append(plot) }
      }
      try #require(outcome == .done, "\(outcome)")
      return plots.first
    }
    let before = session.snapshot()
    _ = try tables(
      "sweep a=[1, 2] b=[10, 20, 30] maximize=x { assert a + b != 32, \"no\"\n x = a * b }", in: session)
    guard let effects = try plot("plot effects width=60")?.content as? SweepPlot,
      let parallel = try plot("plot parallel")?.content as? SweepPlot
    else {
      Issue.record("no plots")
      return
    }
    #expect(effects.title == "x by a, b" && effects.isLarger && effects.width == 60)
    #expect(effects.parameters.map(\.values) == [.named(["1", "2"]), .named(["10", "20", "30"])])
    #expect(parallel.measured.prefix(5) == [10, 20, 30, 20, 40] && parallel.measured[5].isNaN)
    #expect(parallel.parameters[1].places == [0, 1, 2, 0, 1, 2])
    session.restore(before)
    #expect(session.evaluate(SourceText("plot effects", name: "test")) { _ in } != .done)
  }

  /// A session that was saved draws its last sweep, failures, rounds and all.
  @Test(arguments: [
    "sweep a=[1, 2] b=[\"x\", \"y\"] seeds=2 maximize=x { assert a == 1 or b == \"x\", \"no\"\n x = a }",
    "sweep a=[1, 2, 3] e=9 halving=e minimize=x { x = a / e }",
  ])
  func aSavedSessionKeepsItsSweep(_ cell: String) throws {
    let transcript = Transcript(session: Session())
    run([cell], in: transcript)
    let again = try reopened(transcript)
    for plot in ["plot effects", "plot parallel"] {
      let drawn = shown(plot, in: transcript)
      #expect(!drawn.isEmpty && drawn == shown(plot, in: again))
      _ = try #require(again.session.state.sweep)
    }
    #expect(again.session.state.sweep?.csv == transcript.session.state.sweep?.csv)
    let plain = try reopened(Transcript(session: Session()))
    #expect(plain.session.state.sweep == nil)
  }

  /// Whoever keeps sweeps hears of each trial with what it measured, and of none within a trial.
  @Test func trialsAreToldToWhoeverKeepsThem() throws {
    final class Keeper: SweepKeeping {
      var began: [SweepDescription] = []
      var trials: [(trial: SweepTrial, names: [String], steps: Int)] = []
      var results: [SweepResult] = []
      func began(_ sweep: SweepDescription) { began.append(sweep) }
      func ended(_ trial: SweepTrial, _ course: TrialCourse) {
        let own = course.batches.map(\.batch)
        trials.append(
          (trial, own.map(\.name), own.filter { $0.name == "loss" }.map(\.steps.upperBound).max() ?? 0))
      }
      func finished(_ result: SweepResult, isComplete: Bool) {
        #expect(isComplete)
        results.append(result)
      }
    }
    let (session, keeper) = (Session(seed: 9), Keeper())
    session.sweeps = keeper
    var batches: [MetricBatch] = []
    session.measured = { batches.append($0) }
    _ = try tables(Self.data + "record old = 5", in: session)
    _ = try tables(
      "sweep rate=[0.1, 1] hidden=[2] seeds=2 minimize=val_loss {\nrecord own = rate\nsweep q=[1, 2] minimize=w { w = q }\n"
        + "\(Self.block.dropFirst())", in: session)
    #expect(keeper.began.count == 1 && keeper.began[0].assignments == ["rate=0.1,1", "hidden=2"])
    #expect(keeper.trials.count == 4 && keeper.trials.allSatisfy { $0.trial.value != nil && $0.steps == 4 })
    #expect(keeper.trials.allSatisfy { $0.names.contains("own") && !$0.names.contains("old") })
    #expect(keeper.trials.map(\.trial) == keeper.results.first?.trials && keeper.results.count == 1)
    // What the session itself measured is told once, and nothing of what trials did.
    #expect(batches.map(\.name) == ["old"])
  }

  /// A cell that draws a sweep is stale when another one has run.
  /// A journal, the store or a session's file may say anything.
  @Test(arguments: [Int.min, -1, 0]) func aTrialOfNoRoundIsNone(round: Int) {
    let line = "{\"metrics\":{},\"round\":\(round),\"seed\":1,\"trial\":1,\"value\":1}"
    #expect(SweepTrial(line: Array(line.utf8), of: 2) == nil)
    #expect(SweepTrial(line: Array(line.replacing("\(round)", with: "2").utf8), of: 2)?.round == 1)
  }

  @Test func plotsDependOnTheSweep() {
    func effects(_ cell: String) -> CellEffects {
      Checker.check(SourceText(cell, name: "test"), names: Session().knownNames).result.effects
    }
    #expect(effects("sweep a=[1, 2] minimize=x { x = a }").definitions.contains(.sweep))
    #expect(effects("plot effects").reads.contains(.sweep) && effects("plot parallel").reads.contains(.sweep))
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

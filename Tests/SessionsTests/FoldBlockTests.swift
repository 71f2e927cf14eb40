import Datasets
import Diagnostics
import Foundations
import Outputs
import Plotting
import Testing

@testable import Sessions

/// `crossvalidate … { … }`, and the plot of a network's health.
@Suite struct FoldBlockTests {
  private static let data = "data moons from moons n=60 noise=0.3\n"
  private static let network =
    "net n\nlayer i input 2\nlayer h dense 4 tanh\nlayer o dense 1 sigmoid\nconnect all\n"

  private func tables(_ cell: String, in session: Session) throws -> [Table] {
    var tables: [Table] = []
    let outcome = session.evaluate(SourceText(cell, name: "test")) { output in
      if case .table(let table) = output { tables.append(table) }
    }
    try #require(outcome == .done, "\(outcome)")
    return tables
  }

  /// The block with the same network and training comes to what the command comes to, fold by fold.
  @Test(arguments: ["", "prepare moons\n"])
  func aBlockIsTheCommandSpelledOut(_ prepare: String) throws {
    let (command, block) = (Session(seed: 5), Session(seed: 5))
    _ = try tables(Self.data + prepare + Self.network, in: command)
    let first = try tables("crossvalidate moons folds=4 repeats=2 epochs=3 batch=8 rate=0.3", in: command)
    _ = try tables(Self.data + prepare, in: block)
    let random = block.random
    let second = try tables(
      "crossvalidate moons folds=4 repeats=2 { \(Self.network) train moons epochs=3 batch=8 rate=0.3 }",
      in: block)
    #expect(
      first[0].rows == second[0].rows && second[0].title == "folds of moons" && second[0].rows.count == 10)
    #expect(command.metrics["loss"] == block.metrics["loss"])
    // Nothing stays of it but the metrics.
    #expect(block.state.networks.isEmpty && block.random == random)
    #expect(block.state.data["moons"]?.parts.train.rows == 60)
  }

  /// What the command has no options for.
  @Test func aBlockTakesAllOfTrain() throws {
    let session = Session(seed: 5)
    _ = try tables(Self.data, in: session)
    let table = try tables(
      "crossvalidate moons folds=3 { \(Self.network) train moons epochs=5 validate=20% patience=2 class_weight=balanced stratify=true }",
      in: session)
    #expect(table[0].rows.count == 5 && session.metrics["accuracy"] != nil)
  }

  @Test(arguments: [
    ("crossvalidate moons folds=3 epochs=5 { net n }", "belongs to the `train` in it"),
    ("crossvalidate moons folds=3 { x = 1 }", "network"),
    ("def f(a) { crossvalidate moons folds=3 { net n } }", "outside of functions"),
    ("crossvalidate moons folds=100 { net n }", "folds"),
    ("plot health moons", "network"),
  ])
  func mistakesAreTold(_ mistake: (cell: String, words: String)) throws {
    let session = Session()
    _ = try tables(Self.data, in: session)
    let outcome = session.evaluate(SourceText(mistake.cell, name: "test")) { _ in }
    guard case .failed(let diagnostic) = outcome else {
      Issue.record("\(mistake.cell) should fail")
      return
    }
    #expect(diagnostic.message.contains(mistake.words), "\(diagnostic.message)")
  }

  /// The sizes in the plot are those of the table.
  @Test func healthIsDrawn() throws {
    let session = Session(seed: 5)
    let table = try tables(Self.data + Self.network + "train moons epochs=3\nshow health moons", in: session)
    var plots: [Plot] = []
    let outcome = session.evaluate(SourceText("plot health moons", name: "test")) {
      if case .plot(let plot) = $0 { plots.append(plot) }
    }
    try #require(outcome == .done)
    guard let plot = plots.first?.content as? XYPlot else {
      Issue.record("no plot")
      return
    }
    #expect(plot.series.map(\.name) == ["gradient", "weights"] && plot.xLabel == "layer: 1 h, 2 o")
    #expect(plot.isLogarithmic && plot.series[0].xs == [1, 2])
    let column = try #require(table.last?.columns.firstIndex { $0.title == "gradient" })
    #expect(plot.series[0].ys.map { $0.significant(3) } == table.last?.rows.map { $0[column] })
  }
}

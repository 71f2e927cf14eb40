import Diagnostics
import Foundation
import GRDB
import JSON
import Outputs
import Testing

@testable import Runs

@Suite struct QueryTests {
  private func store() throws -> TestStore {
    let store = try TestStore()
    try store.keep(
      "xor", parameters: [RunFact("rate", "0.3")], figures: ["loss": [0.5, 0.1], "accuracy": [1]])
    try store.keep(
      "iris", parameters: [RunFact("rate", "0.05"), RunFact("mode", "fast")], figures: ["loss": [0.2]])
    try store.keep("xor", figures: ["loss": [0.9, .nan], "accuracy": [0.5]], ending: .failed)
    return store
  }

  @Test(
    arguments: [
      (["accuracy>0.9"], [1]), (["accuracy>90%"], [1]), (["loss<=0.2"], [2, 1]), (["rate>0.1"], [1]),
      (["rate = 0.05"], [2]), (["mode=fast"], [2]), (["mode!=fast"], []), (["ended=failed"], [3]),
      (["loss<1", "rate<1"], [2, 1]), (["id>=2"], [3, 2]), (["title==iris"], [2]),
    ] as [([String], [Int64])])
  func conditions(texts: [String], ids: [Int64]) throws {
    let query = RunQuery(conditions: try texts.map(RunCondition.init))
    #expect(try store().read().runs(query).runs.map(\.id) == ids)
  }

  @Test(arguments: ["accuracy", "accuracy>", ">0.9", "loss<little", "acuracy>0.9", ""])
  func mistakesInConditions(text: String) throws {
    let store = try store().read()
    let mistake = #expect(throws: Diagnostic.self) {
      _ = try store.runs(RunQuery(conditions: [try RunCondition(parsing: text)]))
    }
    if text.hasPrefix("acu") { #expect(mistake?.message.contains("Did you mean `accuracy`?") == true) }
  }

  @Test func notebooksDatesAndLimits() throws {
    let keeper = try store()
    let store = try keeper.read()
    #expect(try store.runs(RunQuery(notebook: "IRIS")).runs.map(\.id) == [2])
    #expect(try store.runs(RunQuery(notebook: "x%r")).runs.isEmpty, "what LIKE takes for a pattern is text")
    #expect(try store.runs(RunQuery(until: Date(timeIntervalSince1970: 0))).runs.isEmpty)
    #expect(try store.runs(RunQuery(since: Date(timeIntervalSinceNow: -60))).count == 3)
    let some = try store.runs(RunQuery(limit: 2))
    #expect(some.runs.map(\.id) == [3, 2] && some.count == 3)
  }

  @Test func deletedNumbersAreNotGivenAgain() throws {
    let keeper = try store()
    let store = try keeper.read()
    try store.delete([2, 3])
    #expect(try keeper.keep("new") == 4)
    #expect(try store.runs().runs.map(\.id) == [4, 1])
    #expect(throws: Diagnostic.self) { try store.run(2) }
    let left = try store.database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM points") }
    #expect(left == 2, "what belonged to the deleted runs is gone as well")
  }

  @Test func comparisonsHaveALineForEveryName() throws {
    let keeper = try store()
    let store = try keeper.read()
    let comparison = try RunComparison([store.run(1), store.run(2)])
    #expect(comparison.metric == "loss")
    let lines = comparison.lines.filter { $0.kind != .fact }
    #expect(lines.map(\.name) == ["rate", "mode", "loss", "accuracy"])
    #expect(lines.map(\.values) == [["0.3", "0.05"], ["", "fast"], ["0.1", "0.2"], ["100%", ""]])
    guard case .plot(.line(let plot))? = comparison.outputs.last else {
      Issue.record("no plot")
      return
    }
    #expect(plot.series.map(\.name) == ["run 1", "run 2"])
    #expect(plot.series.map(\.values) == [[0.5, 0.1], [0.2]])
    #expect(throws: Diagnostic.self) { try RunComparison([store.run(1), store.run(2)], metric: "accuracy") }
  }

  @Test func formsForPrograms() throws {
    let keeper = try store()
    let store = try keeper.read()
    #expect(try store.run(3).json.compact.contains("\"loss\": null"), "NaN is no JSON")
    let csv = RunList.csv(of: try store.runs().runs).split(separator: "\n")
    #expect(csv[0] == "run,notebook,title,started,seconds,ended,seed,mode,rate,accuracy,loss")
    #expect(csv[3].hasPrefix("1,xor.nbs,xor,") && csv[3].hasSuffix(",0.3,1.0,0.1"))
    #expect(try store.run(1).csv.split(separator: "\n")[1] == "1,n on d,accuracy,1,1.0")
    var quoted = CSVText()
    quoted.add(["a,b", "c\"d", "e\nf", "g"])
    #expect(quoted.text == "\"a,b\",\"c\"\"d\",\"e\nf\",g\n")
  }

  @Test func longSeriesAreDrawnAtTheirSteps() throws {
    let store = try TestStore()
    try store.keep("long", figures: ["loss": (1...3000).map { 1 / Double($0) }])
    guard case .plot(.xy(let plot))? = try store.read().run(1).outputs.last else {
      Issue.record("no plot")
      return
    }
    #expect(plot.series[0].xs.last == 3000)
    #expect(plot.series[0].ys.count == 1024 + 512 + 238)
  }
}

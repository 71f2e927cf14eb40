import Diagnostics
import Foundation
import JSON
import Outputs
import Plotting
import SQLite
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
    let left: Int? = try store.database.read { try $0.value("SELECT count(*) FROM points") }
    #expect(left == 2, "what belonged to the deleted runs is gone as well")
  }

  /// As on a full disk, where there is no room for a log.
  @Test func runsAreDeletedWithoutALog() throws {
    let keeper = try store()
    // The recorders of this process have the store open still, as no other process has.
    let copy = try TestStore()
    for ending in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: keeper.location.file + ending, toPath: copy.location.file + ending)
    }
    let store = try copy.read()
    store.database.close()
    let database = try RunStore.withoutLog(copy.location.file)
    try store.delete([1, 3], in: database)
    database.close()
    #expect(try copy.read().runs().runs.map(\.id) == [2])
    #expect(try copy.keep("new") == 4)
    let check: String? = try copy.read().database.read { try $0.value("PRAGMA integrity_check") }
    #expect(check == "ok")
  }

  /// The log needs room to go into the database, which a full disk has not.
  @Test func roomIsKeptForTheDayOnWhichTheDiskIsFull() throws {
    let keeper = try store()
    let path = keeper.location.file + ".reserve"
    var status = stat()
    try #require(stat(path, &status) == 0)
    #expect(Int(status.st_size) == StoreReserve.bytes && Int(status.st_blocks) * 512 >= StoreReserve.bytes)
    #expect(status.st_mode & 0o777 == 0o600)
    StoreReserve(besides: keeper.location.file).giveBack()
    #expect(stat(path, &status) != 0)
  }

  @Test func comparisonsHaveALineForEveryName() throws {
    let keeper = try store()
    let store = try keeper.read()
    let comparison = try RunComparison([store.run(1), store.run(2)])
    #expect(comparison.metric == "loss")
    let lines = comparison.lines.filter { $0.kind != .fact }
    #expect(lines.map(\.name) == ["rate", "mode", "loss", "accuracy"])
    #expect(lines.map(\.values) == [["0.3", "0.05"], ["", "fast"], ["0.1", "0.2"], ["100%", ""]])
    guard case .plot(let drawn)? = comparison.outputs.last, let plot = drawn.content as? LinePlot else {
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
    quoted.add(["=1+1", "-0.5", "+x", "@a", "a=b", "\u{1B}[31m"])
    #expect(quoted.text == "\"a,b\",\"c\"\"d\",e f,g\n'=1+1,-0.5,'+x,'@a,a=b, [31m\n")
  }

  @Test func runsCanBeOrdered() throws {
    let store = try store().read()
    func ids(_ name: String, _ isDescending: Bool = false) throws -> [Int64] {
      try store.runs(RunQuery(order: name, isDescending: isDescending)).runs.map(\.id)
    }
    #expect(try ids("rate") == [2, 1, 3], "those without come last")
    #expect(try ids("rate", true) == [1, 2, 3])
    #expect(try ids("accuracy", true) == [1, 3, 2])
    #expect(try ids("title") == [2, 3, 1])
    #expect(throws: Diagnostic.self) { try ids("acuracy") }
  }

  @Test func listsAreTheSameHoweverSpaced() throws {
    let keeper = try TestStore()
    try keeper.keep("a", parameters: [RunFact("hidden", "[8, 8]")], figures: ["loss": [1]])
    try keeper.keep("b", parameters: [RunFact("hidden", "[8, 4]")], figures: ["loss": [1]])
    let store = try keeper.read()
    for text in ["hidden=[8,8]", "hidden=[8, 8]", "hidden != [8,4]"] {
      #expect(
        try store.runs(RunQuery(conditions: [RunCondition(parsing: text)])).runs.map(\.id) == [1], "\(text)")
    }
  }

  @Test func aListSaysOnceWhatAllRunsShare() throws {
    let keeper = try TestStore()
    for rate in ["0.1", "0.2"] {
      try keeper.keep(
        "a", parameters: [RunFact("hidden", "[8, 8]"), RunFact("rate", rate)],
        figures: ["loss": [1], "accuracy": [1], "a": [1], "b": [2], "c": [3]])
    }
    let (runs, count) = try keeper.read().runs()
    let table = RunList.table(of: runs, count: count)
    #expect(table.rows.map { $0[6] } == ["rate=0.2", "rate=0.1"])
    #expect(table.rows[0][5] == "loss 1, accuracy 100%, …")
    #expect(RunList.table(of: runs, count: count, first: "b").rows[0][5] == "b 2, loss 1, …")
    #expect(table.footer == ["parameters of all: hidden=[8, 8]"])
  }

  @Test func manyRunsAreComparedBelowEachOther() throws {
    let keeper = try TestStore()
    for number in 1...12 {
      try keeper.keep("a", parameters: [RunFact("n", "\(number)")], figures: ["loss": [1, 2]])
    }
    let store = try keeper.read()
    let comparison = try RunComparison((1...12).map { try store.run($0) })
    guard case .table(let table)? = comparison.outputs.first,
      case .plot(let drawn) = comparison.outputs[1], let plot = drawn.content as? LinePlot
    else {
      Issue.record("no table or plot")
      return
    }
    #expect(table.rows.count == 12 && table.columns.contains { $0.title == "n" })
    #expect(!table.columns.contains { $0.title == "loss" || $0.title == "notebook" })
    #expect(table.footer.first?.contains("loss 2") == true)
    #expect(plot.series.count == 8)
    #expect(comparison.outputs.count == 3)
  }

  @Test func longSeriesAreDrawnAtTheirSteps() throws {
    let store = try TestStore()
    try store.keep("long", figures: ["loss": (1...3000).map { 1 / Double($0) }])
    guard case .plot(let drawn)? = try store.read().run(1).outputs.last,
      let plot = drawn.content as? XYPlot
    else {
      Issue.record("no plot")
      return
    }
    #expect(plot.series[0].xs.last == 3000)
    #expect(plot.series[0].ys.count == 1024 + 512 + 238)
  }
}

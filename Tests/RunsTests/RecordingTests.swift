import Diagnostics
import Foundation
import Foundations
import JSON
import Notebooks
import Outputs
import Plotting
import Rendering
import SQLite
import Testing

@testable import Runs

@Suite struct RecordingTests {
  @Test func aRunComesBackAsItWas() throws {
    let store = try TestStore()
    let recorder = store.recorder()
    recorder.cellBegan(at: 0)
    recorder.showed(.text("one"))
    recorder.showed(.text("two"))
    recorder.showed(.error(Diagnostic(.badType, "No.")))
    recorder.measured(MetricBatch(subject: "n on d", name: "loss", steps: 1...3) { 1 / Double($0) })
    recorder.measured(MetricBatch(subject: "n on d", name: "loss", steps: 4...5) { 1 / Double($0) })
    recorder.measured(MetricBatch(subject: "n on d", name: "loss", steps: 1...2) { _ in 7 })
    recorder.cellEnded(.failed)
    recorder.given([RunFact("rate", "0.3")])
    recorder.stated([RunFact("notebook", "small.nbs"), RunFact("seed", "5")], seed: 5)
    recorder.finish(.failed)
    #expect(recorder.takeWarning() == nil)

    let run = try store.read().run(1)
    #expect(run.summary.status == .ended(.failed))
    #expect(run.summary.seed == "5")
    #expect(run.summary.parameters == [RunFact("rate", "0.3")])
    #expect(run.facts.map(\.name) == ["notebook", "seed"])
    #expect(run.cells.map(\.cell.source) == ["print 1", "# Prose"])
    #expect(run.cells.map(\.ending) == [.failed, nil])
    #expect(run.cells[0].outputs.map(\.plain).first == "one\ntwo")
    #expect(run.cells[0].outputs.map(\.kind) == [.text, .error])
    let series: [[Double]] = [[1, 0.5, 1 / 3, 0.25, 0.2], [7, 7]]
    #expect(run.series.map(\.values) == series, "a step of 1 begins anew")
    #expect(run.series.map(\.least) == [0.2, 7])
    #expect(run.summary.metrics.map(\.value) == [7])
    #expect(run.header.title == "Small")
  }

  @Test func outputsComeBackInEveryForm() throws {
    let store = try TestStore()
    let plot = Plot(
      LinePlot(
        title: "a \"loss\"", xLabel: "epoch", yLabel: "loss", firstX: 1,
        series: [.init(name: "train", values: [3, 2, 1])]))
    let outputs: [Output] = [
      .text("a `fence`: ```"), .text("\u{1F600} é"), .value("[1, 2]"),
      .table(Table(title: "t", columns: [.words("a|b"), .numbers("n")], rows: [["<x>", "1"]])), .plot(plot),
      .plot(plot), .notice(Diagnostic(.nearMarker, "Near.", severity: .notice)),
      .error(Diagnostic(.badType, "No.")),
    ]
    let recorder = store.recorder()
    recorder.cellBegan(at: 0)
    outputs.forEach(recorder.showed)
    recorder.cellEnded(.failed)
    recorder.stated([RunFact("seed", "1")], seed: 1)
    recorder.finish(.failed)

    #expect(try store.read().run(1).cells.map(\.outputs) == [[RenderedOutput](outputs), []])
  }

  @Test func cellsOfAPromptAreAddedAsTheyCome() throws {
    let store = try TestStore()
    let recorder = store.recorder(RunDescription(title: "prompt", origin: .prompt, seed: 0, version: "1"))
    for text in ["a = 1", "a"] {
      recorder.cellBegan(Cell(.code, text))
      recorder.showed(.value(text))
      recorder.cellEnded(.done)
    }
    recorder.finish(.done)
    let run = try store.read().run(1)
    #expect(run.cells.map(\.cell.source) == ["a = 1", "a"])
    #expect(run.cells.map(\.outputs.count) == [1, 1])
  }

  @Test func nothingIsKeptOfARunInWhichNothingHappened() throws {
    let store = try TestStore()
    store.recorder().finish(.done)
    #expect(store.files.isEmpty)
  }

  @Test func whatIsPrintedEndlesslyIsCut() throws {
    let store = try TestStore()
    let recorder = store.recorder()
    recorder.cellBegan(at: 0)
    for _ in 0..<6 { recorder.showed(.value(String(repeating: "x", count: 1 << 20))) }
    recorder.finish(.done)
    let outputs = try store.read().run(1).cells[0].outputs
    #expect(outputs.count == 4)
    #expect(outputs.last?.code == "output-not-kept")
  }

  @Test func aRunWhoseProcessIsGoneIsSeenAsSuch() throws {
    let store = try TestStore()
    try store.keep("killed")
    try store.keep("going")
    let database = try RunStore.prepared(store.location.file).database
    try database.write { db in
      try db.execute("UPDATE runs SET ending = NULL")
      try db.execute("UPDATE runs SET process = '1 1 another-boot' WHERE id = 1")
    }
    let read = try store.read()
    #expect(try read.runs().runs.map(\.status) == [.running, .broken])
    #expect(throws: Diagnostic.self, "a run that goes on is not deleted") { try read.delete([1, 2]) }
    #expect(try read.runs().count == 2, "all or none")
  }
}

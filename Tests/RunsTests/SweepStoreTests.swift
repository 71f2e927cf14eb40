import Diagnostics
import Foundation
import JSON
import Notebooks
import Outputs
import Testing

@testable import Runs

/// Sweeps and their trials in the store.
@Suite struct SweepStoreTests {
  private func description(_ sweep: String, rate: String = "0.1,1") -> RunDescription {
    var description = RunDescription.small
    description.sweep = sweep
    description.parameters = [RunFact("rate", rate)]
    description.hasCells = false
    return description
  }

  private func trial(_ number: Int, loss: Double?) -> SweepRecorder.Trial {
    var trial = SweepRecorder.Trial(
      description("trial \(number)", rate: "0.\(number)"), metrics: loss.map { ["loss": $0] } ?? [:],
      ending: loss == nil ? .failed : .done)
    if let loss {
      trial.batches = [
        (1, MetricBatch(subject: "n on d", name: "loss", steps: 1...3) { loss + Double(3 - $0) })
      ]
    }
    trial.seconds = 0.5
    return trial
  }

  private func sweep(in store: TestStore, trials: Int = 3, ending: RunEnding? = .done) throws -> Int64 {
    let recorder = SweepRecorder(
      description("what is tried"), location: { [location = store.location] in location })
    recorder.begin()
    for number in 1...trials { recorder.keep(trial(number, loss: number == 2 ? nil : 1 / Double(number))) }
    if let ending { recorder.finish(ending, metrics: ["loss": 0.25]) }
    if let warning = recorder.takeWarning() { throw warning }
    return try #require(recorder.run)
  }

  @Test func aSweepIsARunAndItsTrialsAreBelowIt() throws {
    let store = try TestStore()
    try store.keep("xor")
    let id = try sweep(in: store)
    try store.keep("iris")
    let read = try store.read()
    let all = try read.runs().runs
    #expect(all.map(\.title) == ["iris", "small", "xor"])
    #expect(all.map(\.trials) == [nil, 3, nil] && all.allSatisfy { $0.parent == nil })
    #expect(all[1].metrics.map(\.value) == [0.25] && all[1].parameters == [RunFact("rate", "0.1,1")])
    var query = RunQuery()
    query.scope = .sweeps
    #expect(try read.runs(query).runs.map(\.id) == [id])
    query.scope = .trials(of: id)
    let trials = try read.runs(query).runs
    #expect(trials.map { $0.parameters[0].value } == ["0.1", "0.2", "0.3"])
    #expect(trials.allSatisfy { $0.parent == id && $0.trials == nil })
    #expect(trials.map(\.status) == [.ended(.done), .ended(.failed), .ended(.done)])
    query.conditions = [try RunCondition(parsing: "loss<0.5")]
    #expect(try read.runs(query).runs.map(\.id) == [trials[2].id])
    // Trials have the course of their metrics, and no cells.
    let stored = try read.run(trials[0].id)
    #expect(stored.series.map(\.values) == [[3, 2, 1]] && stored.series[0].cell == 1 && stored.cells.isEmpty)
    #expect(try read.sweep(id).trials == ["trial 1", "trial 2", "trial 3"])
    #expect(try read.sweep(id).description == "what is tried" && read.sweep(id).header.title == "Small")
  }

  @Test func listsTellSweepsFromRuns() throws {
    let store = try TestStore()
    try store.keep("xor")
    let id = try sweep(in: store)
    let read = try store.read()
    let table = RunList.table(of: try read.runs().runs, count: 2)
    #expect(table.columns.map(\.title).contains("trials") && table.rows[0].contains("3"))
    var query = RunQuery()
    query.scope = .trials(of: id)
    let trials = RunList.table(of: try read.runs(query).runs, count: 3)
    #expect(trials.columns.map(\.title).contains("seed"))
    let csv = RunList.csv(of: try read.runs(query).runs).split(separator: "\n")
    #expect(csv[0] == "run,notebook,title,started,seconds,ended,seed,parent,rate,loss" && csv.count == 4)
    #expect(
      RunList.csv(of: try read.runs().runs).hasPrefix("run,notebook,title,started,seconds,ended,seed,trials,")
    )
    let json = try read.runs(query).runs[0].json
    #expect(json["parent"]?.double == Double(id) && json["trials"] == .null)
    #expect(try RunList.recent(at: store.location).tableRows == 2)
  }

  /// `last` is what a user began last, and not a trial of it.
  @Test func theLastRunIsNoTrial() throws {
    let store = try TestStore()
    let id = try sweep(in: store)
    #expect(try store.read().lastRun() == id && store.read().lastSweep() == id)
    let run = try store.keep("xor")
    #expect(try store.read().lastRun() == run && store.read().lastSweep() == id)
  }

  @Test func trialsGoWithTheirSweep() throws {
    let store = try TestStore()
    let id = try sweep(in: store)
    try store.keep("xor")
    let read = try store.read()
    try read.delete([id])
    #expect(try read.runs().runs.map(\.title) == ["xor"])
    #expect(try read.health().runs == 1 && read.lastSweep() == nil)
  }

  /// What a kill leaves is a sweep that never ended, with the trials that had.
  @Test func aSweepIsTakenUp() throws {
    let store = try TestStore()
    let id = try sweep(in: store, trials: 1, ending: nil)
    #expect(try store.read().sweep(id).summary.status == .running)
    let recorder = SweepRecorder(
      description("what is tried"), goingOnWith: id, location: { [location = store.location] in location })
    recorder.begin()
    recorder.keep(trial(2, loss: 0.5))
    recorder.finish(.done, metrics: [:])
    #expect(recorder.takeWarning() == nil && recorder.run == id)
    let taken = try store.read().sweep(id)
    #expect(taken.trials == ["trial 1", "trial 2"] && taken.summary.status == .ended(.done))
  }

  @Test func whatIsNoSweepIsTold() throws {
    let store = try TestStore()
    let run = try store.keep("xor")
    #expect(throws: Diagnostic.self) { try store.read().sweep(run) }
    let id = try sweep(in: store)
    for (number, words) in [(run, "is no sweep"), (id + 1, "a trial of sweep \(id)"), (99, "no run 99")] {
      let error = #expect(throws: Diagnostic.self) { try store.read().sweep(number) }
      #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
    }
    for number in [id, id + 1] {
      let error = #expect(throws: Diagnostic.self) { try store.read().resumable(number) }
      #expect(error?.suggestion == "nbs sweep --resume \(id)")
    }
  }

  /// A store that cannot be written costs the recording, and is told once.
  @Test func aSweepGoesOnWithoutAStore() {
    let recorder = SweepRecorder(description("x"), location: { StoreLocation(folder: "/proc/nothing") })
    recorder.begin()
    recorder.keep(trial(1, loss: 1))
    recorder.finish(.done, metrics: [:])
    #expect(recorder.run == nil && recorder.takeWarning() != nil && recorder.takeWarning() == nil)
  }
}

extension Output {
  fileprivate var tableRows: Int? { if case .table(let table) = self { table.rows.count } else { nil } }
}

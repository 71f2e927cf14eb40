import Diagnostics
import Foundation
import Language
import NeuralEngine
import Outputs
import Rendering
import Runs
import Sessions
import Synchronization
import TestSupport
import Testing

@testable import Runner

/// Sweeps with rounds of growing budgets, and sweeps that the store keeps.
@Suite struct RecordedSweepTests {
  private static let text = SweepNotebook.text(
    declaring: ["param epochs = 9 min=1"], epochs: "epochs", then: ["assert hidden < 60, \"too wide\""])

  private struct Folder: ~Copyable {
    let url = FileManager.default.temporaryDirectory.appending(path: "recorded-\(UUID().uuidString)")
    let file: NotebookFile

    init() throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      let path = url.appending(path: "n.nbs").path
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      file = try #require(NotebookFile.load(path).file)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    var location: StoreLocation { StoreLocation(folder: url.path) }

    func description(_ assignments: [String], halving: String? = nil, seeds: [UInt64] = [0, 1]) throws
      -> SweepDescription
    {
      let declared = NotebookCheck(file.notebook, name: file.name, names: Session().knownNames).parameters
      let space = try SweepSpace(
        assignments.map { try SweptParameter($0, declared: declared, notebook: "n.nbs") }, .grid, seed: 1,
        most: 100)
      return SweepDescription(
        space, metric: "loss", isLarger: false, seeds: seeds,
        halving: try halving.map {
          try SuccessiveHalving($0, of: space, declared: declared, notebook: "n.nbs")
        }, assignments: assignments)
    }

    func recorder(of description: SweepDescription, goingOnWith run: Int64? = nil) -> SweepRecorder {
      let recorder = SweepRecorder(
        RunDescription(of: file, description), goingOnWith: run, location: { [location] in location })
      recorder.begin()
      return recorder
    }

    func store() throws -> RunStore { try #require(try RunStore.openToRead(at: location)) }
  }

  private func run(
    _ file: NotebookFile, _ description: SweepDescription, jobs: Int = 1, known: [SweepTrial] = [],
    keptBy recorder: SweepRecorder? = nil, interruption: InterruptionRequest = InterruptionRequest(),
    in group: (any ProcessGroup)? = nil,
    ended: @escaping @Sendable (SweepTrial) -> Void = { _ in }
  ) -> SweepResult {
    SweepRun(
      file, description, threads: 1, known: known, interruption: interruption, keptBy: recorder,
      sharedWith: group
    ).run(jobs: jobs, ended: ended)
  }

  /// Six of nine combinations with 1 epoch go on no further, and one comes to 9.
  @Test func halvingIsTheSameHoweverManyAtOnce() throws {
    let folder = try Folder()
    let description = try folder.description(["rate=0.1,1,5", "hidden=2,3,61"], halving: "epochs=9")
    let one = run(folder.file, description)
    #expect(one.trials.count == 2 * (9 + 3 + 1))
    #expect(one.trials == run(folder.file, description, jobs: 2).trials)
    #expect(one.trials == run(folder.file, description, jobs: 4).trials)
    // A round's best are the next one's.
    let first = SweepResult(
      one.trials.filter { $0.round == 0 }, of: description.space, metric: "loss", isLarger: false, count: 18)
    let second = Set(one.trials.filter { $0.round == 1 }.map(\.combination))
    #expect(second == Set(first.rows.prefix(3).map(\.combination)))
    #expect(one.best?.round == 2 && one.rows[1].round == 1 && one.rows[3].round == 0)
    // What fails does not go on, and the others do.
    #expect(
      one.rows.suffix(3).allSatisfy { $0.mean == nil && $0.failures.first?.contains("too wide") == true })
    // A trial of the last round is the notebook with the whole budget.
    let best = try #require(one.best)
    let session = Session(seed: 1)
    let given = zip(["rate", "hidden"], best.values).map {
      GivenParameter(name: $0, value: .literal($1), origin: "")
    }
    let whole = GivenParameter(name: "epochs", value: .spelled("9"), origin: "")
    _ = try HeadlessRun(folder.file, parameters: [given + [whole]], in: session).run(keptAt: nil) { _ in }
    #expect(session.metrics["loss"] == best.measured[1])
    let shown = one.outputs(limit: 20).map { $0.text(.report) }.joined(separator: "\n")
    #expect(shown.contains("successive halving: 9 combinations with epochs=1, 3 with 3, 1 with 9"))
    #expect(one.csv.hasPrefix("trial,seed,rate,hidden,epochs,"))
  }

  @Test func aSweepComesBackFromTheStore() throws {
    let folder = try Folder()
    let description = try folder.description(["rate=0.1,1,5", "hidden=2,61"], halving: "epochs=9")
    let recorder = folder.recorder(of: description)
    let result = run(folder.file, description, jobs: 2, keptBy: recorder)
    recorder.finish(.done, metrics: [:])
    #expect(recorder.takeWarning() == nil)
    let id = try #require(recorder.run)
    let recorded = try RecordedSweep(id, in: folder.store())
    #expect(recorded.description == description && recorded.run.title == "n.nbs")
    #expect(recorded.result.rows == result.rows && recorded.result.csv == result.csv)
    #expect(recorded.result.trials == result.trials)
    let page = recorded.report.markdown()
    #expect(page.contains("best: rate=") && page.contains("Main effects of rate and hidden on loss"))
    #expect(page.contains("Parallel coordinates of rate, hidden and loss"))
    // Each trial is what `nbs run` keeps of it, but for its outputs.
    var query = RunQuery()
    query.scope = .trials(of: id)
    let trials = try folder.store().runs(query).runs
    #expect(trials.count == result.trials.count && trials.allSatisfy { $0.parent == id })
    let good = try #require(trials.first { $0.status == .ended(.done) })
    let series = try folder.store().run(good.id).series
    #expect(series.contains { $0.name == "loss" && $0.cell == 2 && !$0.values.isEmpty })
    #expect(good.parameters.map(\.name) == ["rate", "hidden", "epochs"])
  }

  /// A sweep that was stopped goes on where it was, and comes to what one that never stopped comes to.
  @Test func noTrialIsRepeated() throws {
    let folder = try Folder()
    let description = try folder.description(["rate=0.1,1,5", "hidden=2,3"], halving: "epochs=9")
    let whole = run(folder.file, description)
    for count in [1, 7, 13] {
      let interruption = InterruptionRequest()
      let recorder = folder.recorder(of: description)
      let done = Mutex(0)
      let part = run(folder.file, description, jobs: 2, keptBy: recorder, interruption: interruption) { _ in
        if done.withLock({
          $0 += 1
          return $0 >= count
        }) {
          interruption.request()
        }
      }
      recorder.finish(.interrupted, metrics: [:])
      let id = try #require(recorder.run)
      let past = try RecordedSweep(id, in: folder.store())
      #expect(past.trials.count == part.trials.count && part.trials.count < whole.trials.count)
      #expect(throws: Never.self) { try past.checkResumption() }
      #expect(
        past.outputs.map { $0.text(.report) }.joined().contains("of \(whole.trials.count) trials are done"))
      let second = folder.recorder(of: description, goingOnWith: id)
      let again = Mutex(0)
      let rest = run(folder.file, past.description, jobs: 2, known: past.trials, keptBy: second) { _ in
        again.withLock { $0 += 1 }
      }
      second.finish(.done, metrics: [:])
      #expect(rest.trials == whole.trials)
      #expect(again.withLock { $0 } == whole.trials.count - past.trials.count)
      let taken = try RecordedSweep(id, in: folder.store())
      #expect(taken.trials.count == whole.trials.count && taken.result.rows == whole.rows)
      #expect(throws: Diagnostic.self) { try taken.checkResumption() }
    }
  }

  @Test(arguments: [
    ("epochs=81,27", "takes a number"), ("rate=81", "Keep one of them"), ("width=9", "no parameter `width`"),
    ("epochs=2", "cannot be divided"), ("epochs=0..9", "1 or more"),
  ])
  func budgetsAreHeldAgainstTheNotebook(_ mistake: (halving: String, words: String)) throws {
    let folder = try Folder()
    let error = #expect(throws: Diagnostic.self) {
      _ = try folder.description(["rate=0.1,1,5"], halving: mistake.halving)
    }
    #expect(error?.message.contains(mistake.words) == true, "\(error?.message ?? "")")
  }

  @Test func descriptionsAreTexts() throws {
    let folder = try Folder()
    let declared = NotebookCheck(folder.file.notebook, name: "n.nbs", names: Session().knownNames).parameters
    let space = try SweepSpace(
      [
        SweptParameter("rate=1e-3..10", declared: declared, notebook: "n.nbs"),
        SweptParameter("hidden=2..9", declared: declared, notebook: "n.nbs"),
      ], .random(20), seed: 3, most: 100)
    let description = SweepDescription(
      space, metric: "val_loss", isLarger: true, seeds: [0, 4], assignments: ["rate=1e-3..10", "hidden=2..9"])
    #expect(SweepDescription(text: description.text) == description)
    #expect(SweepDescription(text: "{}") == nil && SweepDescription(text: "") == nil)
  }

  /// What a sweep came to in several processes, and what the first of them has kept.
  private func shared(
    _ count: Int, _ file: NotebookFile, _ description: SweepDescription, keptBy recorder: SweepRecorder,
    ended: @escaping @Sendable (_ rank: Int, SweepTrial) -> Void = { _, _ in }
  ) throws -> [SweepResult] {
    try ThreadGroup().run(count) { group in
      SweepRun(
        file, description, threads: 1, interruption: InterruptionRequest(),
        keptBy: group.rank == 0 ? recorder : nil, sharedWith: group
      ).run(jobs: 1) { ended(group.rank, $0) }
    }
  }

  /// The store has each trial with its course and its seed, whichever process ran it.
  @Test func theStoreIsTheSameFromHoweverManyProcesses() throws {
    let alone = try Folder()
    let together = try Folder()
    let description = try alone.description(["rate=0.1,1,5", "hidden=2,61"], halving: "epochs=9")
    let recorder = alone.recorder(of: description)
    let one = run(alone.file, description, keptBy: recorder)
    recorder.finish(.done, one)
    let shared = together.recorder(of: description)
    let results = try self.shared(3, together.file, description, keptBy: shared)
    shared.finish(.done, results[0])
    for result in results { #expect(result.trials == one.trials) }
    func kept(_ store: RunStore) throws -> [String] {
      var query = RunQuery()
      query.scope = .trials(of: try #require(try store.runs().runs.first).id)
      return try store.runs(query).runs.map { trial in
        let series = try store.run(trial.id).series.map { "\($0.cell) \($0.name) \($0.values)" }
        return "\(trial.parameters) \(trial.metrics) \(trial.status) \(series.sorted())"
      }.sorted()
    }
    let expected = try kept(alone.store())
    #expect(expected.count == one.trials.count && expected.contains { $0.contains("loss") })
    #expect(try kept(together.store()) == expected)
  }

  /// The first process keeps trials of others as they end, and not when all have come to the end of a round.
  @Test func trialsOfOtherProcessesAreKeptAsTheyEnd() throws {
    let folder = try Folder()
    let description = try folder.description(["rate=0.1,0.2,0.3,0.4", "hidden=2"], seeds: [0])
    let recorder = folder.recorder(of: description)
    let heard = Mutex<[Int]>([])
    let wasHeardOf = Mutex(false)
    let results = try shared(2, folder.file, description, keptBy: recorder) { rank, trial in
      if rank == 0 { return heard.withLock { $0.append(trial.combination) } }
      // The second of the second process's trials does not end before the first one is kept.
      guard trial.combination == 3 else { return }
      for _ in 0..<3000 where !heard.withLock({ $0.contains(1) }) { Thread.sleep(forTimeInterval: 0.01) }
      wasHeardOf.withLock { $0 = heard.withLock { $0.contains(1) } }
    }
    #expect(wasHeardOf.withLock { $0 })
    #expect(heard.withLock { $0.sorted() } == [0, 1, 2, 3] && results[0].trials.count == 4)
  }
}

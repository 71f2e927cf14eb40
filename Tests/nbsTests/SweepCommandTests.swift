import Foundation
import TestSupport
import Testing

/// `nbs sweep` as a user runs it.
@Suite(.serialized, .timeLimit(.minutes(2))) struct SweepCommandTests {
  private static let notebook = SweepNotebook.text()

  private func sweep(_ arguments: [String], in folder: Program.Folder) throws -> Program.Result {
    try Program.run(["sweep", folder.path("n.nbs")] + arguments)
  }

  @Test func theTableIsTheSameForAnyJobs() throws {
    let folder = try Program.Folder()
    try folder.file("n.nbs", Self.notebook)
    let arguments = ["-p", "rate=0.1,1,10", "-p", "hidden=2,4", "--seeds", "2", "--minimize", "loss"]
    let one = try sweep(arguments + ["--jobs", "1"], in: folder)
    #expect(one.status == 0 && one.output.contains("lowest loss first") && one.output.contains("best: rate="))
    #expect(try sweep(arguments + ["--jobs", "2"], in: folder).output == one.output)
    #expect(try sweep(arguments + ["--jobs", "4"], in: folder).output == one.output)
    let csv = try sweep(arguments + ["--csv"], in: folder).output.split(separator: "\n")
    #expect(csv.count == 13 && csv[0].hasPrefix("trial,seed,rate,hidden,"))
    let json = try sweep(arguments + ["--json"], in: folder).output
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect((object["trials"] as? [Any])?.count == 12)
  }

  @Test func aJournalIsTakenUp() throws {
    let folder = try Program.Folder()
    try folder.file("n.nbs", Self.notebook)
    let arguments = [
      "-p", "rate=0.1..10", "--random", "4", "--minimize", "loss", "--journal", folder.path("s.jsonl"),
    ]
    let whole = try sweep(arguments, in: folder)
    let lines = try folder.text("s.jsonl").split(separator: "\n")
    #expect(whole.status == 0 && lines.count == 5)
    try folder.file("s.jsonl", lines.prefix(2).joined(separator: "\n") + "\n{\"tri")
    #expect(try sweep(arguments, in: folder).output == whole.output)
    #expect(try folder.text("s.jsonl").split(separator: "\n").count == 5)
    try folder.file("n.nbs", Self.notebook + "\nprint 1")
    let other = try sweep(arguments, in: folder)
    #expect(other.status == 2 && other.errors.contains("another notebook"))
  }

  @Test(arguments: [
    (["-p", "rate=1,2"], "--minimize"), (["--minimize", "loss"], "-p rate"),
    (["-p", "wide=1", "--minimize", "loss"], "has no parameter `wide`"),
    (["-p", "rate=1..2", "--minimize", "loss"], "--random 20"),
    (["-p", "rate=1..2", "--random", "20000", "--minimize", "loss"], "20000 to run all."),
    (
      ["-p", "rate=1..2", "--random", "1000000000", "--most", "1000000000", "--minimize", "loss"],
      "A sweep has 1000000 at most"
    ),
    (["-p", "rate=-1", "--minimize", "loss"], "`rate` takes a number"),
    (["-p", "rate=1", "--minimize", "loss", "--seeds", "0"], "--seeds"),
  ])
  func whatIsWrongIsSaidBeforeAnythingRuns(_ arguments: [String], _ words: String) throws {
    let folder = try Program.Folder()
    try folder.file("n.nbs", Self.notebook)
    let result = try sweep(arguments, in: folder)
    #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
  }

  @Test func aMetricThatIsNotThere() throws {
    let folder = try Program.Folder()
    try folder.file("n.nbs", Self.notebook)
    let result = try sweep(["-p", "rate=1,2", "--maximize", "val_accuracy"], in: folder)
    #expect(result.status == 1 && result.output.contains("2 trials failed"))
  }

  // MARK: The store

  private static let slow = """
    # ---
    # title: Slow
    # ---
    # %%
    param rate = 0.1 min=0
    param epochs = 80_000
    data xor
    net n loss=mse
    layer i input 2
    layer h dense 3 tanh
    layer o dense 1 sigmoid
    connect all
    train xor epochs=epochs batch=2 rate=rate
    """

  /// Killed in the middle, and taken up: what it comes to is what one comes to that was left alone.
  @Test func aKilledSweepIsTakenUp() throws {
    let folder = try Program.Folder()
    try folder.file("n.nbs", Self.slow)
    let data = try Program.Folder()
    let arguments = [
      "-p", "rate=0.1..2", "--random", "14", "--seeds", "2", "--minimize", "loss", "--jobs", "2",
    ]
    func nbs(_ arguments: [String]) throws -> Program.Result {
      try Program.run(arguments, data: data.url.path)
    }
    let killed = try Program.run(
      ["sweep", folder.path("n.nbs")] + arguments, interruptedWhen: { try hasTrials(in: data) },
      signal: SIGKILL, data: data.url.path)
    #expect(killed.status != 0 && killed.output.isEmpty)
    let left = try nbs(["runs", "--csv"]).output.split(separator: "\n")
    try #require(left.count == 2 && left[1].contains("never ended"), "\(left)")
    let before = try nbs(["runs", "list", "--trials", "last", "--json", "--all"])
    let known = try #require(try JSONSerialization.jsonObject(with: Data(before.output.utf8)) as? [Any])
    try #require(!known.isEmpty && known.count < 28, "\(known.count)")
    let shown = try nbs(["runs", "show", "last"])
    #expect(shown.status == 0 && shown.output.contains("\(known.count) of 28 trials are done"))
    let resumed = try nbs(["sweep", "--resume", "last"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    let whole = try nbs(["sweep", folder.path("n.nbs")] + arguments + ["--no-record"])
    #expect(resumed.output == whole.output)
    let runs = try nbs(["runs", "--sweeps", "--csv"]).output.split(separator: "\n")
    #expect(runs.count == 2 && runs[1].contains(",done,") && runs[1].contains(",28,"))
    #expect(
      try nbs(["runs", "list", "--trials", "last", "--csv", "--all"]).output.split(separator: "\n").count
        == 29)
    // There is nothing left to do.
    let again = try nbs(["sweep", "--resume", "last"])
    #expect(again.status == 2 && again.errors.contains("came to its end"))
    #expect(try nbs(["run", "--resume", "last"]).errors.contains("nbs sweep --resume"))
  }

  /// Whether some trials of the last sweep are done.
  private func hasTrials(in data: Program.Folder) throws -> Bool {
    let trials = try Program.run(
      ["runs", "list", "--trials", "last", "--csv", "--all"], data: data.url.path)
    return trials.output.split(separator: "\n").count > 2
  }

  /// Ctrl-C leaves the table of what is done, and says how to go on.
  @Test func aStoppedSweepShowsWhatIsDone() throws {
    let (folder, data) = (try Program.Folder(), try Program.Folder())
    try folder.file("n.nbs", Self.slow)
    let stopped = try Program.run(
      ["sweep", folder.path("n.nbs"), "-p", "rate=0.1..2", "--random", "60", "--minimize", "loss"],
      interruptedWhen: { try hasTrials(in: data) }, data: data.url.path)
    #expect(stopped.status == 130)
    #expect(stopped.output.contains("of 60 trials are done") && stopped.output.contains("best: rate="))
    #expect(stopped.errors.contains("nbs sweep --resume 1"))
  }

  @Test func sweepsStandAmongRuns() throws {
    let folder = try Program.Folder()
    try folder.file("n.nbs", Self.notebook)
    let data = try Program.Folder()
    func nbs(_ arguments: [String]) throws -> Program.Result {
      try Program.run(arguments, data: data.url.path)
    }
    #expect(try nbs(["run", folder.path("n.nbs")]).status == 0)
    let report = folder.path("sweep.md")
    let sweep = try nbs([
      "sweep", folder.path("n.nbs"), "-p", "rate=0.1,1,10", "-p", "hidden=2,4", "--minimize", "loss",
      "--export",
      report, "--plot",
    ])
    #expect(sweep.status == 0 && sweep.output.contains("loss by rate, hidden"), "\(sweep.errors)")
    let list = try nbs(["runs"]).output
    #expect(list.split(separator: "\n").count { $0.contains("n.nbs") } == 2 && list.contains("trials"))
    let shown = try nbs(["runs", "show", "2"]).output
    #expect(shown.contains("lowest loss first") && shown.contains("all combinations by loss"))
    #expect(try nbs(["runs", "show", "2", "--csv"]).output.hasPrefix("trial,seed,rate,hidden,"))
    let json = try nbs(["runs", "show", "2", "--json"]).output
    let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(((object["sweep"] as? [String: Any])?["trials"] as? [Any])?.count == 6)
    let trials = try nbs(["runs", "--trials", "2", "--sort", "loss", "--limit", "1"])
    #expect(trials.status == 0 && trials.output.contains("1 of 6 runs"))
    #expect(try nbs(["runs", "compare", "3", "4"]).status == 0)
    let page = try folder.text("sweep.md")
    #expect(page.contains("Main effects of rate and hidden on loss") && page.contains("best: rate="))
    #expect(try nbs(["runs", "export", "last", folder.path("again.md")]).status == 0)
    #expect(try folder.text("again.md") == page)
    let trial = try nbs(["runs", "export", "3", folder.path("trial.md")])
    #expect(trial.status == 2 && trial.errors.contains("-p rate=") && trial.errors.contains("--seed 0"))
    for (arguments, words) in [
      (["runs", "--trials", "1"], "is no sweep"), (["runs", "--trials", "3"], "a trial of sweep 2"),
      (["sweep", "--resume", "1"], "is no sweep"),
      (["sweep", "--resume", "2", "-p", "rate=1"], "its own trials"),
      (["sweep", folder.path("n.nbs"), "--resume", "2"], "Leave the file out"),
    ] {
      let wrong = try nbs(arguments)
      #expect(wrong.status != 0 && wrong.errors.contains(words), "\(arguments): \(wrong.errors)")
    }
    #expect(try nbs(["runs", "delete", "2"]).status == 0)
    #expect(try nbs(["runs", "--csv", "--all"]).output.split(separator: "\n").count == 2)
    #expect(try nbs(["runs", "show", "3"]).status == 2)
  }

  @Test func halvingRunsFewerEpochsFirst() throws {
    let folder = try Program.Folder()
    try folder.file(
      "n.nbs", SweepNotebook.text(declaring: ["param epochs = 20 min=1"], epochs: "epochs"))
    let arguments = [
      "-p", "rate=0.1,0.3,1", "-p", "hidden=2,4,8", "--minimize", "loss", "--halving", "epochs=18",
    ]
    let one = try sweep(arguments + ["--jobs", "1"], in: folder)
    #expect(
      one.status == 0 && one.output.contains("9 combinations with epochs=2, 3 with 6, 1 with 18"),
      "\(one.errors)")
    #expect(try sweep(arguments + ["--jobs", "4"], in: folder).output == one.output)
    // A journal knows the rounds.
    let journal = arguments + ["--journal", folder.path("s.jsonl")]
    _ = try sweep(journal, in: folder)
    let lines = try folder.text("s.jsonl").split(separator: "\n")
    #expect(lines.count == 14)
    try folder.file("s.jsonl", lines.prefix(11).joined(separator: "\n") + "\n")
    #expect(try sweep(journal, in: folder).output == one.output)
    #expect(try folder.text("s.jsonl").split(separator: "\n").count == 14)
  }

  /// A sweep in a cell is a run below the run of that cell, and its trials are runs below it, as those of `nbs sweep` are.
  @Test func sweepsOfCellsAreRuns() throws {
    let (folder, data) = (try Program.Folder(), try Program.Folder())
    try folder.file(
      "n.nbs",
      """
      # ---
      # title: Rates
      # ---
      # %%
      data xor
      # %%
      sweep rate=[0.1, 1, 100] hidden=[2, 4] seeds=2 minimize=loss {
        assert hidden == 2 or rate < 50, "too much"
        net n loss=mse
        layer i input 2
        layer h dense hidden tanh
        layer o dense 1 sigmoid
        connect all
        train xor epochs=5 rate=rate
      }
      """)
    func nbs(_ arguments: [String]) throws -> Program.Result {
      try Program.run(arguments, data: data.url.path)
    }
    #expect(try nbs(["run", folder.path("n.nbs"), "--no-record"]).status == 0)
    #expect(try nbs(["runs", "--sweeps"]).output.contains("no sweeps yet"))
    let run = try nbs(["run", folder.path("n.nbs")])
    #expect(run.status == 0 && run.output.contains("lowest loss first"), "\(run.errors)")
    // The list of runs has the notebook's alone, and `last` is that one.
    #expect(try nbs(["runs", "--csv"]).output.split(separator: "\n").count == 2)
    #expect(try nbs(["runs", "show", "last"]).output.contains("sweep rate=[0.1, 1, 100]"))
    let sweeps = try nbs(["runs", "--sweeps", "--csv"]).output.split(separator: "\n")
    #expect(sweeps.count == 2 && sweeps[1].hasPrefix("2,") && sweeps[1].contains(",done,"), "\(sweeps)")
    let trials = try nbs(["runs", "--trials", "last", "--csv", "--all"]).output.split(separator: "\n")
    #expect(trials.count == 13 && trials.count { $0.contains(",failed,") } == 2)
    let shown = try nbs(["runs", "show", "2"]).output
    // What the cell showed stands in the sweep, too.
    let table = run.output.split(separator: "\n").filter { $0.contains("0.1") }
    #expect(!table.isEmpty && table.allSatisfy { shown.contains($0) })
    #expect(shown.contains("a cell of run 1") && !shown.contains("trial of"))
    #expect(try nbs(["runs", "show", "3"]).output.contains("loss"))
    #expect(try nbs(["runs", "export", "2", folder.path("s.md")]).status == 0)
    for (arguments, words) in [
      (["sweep", "--resume", "2"], "a cell of run 1"), (["run", "--resume", "3"], "a cell of run 1"),
      (["runs", "export", "3", folder.path("t.md")], "nbs runs show 1"),
      (["runs", "--trials", "1"], "The last sweep is 2"),
    ] {
      let wrong = try nbs(arguments)
      #expect(wrong.status == 2 && wrong.errors.contains(words), "\(arguments): \(wrong.errors)")
    }
    #expect(try nbs(["runs", "delete", "1"]).status == 0)
    #expect(try nbs(["runs", "--sweeps"]).output.contains("no sweeps yet"))
    #expect(try nbs(["runs", "show", "3"]).status == 2)
  }
}

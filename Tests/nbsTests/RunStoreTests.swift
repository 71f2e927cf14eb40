import Foundation
import Testing

/// What is kept of a run, and what becomes of it when something goes wrong.
@Suite(.serialized, .timeLimit(.minutes(3))) struct RunStoreTests {
  private let endless = """
    data xor
    net n loss=mse rate=0.5
    layer i input 2
    layer h dense 3 sigmoid
    layer o dense 1 sigmoid
    connect all
    # %%
    train xor epochs=1_000_000_000 batch=1
    """
  private let folder: Program.Folder
  private var data: String { folder.path("data") }

  init() throws { folder = try Program.Folder() }

  private func nbs(_ arguments: String...) throws -> Program.Result {
    try Program.run(arguments, data: data)
  }

  /// Runs a line of shell in which `$NBS` is the program.
  private func shell(_ line: String) throws -> Program.Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.environment = Program.environment(data: data).merging(["NBS": Program.path]) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let messages = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Program.Result(
      status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      errors: String(decoding: messages, as: UTF8.self), peakMemory: nil)
  }

  @Test(arguments: ["md", "html", "ipynb"]) func aPastRunExportsTheSameBytes(form: String) throws {
    let notebook = try folder.file(
      "small.nbs",
      "# ---\n# title: Small\n# ---\n\n# %% [markdown]\n# # Small\n\n# %% First tol=0.1\n"
        + endless.replacingOccurrences(of: "1_000_000_000", with: "30")
        + "\nplot loss\nshow data xor\nassert 1 > 2\n# %%\nprint 3\n")
    #expect(try nbs("run", notebook, "--export", folder.path("run.\(form)")).status == 1)
    #expect(try nbs("runs", "export", "last", folder.path("past.\(form)")).status == 0)
    #expect(try folder.text("run.\(form)") == folder.text("past.\(form)"))
  }

  @Test func aKilledTrainingIsThereUpToItsLastEpochs() throws {
    let notebook = try folder.file("long.nbs", endless)
    let killed = try shell("\"$NBS\" run \(notebook) & sleep 1.5; kill -9 $!; wait $!")
    #expect(killed.status == 137)
    let list = try nbs("runs")
    #expect(list.output.contains("never ended") && list.output.contains("loss"), "\(list.output)")
    #expect(try nbs("runs", "export", "1", folder.path("killed.md")).status == 0)
    let report = try folder.text("killed.md")
    #expect(report.contains("the run was killed after 1"), "\(report)")
    #expect(report.contains(/, at epoch \d+ of n on xor with loss [\d.e-]+, accuracy [\d.]+%/), "\(report)")
    #expect(report.contains("training n on xor"))
    #expect(try nbs("runs", "show", "1", "--csv").output.split(separator: "\n").count > 500)
    #expect(try nbs("runs", "delete", "1").output == "deleted run 1\n")
  }

  /// Killed twice, and taken up twice: the report is that of a run that nobody stopped.
  @Test func aKilledRunIsTakenUpAgain() throws {
    let notebook = try folder.file(
      "long.nbs",
      """
      param rate = 0.02
      data moons from moons n=60 noise=0.3
      net n optimizer=adam rate=rate
      layer i input 2
      layer h dense 6 relu
      layer d dropout 20%
      layer o dense 1 sigmoid
      connect all
      train moons epochs=100
      # %%
      train moons epochs=EPOCHS validate=20% every=1000
      print rand(2)
      # %%
      evaluate moons
      """.replacing("EPOCHS", with: "60_000"))
    let given = "-p rate=0.03 --seed 4"
    let whole = try shell("\"$NBS\" run \(notebook) \(given) --export \(folder.path("whole.md")) --no-record")
    #expect(whole.status == 0)
    let often = "export NBS_CHECKPOINT_SECONDS=0.05;"
    /// Kills what it starts once that has kept a training of the second cell anew, or after half a minute.
    func kill(_ command: String) throws -> Program.Result {
      let kept = "find \(data)/nbs/checkpoints -name 'training-2*' -newer \(data).begun"
      return try shell(
        "touch \(data).begun; \(often) \"$NBS\" run \(command) & n=0; "
          + "until \(kept) 2>&1 | grep -q training-2 || [ $n -gt 600 ]; do n=$((n+1)); sleep 0.05; done; kill -9 $!; wait $!"
      )
    }
    try #require(try kill("\(notebook) \(given)").status == 137, "it was over before it was killed")
    let kept = try FileManager.default.contentsOfDirectory(atPath: data + "/nbs/checkpoints")
    #expect(kept.count == 1)
    try #require(try kill("--resume last").status == 137, "it was over before it was killed again")
    let again = try nbs("run", "--resume", "last", "--export", folder.path("again.md"))
    #expect(again.status == 0 && again.output == whole.output, "\(again.errors)")
    #expect(try folder.text("again.md") == folder.text("whole.md"))
    // It is over now, and needs nothing of what was kept.
    #expect(try FileManager.default.contentsOfDirectory(atPath: data + "/nbs/checkpoints").isEmpty)
    let over = try nbs("run", "--resume", "last")
    #expect(over.status == 2 && over.errors.contains("came to its end"))
    #expect(try nbs("run", "--resume", "last", notebook).errors.contains("Leave the file out"))
    try folder.file("long.nbs", "print 1")
    #expect(try nbs("run", "--resume", "1").errors.contains("has been changed"))
    #expect(try nbs("run", "--resume", "77").errors.contains("There is no run 77"))
  }

  @Test func aRunThatGoesOnIsSeenAsSuch() throws {
    let notebook = try folder.file("long.nbs", endless)
    let seen = try shell(
      "\"$NBS\" run \(notebook) 2>&1 >\(data).out & sleep 1; \"$NBS\" runs --csv; kill -9 $!")
    #expect(seen.output.contains(",running,"), "\(seen.output)")
  }

  @Test func severalProcessesLoseNothing() throws {
    let notebook = try folder.file("one.nbs", "print 1")
    let data = data
    DispatchQueue.concurrentPerform(iterations: 3) { _ in
      for _ in 1...10 {
        let result = try? Program.run(["run", notebook], data: data)
        #expect(result?.status == 0)
        #expect(result?.errors == "")
      }
    }
    let csv = try nbs("runs", "--all", "--csv").output.split(separator: "\n").dropFirst()
    #expect(csv.count == 30 && csv.allSatisfy { $0.contains(",done,") })
  }

  @Test func aDamagedStoreIsMovedAside() throws {
    let notebook = try folder.file("one.nbs", "print 1")
    _ = try nbs("run", notebook)
    for name in ["runs.sqlite", "runs.sqlite-wal"] {
      try Data(String(repeating: "rubbish ", count: 3000).utf8).write(
        to: URL(fileURLWithPath: data + "/nbs/" + name))
    }
    let list = try nbs("runs")
    #expect(list.status == 2 && list.errors.contains("is damaged"), "looking moves nothing")
    let result = try nbs("run", notebook)
    #expect(result.status == 0 && result.output == "1\n")
    #expect(result.errors.contains("The store of runs was damaged"))
    let files = try FileManager.default.contentsOfDirectory(atPath: data + "/nbs")
    #expect(files.contains { $0.hasPrefix("runs-damaged-") })
    #expect(try nbs("runs", "--csv").output.split(separator: "\n").count == 2, "the run is in the new store")
    #expect(try nbs("run", notebook).errors == "")
  }

  @Test(arguments: [
    "XDG_DATA_HOME=/proc/none", "XDG_DATA_HOME=/dev/null", "-u XDG_DATA_HOME -u HOME",
    "-u XDG_DATA_HOME HOME=/proc",
  ]) func withoutAPlaceTheRunGoesOn(environment: String) throws {
    let notebook = try folder.file("two.nbs", "print 1\n# %%\nprint 2\n")
    let result = try shell("env \(environment) \"$NBS\" run \(notebook)")
    #expect(result.status == 0 && result.output == "1\n2\n")
    #expect(
      result.errors.contains("not recorded") || result.errors.contains("cannot be recorded"),
      "\(result.errors)")
    #expect(result.errors.components(separatedBy: "Note: ").count == 2, "told once")
  }

  /// A limit on the size of files stands in for a full disk: writing fails in the middle.
  @Test func aDiskThatFillsUpCostsAWarning() throws {
    let many = (1...40).map { "# %%\nprint \($0)\nshow data iris\nplot data iris\n" }.joined()
    let notebook = try folder.file("many.nbs", "data iris\n" + many)
    let result = try shell("ulimit -f 300; \"$NBS\" run \(notebook) --export \(folder.path("out.md"))")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("\n40\n"))
    #expect(result.errors.contains("not recorded"), "\(result.errors)")
    #expect(try folder.text("out.md").contains("print 40"))
    #expect(try nbs("runs").status == 0, "the store is sound")
  }

  @Test func aRunAndItsRecordSayTheSame() throws {
    let notebook = try folder.file(
      "all.nbs",
      """
      # %% tags=["parameters"]
      hidden = [8, 4]
      rate = 0.3
      note = "a, b"
      fast = true

      # %%
      data breast_cancer
      split breast_cancer test=20%
      net n rate=rate
      layer i input 30
      layer o dense 1 sigmoid
      connect all
      train breast_cancer epochs=1
      evaluate breast_cancer.test
      record q = 3
      record q = 4
      record none = 0 / 0
      record endless = 1 / 0
      """)
    func object(_ text: String) throws -> Any { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
    let run = try #require(object(nbs("run", notebook, "--json").output) as? [String: Any])
    let kept = try #require(object(nbs("runs", "list", "--json").output) as? [[String: Any]]).first
    for part in ["metrics", "parameters"] {
      let (now, later) = (run[part] as? NSDictionary, kept?[part] as? NSDictionary)
      #expect(now != nil && now == later, "\(part): \(String(describing: now)), \(String(describing: later))")
    }
    let names = Set((kept?["metrics"] as? [String: Any] ?? [:]).keys)
    #expect(names.isSuperset(of: ["loss", "accuracy", "auc", "f1", "q"]))
    #expect(try nbs("runs", "--sort", "loss").output.contains("all.nbs"))
    #expect(try nbs("runs", "--descending").status == 2)
  }

  @Test func mistakesSayWhatToTry() throws {
    let empty = try nbs("runs")
    #expect(empty.status == 0 && empty.output.hasPrefix("There are no runs yet."))
    #expect(try nbs("runs", "show", "1").status == 2)
    let notebook = try folder.file("one.nbs", "record accuracy = 0.5")
    _ = try nbs("run", notebook)
    let cases = [
      (["show", "7"], "The last is 1"), (["--where", "acuracy>1"], "Did you mean `accuracy`?"),
      (["--where", "accuracy"], "not a comparison"), (["--since", "2026-02-30"], "is not a day"),
      (["compare", "1"], "two runs"), (["export", "1", "x.doc"], ".ipynb"), (["delete", "0"], "invalid"),
      (["list", "--json", "--csv"], "Keep one"),
      (["compare", "1", "1", "--metric", "loss"], "no curve of `loss`"),
    ]
    for (arguments, words) in cases {
      let result = try Program.run(["runs"] + arguments, data: data)
      #expect(result.status == 2 && result.output == "", "\(arguments)")
      #expect(result.errors.contains(words), "\(result.errors)")
    }
    #expect(try nbs("runs", "--where", "accuracy<0.1").output.hasPrefix("No run matches"))
    #expect(try nbs("runs", "--since", "1h", "--where", "accuracy=50%").output.contains("one.nbs"))
  }
}

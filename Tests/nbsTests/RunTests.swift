import Foundation
import Testing

/// `nbs run`: what goes where, and how it ends.
@Suite(.serialized, .timeLimit(.minutes(2))) struct RunTests {
  private let xor = """
    # %% [markdown]
    # # A small run

    # %%
    data xor
    net n loss=mse rate=0.5
    layer i input 2
    layer h dense 3 sigmoid
    layer o dense 1 sigmoid
    connect all
    train xor epochs=50 batch=1
    plot loss
    """

  @Test func outputsAndMessagesGoTheirOwnWays() throws {
    let folder = try Program.Folder()
    let result = try Program.run(
      ["run", try folder.file("xor.nbs", xor), "--export", folder.path("report.md")])
    #expect(result.status == 0)
    #expect(result.output.contains("50 epochs: loss"))
    #expect(result.errors == "report: \(folder.path("report.md"))\n")
    #expect(try folder.text("report.md").hasPrefix("# A small run\n"))
  }

  @Test func theReportIsTheSameFromRunToRun() throws {
    let folder = try Program.Folder()
    let notebook = try folder.file("xor.nbs", xor)
    for name in ["a.md", "b.md"] { _ = try Program.run(["run", notebook, "--export", folder.path(name)]) }
    #expect(try folder.text("a.md") == folder.text("b.md"))
    _ = try Program.run(["run", notebook, "--seed", "7", "--export", folder.path("c.md")])
    #expect(try folder.text("a.md") != folder.text("c.md"), "another seed is another run")
  }

  @Test func aCellThatFailsEndsWithOneAndStillReports() throws {
    let folder = try Program.Folder()
    let notebook = try folder.file("fails.nbs", "print 1\nassert 1 > 2, \"no\"\n# %%\nprint 3\n")
    let result = try Program.run(["run", notebook, "--export", folder.path("report.md")])
    #expect(result.status == 1)
    #expect(result.output == "1\n")
    #expect(result.errors.contains("ASSERTION FAILED"))
    #expect(try folder.text("report.md").contains("a cell failed"))
  }

  @Test(
    arguments: [
      ("train nothing", "UNKNOWN DATA"), ("repeat 3 {", "UNFINISHED"), ("a = = 1", "UNEXPECTED TOKEN"),
      ("print 1\n# %%\nlayer a dens 3", "UNKNOWN KIND"),
    ]) func mistakesAreFoundBeforeAnythingRuns(source: String, title: String) throws
  {
    let folder = try Program.Folder()
    let result = try Program.run(["run", try folder.file("wrong.nbs", source)])
    #expect(result.status == 2)
    #expect(result.output == "", "no cell ran")
    #expect(result.errors.contains(title), "\(result.errors)")
  }

  @Test func filesThatCannotBeRead() throws {
    let folder = try Program.Folder()
    try folder.file("xor.nbs", "print 1")
    try Data([0x70, 0xFF, 0xFE]).write(to: folder.url.appending(path: "binary.nbs"))
    let cases = [
      (folder.path("xro.nbs"), "Did you mean `xor.nbs`?"), (folder.url.path, "is a folder"),
      (folder.path("binary.nbs"), "UTF-8"),
    ]
    for (path, words) in cases {
      let result = try Program.run(["run", path])
      #expect(result.status == 2)
      #expect(result.errors.replacing("\n", with: " ").contains(words), "\(result.errors)")
    }
  }

  @Test func reportsThatCannotBeWrittenAreFoundFirst() throws {
    let folder = try Program.Folder()
    let notebook = try folder.file("one.nbs", "print 1")
    for target in [
      folder.url.path, folder.path("none/report.md"), folder.path("report.doc"), "/proc/report.md",
    ] {
      let result = try Program.run(["run", notebook, "--export", target])
      #expect(result.status == 2, "\(target)")
      #expect(result.output == "")
    }
  }

  @Test(arguments: [
    ["run"], ["run", "a.nbs", "--no-such-option"], ["nonsense"], ["run", "x.nbs", "--seed", "-1"],
  ])
  func wrongUsage(arguments: [String]) throws {
    #expect(try Program.run(arguments).status == 2)
  }

  @Test func helpIsAResult() throws {
    let result = try Program.run(["--help"])
    #expect(result.status == 0)
    #expect(result.output.contains("run"))
  }

  @Test func standardInputIsAScript() throws {
    for arguments in [["run", "-"], []] {
      let result = try Program.run(arguments, input: "a = 2\na ^ 10\n")
      #expect(result.status == 0)
      #expect(result.output == "1024\n")
    }
  }

  @Test(arguments: [
    (["-p", "epoch=3"], "Did you mean `epochs`?"), (["-p", "epochs=3", "-p", "epochs=3"], "given twice"),
    (["-p", "epochs=many"], "takes a number from 1 to 100"), (["-p", "epochs=0"], "not 0"),
    (["-p", "epochs"], "has no value"),
    (["--params", "/nonexistent/p.json"], "There is no file"), (["--timeout", "soon"], "timeout"),
  ])
  func parametersAreCheckedBeforeAnythingRuns(arguments: [String], words: String) throws {
    let folder = try Program.Folder()
    let notebook = try folder.file("p.nbs", "print 1\nparam epochs = 2 min=1 max=100\n")
    let result = try Program.run(["run", notebook] + arguments)
    #expect(result.status == 2)
    #expect(result.output == "", "no cell ran")
    #expect(result.errors.contains(words), "\(result.errors)")
  }

  @Test func parametersComeFromTheCommandLineAndFromAFile() throws {
    let folder = try Program.Folder()
    let notebook = try folder.file(
      "p.nbs",
      "# %% tags=[\"parameters\"]\nepochs = 2\nname = \"a\"\nquiet = False\n# %%\nprint epochs, name, quiet\n"
    )
    let values = try folder.file("v.json", "{\"epochs\": 7, \"quiet\": true}")
    let result = try Program.run(["run", notebook, "--params", values, "-p", "epochs=9", "-p", "name=b=c"])
    #expect(result.output == "9 b=c true\n", "\(result.errors)")
    for wrong in ["{\"epochs\": 1, \"epochs\": 2}", "{\"epochs\": {}}", "[1]", "{\"epochs\": "] {
      let values = try folder.file("w.json", wrong)
      #expect(try Program.run(["run", notebook, "--params", values]).status == 2, "\(wrong)")
    }
  }

  @Test func aTimeLimitEndsWithFourAndStillReports() throws {
    let folder = try Program.Folder()
    let notebook = try folder.file("loop.nbs", "repeat 1e12 { x = 1 }\n# %%\nprint 1\n")
    let run = try Program.run(["run", notebook, "--timeout", "200ms", "--export", folder.path("r.md")])
    #expect(run.status == 4)
    #expect(try folder.text("r.md").contains("stopped by a time limit"))
    let cell = try Program.run(["run", notebook, "--cell-timeout", "200ms", "--keep-going"])
    #expect(cell.status == 4)
    #expect(cell.output.hasSuffix("1\n"), "the cell behind it runs")
  }

  @Test func aSummaryForPrograms() throws {
    struct Summary: Decodable {
      struct Cell: Decodable {
        struct Mistake: Decodable { let code: String; let line: Int }
        let status: String
        let error: Mistake?
      }
      let status: String
      let exit_code: Int32
      let parameters: [String: Double]?
      let cells: [Cell]?
      let diagnostics: [Cell.Mistake]?
    }
    func summary(_ text: String) throws -> (Summary, Int32) {
      let result = try Program.run(["run", "-", "--json", "--keep-going"], input: text)
      return (try JSONDecoder().decode(Summary.self, from: Data(result.output.utf8)), result.status)
    }
    let (failed, status) = try summary("param a = 1\nprint a\n\n# %%\n# why\nassert a == 2\n# %%\nprint 3\n")
    #expect(status == 1 && failed.exit_code == 1 && failed.status == "failed")
    #expect(failed.cells?.map(\.status) == ["done", "failed", "done"])
    #expect(failed.cells?[1].error?.code == "assertion-failed" && failed.cells?[1].error?.line == 6)
    #expect(failed.parameters == ["a": 1])
    let (refused, code) = try summary("print a\n")
    #expect(code == 2 && refused.status == "refused" && refused.diagnostics?.map(\.code) == ["unknown-name"])
  }

  @Test func jupyterTakesTheReport() throws {
    let folder = try Program.Folder()
    let notebook = try folder.file(
      "xor.nbs", xor + "\nshow data xor\npredict xor\n# %%\nassert 1 > 2\n# %%\nprint 3\n")
    let run = try Program.run(
      [
        "run", notebook, "--export", folder.path("r.ipynb"), "--export", folder.path("r.html"), "--export",
        folder.path("r.md"),
      ])
    #expect(run.status == 1)
    #expect(try folder.text("r.ipynb").contains("image/svg+xml"))
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "NotebooksTests/validate_ipynb.py").path
    guard let python = Python.withNBFormat else { return }
    let check = try Program.run([script, folder.path("r.ipynb")], program: python)
    #expect(check.status == 0, "\(check.output)\(check.errors)")
  }

  @Test func interruptedTrainingStillReports() throws {
    let folder = try Program.Folder()
    let long = xor.replacingOccurrences(of: "epochs=50", with: "epochs=1_000_000_000")
    let result = try Program.run(
      ["run", try folder.file("long.nbs", long), "--export", folder.path("report.md")], interruptedAfter: 1)
    #expect(result.status == 130)
    #expect(result.output.contains("interrupted at epoch"))
    #expect(result.errors.split(separator: "\n").count <= 11, "a log stays calm")
    #expect(try folder.text("report.md").contains("interrupted"))
  }

  @Test func aLoopOfMillionsIsStoppedAndRemembersNothing() throws {
    let result = try Program.run(
      ["run", "-"], input: "W = ones(100)\nrepeat 1e12 { L = sum((W - 1) ^ 2); W -= 0.1 * grad L wrt W }",
      interruptedAfter: 3)
    #expect(result.status == 130)
    let peak = try #require(result.peakMemory)
    #expect(peak < 150_000, "rounds are forgotten")
  }

  @Test func aClosedOutputIsQuietAndItsRunIsOver() throws {
    let folder = try Program.Folder()
    let result = try Program.run(
      ["-c", "echo 'repeat 100000 as i { print i }' | '\(Program.path)' run - | head -1"],
      data: folder.url.path, program: "/bin/sh")
    #expect(result.output == "0\n" && result.errors.isEmpty)
    let runs = try Program.run(["runs", "list"], data: folder.url.path)
    #expect(runs.output.contains("interrupted"), "\(runs.output)")
  }

  @Test func anOutputThatCannotBeWrittenIsAFailure() throws {
    let result = try Program.run(
      ["-c", "echo 'print 1' | '\(Program.path)' run - > /dev/full"], program: "/bin/sh")
    #expect(result.status == 2)
    #expect(result.errors == "The output cannot be written: No space left on device.\n")
  }

  @Test(arguments: ["r.md", "r.html", "r.ipynb"]) func aRunThatFailsKeepsTheOldReport(name: String) throws {
    let folder = try Program.Folder()
    let notebook = try folder.file("n.nbs", "param top = 3\nprint 1\nassert top > 2\n")
    let arguments = ["run", notebook, "--export", folder.path(name)]
    #expect(try Program.run(arguments).status == 0)
    let good = try folder.text(name)
    let failed = try Program.run(arguments + ["-p", "top=1", "--json"])
    let beside = name.replacingOccurrences(of: ".", with: ".failed.")
    #expect(failed.status == 1)
    #expect(try folder.text(name) == good)
    #expect(try folder.text(beside).contains("ASSERTION FAILED"))
    #expect(failed.errors.contains("report: \(folder.path(beside)); \(folder.path(name)) stays as it was"))
    #expect(failed.output.contains(folder.path(beside)), "the summary names what was written")
  }

  @Test(arguments: [(SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)]) func aSignalEndsARunInGoodOrder(
    signal: Int32, status: Int32
  ) throws {
    let folder = try Program.Folder()
    let long = xor.replacingOccurrences(of: "epochs=50", with: "epochs=1_000_000_000")
    let result = try Program.run(
      ["run", try folder.file("long.nbs", long), "--export", folder.path("report.md"), "--json"],
      interruptedAfter: 1, signal: signal, data: folder.path("data"))
    #expect(result.status == status)
    #expect(result.output.contains("\"exit_code\" : \(status)"), "\(result.output)")
    #expect(try folder.text("report.md").contains("interrupted at epoch"))
    let runs = try Program.run(["runs", "--csv"], data: folder.path("data"))
    #expect(runs.output.contains(",interrupted,"), "\(runs.output)")
  }

  @Test func whoWantsAReportGetsAllOfItAlsoWhenNobodyReads() throws {
    let folder = try Program.Folder()
    let notebook = try folder.file("n.nbs", "repeat 100000 as i { print i }\n# %%\nprint \"the end\"\n")
    let result = try Program.run(
      [
        "-c",
        "set -o pipefail; '\(Program.path)' run '\(notebook)' --export '\(folder.path("r.md"))' | head -1",
      ], program: "/bin/bash")
    #expect(result.status == 0 && result.output == "0\n", "\(result)")
    let report = try folder.text("r.md")
    #expect(report.contains("\n99999\n") && report.contains("the end"))
  }

  @Test func aNotebookInPlaceOfACommandLeadsToRun() throws {
    let result = try Program.run(["my notes/xor.nbs", "-p", "epochs=3"])
    #expect(result.status == 2 && result.output.isEmpty)
    #expect(result.errors.contains("nbs run 'my notes/xor.nbs' -p epochs=3"), "\(result.errors)")
  }

  @Test func parametersAreListed() throws {
    let folder = try Program.Folder()
    let notebook = try folder.file(
      "p.nbs",
      "print 1\nparam epochs = 20_000 min=1 max=1e6 help=\"passes over the data\"\nparam file = \"a b.csv\"\n"
        + "# %% tags=[\"parameters\"]\nsizes = [8, 4]\n")
    let list = try Program.run(["params", notebook])
    #expect(list.status == 0)
    let lines = list.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines.contains("epochs number from 1 to 1000000 20000 passes over the data"), "\(lines)")
    #expect(lines.contains("file text \"a b.csv\"") && lines.contains("sizes list [8, 4]"), "\(lines)")
    struct Description: Decodable {
      let name, type: String
      let minimum: Double?
      let help: String?
    }
    let json = try Program.run(["params", "--json", notebook])
    let found = try JSONDecoder().decode([Description].self, from: Data(json.output.utf8))
    #expect(found.map(\.name) == ["epochs", "file", "sizes"] && found[0].minimum == 1)
    let wrong = try Program.run(["params", "-"], input: "param a = 1\nparam a = 2\n")
    #expect(wrong.status == 2 && wrong.errors.contains("already declared"))
    #expect(try Program.run(["params", "-"], input: "print 1").output.contains("declares no parameters"))
  }

  @Test func mistakesTellLinesOfTheFile() throws {
    let folder = try Program.Folder()
    let notebook = try folder.file(
      "n.nbs", "# %% [markdown]\n# Words\n\n# %%\nprint 1\nprint nothing_of_the_kind\n")
    let refused = try Program.run(["run", notebook])
    #expect(refused.errors.contains(" \(notebook):6:7\n6 | print"), "\(refused.errors)")
    for arguments in [["run", "--json", notebook], ["check", "--json", notebook]] {
      let output = try Program.run(arguments).output
      #expect(output.contains("\"line\" : 6") && output.contains("\"column\" : 7"), "\(output)")
    }
    let fails = try folder.file("f.nbs", "# %%\nprint 1\n# %%\n\n1 + assert(2)\nassert 1 > 2\n")
    _ = fails
    let failing = try folder.file("g.nbs", "print 1\n\n# %%\nassert 1 > 2\n")
    let failed = try Program.run(["run", failing, "--export", folder.path("g.md")])
    #expect(
      failed.errors.contains("\(failing):4:1") || failed.errors.contains("\(failing):4:8"), "\(failed.errors)"
    )
    #expect(
      try folder.text("g.md").contains("g.nbs, cell 2, line 1"),
      "a report is the same from wherever it is made")
    let damaged = try folder.file("d.nbs", "# %% tol=\nprint 1\n")
    #expect(try Program.run(["check", damaged]).errors.contains("\(damaged):1:"))
  }

  @Test func aNotebookFindsItsFilesFromAnywhere() throws {
    let folder = try Program.Folder()
    try folder.file("course/t.csv", "a,b\n1,2\n3,41\n")
    try folder.file("t.csv", "a,b\n1,2\n3,42\n")
    try folder.file("mine.csv", "a,b\n1,2\n3,43\n")
    try folder.file(
      "course/n.nbs",
      """
      param file = "t.csv"
      data d from file
      show data d
      net n loss=mse; layer i input 1; layer o dense 1; connect all
      save net "m.safetensors"
      load other "m.safetensors"
      # %% expect_error="no-such-file"
      load net "n.safetensors"
      """)
    func run(_ notebook: String, from place: String, _ more: [String] = []) throws -> Program.Result {
      try Program.run(["run", notebook] + more, currentFolder: place)
    }
    let inside = try run("n.nbs", from: folder.path("course"))
    #expect(inside.status == 0, "\(inside.errors)")
    try FileManager.default.removeItem(atPath: folder.path("course/m.safetensors"))
    let outside = try run("course/n.nbs", from: folder.url.path)
    #expect(outside.status == 0 && outside.output == inside.output, "\(outside)")
    #expect(outside.output.contains("41") && !outside.output.contains("42"), "beside the notebook first")
    #expect(outside.errors.contains("Did you mean `m.safetensors`?"))
    #expect(FileManager.default.fileExists(atPath: folder.path("course/m.safetensors")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("m.safetensors")))
    let given = try run("course/n.nbs", from: folder.url.path, ["-p", "file=mine.csv"])
    #expect(given.output.contains("43"), "and then in the current folder")
  }
}

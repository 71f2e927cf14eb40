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
      (folder.path("xro.nbs"), "Did you mean xor.nbs?"), (folder.url.path, "is a folder"),
      (folder.path("binary.nbs"), "UTF-8"),
    ]
    for (path, words) in cases {
      let result = try Program.run(["run", path])
      #expect(result.status == 2)
      #expect(result.errors.contains(words), "\(result.errors)")
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

  @Test func aClosedOutputIsQuiet() throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "echo 'repeat 100000 as i { print i }' | '\(Program.path)' run - | head -1"]
    let (output, errors) = (Pipe(), Pipe())
    shell.standardOutput = output
    shell.standardError = errors
    try shell.run()
    #expect(String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "0\n")
    #expect(errors.fileHandleForReading.readDataToEndOfFile().isEmpty)
    shell.waitUntilExit()
  }
}

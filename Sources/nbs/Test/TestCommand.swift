import ArgumentParser
import Diagnostics
import Foundation
import REPL
import Sessions

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run notebooks and compare them with the reports beside them.",
    discussion: """
      The report of FILE.nbs is FILE.md, as `nbs run FILE.nbs --export FILE.md` writes it. Words and numbers must be \
      the same, but for numbers of a cell with tol=, which may lie that far from the committed ones, relative to them; \
      of plots the axes and the captions count. A cell that ends in another error than its expect_error= fails. Several notebooks run \
      at once, each in a process of its own.

      Examples:
        nbs test notebooks/
        nbs test xor.nbs --bless
        nbs test course/ --junit results.xml --jobs 4

      Exit codes: 0 all as committed; 1 a cell failed; 2 wrong usage, or a mistake found before any cell ran; 3 other \
      outputs than the committed ones; 4 a time limit; 130 interrupted.
      """)

  @Argument(help: "Notebooks (.nbs), and folders of them.")
  var files: [String]

  @Flag(help: "Write the reports anew instead of comparing with them.")
  var bless = false

  @Flag(help: "Run and compare those in full as well that a header's `test:` makes short.")
  var full = false

  @Option(help: ArgumentHelp("Write the outcome in JUnit's XML.", valueName: "out.xml"))
  var junit: String?

  @Option(
    help: ArgumentHelp(
      "How many notebooks run at once (default: as many as there are cores).", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("Stop each notebook after this time.", valueName: "time"))
  var timeout: String?

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs takes a whole number, 1 or more.") }
    if let timeout, TimeSpan(argument: timeout) == nil {
      throw ValidationError("--timeout takes a time such as 90s or 10min.")
    }
  }

  func run() throws {
    Signals.install()
    if let junit { try OutputFile.check(junit, example: "results.xml") }
    let paths = try showingMistakes { () throws(Diagnostic) in try NotebookPaths.expand(files) }
    let tests = run(paths)
    if let junit { try OutputFile.write(JUnitReport(tests: tests).xml(), to: junit) }
    let failed = tests.count { $0.exitStatus != nil }
    let count = tests.count.counted("notebook")
    Streams.write(failed == 0 ? "\(count): all well\n" : "\(count), \(failed) not as committed\n")
    if Signals.interruption.isRequested { throw ExitStatus.interrupted }
    // The gravest counts: what did not run to its end says more than what shows something else.
    for status in [ExitStatus.interrupted, .usage, .failedCell, .timeLimit, .otherOutputs]
    where tests.contains(where: { $0.exitStatus == status }) {
      throw status
    }
  }

  private func run(_ paths: [String]) -> [NotebookTest] {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let jobs = min(jobs ?? cores, paths.count)
    let child = ChildRun(
      arguments: timeout.map { ["--timeout", $0] } ?? [], threads: max(1, cores / max(1, jobs)))
    let runner = TestRunner(paths) { Streams.write($0.words + "\n") }
    return runner.run(jobs: jobs) { [bless, full] path in
      NotebookTest(path, with: child, blesses: bless, isFull: full)
    }
  }
}

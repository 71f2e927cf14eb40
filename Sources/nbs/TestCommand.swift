import ArgumentParser
import Diagnostics
import Foundation
import Runner
import Sessions
import Terminal

struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run notebooks and compare their outputs with the committed reports.",
    discussion: """
      The report of FILE.nbs is FILE.md, as `nbs run FILE.nbs --export FILE.md` writes it. Text and numbers must be \
      equal; tol= sets a relative tolerance for the numbers of a cell. Plots are compared by axes and captions. A cell \
      that fails with another error than its expect_error= is reported. Several notebooks run at once, each in its own \
      process.

      Examples:
        nbs test notebooks/
        nbs test xor.nbs --bless
        nbs test course/ --junit results.xml --jobs 4
        nbs test notebooks/ --annotations github

      Exit codes: 0 all as committed; 1 a cell failed; 2 wrong usage, or an error found before any cell ran; 3 outputs \
      that differ from the committed ones; 4 a time limit; 130 interrupted, 143 or 129 by SIGTERM or SIGHUP.
      """)

  @Argument(help: "Notebooks (.nbs), and folders of them.", completion: .file(extensions: ["nbs"]))
  var files: [String]

  @Flag(help: "Update the reports instead of comparing with them.")
  var bless = false

  @Flag(help: "Ignore `test:` headers: run and compare every notebook in full.")
  var full = false

  @Option(help: ArgumentHelp("Write the results as JUnit XML.", valueName: "out.xml"))
  var junit: String?

  @Option(help: "Print differences and errors as annotations for a CI system, too.")
  var annotations: Annotations?

  enum Annotations: String, ExpressibleByArgument, CaseIterable { case github }

  @Option(
    help: ArgumentHelp(
      "The number of notebooks to run at once (default: the number of cores).", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("Stop each notebook after this time.", valueName: "time"))
  var timeout: String?

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs takes an integer, 1 or more.") }
    if let timeout, TimeSpan(argument: timeout) == nil {
      throw ValidationError("--timeout takes a time such as 90s or 10min.")
    }
  }

  func run() throws {
    Signals.install()
    Signals.installEnding()
    Streams.outlive { Signals.interruption.request() }
    let paths = try refusing {
      if let junit { try OutputFile.check(junit, example: "results.xml") }
      return try NotebookFile.expand(files)
    }
    let tests = run(paths)
    if let junit { try refusing { try OutputFile.write(JUnitReport(tests).xml(), to: junit) } }
    if annotations == .github {
      let root = ProcessInfo.processInfo.environment["GITHUB_WORKSPACE"]
      Streams.say(GitHubAnnotations(tests, root: root).text())
    }
    if let code = Signals.endingCode ?? Streams.tellFailure() { Foundation.exit(code) }
    if Signals.interruption.isRequested { throw ExitStatus.interrupted }
    let failed = tests.count { $0.exitStatus != nil }
    let count = tests.count.counted("notebook")
    Streams.write(failed == 0 ? "\(count): all passed\n" : "\(count), \(failed) failed\n")
    // The gravest counts: what did not run to its end says more than what shows something else.
    for status in [ExitStatus.interrupted, .usage, .failedCell, .timeLimit, .otherOutputs]
    where tests.contains(where: { $0.exitStatus == status }) {
      throw status
    }
  }

  private func run(_ paths: [String]) -> [NotebookTest] {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let jobs = min(jobs ?? cores, paths.count)
    let isCancelled: @Sendable () -> Bool = { Signals.interruption.isRequested }
    let child = ChildRun(timeLimit: timeout, threads: max(1, cores / max(1, jobs)), isCancelled: isCancelled)
    let runner = TestRunner(paths, isCancelled: isCancelled) { Streams.say($0.words + "\n") }
    return runner.run(jobs: jobs) { [bless, full] path in
      NotebookTest(path, with: child, blesses: bless, isFull: full)
    }
  }
}

extension NotebookTest {
  /// How the program ends when this is the worst of its tests; nil when it passed.
  fileprivate var exitStatus: ExitStatus? {
    switch verdict {
    case .passed, .ran, .blessed: nil
    case .differs, .noReport: .otherOutputs
    case .failed(let status, _): ExitStatus(rawValue: status) ?? .failedCell
    }
  }
}

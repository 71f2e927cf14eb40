import ArgumentParser
import Diagnostics
import Foundation
import JSON
import MPI
import Outputs
import Rendering
import Runner
import Sessions
import Terminal

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run a notebook with many values of its parameters, and compare a metric.",
    discussion: """
      -p names the values of a parameter, all combinations of which are run; or a range, rate=1e-4..1e-1, of which \
      --random and --sobol draw: equal ratios are equally likely, and whole ends give whole numbers. A parameter with a \
      single value is the same in all trials. Each trial has a session of its own, and the table is the same however \
      many run at once.

      Examples:
        nbs sweep iris.nbs -p rate=0.01,0.1 -p hidden=4,8,16 --seeds 3 --minimize val_loss
        nbs sweep iris.nbs -p rate=1e-4..1e-1 -p hidden=4..64 --random 40 --maximize val_accuracy --journal s.jsonl

      Exit codes: 0 at least one trial was measured; 1 none was; 2 wrong usage; 130 interrupted, 143 or 129 by SIGTERM \
      or SIGHUP.
      """)

  @Argument(help: "The notebook (.nbs, .ipynb or .md).")
  var file: String

  @Option(
    name: .customShort("p"),
    help: ArgumentHelp(
      "Values of a parameter, or a range. May be repeated.", valueName: "name=a,b,c|name=a..b"))
  var assignments: [String] = []

  @Option(help: "The metric or variable whose smallest value is best.")
  var minimize: String?

  @Option(help: "The metric or variable whose largest value is best.")
  var maximize: String?

  @Option(help: ArgumentHelp("Run each combination with the seeds 0 to n - 1.", valueName: "n"))
  var seeds = 1

  @Option(help: ArgumentHelp("Draw this many combinations at random.", valueName: "n"))
  var random: Int?

  @Option(
    help: ArgumentHelp("Take this many combinations of Sobol's sequence, spread evenly.", valueName: "n"))
  var sobol: Int?

  @Option(help: "The seed of --random.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("The trials that run at once (default: the number of cores).", valueName: "n"))
  var jobs: Int?

  @Option(help: ArgumentHelp("The most combinations to run.", valueName: "n"))
  var most = 10_000

  @Option(
    help: ArgumentHelp(
      "Keep each trial in this file as it ends; the same sweep goes on from there.", valueName: "out.jsonl"))
  var journal: String?

  @Flag(help: "Print the trials as comma-separated values.")
  var csv = false

  @Flag(help: "Print the trials as JSON.")
  var json = false

  func validate() throws {
    if (minimize == nil) == (maximize == nil) {
      throw ValidationError("Name what is compared: --minimize val_loss, or --maximize val_accuracy.")
    }
    if assignments.isEmpty { throw ValidationError("Name what is tried: -p rate=0.01,0.1") }
    if random != nil, sobol != nil {
      throw ValidationError("--random and --sobol cannot be combined. Keep one of them.")
    }
    for (name, value) in [
      ("--seeds", seeds), ("--random", random ?? 1), ("--sobol", sobol ?? 1), ("--jobs", jobs ?? 1),
      ("--most", most),
    ]
    where value < 1 {
      throw ValidationError("\(name) takes an integer, 1 or more.")
    }
    if csv, json { throw ValidationError("--json and --csv cannot be combined. Keep one of them.") }
  }

  func run() throws {
    Signals.install()
    Signals.installEnding()
    Streams.outlive { Signals.interruption.request() }
    let processes = try SharedWork.join()
    let (loaded, diagnostics) = NotebookFile.load(file)
    show(diagnostics)
    guard let source = loaded else { throw ExitStatus.usage }
    let space = try space(of: source)
    let metric = minimize ?? maximize ?? ""
    processes?.confirmStart(source, "\(CommandLine.arguments.dropFirst())")
    let journal = try (processes?.isFirst ?? true ? journal : nil).map { path in
      try refusing {
        try SweepJournal(
          path, notebook: Array(FileManager.default.contents(atPath: file) ?? Data()), space, metric: metric,
          fixed: assignments)
      }
    }
    let known = SweepTrial.known(journal?.known ?? [], toFirstOf: processes, outOf: space)
    let cores = processes?.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let jobs = min(jobs ?? cores, space.combinations.count * seeds)
    let run = SweepRun(
      source, space, fixed: [], seeds: (0..<UInt64(seeds)).map(\.self), metric: metric,
      threads: max(1, cores / max(1, jobs)), known: known, interruption: Signals.interruption,
      environment: ProcessInfo.processInfo.environment, sharedWith: processes)
    let meter = SweepMeter(count: run.count, done: journal?.known.count ?? 0)
    let trials = run.run(jobs: jobs) { trial in
      journal?.add(trial)
      meter.ended()
    }
    processes?.haveFinished()
    meter.close()
    let result = SweepResult(trials, of: space, metric: metric, isLarger: maximize != nil, count: run.count)
    put(result)
    if let code = Signals.endingCode ?? Streams.tellFailure() { Foundation.exit(code) }
    if Signals.interruption.isRequested { throw ExitStatus.interrupted }
    if result.best == nil { throw ExitStatus.failedCell }
  }

  /// The combinations to run; mistakes in notebook and parameters are told before any of it runs.
  private func space(of source: NotebookFile) throws -> SweepSpace {
    let check = NotebookCheck(
      source.notebook, name: source.name, file: source.textFile, names: Session().knownNames)
    show(check.mistakes.map(\.diagnostic))
    guard check.mistakes.isEmpty else { throw ExitStatus.usage }
    let choice: SweepSpace.Trials = random.map { .random($0) } ?? sobol.map { .sobol($0) } ?? .grid
    return try showingMistakes { () throws(Diagnostic) -> SweepSpace in
      var parameters: [SweptParameter] = []
      for assignment in assignments {
        parameters.append(
          try SweptParameter(assignment, declared: check.parameters, notebook: source.name))
      }
      return try SweepSpace(parameters, choice, seed: seed, most: most)
    }
  }

  private func put(_ result: SweepResult) {
    if csv { return Streams.write(result.csv) }
    if json { return Streams.write(result.json.indented() + "\n") }
    let style = Terminal().style
    Streams.write(
      result.outputs(limit: 20, more: ": --csv shows all").map { $0.text(style) + "\n" }.joined(
        separator: "\n"))
  }
}

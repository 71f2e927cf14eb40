import ArgumentParser
import Diagnostics
import Foundation
import Foundations
import JSON
import MPI
import NeuralEngine
import Notebooks
import Outputs
import Rendering
import Runner
import Runs
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
        nbs sweep iris.nbs -p rate=1e-4..1e-1 -p hidden=4..64 --random 81 --maximize val_accuracy --halving epochs=81
        nbs sweep --resume last

      --halving epochs=81 is successive halving: all combinations are run with few epochs, the best third of them with three \
      times as many, and so on, until the last round has 81. The budget is a parameter of the notebook; epochs=9..81 \
      begins with 9 or more.

      A sweep is a run in the store, and each trial one below it: `nbs runs`. --resume takes up a sweep that was killed or \
      stopped, without repeating a trial.

      Exit codes: 0 at least one trial was measured; 1 none was; 2 wrong usage; 130 interrupted, 143 or 129 by SIGTERM \
      or SIGHUP.
      """)

  @Argument(
    help: "The notebook (.nbs, .ipynb or .md).", completion: .file(extensions: ["nbs", "ipynb", "md"]))
  var file: String?

  @Option(help: ArgumentHelp("Take up a past sweep that did not come to its end.", valueName: "run|last"))
  var resume: RunReference?

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

  @Option(
    help: ArgumentHelp(
      "Begin with a part of this budget, and let the best third go on with three times as much.",
      valueName: "name=most|name=least..most"))
  var halving: String?

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

  @Option(
    help: ArgumentHelp(
      "Write a report with the table and the plots: Markdown, HTML or a Jupyter notebook. May be repeated.",
      valueName: "out.md|out.html|out.ipynb"),
    completion: .file(extensions: ["md", "html", "ipynb"]))
  var export: [String] = []

  @Flag(help: "Show the plots below the table: main effects and parallel coordinates.")
  var plot = false

  @Flag(help: "Do not add this sweep to the store of runs.")
  var noRecord = false

  @OptionGroup var form: FormOptions

  func validate() throws {
    for (name, value) in [("--jobs", jobs ?? 1), ("--seeds", seeds), ("--most", most)] where value < 1 {
      throw ValidationError("\(name) takes an integer, 1 or more.")
    }
    if plot, form.csv || form.json {
      throw ValidationError("--plot draws below the table, and --csv and --json print none.")
    }
    guard resume == nil else { return try validateResumption() }
    if file == nil { throw ValidationError("Name a notebook, or a past sweep: --resume last") }
    if (minimize == nil) == (maximize == nil) {
      throw ValidationError("Name what is compared: --minimize val_loss, or --maximize val_accuracy.")
    }
    if assignments.isEmpty { throw ValidationError("Name what is tried: -p rate=0.01,0.1") }
    if random != nil, sobol != nil {
      throw ValidationError("--random and --sobol cannot be combined. Keep one of them.")
    }
    for (name, value) in [("--random", random ?? 1), ("--sobol", sobol ?? 1)] where value < 1 {
      throw ValidationError("\(name) takes an integer, 1 or more.")
    }
  }

  private func validateResumption() throws {
    if file != nil { throw ValidationError("--resume knows the sweep's notebook. Leave the file out.") }
    let isPlain = random == nil && sobol == nil && halving == nil && minimize == nil && maximize == nil
    if !assignments.isEmpty || !isPlain || seeds != 1 {
      throw ValidationError(
        "A sweep is taken up with its own trials. Leave -p and all that chooses trials out.")
    }
    if journal != nil { throw ValidationError("--resume goes by the store of runs. Leave --journal out.") }
    if noRecord {
      throw ValidationError("A sweep that is taken up again is recorded. Leave --no-record out.")
    }
  }

  func run() throws {
    Signals.install()
    Signals.installEnding()
    Streams.outlive { [wantsAll = !export.isEmpty] in
      if !wantsAll { Signals.interruption.request() }
    }
    let processes = try SharedWork.join(reading: file)
    let isFirst = processes?.isFirst ?? true
    let reports = try refusing { try ReportFile.all(isFirst ? export : []) }
    let (source, sweep, past) = try work(processes)
    processes?.confirmStart(source, "\(CommandLine.arguments.dropFirst())")
    let journal = try (isFirst ? journal : nil).map { path in
      try refusing {
        try SweepJournal(
          path, notebook: Array(FileManager.default.contents(atPath: source.path) ?? Data()), sweep)
      }
    }
    let known = SweepTrial.known(
      journal?.known ?? past?.trials ?? [], toFirstOf: processes, outOf: sweep.space)
    let recorder = isFirst && !noRecord ? recorder(of: source, sweep, past) : nil
    let (jobs, threads) = share(of: sweep, processes)
    let run = SweepRun(
      source, sweep, threads: threads, known: known, interruption: Signals.interruption,
      environment: ProcessInfo.processInfo.environment, keptBy: recorder, sharedWith: processes)
    // What a journal knows is of an earlier run, and belongs to this one as well.
    if past == nil { run.keepKnown() }
    let meter = SweepMeter(count: sweep.count, done: known.count)
    let result = run.run(jobs: jobs) { trial in
      journal?.add(trial)
      meter.ended()
    }
    processes?.haveFinished()
    meter.close()
    try finish(result, of: sweep, source, reports, recorder)
  }

  /// What is run: a notebook's sweep as it was asked for, or one out of the store.
  private func work(
    _ processes: MPIProcesses?
  ) throws -> (NotebookFile, SweepDescription, past: RecordedSweep?) {
    guard let resume else {
      let source = try load(file ?? "-", processes)
      return (source, try description(of: source), nil)
    }
    guard let processes else { return try past(resume) }
    // The first process alone needs the store.
    let own = processes.isFirst ? try past(resume) : nil
    let path = processes.fromFirst(own.map { Array($0.0.path.utf8) })
    let text = processes.fromFirst(own.map { Array($0.1.text.utf8) })
    if let own { return own }
    guard let path, let text, let sweep = SweepDescription(text: String(decoding: text, as: UTF8.self)) else {
      processes.willEnd(because: "what the sweep tries cannot be read")
      throw ExitStatus.usage
    }
    return (try load(String(decoding: path, as: UTF8.self), processes), sweep, nil)
  }

  /// What is run of a sweep out of the store.
  private func past(
    _ resume: RunReference
  ) throws -> (NotebookFile, SweepDescription, past: RecordedSweep?) {
    let (store, ids) = try RunsCommand.runs([resume], areSweeps: true)
    let past = try refusing { try RecordedSweep(ids[0], in: store) }
    try refusing { try past.checkResumption() }
    guard let path = past.run.path else {
      throw refuse(
        "The notebook of sweep \(past.run.id) came from standard input, so it cannot be taken up again.")
    }
    let source = try load(path, nil)
    if NotebookFormat.write(source.notebook) != past.notebook {
      throw refuse(
        "\(source.name) has been changed since sweep \(past.run.id) began, so it cannot be taken up again. Run it anew: nbs sweep \(path)"
      )
    }
    return (source, past.description, past)
  }

  private func load(_ path: String, _ processes: MPIProcesses?) throws -> NotebookFile {
    try NotebookFile.loaded(path) { processes?.willEnd(because: $0) }
  }

  private func recorder(
    of source: NotebookFile, _ sweep: SweepDescription, _ past: RecordedSweep?
  ) -> SweepRecorder {
    let recorder = SweepRecorder(
      RunDescription(of: source, sweep), goingOnWith: past?.run.id, location: RunRecorder.usualLocation)
    recorder.begin()
    return recorder
  }

  /// How many trials run at once, and how many threads each of them has.
  private func share(
    of sweep: SweepDescription, _ processes: MPIProcesses?
  ) -> (jobs: Int, threads: Int) {
    let cores = processes?.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let jobs = max(1, min(jobs ?? cores, sweep.space.combinations.count * sweep.seeds.count))
    return (jobs, max(1, cores / jobs))
  }

  /// Shows and keeps what came of it.
  private func finish(
    _ result: SweepResult, of sweep: SweepDescription, _ source: NotebookFile, _ reports: [ReportFile],
    _ recorder: SweepRecorder?
  ) throws {
    let isInterrupted = Signals.interruption.isRequested
    recorder?.finish(isInterrupted ? .interrupted : .done, result)
    if let warning = recorder?.takeWarning() { show([warning]) }
    form.put(
      outputs: {
        result.outputs(limit: 20, more: ": --csv shows all") + (plot ? result.plots.map { .plot($0) } : [])
      }, json: { result.json }, csv: { result.csv })
    let page = SweepReport(source.notebook.header.title ?? source.name, source.notebook.header, sweep, result)
    for file in reports {
      let path = try refusing {
        try file.write(page.report, isOfSuccess: !isInterrupted && result.best != nil)
      }
      Streams.writeError("report: \(path)\n".sanitized())
    }
    if isInterrupted, let run = recorder?.run {
      Streams.writeError("The rest can be run later: nbs sweep --resume \(run)\n")
    }
    if let code = Signals.endingCode ?? Streams.tellFailure() { Foundation.exit(code) }
    if isInterrupted { throw ExitStatus.interrupted }
    if result.best == nil { throw ExitStatus.failedCell }
  }

  /// What to run; mistakes in notebook and parameters are told before any of it runs.
  private func description(of source: NotebookFile) throws -> SweepDescription {
    let check = try source.checked()
    let choice: SweepSpace.Trials = random.map { .random($0) } ?? sobol.map { .sobol($0) } ?? .grid
    return try showingMistakes { () throws(Diagnostic) -> SweepDescription in
      var parameters: [SweptParameter] = []
      for assignment in assignments {
        parameters.append(
          try SweptParameter(assignment, declared: check.parameters, notebook: source.name))
      }
      let space = try space(of: parameters, choice)
      var budgets: SuccessiveHalving?
      if let halving {
        budgets = try SuccessiveHalving(
          halving, of: space, declared: check.parameters, notebook: source.name)
      }
      return SweepDescription(
        space, metric: minimize ?? maximize ?? "", isLarger: maximize != nil,
        seeds: try space.seeds(seeds), halving: budgets,
        assignments: assignments)
    }
  }

  /// The combinations; somebody at a terminal is asked whether more than `--most` are meant.
  private func space(of parameters: [SweptParameter], _ choice: SweepSpace.Trials) throws(Diagnostic)
    -> SweepSpace
  {
    do throws(Diagnostic) {
      return try SweepSpace(parameters, choice, seed: seed, most: most)
    } catch {
      guard error.code == .tooLarge, isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
        throw error
      }
      let all = try SweepSpace(parameters, choice, seed: seed, most: SweepSpace.mostAtAll)
      Streams.writeError("These are \(all.combinations.count) combinations. Run all of them? [y/N] ")
      guard let answer = readLine()?.lowercased(), answer == "y" || answer == "yes" else { throw error }
      return all
    }
  }
}

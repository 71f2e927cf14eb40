import ArgumentParser
import Diagnostics
import Foundation
import Foundations
import Localization
import MPI
import NeuralEngine
import Notebooks
import Runner
import Runs
import Sessions
import Terminal

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a notebook from top to bottom in a fresh session.",
    discussion: """
      Outputs go to standard output, messages and progress to standard error. Errors in the source or in a \
      parameter are found before any cell runs. Reports are written even if a cell fails, but do not overwrite an older \
      one: instead of out.md, that is out.failed.md.

      Examples:
        nbs run xor.nbs --export xor.md --export xor.html
        nbs run people.nbs -p file=people.csv -p epochs=50 --timeout 10min
        echo 'print 2 ^ 10' | nbs run -
        nbs run --resume last

      --resume takes up a run that was killed, stopped or failed, with its parameters and its seed: trainings go on from \
      where they were kept last, every 5 seconds (NBS_CHECKPOINT_SECONDS), and the report is that of a run that was never \
      stopped. Cells in which nothing is trained run again.

      Exit codes: 0 all cells ran; 1 a cell failed; 2 wrong usage, an unreadable file, or an error that was \
      found before any cell ran; 4 a time limit; 130 interrupted, 143 or 129 by SIGTERM or SIGHUP.
      """)

  @Argument(
    help: "The notebook (.nbs, .ipynb or .md), or - for standard input.",
    completion: .file(extensions: ["nbs", "ipynb", "md"]))
  var file: String?

  @Option(
    help: ArgumentHelp("Take up a past run that did not come to its end.", valueName: "run|last"))
  var resume: RunReference?

  @OptionGroup var parameters: ParameterArguments

  @Option(help: "The seed of the random numbers, unless the notebook sets one.")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Write a report: Markdown, HTML or a Jupyter notebook. May be repeated.",
      valueName: "out.md|out.html|out.ipynb"),
    completion: .file(extensions: ["md", "html", "ipynb"]))
  var export: [String] = []

  @Option(help: ArgumentHelp("Stop the run after this time: 90s, 10min, 2h.", valueName: "time"))
  var timeout: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "Stop each cell after this time, unless it has its own timeout.", valueName: "time"))
  var cellTimeout: TimeSpan?

  @Flag(help: "Continue with the next cell after a failed one.")
  var keepGoing = false

  @Flag(help: "Print a summary of the run as JSON, and no outputs.")
  var json = false

  @Flag(help: "Do not add this run to the store of runs.")
  var noRecord = false

  /// What `nbs test` has notebooks write to in place of their own folders.
  @Option(help: .private)
  var scratch: String?

  func validate() throws {
    guard resume != nil else {
      if file == nil { throw ValidationError("Name a notebook, or a past run: --resume last") }
      return
    }
    if file != nil { throw ValidationError("--resume knows the run's notebook. Leave the file out.") }
    if !parameters.assignments.isEmpty || parameters.file != nil || seed != nil {
      throw ValidationError(
        "A run is taken up with its own parameters and seed. Leave -p, --params and --seed out.")
    }
    if noRecord { throw ValidationError("A run that is taken up again is recorded. Leave --no-record out.") }
  }

  func run() throws {
    Signals.install()
    Signals.installEnding()
    var command = self
    try command.run(with: try SharedWork.join(reading: file))
  }

  /// - Parameter processes: those that share the run. The first of them looks at the clock, keeps the run and writes
  ///   reports; the others have nothing to say.
  private mutating func run(with processes: MPIProcesses?) throws {
    if let processes, !processes.isFirst {
      Signals.ignore()
      (export, timeout, cellTimeout, noRecord) = ([], nil, nil, true)
      scratch = NSTemporaryDirectory() + "nbs-process-\(processes.rank)-\(getpid())"
    }
    defer { deleteScratch(processes) }
    // Whoever wants a report wants all of it, also when nobody reads the outputs any more.
    Streams.outlive { [wantsAll = !export.isEmpty] in
      if !wantsAll { Signals.interruption.request() }
    }
    let reports = try refusing { try ReportFile.all(export) }
    let run: HeadlessRun
    do {
      run = try prepared(processes)
    } catch {
      error.language.speaking { show(error.diagnostics) }
      processes?.willEnd(because: error.diagnostics.first?.message ?? "the notebook cannot run")
      if json {
        let summary = RunSummary(
          refused: file ?? "run", error.diagnostics, exitCode: ExitStatus.usage.rawValue)
        Streams.write(summary.json() + "\n")
      }
      throw ExitStatus.usage
    }
    try finish(run, reports, processes)
  }

  /// Deletes what a process other than the first has written.
  private func deleteScratch(_ processes: MPIProcesses?) {
    if processes?.isFirst == false, let scratch { try? FileManager.default.removeItem(atPath: scratch) }
  }

  /// Runs what standard input holds.
  static func runStandardInput() throws {
    try RunCommand.parse(["-"]).run()
  }

  private func prepared(_ processes: MPIProcesses?) throws(HeadlessRun.Refusal) -> HeadlessRun {
    var past: ResumableRun?
    if let resume { past = try RunCommand.past(resume, processes) }
    let (source, diagnostics) = NotebookFile.load(past?.path ?? file ?? "-")
    guard let source else { throw HeadlessRun.Refusal(diagnostics) }
    show(diagnostics)
    if let past, NotebookFormat.write(source.notebook) != past.notebook {
      throw HeadlessRun.Refusal([
        Diagnostic(
          .runIsOver,
          "\(source.name) has been changed since that run began, so it cannot be taken up again. Run it anew: nbs run \(past.path)"
        )
      ])
    }
    let session = Session(
      seed: past?.resumption.seed ?? seed ?? 0, interruption: Signals.interruption,
      environment: ProcessInfo.processInfo.environment)
    session.files.scratchFolder = scratch
    let given = if let past { past.resumption.given } else { try parameters.given() }
    var options = NotebookRun.Options(
      keepsGoing: past?.resumption.keepsGoing ?? keepGoing, timeLimit: timeout?.seconds,
      cellTimeLimit: cellTimeout?.seconds)
    if let processes {
      processes.confirmStart(source, "\(given) \(seed ?? 0) \(keepGoing)")
      session.share(with: processes)
      if past != nil, !processes.isFirst {
        // The first process hands out what it has.
        session.checkpoints = RunCheckpoints(folder: "", isResuming: true, writes: false)
      }
      options.keepsCellTimeouts = processes.isFirst
    }
    return try HeadlessRun(
      source, parameters: given, in: session, options: options, resuming: past?.resumption)
  }

  /// The run that is taken up again. Of several processes the first alone needs the store.
  private static func past(
    _ reference: RunReference, _ processes: MPIProcesses?
  ) throws(HeadlessRun.Refusal) -> ResumableRun {
    guard let processes else { return try past(reference) }
    let own = processes.isFirst ? try past(reference) : nil
    let bytes = processes.fromFirst(own.map { Array($0.text.utf8) })
    guard let run = own ?? bytes.flatMap({ ResumableRun(text: String(decoding: $0, as: UTF8.self)) }) else {
      throw HeadlessRun.Refusal([Diagnostic(.unknownRun, "There is no run to take up.")])
    }
    return run
  }

  private static func past(_ reference: RunReference) throws(HeadlessRun.Refusal) -> ResumableRun {
    do {
      guard let store = try RunStore.openToRead(at: RunRecorder.usualLocation()) else {
        throw Diagnostic(.unknownRun, RunList.none)
      }
      return try store.resumable(reference.id(in: store))
    } catch {
      throw HeadlessRun.Refusal([error.diagnostic(.unreadableStore)])
    }
  }

  /// Runs the notebook, writes its reports, and says how it ended.
  private func finish(_ headless: HeadlessRun, _ reports: [ReportFile], _ processes: MPIProcesses?) throws {
    let presenter = Presenter(Terminal(), separatesErrors: true, showsOutputs: !json)
    let (run, warning) = headless.run(
      keptAt: noRecord ? nil : RunRecorder.usualLocation,
      ended: { result in
        presenter.endWork()
        processes?.cellEnded(in: headless.session, result.outcome, keepsGoing: keepGoing)
      },
      emit: { presenter.show($0) })
    // One that was stopped outside a training has left the others behind.
    if run.outcome == .done || run.outcome.exitStatus == .failedCell { processes?.haveFinished() }
    if let warning { show([warning]) }
    // A report renders every plot in every form, so it is made only where one is wanted.
    lazy var report = headless.report(of: run)
    // One that cannot be written keeps none of the others from being so.
    let written = reports.map { file in
      Result { try refusing { try file.write(report, isOfSuccess: run.outcome == .done) } }
    }
    for (file, path) in zip(reports, written.compactMap { try? $0.get() }) { tell(path, for: file) }
    let code = Signals.endingCode ?? run.outcome.exitStatus?.rawValue ?? 0
    if json {
      let summary = RunSummary(
        run, of: headless, reports: written.compactMap { try? $0.get() }, exitCode: code)
      Streams.write(summary.json() + "\n")
    }
    // What ends the process here runs no `defer`.
    deleteScratch(processes)
    if Signals.ending == nil, let code = Streams.tellFailure(), code != 0 || run.outcome == .interrupted {
      Foundation.exit(code)
    }
    if code != 0 { Foundation.exit(code) }
    for result in written { _ = try result.get() }
  }

  private func tell(_ path: String, for file: ReportFile) {
    let note = path == file.path ? "" : "; \(file.path) stays as it was, since this run did not end well"
    Streams.writeError("report: \(path)\(note)\n".sanitized())
  }
}

extension NotebookRun.Outcome {
  /// How the program ends after such a run; nil when all went well.
  var exitStatus: ExitStatus? {
    switch self {
    case .done: nil
    case .failed: .failedCell
    case .timedOut: .timeLimit
    case .interrupted: .interrupted
    }
  }
}

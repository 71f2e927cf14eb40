import ArgumentParser
import Diagnostics
import Foundation
import JSON
import Language
import Localization
import MPI
import NeuralEngine
import Notebooks
import Outputs
import Runner
import Sessions
import Terminal

struct CrossValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crossvalidate",
    abstract:
      "Run a notebook once for each fold of its data, and measure its network on the rows it did not see.",
    discussion: """
      Each run is a session of its own. Where the notebook makes the data, it gets the rows of the other folds alone, so \
      that what `split`, `prepare`, `augment` and `train` do they do with those; the network that is current at its end is \
      measured on the fold's rows. The table has the mean and the standard deviation over the folds and names the worst. It \
      is what `crossvalidate` with a block around the rest of the notebook shows, however many folds run at once, and in \
      however many processes of `mpirun`. What the \
      notebook saves goes to a folder of the fold's own, which is deleted after it.

      Examples:
        nbs crossvalidate iris.nbs --folds 5 --repeats 2
        nbs crossvalidate visits.nbs --data visits --by patient -p hidden=8
        nbs crossvalidate prices.nbs --ordered --csv > folds.csv

      Exit codes: 0 all folds were measured; 1 a fold failed; 2 wrong usage, an unreadable file, or an error that was found \
      before any cell ran; 130 interrupted, 143 or 129 by SIGTERM or SIGHUP.
      """)

  // The language has arguments too.
  @ArgumentParser.Argument(
    help: "The notebook (.nbs, .ipynb or .md), or - for standard input.",
    completion: .file(extensions: ["nbs", "ipynb", "md"]))
  var file: String

  @Option(
    help: ArgumentHelp("The data set that is cut (default: the notebook's only one).", valueName: "name"))
  var data: String?

  @Option(help: ArgumentHelp("The number of folds.", valueName: "n"))
  var folds = 5

  @Option(help: ArgumentHelp("Cut the rows this many times, each time otherwise.", valueName: "n"))
  var repeats = 1

  @Option(
    help: ArgumentHelp(
      "Keep rows with the same value in this column, an input or a dropped one, in one fold.",
      valueName: "column")
  )
  var by: String?

  @Flag(help: "Test each fold after training with the rows before it, for rows that are ordered in time.")
  var ordered = false

  @Flag(
    inversion: .prefixedNo,
    help: "Give each fold its share of every class (default: where there are classes).")
  var stratify: Bool?

  @OptionGroup var parameters: ParameterArguments

  @Option(help: "The seed of the random numbers, unless the notebook sets one.")
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("The folds that run at once (default: the number of cores).", valueName: "n"))
  var jobs: Int?

  @OptionGroup var form: FormOptions

  private var scheme: FoldScheme {
    FoldScheme(folds: folds, repeats: repeats, by: by, isOrdered: ordered, isStratified: stratify)
  }

  func validate() throws {
    // The ranges of `folds=` and `repeats=`; each job is a thread.
    for (name, value, range) in [
      ("--folds", folds, 2...10_000), ("--repeats", repeats, 1...10_000), ("--jobs", jobs ?? 1, 1...1000),
    ] as [(String, Int, ClosedRange<Int>)] where !range.contains(value) {
      throw ValidationError("\(name) takes an integer from \(range.lowerBound) to \(range.upperBound).")
    }
    if let conflict = scheme.conflict(onCommandLine: true) { throw ValidationError(conflict) }
    if ordered, repeats > 1 {
      throw ValidationError("Rows that are ordered in time are cut in one way. Leave --repeats out.")
    }
  }

  func run() throws {
    Signals.install()
    Signals.installEnding()
    let processes = try SharedWork.join(reading: file)
    let source = try NotebookFile.loaded(file) { processes?.willEnd(because: $0) }
    processes?.confirmStart(source, "\(CommandLine.arguments.dropFirst())")
    let given: [[GivenParameter]]
    let name: String
    do {
      given = try parameters.given()
      name = try self.name(in: source, given)
    } catch let error as HeadlessRun.Refusal {
      error.language.speaking { show(error.diagnostics) }
      processes?.willEnd(because: error.diagnostics.first?.message ?? "the notebook cannot run")
      throw ExitStatus.usage
    }
    let run = FoldRun(
      source, data: name, scheme, parameters: given, seed: seed, interruption: Signals.interruption,
      environment: ProcessInfo.processInfo.environment, sharedWith: processes)
    let cores = processes?.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let jobs = max(1, min(jobs ?? cores, scheme.count))
    let meter = SweepMeter(count: scheme.count, done: 0, unit: "folds")
    let (result, failure) = run.run(jobs: jobs, threads: max(1, cores / jobs)) { meter.ended() }
    processes?.haveFinished()
    meter.close()
    if let failure { show([failure]) }
    if !result.outcomes.isEmpty || form.json || form.csv {
      source.notebook.header.language.speaking {
        form.put(outputs: { result.tables.map { .table($0) } }, json: { result.json }, csv: { result.csv })
      }
    }
    if let code = Signals.endingCode ?? Streams.tellFailure() { Foundation.exit(code) }
    if Signals.interruption.isRequested { throw ExitStatus.interrupted }
    if failure != nil { throw ExitStatus.failedCell }
  }

  /// The data that is cut; every mistake that can be found before anything runs is told.
  private func name(in source: NotebookFile, _ given: [[GivenParameter]]) throws -> String {
    _ = try HeadlessRun(source, parameters: given, in: Session())
    let names = source.check().data.sorted()
    if let data {
      guard !names.contains(data) else { return data }
      let nearest = DidYouMean.nearest(to: data, among: names)
      throw refuse(
        "\(source.name) makes no data set \(data)."
          + (DidYouMean.question(nearest).map { " \($0)" }
            ?? (names.isEmpty ? "" : " It makes \(names.joined(separator: ", ")).")))
    }
    guard names.count <= 1 else {
      let choices = names.map { "--data \($0)" }.joined(separator: " or ")
      throw refuse("\(source.name) makes \(names.count) data sets. Say which is cut: \(choices)")
    }
    guard let only = names.first else {
      throw refuse("\(source.name) makes no data set, so there is nothing to cut into folds.")
    }
    return only
  }
}

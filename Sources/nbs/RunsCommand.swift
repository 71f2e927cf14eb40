import ArgumentParser
import Diagnostics
import Foundation
import Foundations
import JSON
import Outputs
import Rendering
import Runner
import Runs
import Sessions
import Terminal

/// `nbs runs`: the store of past runs.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List, show, compare, export and delete past runs.",
    discussion: """
      Every `nbs run`, every `nbs sweep` with its trials and every session at the prompt is recorded under $XDG_DATA_HOME/nbs (~/.local/share/nbs).
      RUN is a run's number, or `last`. A sweep is a run, and its trials are runs below it: `nbs runs --trials RUN`.
      Exit codes: 0 success; 2 wrong usage, or no such run.
      """,
    subcommands: [List.self, Show.self, Compare.self, Export.self, Delete.self], defaultSubcommand: List.self)

  /// The store; nil where nothing was ever kept.
  ///
  /// - Throws: ``ExitStatus/usage``, its message already written.
  static func store() throws -> RunStore? {
    try refusing {
      try RunStore.openToRead(at: RunRecorder.usualLocation())
    }
  }

  /// The store and runs of it, or sweeps, `last` being the last sweep then.
  ///
  /// - Throws: ``ExitStatus/usage``, its message already written.
  static func runs(_ references: [RunReference], areSweeps: Bool = false) throws -> (
    store: RunStore, ids: [Int64]
  ) {
    guard let store = try store() else { throw refuse(RunList.none) }
    return (
      store, try refusing { try references.map { try areSweeps ? $0.sweep(in: store) : $0.id(in: store) } }
    )
  }

  static func show(_ outputs: [Output]) {
    let style = Terminal().style
    Streams.write(outputs.map { $0.text(style) + "\n" }.joined(separator: "\n"))
  }
}

// MARK: - Looking

extension RunsCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List runs, the newest first.",
      discussion: """
        --where compares a parameter, a metric (its last value), or one of id, seed, seconds, title and ended with \
        a value: --where 'accuracy>90%' --where rate=0.3 --where ended=failed. Several must all hold.
        DAY is a day (2026-11-21), a time (2026-11-21T18:30), today, yesterday, or an age: 7d, 12h, 30min.
        """)

    @Option(help: ArgumentHelp("Only runs with this text in their title or file name.", valueName: "text"))
    var notebook: String?

    @Option(help: ArgumentHelp("Only runs that began on this day or later.", valueName: "day"))
    var since: String?

    @Option(help: ArgumentHelp("Only runs that began before this day.", valueName: "day"))
    var until: String?

    @Option(
      name: .customLong("where"),
      help: ArgumentHelp("Only runs for which this condition holds.", valueName: "condition"))
    var conditions: [String] = []

    @Option(
      help: ArgumentHelp(
        "Order by a parameter, a metric, or one of id, seed, seconds, title and ended, the smallest first.",
        valueName: "name"))
    var sort: String?

    @Flag(help: "Order the other way: the largest first.")
    var descending = false

    @Flag(help: "Only sweeps.")
    var sweeps = false

    @Option(help: ArgumentHelp("The trials of a sweep.", valueName: "run|last"))
    var trials: RunReference?

    @Option(help: "The maximum number of runs.")
    var limit = 20

    @Flag(help: "Show all runs.")
    var all = false

    @OptionGroup var form: FormOptions

    func validate() throws {
      if descending, sort == nil {
        throw ValidationError("--descending needs --sort, as in --sort accuracy.")
      }
      if sweeps, trials != nil {
        throw ValidationError("--sweeps lists sweeps, and --trials those of one. Keep one of them.")
      }
      if limit < 1 { throw ValidationError("--limit is at least 1; --all shows all.") }
    }

    func run() throws {
      var query = try refusing {
        RunQuery(
          notebook: notebook, since: try since.map { try DayText.date($0) },
          until: try until.map { try DayText.date($0) },
          conditions: try conditions.map(RunCondition.init), order: sort, isDescending: descending,
          limit: all ? nil : limit)
      }
      let store = try RunsCommand.store()
      if sweeps { query.scope = .sweeps }
      var first = sort
      if let trials {
        let sweep = try sweep(trials)
        query.scope = .trials(of: sweep.run.id)
        first = sort ?? sweep.description.metric
      }
      let (runs, count) = try refusing { try store?.runs(query) ?? ([], 0) }
      form.put(
        outputs: {
          [
            runs.isEmpty
              ? .text(emptyText(store)) : .table(RunList.table(of: runs, count: count, first: first))
          ]
        },
        json: { .array(runs.map(\.json)) }, csv: { RunList.csv(of: runs) })
    }

    private func sweep(_ reference: RunReference) throws -> RecordedSweep {
      let (store, ids) = try RunsCommand.runs([reference], areSweeps: true)
      return try refusing { try RecordedSweep(ids[0], in: store) }
    }

    private func emptyText(_ store: RunStore?) -> String {
      if sweeps, conditions.isEmpty {
        return
          "There are no sweeps yet. `nbs sweep NOTEBOOK` records one, and so does `nbs run` of a notebook with a `sweep`."
      }
      let hasFilters = trials != nil || notebook != nil || since != nil || until != nil || !conditions.isEmpty
      return store != nil && hasFilters ? "No run matches; `nbs runs list` shows all." : RunList.none
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Show a run: its details, its cells, and the loss curve of its last training; of a sweep its trials.",
      discussion: "--csv prints every recorded point, of a sweep every trial; --json everything.")

    @Argument(help: ArgumentHelp("The run's number, or last.", valueName: "run"))
    var reference: RunReference

    @OptionGroup var form: FormOptions

    func run() throws {
      let (store, ids) = try RunsCommand.runs([reference])
      let stored = try refusing { try store.run(ids[0]) }
      guard stored.summary.trials != nil else {
        return form.put(outputs: { stored.outputs }, json: { stored.json }, csv: { stored.csv })
      }
      let sweep = try refusing { try RecordedSweep(ids[0], in: store) }
      form.put(
        outputs: { stored.outputs + sweep.outputs },
        json: { .object((stored.json.members ?? []) + [.init("sweep", sweep.result.json)]) },
        csv: { sweep.result.csv })
    }
  }

  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare runs side by side: parameters, final metrics, and the curves of a metric.")

    @Argument(help: ArgumentHelp("The runs' numbers, or last.", valueName: "run"))
    var references: [RunReference]

    @Option(help: ArgumentHelp("The metric whose curves are drawn.", valueName: "name"))
    var metric: String?

    @OptionGroup var form: FormOptions

    func validate() throws {
      if references.count < 2 { throw ValidationError("Name two runs or more: nbs runs compare 12 13") }
    }

    func run() throws {
      let (store, ids) = try RunsCommand.runs(references)
      let comparison = try refusing { try RunComparison(try ids.map(store.run), metric: metric) }
      form.put(outputs: { comparison.outputs }, json: { comparison.json }, csv: { comparison.csv })
    }
  }
}

// MARK: - Keeping

extension RunsCommand {
  /// A run as a page.
  ///
  /// - Throws: a ``Diagnostic`` where there is no such run, or nothing to make a page of.
  static func report(of id: Int64, in store: RunStore) throws -> Report {
    let stored = try store.run(id)
    if stored.summary.trials != nil { return try RecordedSweep(id, in: store).report }
    guard let sweep = stored.summary.parent else { return Report(stored) }
    if let run = try store.run(sweep).summary.parent {
      throw Diagnostic(
        .unknownRun,
        "Run \(id) is a trial of sweep \(sweep), and no outputs are kept of it. The sweep stands in a cell of run \(run): nbs runs show \(run)"
      )
    }
    let given = stored.summary.parameters.map { " -p \($0.name)=\($0.value)" }.joined()
    throw Diagnostic(
      .unknownRun,
      "Run \(id) is a trial of sweep \(sweep), and no outputs are kept of it. Run it by itself: nbs run \(stored.summary.path ?? "NOTEBOOK")\(given) --seed \(stored.summary.seed)"
    )
  }
}

extension RunsCommand {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the report of a past run: Markdown, HTML or a Jupyter notebook.")

    @Argument(help: ArgumentHelp("The run's number, or last.", valueName: "run"))
    var reference: RunReference

    @Argument(
      help: ArgumentHelp(
        "The files to write, by extension.", valueName: "out.md|out.html|out.ipynb"))
    var files: [String]

    func run() throws {
      let targets = try refusing { try ReportFile.all(files) }
      let (store, ids) = try RunsCommand.runs([reference])
      let report = try refusing { try RunsCommand.report(of: ids[0], in: store) }
      for target in targets {
        let path = try refusing { try target.write(report) }
        Streams.writeError("report: \(path)\n".sanitized())
      }
    }
  }

  struct Delete: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete runs permanently: all that are named, or none if one cannot be deleted.")

    @Argument(help: ArgumentHelp("The runs' numbers.", valueName: "run"))
    var references: [RunReference]

    func run() throws {
      let (store, ids) = try RunsCommand.runs(references)
      try refusing { try store.delete(ids) }
      RunsCommand.show([.text("deleted \(ids.count == 1 ? "run" : "runs") \(ids.map(String.init).listed)")])
    }
  }
}

// MARK: - Arguments

/// A run as it is named in a command: `12`, `last`.
enum RunReference: ExpressibleByArgument {
  case number(Int64)
  case last

  init?(argument: String) {
    if argument == "last" {
      self = .last
    } else if let number = Int64(argument), number > 0 {
      self = .number(number)
    } else {
      return nil
    }
  }

  /// The number of a sweep.
  func sweep(in store: RunStore) throws -> Int64 {
    guard case .last = self else { return try id(in: store) }
    guard let id = try store.lastSweep() else {
      throw Diagnostic(.unknownRun, "There are no sweeps yet. `nbs sweep NOTEBOOK` records one.")
    }
    return id
  }

  func id(in store: RunStore) throws -> Int64 {
    switch self {
    case .number(let id): return id
    case .last:
      guard let id = try store.lastRun() else { throw Diagnostic(.unknownRun, RunList.none) }
      return id
    }
  }
}

/// How a command puts out what it found.
struct FormOptions: ParsableArguments {
  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print comma-separated values.")
  var csv = false

  func validate() throws {
    if json, csv { throw ValidationError("--json and --csv cannot be combined. Keep one of them.") }
  }

  /// Puts out one of three forms.
  func put(outputs: () -> [Output], json value: () -> JSONValue, csv text: () -> String) {
    if json {
      Streams.write(value().indented() + "\n")
    } else if csv {
      Streams.write(text())
    } else {
      RunsCommand.show(outputs())
    }
  }
}

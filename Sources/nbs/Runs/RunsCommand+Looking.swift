import ArgumentParser
import Foundation
import JSON
import Outputs
import Runs

extension RunsCommand {
  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List runs, the newest first.",
      discussion: """
        --where compares a parameter, a figure (its last value), or one of id, seed, seconds, title and ended with \
        a value: --where 'accuracy>90%' --where rate=0.3 --where ended=failed. Several must all hold.
        DAY is a day (2026-11-21), a time (2026-11-21T18:30), today, yesterday, or so long ago: 7d, 12h, 30min.
        """)

    @Option(help: ArgumentHelp("Only runs with this in their title or file.", valueName: "text"))
    var notebook: String?

    @Option(help: ArgumentHelp("Only runs that began then or later.", valueName: "day"))
    var since: String?

    @Option(help: ArgumentHelp("Only runs that began before.", valueName: "day"))
    var until: String?

    @Option(
      name: .customLong("where"),
      help: ArgumentHelp("Only runs for which this holds.", valueName: "condition"))
    var conditions: [String] = []

    @Option(help: "How many at most.")
    var limit = 20

    @Flag(help: "Show all, however many there are.")
    var all = false

    @OptionGroup var form: FormOptions

    func validate() throws {
      if limit < 1 { throw ValidationError("--limit is at least 1; --all shows all.") }
    }

    func run() throws {
      let query = try refusing {
        RunQuery(
          notebook: notebook, since: try since.map { try DayText.date($0) },
          until: try until.map { try DayText.date($0) },
          conditions: try conditions.map(RunCondition.init), limit: all ? nil : limit)
      }
      let store = try RunsCommand.store()
      let (runs, count) = try refusing { try store?.runs(query) ?? ([], 0) }
      form.put(
        outputs: { [runs.isEmpty ? .text(emptyText(store)) : .table(RunList.table(of: runs, count: count))] },
        json: { .array(runs.map(\.json)) }, csv: { RunList.csv(of: runs) })
    }

    private func emptyText(_ store: RunStore?) -> String {
      let hasFilters = notebook != nil || since != nil || until != nil || !conditions.isEmpty
      return store != nil && hasFilters ? "No run is like that; `nbs runs list` shows all." : RunList.none
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show a run: its facts, its cells, and the course of its last training.",
      discussion: "--csv prints every point that was measured, --json everything.")

    @Argument(help: ArgumentHelp("The run's number, or last.", valueName: "run"))
    var reference: RunReference

    @OptionGroup var form: FormOptions

    func run() throws {
      let (store, ids) = try RunsCommand.runs([reference])
      let stored = try refusing { try store.run(ids[0]) }
      form.put(outputs: { stored.outputs }, json: { stored.json }, csv: { stored.csv })
    }
  }

  struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lay runs side by side: parameters, final figures, and the courses of a figure.")

    @Argument(help: ArgumentHelp("The runs' numbers; last is one too.", valueName: "run"))
    var references: [RunReference]

    @Option(help: ArgumentHelp("The figure whose courses are drawn.", valueName: "name"))
    var figure: String?

    @OptionGroup var form: FormOptions

    func validate() throws {
      if references.count < 2 { throw ValidationError("Name two runs or more: nbs runs compare 12 13") }
    }

    func run() throws {
      let (store, ids) = try RunsCommand.runs(references)
      let comparison = try refusing { try RunComparison(try ids.map(store.run), figure: figure) }
      form.put(outputs: { comparison.outputs }, json: { comparison.json }, csv: { comparison.csv })
    }
  }
}

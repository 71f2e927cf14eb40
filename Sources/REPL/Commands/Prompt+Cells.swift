import Diagnostics
import Foundations
import Language
import Outputs
import Sessions

extension Prompt {
  func showHelp(_ arguments: PromptArguments) throws -> Next {
    guard let word = try arguments.only() else {
      say(
        .table(
          Table(
            columns: [.words("command"), .words("what it does")],
            rows: PromptCommand.all.map { [$0.usage, $0.summary] },
            footer: [":help NAME explains one: :help undo", "`help` lists the commands of the language"])))
      return .cell
    }
    let name = word.hasPrefix(":") ? String(word.dropFirst()) : word
    guard let command = PromptCommand.find(name) else { throw PromptCommand.unknown(name) }
    say(
      .text(
        [command.usage, "  " + command.summary, command.details].filter { !$0.isEmpty }.joined(
          separator: "\n")))
    return .cell
  }

  func showVariables() -> Next {
    let rows = session.contents.map { [$0.name, $0.kind, $0.value] }
    guard !rows.isEmpty else {
      say(.text("there are no variables, data sets or networks yet"))
      return .cell
    }
    say(.table(Table(columns: [.words("name"), .words("kind"), .words("value")], rows: rows)))
    return .cell
  }

  func showHistory(_ arguments: PromptArguments) throws -> Next {
    var entries = transcript.entries[...]
    if let word = try arguments.only() {
      guard let count = Int(word), count > 0 else {
        throw Diagnostic(.badValue, "`:history` takes the number of cells to list, as in `:history 10`.")
      }
      entries = entries.suffix(count)
    }
    guard !entries.isEmpty else {
      say(.text("no cell has run yet"))
      return .cell
    }
    let stale = Set(Dependencies(transcript.entries).stale.map(\.number))
    say(
      .table(
        Table(
          columns: [.numbers("In"), .words("cell"), .words("result")],
          rows: entries.map { entry in
            [
              String(entry.number), entry.source.firstLine,
              entry.words(isStale: stale.contains(entry.number)),
            ]
          })))
    return .cell
  }

  func time(_ arguments: PromptArguments) -> Next {
    if !arguments.text.isEmpty {
      let number = number
      switch run(arguments.text) {
      case .incomplete:
        say(.error(Diagnostic(.incomplete, "The cell after `:time` is incomplete.")))
        return .cell
      case .failed, .interrupted, .done: if transcript.entries.last?.number != number { return .cell }
      }
    }
    guard let last = transcript.entries.last else {
      say(.text("no cell has run yet"))
      return .cell
    }
    say(.text("In [\(last.number)] took \(last.seconds.durationText)"))
    return .cell
  }

  func undo() -> Next {
    if let entry = transcript.undo() {
      say(.text("In [\(entry.number)] is undone: \(entry.source.firstLine)"))
      noteCell()
    } else {
      say(.text("there is no cell to undo"))
    }
    return .cell
  }

  func replay(_ arguments: PromptArguments) throws -> Next {
    for entry in try chosenEntries(arguments.only(), by: ":replay", verb: "show", orElse: "") {
      say(.text("In [\(entry.number)]: \(entry.source.firstLine)"))
      if entry.outputs.isEmpty { say(.text("it showed nothing")) }
      for output in entry.outputs { presenter.show(output, ofCell: entry.number) }
    }
    return .cell
  }

  func rerun(_ arguments: PromptArguments) throws -> Next {
    let word = try arguments.only()
    if word == "stale" {
      rerunStale()
    } else {
      for entry in try chosenEntries(word, by: ":rerun", verb: "run", orElse: ", or `stale`") {
        guard runAgain(entry) == .done else { break }
      }
    }
    return .cell
  }

  private func runAgain(_ entry: Transcript.Entry) -> Session.Outcome {
    // Cells that are run again by themselves should be seen.
    say(.text("In [\(number)] is In [\(entry.number)] again: \(entry.source.firstLine)"))
    return run(entry.source, repeating: entry.number)
  }

  /// Runs the stale cells again that this brings up to date; what it cannot mend is said before it begins.
  private func rerunStale() {
    let stale = Dependencies(transcript.entries).stale
    if stale.isEmpty { say(.text("nothing is stale")) }
    for line in stale.flatMap(\.remarks) { say(.text(line)) }
    var failed: Set<Int> = []
    for cell in stale where cell.obstacle == nil {
      guard let entry = transcript.entry(cell.number) else { continue }
      if let origin = cell.origins.intersection(failed).min() {
        say(.text("In [\(cell.number)] stays as it is: it was made from In [\(origin)]"))
        failed.insert(cell.number)
        continue
      }
      switch runAgain(entry) {
      case .done: break
      case .interrupted: return
      case .failed, .incomplete: failed.insert(cell.number)
      }
    }
  }

  /// The cells that a command names: `3`, `3-5`, or nothing for the last one.
  ///
  /// - Parameters:
  ///   - verb: what the command does with them, as in "to run again".
  ///   - other: what else it takes.
  private func chosenEntries(
    _ word: String?, by command: String, verb: String, orElse other: String
  ) throws -> [Transcript.Entry] {
    let entries = transcript.entries
    guard let last = entries.last else {
      throw Diagnostic(.noCell, "There is no cell to \(verb) again yet.")
    }
    guard let word else { return [last] }
    let bounds = word.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard bounds.count <= 2, let first = bounds.first ?? nil, let end = bounds.last ?? nil, first <= end
    else {
      throw Diagnostic(
        .badValue,
        "`\(command)` takes a cell's number, several as in `\(command) 3-5`\(other), but not `\(word)`.")
    }
    let chosen = entries.filter { (first...end).contains($0.number) }
    guard !chosen.isEmpty else {
      throw Diagnostic(
        .noCell,
        "No cell that ran has the number \(word): there are \(entries[0].number) to \(last.number). `:history` lists them."
      )
    }
    return chosen
  }

  func showStale() -> Next {
    let stale = Dependencies(transcript.entries).stale
    guard !stale.isEmpty else {
      say(.text("nothing is stale"))
      return .cell
    }
    say(
      .table(
        Table(
          columns: [.numbers("In"), .words("cell"), .words("why")],
          rows: stale.map { stale in
            let source = transcript.entry(stale.number)?.source.firstLine ?? ""
            return [String(stale.number), source, "In [\(stale.cause)] changed \(stale.resource)"]
          }, footer: stale.remedy + stale.flatMap(\.remarks))))
    return .cell
  }
}

extension [Dependencies.Stale] {
  /// The command that brings them up to date, as far as one does.
  fileprivate var remedy: [String] {
    let mended = filter { $0.obstacle == nil }
    if mended.isEmpty { return [] }
    let cells =
      mended.count == count ? "them" : mended.map { "In [\($0.number)]" }.joined(separator: ", ")
    return [":rerun stale brings \(cells) up to date"]
  }
}

extension Dependencies.Stale {
  /// The limits of running the cell again.
  fileprivate var remarks: [String] {
    if let obstacle { return ["In [\(number)] stays as it is: \(obstacle)"] }
    let changed = moves.map(\.description).joined(separator: ", ")
    return moves.isEmpty
      ? [] : ["In [\(number)] continues from the current \(changed)"]
  }
}

extension Transcript.Entry {
  fileprivate func words(isStale: Bool) -> String {
    let end: [String] =
      switch outcome {
      case .failed: ["failed"]
      case .interrupted: ["interrupted"]
      case .done, .incomplete: []
      }
    let again = repeatedBy.map { ["again as In [\($0)]"] } ?? []
    return (end + (isStale ? ["stale"] : []) + again).joined(separator: ", ")
  }
}

extension String {
  /// The first line, with a sign that there are more, cut to what a table can show.
  var firstLine: String {
    let lines = split(separator: "\n", omittingEmptySubsequences: true)
    let first = lines.first.map(String.init) ?? ""
    let short = first.count > 60 ? first.prefix(59) + "…" : first[...]
    return short + (lines.count > 1 && first.count <= 60 ? " …" : "")
  }
}

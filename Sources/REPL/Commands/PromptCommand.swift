import Diagnostics
import Foundations
import Language
import Runner

/// A command that acts on the prompt and not in the language: `:undo`.
///
/// Help, completion and "did you mean" all read the one table of them, ``all``.
struct PromptCommand: Sendable {
  /// What a word behind a command may be.
  enum Argument: Sendable, Equatable {
    case nothing
    /// One of some words, or something else.
    case words([String])
    /// A file, which may stand in quotes.
    case file
    /// The name of one of the sessions.
    case session
    /// The rest of the line is a cell.
    case cell
  }

  /// What it does with the words behind it.
  typealias Action = @Sendable (Prompt, PromptArguments) throws -> Prompt.Next

  /// The word behind the colon.
  let name: String
  /// How it is written: `:rerun [N|N-M|stale]`.
  let usage: String
  /// What it does, in one line.
  let summary: String
  /// More than the summary, as prose; may be empty.
  let details: String
  /// What stands behind it, in order.
  let arguments: [Argument]
  let action: Action

  init(
    _ usage: String, _ summary: String, details: String = "", _ arguments: [Argument] = [],
    _ action: @escaping Action
  ) {
    self.usage = usage
    self.summary = summary
    self.details = details
    self.arguments = arguments
    self.action = action
    name = String(usage.dropFirst().prefix { $0 != " " })
  }

  /// The command of a name, or of the beginning of one that only it has: `:hist`.
  static func find(_ word: String) -> PromptCommand? {
    if let exact = all.first(where: { $0.name == word }) { return exact }
    if word == "q" { return find("quit") }
    let fitting = all.filter { $0.name.hasPrefix(word) }
    return fitting.count == 1 && !word.isEmpty ? fitting[0] : nil
  }

  /// What is wrong with a word that no command has.
  static func unknown(_ word: String) -> Diagnostic {
    let nearest = DidYouMean.nearest(to: word, among: all.map(\.name)).map { ":" + $0 }
    let several = all.filter { $0.name.hasPrefix(word) && !word.isEmpty }.map { ":" + $0.name }
    let guess =
      several.count > 1
      ? "It could be \(several.joined(separator: ", "))."
      : DidYouMean.question(nearest) ?? "`:help` lists them."
    return Diagnostic(
      .unknownCommand, "There is no command `:\(word)`. \(guess)", suggestion: nearest)
  }
}

// MARK: - The table

extension PromptCommand {
  /// Every command, in the order in which `:help` lists them.
  static let all: [PromptCommand] = conversation + cells + files + sessions

  private static let conversation = [
    PromptCommand(
      ":help [COMMAND]", "lists these commands, or explains one",
      details: "For the commands of the language use `help` and `?`: `help train`, `train?`.",
      [.words([])]
    ) { try $0.showHelp($1) },
    PromptCommand(":quit", "leaves, like Ctrl-D") { prompt, arguments in
      try arguments.none(":quit")
      return .leave
    },
    PromptCommand(":runs", "lists the last recorded runs; see also `nbs runs`") {
      try $1.none(":runs")
      $0.say(SessionRecorder.recentRuns())
      return .cell
    },
    PromptCommand(":vars", "lists the variables, data sets and networks of the session") {
      try $1.none(":vars")
      return $0.showVariables()
    },
  ]

  private static let cells = [
    PromptCommand(
      ":history [N]", "lists the cells of the session, or its last N",
      details: """
        It says which cells failed, were interrupted, are stale or were run again. Keys: up and down go \
        through what was typed at this and earlier prompts, Ctrl-R searches it.
        """, [.words([])]
    ) { try $0.showHistory($1) },
    PromptCommand(
      ":time [CELL]", "shows how long the last cell took, or runs a cell and times it",
      details: "For example `:time train xor epochs=100`.", [.cell]
    ) { $0.time($1) },
    PromptCommand(
      ":replay [N|N-M]", "shows again what a cell showed: the last one, or those of some numbers",
      details: """
        Nothing runs again. In Jupyter it brings back what a cell showed while no page was open.
        """, [.words([])]
    ) { try $0.replay($1) },
    PromptCommand(
      ":undo", "goes back to the state before the last cell",
      details: """
        Variables, data, networks with their weights and optimizer state, options and the random numbers are \
        restored, bit for bit. Repeat it to go back further. Files that were written stay.
        """
    ) {
      try $1.none(":undo")
      return $0.undo()
    },
    PromptCommand(
      ":rerun [N|N-M|stale]",
      "runs cells again, as new cells: the last one, those of some numbers, or the stale ones",
      details: """
        `:rerun stale` runs all stale cells again, in order. A training that is run again continues from \
        the current weights; `reset weights` draws new ones.
        """, [.words(["stale"])]
    ) { try $0.rerun($1) },
    PromptCommand(
      ":stale", "lists the stale cells: those that used a value which has been redefined since",
      details: """
        After `b = 2 * a` a new `a = 5` leaves `b` stale. Changing a value in place, as `a += 1` and `train` do, \
        is no new definition.
        """
    ) {
      try $1.none(":stale")
      return $0.showStale()
    },
  ]

  private static let files = [
    PromptCommand(
      ":save FILE.nbs [replace]", "saves the cells that succeeded as a notebook",
      [.file, .words(["replace"])]
    ) { try $0.save($1) },
    PromptCommand(
      ":load FILE.nbs", "runs the cells of a notebook as if they were typed", [.file]
    ) { try $0.load($1) },
    PromptCommand(
      ":export OUT.md|OUT.html|OUT.ipynb [replace]", "exports the cells and their outputs as a report",
      details: "The report says whether running it from the start would give the same results.",
      [.file, .words(["replace"])]
    ) { try $0.export($1) },
  ]

  private static let sessions = [
    PromptCommand(
      ":session [\(Prompt.sessionActions.joined(separator: "|"))] [NAME|FILE]",
      "lists the open sessions, or switches to, saves, opens or closes one",
      details: """
        Each session has its own networks, data, variables, options, history and random numbers. \
        `:session new second`, `:session use main`, `:session rename first`, `:session close second`.
        `:session save work.session` saves the session to a file, which `:session open work.session` opens \
        again: training continues with the same bits. An open session is also saved after each cell; after a crash \
        `:session restore` recovers all but the cell that was running.
        """, [.words(Prompt.sessionActions), .session]
    ) { try $0.changeSession($1) }
  ]
}

// MARK: - Completion

extension PromptCommand {
  /// What could follow a line that begins with a colon.
  static func complete(_ line: String, sessions: [String], names: KnownNames) -> Completions {
    let text = line.drop { $0.isWhitespace }.dropFirst()
    guard let end = text.firstIndex(where: \.isWhitespace) else {
      let fitting = all.map(\.name).filter { $0.hasPrefix(text) }
      return Completions(words: fitting.map { ":" + $0 }.sorted(), wantsFile: false)
    }
    guard let command = find(String(text[..<end])) else { return Completions(words: [], wantsFile: false) }
    let rest = String(text[end...].dropFirst())
    if command.arguments.first == .cell { return Completer.complete(rest, names: names) }
    var words = PromptArguments(rest).words
    let prefix = rest.last.map { $0.isWhitespace } ?? true ? "" : words.popLast() ?? ""
    if command.name == "help" {
      return Completions(words: all.map(\.name).filter { $0.hasPrefix(prefix) }.sorted(), wantsFile: false)
    }
    let argument = command.argument(after: words)
    let fitting: [String] =
      switch argument {
      case .words(let known): known
      case .session: sessions
      case .nothing, .cell, .file: []
      }
    return Completions(words: fitting.filter { $0.hasPrefix(prefix) }.sorted(), wantsFile: argument == .file)
  }

  /// What may stand behind some words; a session's file or name depends on the first of them.
  private func argument(after words: [String]) -> Argument {
    guard name == "session", let action = words.first else {
      return words.count < arguments.count ? arguments[words.count] : .nothing
    }
    guard words.count == 1 else { return .nothing }
    switch action {
    case "use", "close", "rename": return .session
    case "open", "save": return .file
    default: return .nothing
    }
  }
}

// MARK: - Arguments

/// The words behind a `:` command.
struct PromptArguments {
  /// The words, quotes taken off.
  let words: [String]
  /// The rest of the line as it was written.
  let text: String

  init(_ text: String) {
    self.text = text
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in text {
      switch (character, quote) {
      case (_, let open?) where character == open: quote = nil
      case (_, _?): word = (word ?? "") + String(character)
      case ("\"", nil), ("'", nil):
        quote = character
        word = word ?? ""
      case (_, nil) where character.isWhitespace:
        if let done = word { words.append(done) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    if let word { words.append(word) }
    self.words = words
  }

  /// The only word; nil when there is none.
  ///
  /// - Throws: `unexpected-argument` when there are more.
  func only() throws -> String? {
    guard words.count <= 1 else {
      throw Diagnostic(
        .unexpectedArgument,
        "`\(words[1])` is not expected here. Put a name with spaces in quotes: \"\(words.joined(separator: " "))\""
      )
    }
    return words.first
  }

  /// Makes sure that nothing stands behind a command.
  func none(_ command: String) throws {
    guard let word = words.first else { return }
    throw Diagnostic(.unexpectedArgument, "`\(command)` takes no further argument, but `\(word)` follows.")
  }
}

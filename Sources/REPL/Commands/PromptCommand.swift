import Diagnostics

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
    let nearest = DidYouMean.nearest(to: word, among: all.map(\.name))
    let several = all.filter { $0.name.hasPrefix(word) && !word.isEmpty }.map { ":" + $0.name }
    let guess =
      several.count > 1
      ? "It could be \(several.joined(separator: ", "))."
      : nearest.map { "Did you mean `:\($0)`?" } ?? "`:help` lists them."
    return Diagnostic(
      "unknown-command", "There is no command `:\(word)`. \(guess)", suggestion: nearest.map { ":" + $0 })
  }
}

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
        "unexpected-argument",
        "`\(words[1])` is too much here. A name with blanks in it stands in quotes: \"\(words.joined(separator: " "))\""
      )
    }
    return words.first
  }

  /// Makes sure that nothing stands behind a command.
  func none(_ command: String) throws {
    guard let word = words.first else { return }
    throw Diagnostic("unexpected-argument", "`\(command)` takes nothing more, but `\(word)` follows it.")
  }
}

import Language

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

import Diagnostics
import Foundations
import Outputs
import Rendering
import Sessions

extension Prompt {
  func changeSession(_ arguments: PromptArguments) throws -> Next {
    let words = Array(arguments.words.dropFirst())
    let action = arguments.words.first ?? "list"
    switch (action, words.count) {
    case ("list", 0): listSessions()
    case ("new", 0), ("new", 1):
      say(.text("session \(try workspace.open(words.first).name)"))
    case ("use", 1): say(.text("session \(try workspace.use(words[0]).name)"))
    case ("rename", 1):
      try workspace.rename(workspace.current.name, to: words[0], warn: say)
    case ("rename", 2): try workspace.rename(words[0], to: words[1], warn: say)
    case ("close", 0), ("close", 1):
      let name = words.first ?? workspace.current.name
      try workspace.close(name)
      say(.text("session \(name) is closed; this is \(workspace.current.name)"))
    case ("save", _): try saveSession(PromptArguments(rest(of: arguments)))
    case ("open", 1): try openSession(words[0])
    case ("restore", 0): restoreSessions()
    default: throw Prompt.misused(action, words)
    }
    return .cell
  }

  /// What can be done with sessions.
  static let sessionActions = ["list", "new", "use", "rename", "save", "open", "close", "restore"]

  /// What stands behind the first word.
  private func rest(of arguments: PromptArguments) -> String {
    String(arguments.text.drop { !$0.isWhitespace }.drop(while: \.isWhitespace))
  }

  private func saveSession(_ arguments: PromptArguments) throws {
    let path = try arguments.target(
      "session save", endings: [".session"], example: ":session save work.session")
    try SessionFile.contents(of: transcript) { $0.text(.report) }.write(to: PromptFile.expanded(path))
    say(
      .text("\(path): \(transcript.entries.count.counted("cell")), \(session.contents.count.counted("name"))")
    )
  }

  private func openSession(_ path: String) throws {
    let wanted = PromptFile.stem(path).filter {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0))
    }
    let named = try workspace.open(
      file: PromptFile.expanded(path), as: wanted.isEmpty ? "opened" : String(wanted.prefix(40)),
      warn: say)
    sayOpened([named.name])
  }

  private func restoreSessions() {
    if workspace.orphans.isEmpty { return say(.text("no session is to be restored")) }
    let names = workspace.restore(warn: say)
    if !names.isEmpty { sayOpened(names) }
  }

  private func sayOpened(_ names: [String]) {
    say(
      .text(
        "session \(names.joined(separator: ", ")): \(transcript.entries.count.counted("cell")), \(session.contents.count.counted("name"))"
      ))
  }

  private static func misused(_ action: String, _ words: [String]) -> Diagnostic {
    let actions = sessionActions
    guard actions.contains(action) else {
      let nearest = DidYouMean.nearest(to: action, among: actions).map { ":session " + $0 }
      return Diagnostic(
        .unknownCommand,
        "`:session` cannot `\(action)`. "
          + (DidYouMean.question(nearest) ?? "It can \(actions.joined(separator: ", ")).")
      )
    }
    if words.isEmpty, action == "open" {
      return Diagnostic(
        .missingArgument, "`:session open` needs the file of a session: `:session open work.session`")
    }
    return words.isEmpty
      ? Diagnostic(
        .missingArgument, "`:session \(action)` needs the name of a session: `:session \(action) first`")
      : Diagnostic(.unexpectedArgument, "`\(words.last ?? "")` is not expected after `:session \(action)`.")
  }

  private func listSessions() {
    say(
      .table(
        Table(
          columns: [.words("session"), .numbers("cells"), .words("holds")],
          rows: workspace.sessions.map { session in
            let names = session.transcript.session.contents.map(\.name)
            let here = session === workspace.current ? " (here)" : ""
            return [
              session.name + here, String(session.transcript.entries.count),
              names.isEmpty ? "nothing" : names.joined(separator: " ").firstLine,
            ]
          })))
  }
}

import Diagnostics
import Foundation
public import Language

/// The names that mean something at a prompt between two cells: what completion goes by. It is a value, so that it
/// answers from any thread while a cell runs.
public struct PromptVocabulary: Sendable {
  /// The names of the session that is talked to.
  public let names: KnownNames
  /// The names of the open sessions.
  let sessions: [String]

  /// How far some source is a whole entry.
  public enum State: Sendable, Equatable {
    /// It can run.
    case complete
    /// It stops in the middle of something.
    case incomplete
    /// It is wrong.
    case wrong
  }

  /// What could follow some source at its end.
  public func complete(_ text: String) -> Completions {
    if text.drop(while: \.isWhitespace).hasPrefix(":"), !text.contains("\n") {
      return PromptCommand.complete(text, sessions: sessions, names: names)
    }
    let topic = text.hasPrefix("?") ? "help " + text.dropFirst() : text
    return Completer.complete(topic, names: names)
  }

  /// How far the source typed so far is a whole entry.
  public func state(of source: String) -> State {
    let trimmed = source.trimmingCharacters(in: .whitespacesAndNewlines)
    if trimmed.isEmpty || trimmed.hasPrefix(":") || Prompt.helpRequest(trimmed) != nil { return .complete }
    let cells = Prompt.cells(of: source).map { Checker.check(SourceText($0, name: ""), names: names) }
    if cells.contains(where: \.isIncomplete) { return .incomplete }
    return cells.allSatisfy { $0.result.diagnostics.isEmpty } ? .complete : .wrong
  }
}

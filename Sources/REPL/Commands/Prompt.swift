import Diagnostics
import Foundation
import Foundations
import Language
import Notebooks
import Outputs
import Runner
public import Sessions
public import Terminal

/// The conversation at the prompt, apart from the keyboard: takes entries one by one and shows what comes of
/// them.
///
/// ```swift
/// let presenter = Presenter(
///   style: { TextStyle(width: 80) }, progressPlace: { .log }, write: { written += $0 },
///   writeProgress: { _ in })
/// let prompt = Prompt(session: Session(), presenter: presenter)
/// _ = prompt.enter("2 ^ 10")  // shows 1024
/// _ = prompt.enter(":undo")
/// ```
public final class Prompt {
  /// What to do after an entry.
  public enum Next: Equatable {
    /// Ask for the next cell.
    case cell
    /// Ask for another line of the same cell.
    case line
    /// Leave.
    case leave
  }

  /// The sessions that are open.
  let workspace: Workspace
  private let presenter: Presenter

  /// The session that is talked to, and its cells.
  var transcript: Transcript { workspace.current.transcript }
  var session: Session { transcript.session }
  /// The number of the cell that is asked for.
  public var number: Int { transcript.nextNumber }

  /// Creates a conversation that is kept nowhere.
  public convenience init(session: Session, presenter: Presenter) {
    self.init(Workspace(session: session), presenter: presenter)
  }

  init(_ workspace: Workspace, presenter: Presenter) {
    self.workspace = workspace
    self.presenter = presenter
  }

  /// What stands before the first line of a cell.
  public var prompt: String {
    let stale = Dependencies(transcript.entries).stale.count
    let name = workspace.current.name == Workspace.firstName ? "" : workspace.current.name + " "
    return "\(name)In [\(number)]\(stale == 0 ? "" : " \(stale) stale"): "
  }
  /// What stands before its other lines.
  public var continuation: String { String(repeating: " ", count: max(0, prompt.count - 5)) + "...: " }

  /// Whether the source typed so far is a whole entry.
  public func isComplete(_ source: String) -> Bool {
    let trimmed = source.trimmingCharacters(in: .whitespacesAndNewlines)
    if trimmed.isEmpty || trimmed.hasPrefix(":") || Prompt.helpRequest(trimmed) != nil { return true }
    return Prompt.cells(of: source).allSatisfy { !session.check(SourceText($0, name: "")).isIncomplete }
  }

  /// Takes the source typed so far.
  public func enter(_ source: String) -> Next {
    let trimmed = source.trimmingCharacters(in: .whitespacesAndNewlines)
    if trimmed.isEmpty { return .cell }
    if trimmed.hasPrefix(":") { return command(trimmed) }
    if ["exit", "quit"].contains(trimmed) {
      presenter.show(text: "Ctrl-D leaves, and so does :quit\n")
      return .cell
    }
    if let request = Prompt.helpRequest(trimmed) {
      _ = run(request)
      return .cell
    }
    for cell in Prompt.cells(of: source) {
      switch run(cell) {
      case .done: continue
      case .incomplete: return .line
      case .failed, .interrupted: return .cell
      }
    }
    return .cell
  }

  /// The cells of what was typed or pasted: a notebook is several.
  private static func cells(of source: String) -> [String] {
    guard source.split(separator: "\n").contains(where: { $0.hasPrefix("# %%") }),
      let notebook = NotebookFormat.read(source, name: "pasted").notebook
    else { return [source] }
    let runnable = notebook.runnableCells
    return notebook.cells.filter { runnable.contains($0.index) && !$0.source.isEmpty }.map(\.source)
  }

  /// `?train` and `train?` as `help train`.
  private static func helpRequest(_ text: String) -> String? {
    guard !text.contains("\n") else { return nil }
    if text == "?" { return "help" }
    let topic = text.hasPrefix("?") ? text.dropFirst() : text.hasSuffix("?") ? text.dropLast() : nil
    return topic.map { "help " + $0.trimmingCharacters(in: .whitespaces) }
  }

  /// Runs a cell and shows what comes of it.
  func run(_ source: String, repeating repeated: Int? = nil) -> Session.Outcome {
    session.interruption.clear()
    let number = number
    presenter.beginCell()
    let outcome = SessionRecorder.keeping(source, with: workspace.current.recorder) { note in
      transcript.run(source, repeating: repeated) { [presenter] output in
        note(output)
        if case .value = output {
          presenter.show(output, label: "Out[\(number)]: ")
        } else {
          presenter.show(output)
        }
      }
    }
    presenter.endWork()
    session.interruption.clear()
    if outcome != .incomplete { workspace.noteCell(warn: say) }
    return outcome
  }

  /// Shows something that no cell put out.
  func say(_ output: Output) { presenter.show(output) }

  /// The commands that act on the prompt itself.
  private func command(_ text: String) -> Next {
    presenter.beginCell()
    let word = text.dropFirst().prefix { !$0.isWhitespace }
    do {
      guard let command = PromptCommand.find(String(word)) else {
        throw PromptCommand.unknown(String(word))
      }
      let rest = text.dropFirst(word.count + 1).trimmingCharacters(in: .whitespacesAndNewlines)
      return try command.action(self, PromptArguments(rest))
    } catch {
      say(.error((error as? Diagnostic) ?? Diagnostic(.internalError, "\(error)")))
      return .cell
    }
  }

  /// What could follow some source at its end.
  func complete(_ text: String) -> Completions {
    if text.drop(while: \.isWhitespace).hasPrefix(":"), !text.contains("\n") {
      return PromptCommand.complete(
        text, sessions: workspace.sessions.map(\.name), names: session.knownNames)
    }
    let topic = text.hasPrefix("?") ? "help " + text.dropFirst() : text
    return Completer.complete(topic, names: session.knownNames)
  }
}

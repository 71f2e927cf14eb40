import Diagnostics
import Foundation
import Foundations
import Language
import Notebooks
import Outputs
import Runner
public import Sessions

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
  let presenter: any PromptPage

  /// The cells of the session that is talked to.
  public var transcript: Transcript { workspace.current.transcript }
  /// The session that is talked to.
  public var session: Session { transcript.session }
  /// Whether the sessions go to the disk when ``keep()`` is called, and not after each cell.
  public var keepsLater = false
  private var isToBeKept = false
  /// How the last cell of the last entry ended; nil where no cell ran.
  public private(set) var outcome: Session.Outcome?
  /// The number of the cell that is asked for.
  public var number: Int { transcript.nextNumber }

  /// Creates a conversation that is kept nowhere.
  public convenience init(session: Session, presenter: any PromptPage) {
    self.init(Workspace(session: session), presenter: presenter)
  }

  /// Creates a conversation whose sessions are kept as runs, and on the disk in case the program is killed.
  ///
  /// - Parameters:
  ///   - title: what its runs are called.
  ///   - inJupyter: whether its entries come from a notebook's page.
  ///   - makeSession: makes a session with nothing in it; the first, and those of `:session new`.
  public convenience init(
    keptAs title: String, inJupyter: Bool = false, presenter: any PromptPage,
    makeSession: @escaping () -> Session
  ) {
    let workspace = Workspace(session: makeSession(), journal: Journal(), makeSession: makeSession) {
      session, name in
      SessionRecorder(
        session: session, title: name == Workspace.firstName ? title : "\(title), session \(name)",
        inJupyter: inJupyter)
    }
    self.init(workspace, presenter: presenter)
  }

  init(_ workspace: Workspace, presenter: any PromptPage) {
    self.workspace = workspace
    self.presenter = presenter
  }

  /// Ends the conversation and waits until all of it is kept.
  ///
  /// - Parameter bySignal: whether the program is told to end; its sessions then wait for the next prompt.
  public func end(bySignal: Bool) { workspace.end(bySignal: bySignal) }

  /// What sessions of earlier prompts wait to be taken up again, in a sentence; nil where none does.
  public var orphanNote: String? {
    let names = workspace.orphans.map(\.name)
    guard !names.isEmpty else { return nil }
    let isOne = names.count == 1
    return
      "\(isOne ? "a session" : "\(names.count) sessions") of an earlier prompt ended without being closed: "
      + "\(names.joined(separator: ", ")). `:session restore` takes \(isOne ? "it" : "them") up again."
  }

  /// What stands before the first line of a cell.
  public var prompt: String {
    let stale = Dependencies(transcript.entries).stale.count
    let name = workspace.current.name == Workspace.firstName ? "" : workspace.current.name + " "
    return "\(name)In [\(number)]\(stale == 0 ? "" : " \(stale) stale"): "
  }
  /// What stands before its other lines.
  public var continuation: String { String(repeating: " ", count: max(0, prompt.count - 5)) + "...: " }

  /// The words that mean something now.
  public var vocabulary: PromptVocabulary {
    PromptVocabulary(names: session.knownNames, sessions: workspace.sessions.map(\.name))
  }

  /// Whether the source typed so far is a whole entry.
  public func isComplete(_ source: String) -> Bool { vocabulary.state(of: source) != .incomplete }

  /// Takes the source typed so far.
  ///
  /// - Parameters:
  ///   - repeated: the number of the cell that it is another edition of, where it is one: that one's results no longer
  ///     count.
  ///   - givesParameters: whether its lines `name = literal` set parameters from outside, as in a cell of papermill's.
  public func enter(_ source: String, repeating repeated: Int? = nil, givesParameters: Bool = false) -> Next {
    outcome = nil
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
      switch run(cell, repeating: repeated, givesParameters: givesParameters) {
      case .done: continue
      case .incomplete: return .line
      case .failed, .interrupted: return .cell
      }
    }
    return .cell
  }

  /// The cells of what was typed or pasted: a notebook is several.
  static func cells(of source: String) -> [String] {
    guard source.split(separator: "\n").contains(where: { $0.hasPrefix("# %%") }),
      let notebook = NotebookFormat.read(source, name: "pasted").notebook
    else { return [source] }
    let runnable = notebook.runnableCells
    return notebook.cells.filter { runnable.contains($0.index) && !$0.source.isEmpty }.map(\.source)
  }

  /// `?train` and `train?` as `help train`.
  public static func helpRequest(_ text: String) -> String? {
    guard !text.contains("\n") else { return nil }
    if text == "?" { return "help" }
    let topic = text.hasPrefix("?") ? text.dropFirst() : text.hasSuffix("?") ? text.dropLast() : nil
    return topic.map { "help " + $0.trimmingCharacters(in: .whitespaces) }
  }

  /// Runs a cell and shows what comes of it.
  func run(
    _ source: String, repeating repeated: Int? = nil, givesParameters: Bool = false
  ) -> Session.Outcome {
    session.interruption.clear()
    let number = number
    presenter.beginCell()
    let outcome = SessionRecorder.keeping(source, with: workspace.current.recorder) { note in
      transcript.run(source, repeating: repeated, givesParameters: givesParameters) { [presenter] output in
        note(output)
        presenter.show(output, ofCell: number)
      }
    }
    presenter.endWork()
    session.interruption.clear()
    self.outcome = outcome
    if outcome != .incomplete { noteCell() }
    return outcome
  }

  /// Sees to it that the session is kept as it is now.
  func noteCell() {
    isToBeKept = true
    if !keepsLater { keep() }
  }

  /// Puts the session on the disk, in case the program is killed, unless it is there already.
  public func keep() {
    guard isToBeKept else { return }
    isToBeKept = false
    workspace.noteCell(warn: say)
  }

  /// Shows something that no cell put out.
  func say(_ output: Output) { presenter.show(output, ofCell: nil) }

  /// Leaves a number out: the next cell has the one after it.
  public func skipNumber() { session.continueNumbering(after: number) }

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
      say(.error(error.diagnostic()))
      return .cell
    }
  }

  /// What could follow some source at its end.
  func complete(_ text: String) -> Completions { vocabulary.complete(text) }
}

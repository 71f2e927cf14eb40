import Diagnostics
import Foundation
import Language
import Notebooks
import Outputs
public import Rendering
public import Sessions

/// The conversation at the prompt, apart from the keyboard: takes entries one by one and shows what comes of
/// them.
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
  private let style: () -> TextStyle
  private let write: (String) -> Void
  private let writeProgress: (String) -> Void
  private let progressPlace: () -> ProgressLine.Place
  private var progress: ProgressLine?
  private var spacing = OutputSpacing()

  /// The session that is talked to, and its cells.
  var transcript: Transcript { workspace.current.transcript }
  var session: Session { transcript.session }
  /// The number of the cell that is asked for.
  public var number: Int { transcript.nextNumber }

  /// Creates a conversation.
  ///
  /// - Parameters:
  ///   - recorder: keeps the conversation as a run; nil where none is kept.
  ///   - style: how outputs are shown; asked each time, since a window changes.
  ///   - write: takes text that stays.
  ///   - writeProgress: takes lines about work that is under way.
  public convenience init(
    session: Session, style: @escaping () -> TextStyle, progressPlace: @escaping () -> ProgressLine.Place,
    write: @escaping (String) -> Void, writeProgress: @escaping (String) -> Void
  ) {
    self.init(
      Workspace(session: session), style: style, progressPlace: progressPlace, write: write,
      writeProgress: writeProgress)
  }

  init(
    _ workspace: Workspace, style: @escaping () -> TextStyle,
    progressPlace: @escaping () -> ProgressLine.Place, write: @escaping (String) -> Void,
    writeProgress: @escaping (String) -> Void
  ) {
    self.workspace = workspace
    self.style = style
    self.progressPlace = progressPlace
    self.write = write
    self.writeProgress = writeProgress
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
      write("Ctrl-D leaves, and so does :quit\n")
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
    spacing = OutputSpacing()
    let outcome = SessionRecorder.keeping(source, with: workspace.current.recorder) { note in
      transcript.run(source, repeating: repeated) { [self] output in
        note(output)
        show(output, number: number)
      }
    }
    writeProgress(progress?.interrupted() ?? "")
    progress = nil
    session.interruption.clear()
    if outcome != .incomplete { workspace.noteCell(warn: say) }
    return outcome
  }

  private func show(_ output: Output, number: Int) {
    if case .progress(let update) = output {
      var line = progress ?? ProgressLine(progressPlace())
      line.place = progressPlace()
      writeProgress(line.text(for: update))
      progress = line
      return
    }
    writeProgress(progress?.interrupted() ?? "")
    let text = output.text(style())
    write(spacing.before(output))
    if case .value = output {
      write(style().inked("Out[\(number)]: ", .cyan) + (text.contains("\n") ? "\n" : "") + text + "\n")
    } else {
      write(text + "\n")
    }
  }

  /// Shows something that no cell put out.
  func say(_ output: Output) { show(output, number: number) }

  /// The commands that act on the prompt itself.
  private func command(_ text: String) -> Next {
    spacing = OutputSpacing()
    let word = text.dropFirst().prefix { !$0.isWhitespace }
    do {
      guard let command = PromptCommand.find(String(word)) else {
        throw PromptCommand.unknown(String(word))
      }
      let rest = text.dropFirst(word.count + 1).trimmingCharacters(in: .whitespacesAndNewlines)
      return try command.action(self, PromptArguments(rest))
    } catch {
      say(.error((error as? Diagnostic) ?? Diagnostic("internal-error", "\(error)")))
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

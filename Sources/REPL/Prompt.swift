import Diagnostics
import Foundation
import Language
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

  private let session: Session
  private let style: () -> TextStyle
  private let write: (String) -> Void
  private let writeProgress: (String) -> Void
  private let progressPlace: () -> ProgressLine.Place
  private var progress: ProgressLine?
  /// The number of the cell that is asked for.
  public private(set) var number = 1

  /// Creates a conversation.
  ///
  /// - Parameters:
  ///   - style: how outputs are shown; asked each time, since a window changes.
  ///   - write: takes text that stays.
  ///   - writeProgress: takes lines about work that is under way.
  public init(
    session: Session, style: @escaping () -> TextStyle, progressPlace: @escaping () -> ProgressLine.Place,
    write: @escaping (String) -> Void, writeProgress: @escaping (String) -> Void
  ) {
    self.session = session
    self.style = style
    self.progressPlace = progressPlace
    self.write = write
    self.writeProgress = writeProgress
  }

  /// What stands before the first line of a cell.
  public var prompt: String { "In [\(number)]: " }
  /// What stands before its other lines.
  public var continuation: String { String(repeating: " ", count: max(0, prompt.count - 5)) + "...: " }

  /// Takes the source typed so far.
  public func enter(_ source: String) -> Next {
    let trimmed = source.trimmingCharacters(in: .whitespacesAndNewlines)
    if trimmed.isEmpty { return .cell }
    if trimmed.hasPrefix(":") { return command(trimmed) }
    if ["exit", "quit"].contains(trimmed) {
      write("Ctrl-D leaves, and so does :quit\n")
      return .cell
    }
    let cell = SourceText(Prompt.helpRequest(trimmed) ?? source, name: "In [\(number)]")
    session.interruption.clear()
    let outcome = session.evaluate(cell) { [self] in show($0) }
    writeProgress(progress?.interrupted() ?? "")
    progress = nil
    guard outcome != .incomplete else { return .line }
    session.interruption.clear()
    number += 1
    return .cell
  }

  /// `?train` and `train?` as `help train`.
  private static func helpRequest(_ text: String) -> String? {
    if text == "?" { return "help" }
    let topic = text.hasPrefix("?") ? text.dropFirst() : text.hasSuffix("?") ? text.dropLast() : nil
    return topic.map { "help " + $0.trimmingCharacters(in: .whitespaces) }
  }

  private func show(_ output: Output) {
    if case .progress(let update) = output {
      var line = progress ?? ProgressLine(progressPlace())
      writeProgress(line.text(for: update))
      progress = line
      return
    }
    writeProgress(progress?.interrupted() ?? "")
    let text = output.text(style())
    if case .value = output {
      let label = "Out[\(number)]: "
      write(label + (text.contains("\n") ? "\n" : "") + text + "\n")
    } else {
      write(text + "\n")
    }
  }

  /// The commands that act on the prompt itself.
  private func command(_ text: String) -> Next {
    switch text {
    case ":quit", ":q": return .leave
    case ":help":
      write(
        ":quit leaves, :help shows this; `help` lists the commands of the language, `?train` explains one\n")
    default:
      let guess = DidYouMean.nearest(to: text, among: [":quit", ":help"])
      write(
        "There is no `\(text)` here. \(guess.map { "Did you mean `\($0)`?" } ?? "There are :help and :quit.")\n"
      )
    }
    return .cell
  }
}

import Diagnostics
import Foundations
import Localization
import Outputs
import Rendering
public import Terminal
public import Walkthroughs

/// A lesson as text: what it shows, in the words and columns of a terminal. It knows no keyboard.
public final class LearnPrompt {
  private let presenter: Presenter

  /// Creates the page that a lesson writes on.
  public init(_ presenter: Presenter) { self.presenter = presenter }

  private var style: TextStyle { presenter.style }

  /// Shows an event.
  public func show(_ event: Lesson.Event) {
    if case .output(let output) = event {
      presenter.show(output)
    } else {
      presenter.show(text: text(of: event) + "\n")
    }
  }

  private func text(of event: Lesson.Event) -> String {
    switch event {
    case .step(let number, let count, let title):
      return "\n" + headline(LessonPhrase.place(number, of: count).text, title.onOneLine)
    case .prose(let markdown):
      return MarkdownText.text(markdown.sanitized(keepsTabs: true), style: style) + "\n"
    case .code(let source): return gutter(source.sanitized(keepsTabs: true)) + "\n"
    case .output: return ""
    case .note(let note):
      return note.sanitized(keepsTabs: true).wrapped(to: style.width).joined(separator: "\n")
    case .notYet(let diagnostic): return notYet(diagnostic)
    }
  }

  /// `-- 3 of 12: The network -----`
  private func headline(_ place: String, _ title: String) -> String {
    let text = "-- " + localized("\(place): \(title)") + " "
    let line = text + String(repeating: "-", count: max(3, min(style.width, 80) - text.displayWidth))
    return style.inked(line, .cyan)
  }

  /// A cell set apart from what is said about it.
  private func gutter(_ source: String) -> String {
    source.split(separator: "\n", omittingEmptySubsequences: false).map { "  | \($0)" }.joined(
      separator: "\n")
  }

  /// What a check expected, what it found and how to go on.
  private func notYet(_ diagnostic: Diagnostic) -> String {
    var lines = [LessonPhrase.notYet(diagnostic.message).text]
    if diagnostic.code == .assertionFailed, let condition = diagnostic.blamedText {
      lines.append(LessonPhrase.theCheckIs(String(condition)).text)
    }
    lines += diagnostic.notes
    lines.append(LessonPhrase.tryAgain.text)
    return lines.flatMap { $0.sanitized(keepsTabs: true).wrapped(to: style.width) }.joined(separator: "\n")
  }
}

extension Diagnostic {
  /// The source that it points at.
  fileprivate var blamedText: String? {
    guard let source, let span else { return nil }
    let text = source.text(in: span)
    return text.isEmpty ? nil : String(text)
  }
}

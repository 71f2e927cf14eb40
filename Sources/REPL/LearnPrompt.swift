import Diagnostics
import Outputs
public import Rendering
public import Walkthroughs

/// A lesson as text: what it shows, in the words and columns of a terminal. It knows no keyboard.
public final class LearnPrompt {
  private let style: () -> TextStyle
  private let progressPlace: () -> ProgressLine.Place
  private let write: (String) -> Void
  private let writeProgress: (String) -> Void
  private var progress: ProgressLine?
  private var spacing = OutputSpacing()

  /// Creates the page that a lesson writes on.
  ///
  /// - Parameters:
  ///   - style: how outputs are shown; asked each time, since a window changes.
  ///   - write: takes text that stays.
  ///   - writeProgress: takes lines about work that is under way.
  public init(
    style: @escaping () -> TextStyle, progressPlace: @escaping () -> ProgressLine.Place,
    write: @escaping (String) -> Void, writeProgress: @escaping (String) -> Void
  ) {
    self.style = style
    self.progressPlace = progressPlace
    self.write = write
    self.writeProgress = writeProgress
  }

  /// Shows an event.
  public func show(_ event: Lesson.Event) {
    if case .output(.progress(let update)) = event {
      var line = progress ?? ProgressLine(progressPlace())
      line.place = progressPlace()
      writeProgress(line.text(for: update))
      progress = update.isFinal ? nil : line
      return
    }
    writeProgress(progress?.interrupted() ?? "")
    progress = nil
    if case .output(let output) = event {
      write(spacing.before(output))
    } else {
      spacing = OutputSpacing()
    }
    write(text(of: event) + "\n")
  }

  private func text(of event: Lesson.Event) -> String {
    switch event {
    case .step(let number, let count, let title): return "\n" + headline("\(number) of \(count)", title)
    case .prose(let markdown): return MarkdownText.text(markdown, style: style()) + "\n"
    case .code(let source): return gutter(source) + "\n"
    case .output(let output): return output.text(style())
    case .note(let note): return note.wrapped(to: style().width).joined(separator: "\n")
    case .notYet(let diagnostic): return notYet(diagnostic)
    }
  }

  /// `-- 3 of 12: The network -----`
  private func headline(_ place: String, _ title: String) -> String {
    let text = "-- \(place): \(title) "
    let line = text + String(repeating: "-", count: max(3, min(style().width, 80) - text.displayWidth))
    return style().inked(line, .cyan)
  }

  /// A cell set apart from what is said about it.
  private func gutter(_ source: String) -> String {
    source.split(separator: "\n", omittingEmptySubsequences: false).map { "  | \($0)" }.joined(
      separator: "\n")
  }

  /// What a check expected, what it found and how to go on.
  private func notYet(_ diagnostic: Diagnostic) -> String {
    var lines = ["Not yet: \(diagnostic.message)"]
    if diagnostic.code == "assertion-failed", let condition = diagnostic.blamedText {
      lines.append("The check is: \(condition)")
    }
    lines += diagnostic.notes
    lines.append("Go on trying; `hint` helps, `skip` shows a solution.")
    return lines.flatMap { $0.wrapped(to: style().width) }.joined(separator: "\n")
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

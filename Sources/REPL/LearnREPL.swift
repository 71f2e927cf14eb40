import Diagnostics
import Foundation
import Language
import Localization
import Notebooks
public import Sessions
public import Terminal
public import Walkthroughs

/// A walkthrough at a terminal, or fed from a pipe: a line reader joined to a lesson.
public struct LearnREPL {
  private let lesson: Lesson
  private let interruption: InterruptionRequest
  private let offered = Offered()

  /// Joins a lesson to the process's own streams.
  ///
  /// - Parameters:
  ///   - store: where progress is kept.
  ///   - makeSession: makes the sessions that the lesson needs.
  public init(
    _ walkthrough: Walkthrough, store: ProgressStore, terminal: Terminal, interruption: InterruptionRequest,
    makeSession: @escaping () -> Session
  ) {
    self.interruption = interruption
    let prompt = LearnPrompt(Presenter(terminal))
    var hasWarned = false
    lesson = Lesson(
      walkthrough, progress: store.progress(in: walkthrough), makeSession: makeSession,
      save: { progress in
        guard let reason = store.keep(progress, in: walkthrough), !hasWarned else { return }
        hasWarned = true
        Streams.writeError((localized("Your progress is not saved: \(reason).") + "\n").sanitized())
      }, show: prompt.show)
  }

  /// Plays until the learner leaves or there is nothing more to read.
  public func run() { lesson.language.speaking(play) }

  private func play() {
    Streams.write(
      "\(lesson.walkthrough.title.onOneLine)\n\n\(LessonPhrase.welcome.text)\n"
    )
    for word in Lesson.Word.allCases {
      Streams.write(
        "  \(word.rawValue.padding(toLength: 7, withPad: " ", startingAt: 0))\(LessonPhrase.help(word).text)\n"
      )
    }
    lesson.begin()
    let reader = isatty(STDIN_FILENO) == 1 ? LineReader(history: nil, questions) : nil
    while playEntry(reader) {}
  }

  /// Reads one entry and takes it to the lesson; false when the learner leaves.
  private func playEntry(_ reader: LineReader?) -> Bool {
    var lines: [String] = []
    offerStarter(to: reader)
    while true {
      interruption.clear()
      reader?.earlierLines = lines.map { $0 + "\n" }.joined()
      switch answer(reader, prompt: lines.isEmpty ? prompt : "  ...: ") {
      case .interrupted: return true
      case .end:
        Streams.write("\n")
        return false
      case .text(let text): lines.append(text)
      }
      let entry = lines.joined(separator: "\n")
      if let request = Prompt.helpRequest(entry.trimmingCharacters(in: .whitespaces)) {
        lesson.ask(request)
        reader?.remember(entry)
        return true
      }
      switch lesson.enter(entry) {
      case .line: continue
      case .entry:
        reader?.remember(entry)
        return true
      case .leave: return false
      }
    }
  }

  private var prompt: String {
    lesson.step == nil ? "end> " : "\(lesson.place + 1)/\(lesson.walkthrough.steps.count)> "
  }

  private func answer(_ reader: LineReader?, prompt: String) -> LineReader.Answer {
    guard let reader else { return readLine().map(LineReader.Answer.text) ?? .end }
    return reader.read(prompt: prompt, continuation: "  ...: ") { interruption.isRequested }
  }

  /// Makes the starter of an exercise what the Up key brings first, to be changed there.
  private func offerStarter(to reader: LineReader?) {
    guard let step = lesson.step, step.isExercise, let starter = step.code?.source,
      offered.place != lesson.place
    else { return }
    offered.place = lesson.place
    reader?.remember(starter)
  }

  private var questions: LineReader.Questions {
    LineReader.Questions(
      complete: { [lesson] in Completer.complete($0, names: lesson.session.knownNames) },
      isComplete: { [lesson] in !lesson.session.check(SourceText($0, name: "")).isIncomplete })
  }
}

/// The step whose starter was offered last.
private final class Offered {
  var place: Int?
}

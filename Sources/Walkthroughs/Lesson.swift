public import Diagnostics
public import Localization
import Notebooks
public import Outputs
public import Sessions

/// A walkthrough under way: takes what the learner types and tells what to show. It knows no terminal.
///
/// ```swift
/// let notebook = Notebook(cells: [Cell(.markdown, "# Sums"), Cell(.code, "print 1 + 1")])
/// var shown: [Lesson.Event] = []
/// let lesson = Lesson(
///   Walkthrough(name: "sums", notebook: notebook), makeSession: { Session() }, save: { _ in },
///   show: { shown.append($0) })
/// lesson.begin()  // shows the title, the prose and the code
/// _ = lesson.enter("")  // runs the code
/// ```
public final class Lesson {
  /// Something to show.
  public enum Event: Equatable {
    /// A step begins: its place from 1, how many there are, and what it is about.
    case step(number: Int, of: Int, title: String)
    /// Markdown to read.
    case prose(String)
    /// A cell that Enter will run, a starter to change, or a solution.
    case code(String)
    /// What a cell showed.
    case output(Output)
    /// A word from the walkthrough itself.
    case note(String)
    /// What a check expected, and what it found.
    case notYet(Diagnostic)
  }

  /// What to do after an entry.
  public enum Next: Equatable {
    /// Ask for the next entry.
    case entry
    /// Ask for another line of the same entry.
    case line
    /// Leave.
    case leave
  }

  let stage: Stage
  let show: (Event) -> Void
  private let save: (LessonProgress) -> Void
  /// The step that the learner is at; one past the last at the end.
  public private(set) var place: Int
  /// How far the learner came, exercises and all.
  public private(set) var progress: LessonProgress
  private var entries = 0
  /// Whether anything was typed since the step began.
  private var hasTyped = false
  /// How many hints were asked for since the step began.
  private var hintsGiven = 0
  /// What was typed since the step began, whatever came of it.
  private var attempts: [String] = []
  /// What of it ran.
  var answer: [String] = []
  /// The session before each entry, and how much had been answered: what `:undo` goes back to.
  var states: [(session: SessionSnapshot, answered: Int)] = []
  /// The session as an exercise found it.
  private var stepStart: SessionSnapshot?

  /// Takes a walkthrough up where the learner left it. Nothing is shown before ``begin()``.
  ///
  /// - Parameters:
  ///   - progress: how far the learner is.
  ///   - makeSession: makes a fresh session, with the random numbers of a headless run.
  ///   - save: keeps the progress; called after each step.
  ///   - show: takes what there is to show.
  public init(
    _ walkthrough: Walkthrough, progress: LessonProgress = LessonProgress(),
    makeSession: @escaping () -> Session, save: @escaping (LessonProgress) -> Void,
    show: @escaping (Event) -> Void
  ) {
    stage = Stage(walkthrough, makeSession: makeSession)
    self.progress = progress
    self.save = save
    self.show = show
    place = progress.place(in: walkthrough)
  }

  /// The walkthrough.
  public var walkthrough: Walkthrough { stage.walkthrough }
  /// The session that everything is evaluated in.
  public var session: Session { stage.session }
  /// The step that the learner is at; nil at the end.
  public var step: Step? { place < walkthrough.steps.count ? walkthrough.steps[place] : nil }

  /// Shows where the learner is, the steps before done silently.
  public func begin() {
    language.speaking {
      if place > 0 { rebuild() }
      showStep()
    }
  }

  /// Takes what was typed so far: one of ``Word``, or source for the session.
  public func enter(_ text: String) -> Next { language.speaking { take(text) } }

  private func take(_ text: String) -> Next {
    let trimmed = text.trimmingSpaces
    if trimmed.isEmpty { return advance() }
    if let word = Word(rawValue: trimmed.hasPrefix(":") ? String(trimmed.dropFirst()) : trimmed) {
      return follow(word)
    }
    if trimmed.hasPrefix(":") { return followPromptWord(String(trimmed.dropFirst())) }
    entries += 1
    hasTyped = true
    let before = session.snapshot()
    let result = stage.run(SourceText(text, name: "In [\(entries)]")) { [show] in show(.output($0)) }
    if result.outcome == .incomplete {
      entries -= 1
      return .line
    }
    states.append((before, answer.count))
    attempts.append(text)
    if result.isDone { answer.append(text) } else if isPartOfStarter(text) { say(.triedWithTheRest) }
    return .entry
  }

  /// Answers a question, such as `help train`, which is no attempt at an exercise.
  public func ask(_ request: String) {
    language.speaking {
      _ = stage.run(SourceText(request, name: "In [\(entries + 1)]")) { [show] in show(.output($0)) }
    }
  }

  /// The language that the lesson speaks in.
  public var language: UserLanguage { walkthrough.language }

  func say(_ phrase: LessonPhrase) { show(.note(phrase.text)) }

  // MARK: Going on

  /// What Enter does: runs the step's cell, or looks at what an exercise has come to.
  private func advance() -> Next {
    guard let step else { return .leave }
    if step.isExercise {
      check(step)
      return .entry
    }
    guard let code = step.code else {
      move(to: place + 1)
      return .entry
    }
    switch stage.run(code, emit: { [show] in show(.output($0)) }).outcome {
    case .done: move(to: place + 1)
    case .interrupted: say(.stopped)
    case .failed, .incomplete:
      say(.needsEarlier)
    }
    return .entry
  }

  /// Looks at what an exercise has come to, once there is something to look at.
  private func check(_ step: Step) {
    guard hasTyped || step.check == nil else {
      return say(.typeFirst)
    }
    guard let problem = problem(of: step) else { return pass(step, as: \.solved) }
    if completesStarter(of: step) {
      say(.withTheRest)
      return pass(step, as: \.solved)
    }
    if let error = problem.error { show(.notYet(error)) }
  }

  /// What keeps an exercise's check from holding; nil where it holds. What the check shows besides is no concern of the
  /// learner's.
  private func problem(of step: Step) -> Stage.Result? {
    guard let check = step.check else { return nil }
    let result = stage.run(check) { [show] in if case .progress = $0 { show(.output($0)) } }
    return result.isDone ? nil : result
  }

  /// Whether the check holds once the starter has run with the typed lines in it: the last entry, or all of them. Where it
  /// does, that is what is kept.
  private func completesStarter(of step: Step) -> Bool {
    guard let starter = step.code, let start = stepStart else { return false }
    let typed = [attempts.last ?? "", attempts.joined(separator: "\n")]
    var completed: [String] = []
    for typed in typed {
      for replacesLines in [true, false] {
        let source = MissingLine.completed(starter.source, with: typed, replacesLines: replacesLines)
        if let source, !completed.contains(source) { completed.append(source) }
      }
    }
    let end = session.snapshot()
    for source in completed {
      session.restore(start)
      if run(quietly: source).isDone, problem(of: step) == nil {
        answer = [source]
        return true
      }
    }
    session.restore(end)
    return false
  }

  /// Whether a text may be what an exercise's starter lacks, so that its failure by itself says little.
  private func isPartOfStarter(_ text: String) -> Bool {
    guard let step, step.isExercise, step.check != nil, let starter = step.code?.source else { return false }
    return MissingLine.completed(starter, with: text, replacesLines: true) != nil
  }

  /// Runs a cell and shows its progress alone.
  private func run(quietly source: String) -> Stage.Result {
    stage.run(SourceText(source, name: "In [\(entries)]")) { [show] in
      if case .progress = $0 { show(.output($0)) }
    }
  }

  /// Notes that an exercise is done with and goes on.
  func pass(_ step: Step, as list: WritableKeyPath<LessonProgress, Set<String>>) {
    if list == \LessonProgress.solved { progress.skipped.remove(step.id) }
    progress[keyPath: list].insert(step.id)
    if list == \LessonProgress.solved {
      progress.keep(answer: answer.joined(separator: "\n"), to: step.id)
      say(.right)
    }
    for cell in step.afterword { show(.prose(cell.source)) }
    move(to: place + 1)
  }

  /// Goes to a step, keeps that and shows it.
  func move(to place: Int) {
    self.place = place
    hasTyped = false
    hintsGiven = 0
    attempts = []
    answer = []
    states = []
    progress.step = place
    progress.cell = step?.id
    save(progress)
    showStep()
  }

  /// Goes to an earlier step, with the session that belongs to it.
  func goBack(to place: Int, forgetting: Bool = false) {
    if forgetting { progress = LessonProgress() }
    self.place = place
    rebuild()
    move(to: place)
  }

  /// A fresh session as the notebook would leave it before this step.
  func rebuild() {
    let result = stage.replay(before: place) { [show] in show(.output($0)) }
    guard !result.isDone else { return }
    if let error = result.error { show(.output(.error(error))) }
    say(.someFailed)
  }

  private func showStep() {
    guard let step else { return showEnd() }
    show(.step(number: place + 1, of: walkthrough.steps.count, title: step.title))
    for cell in step.prose {
      let text = cell.source.withoutHeadline([step.title, walkthrough.title])
      if !text.isEmpty { show(.prose(text)) }
    }
    guard let code = step.code else { return }
    if !code.source.isEmpty { show(.code(code.source)) }
    if step.isExercise {
      stepStart = session.snapshot()
      say(.yourTurn)
    }
  }

  private func showEnd() {
    let exercises = walkthrough.exercises
    let solved = exercises.count { progress.solved.contains($0.id) }
    say(.end(title: walkthrough.title, solved: solved, exercises: exercises.count))
  }
}

extension String {
  /// Markdown without its first line, where that is one of these headlines and so has been said.
  fileprivate func withoutHeadline(_ said: [String]) -> String {
    let line = prefix { !$0.isNewline }
    guard line.hasPrefix("#"), said.contains(String(line.drop { $0 == "#" || $0 == " " })) else {
      return self
    }
    return String(dropFirst(line.count).drop(while: \.isNewline))
  }

  var trimmingSpaces: String {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}

// MARK: - Words

extension Lesson {
  /// What a learner can say to the walkthrough. Everything else is the language.
  public enum Word: String, CaseIterable, Sendable {
    case hint, skip, back, reset, list, quit

    /// What it does, in a few words.
    public var help: String {
      switch self {
      case .hint: localized("a hint for this exercise")
      case .skip: localized("show and run a solution and move on")
      case .back: localized("go back one step")
      case .reset: localized("start over")
      case .list: localized("the steps, and where you are")
      case .quit: localized("leave; your progress is saved")
      }
    }
  }

  /// Does what a word says.
  func follow(_ word: Word) -> Next {
    switch word {
    case .hint: hint()
    case .skip: skip()
    case .back: back()
    case .reset: goBack(to: 0, forgetting: true)
    case .list: show(.note(listing))
    case .quit: return .leave
    }
    return .entry
  }

  private func hint() {
    guard let step, step.isExercise else {
      return say(.noExercise(isLast: step == nil))
    }
    let hints = step.code?.hints ?? []
    guard !hints.isEmpty else {
      return say(.noHint)
    }
    // The last one is told again and again.
    let index = min(hintsGiven, hints.count - 1)
    hintsGiven += 1
    let count = hints.count > 1 ? LessonPhrase.hint(index + 1, of: hints.count).text : ""
    show(.note(count + hints[index]))
  }

  /// Shows the solution and runs it where nothing that was typed is in its way.
  private func skip() {
    guard let step, step.isExercise else {
      return say(.noSkip(isLast: step == nil))
    }
    guard let solution = step.solution else {
      say(.noSolution)
      return pass(step, as: \.skipped)
    }
    say(.oneSolution)
    show(.code(solution.source))
    rebuild()
    let result = stage.run(solution) { [show] in show(.output($0)) }
    guard result.isDone else {
      return say(.brokenSolution)
    }
    if let check = step.check { _ = stage.run(check) { _ in } }
    pass(step, as: \.skipped)
  }

  private func back() {
    place == 0 ? say(.firstStep) : goBack(to: place - 1)
  }

  private var listing: String {
    walkthrough.steps.enumerated().map { index, step in
      let mark = index == place ? ">" : " "
      return "\(mark) \(index + 1). \(step.title)\(remark(on: step))"
    }.joined(separator: "\n")
  }

  private func remark(on step: Step) -> String {
    guard step.isExercise else { return "" }
    if progress.solved.contains(step.id) { return LessonPhrase.isSolved.text }
    return (progress.skipped.contains(step.id) ? LessonPhrase.isSkipped : .isExercise).text
  }
}

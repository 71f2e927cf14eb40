public import Diagnostics
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
    if place > 0 { rebuild() }
    showStep()
  }

  /// Takes what was typed so far: one of ``Word``, or source for the session.
  public func enter(_ text: String) -> Next {
    let trimmed = text.trimmingSpaces
    if trimmed.isEmpty { return advance() }
    if let word = Word(rawValue: trimmed.hasPrefix(":") ? String(trimmed.dropFirst()) : trimmed) {
      return follow(word)
    }
    entries += 1
    hasTyped = true
    let result = stage.run(SourceText(text, name: "In [\(entries)]")) { [show] in show(.output($0)) }
    if result.outcome == .incomplete {
      entries -= 1
      return .line
    }
    return .entry
  }

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
    case .interrupted: show(.note("Stopped. Enter runs the cell again."))
    case .failed, .incomplete:
      show(
        .note(
          "This cell needs the result of an earlier one. `back` goes back there, without what you typed since."
        ))
    }
    return .entry
  }

  /// Looks at what an exercise has come to, once there is something to look at.
  private func check(_ step: Step) {
    guard hasTyped || step.check == nil else {
      return show(.note("Type your code first. `hint` gives a hint, `skip` shows a solution."))
    }
    if isSolved(step) { pass(step, as: \.solved) }
  }

  /// Whether an exercise's check holds. What the check shows besides is no concern of the learner's.
  private func isSolved(_ step: Step) -> Bool {
    guard let check = step.check else { return true }
    let result = stage.run(check) { [show] in if case .progress = $0 { show(.output($0)) } }
    if result.isDone { return true }
    if let error = result.error { show(.notYet(error)) }
    return false
  }

  /// Notes that an exercise is done with and goes on.
  func pass(_ step: Step, as list: WritableKeyPath<LessonProgress, Set<String>>) {
    if list == \LessonProgress.solved { progress.skipped.remove(step.id) }
    progress[keyPath: list].insert(step.id)
    if list == \LessonProgress.solved { show(.note("Right.")) }
    for cell in step.afterword { show(.prose(cell.source)) }
    move(to: place + 1)
  }

  /// Goes to a step, keeps that and shows it.
  func move(to place: Int) {
    self.place = place
    hasTyped = false
    hintsGiven = 0
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
    show(.note("Some of the cells before this one failed, so something may be missing here."))
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
      show(
        .note(
          "Your turn. Type your code (the Up key recalls the starter), then press Enter on an empty line to check it."
        ))
    }
  }

  private func showEnd() {
    let exercises = walkthrough.exercises
    let solved = exercises.count { progress.solved.contains($0.id) }
    let score = exercises.isEmpty ? "" : " You solved \(solved) of \(exercises.count.counted("exercise"))."
    show(.note("This is the end of \"\(walkthrough.title)\".\(score) Try what you like; Enter leaves."))
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
      case .hint: "a hint for this exercise"
      case .skip: "show and run a solution and move on"
      case .back: "go back one step"
      case .reset: "start over"
      case .list: "the steps, and where you are"
      case .quit: "leave; your progress is saved"
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
      return show(.note("This is not an exercise; Enter \(step == nil ? "leaves" : "goes on")."))
    }
    let hints = step.code?.hints ?? []
    guard !hints.isEmpty else {
      return show(.note("There is no hint for this exercise. `skip` shows a solution."))
    }
    // The last one is told again and again.
    let index = min(hintsGiven, hints.count - 1)
    hintsGiven += 1
    let count = hints.count > 1 ? "Hint \(index + 1) of \(hints.count): " : ""
    show(.note(count + hints[index]))
  }

  /// Shows the solution and runs it where nothing that was typed is in its way.
  private func skip() {
    guard let step, step.isExercise else {
      return show(
        .note("Only an exercise can be skipped; Enter \(step == nil ? "leaves" : "runs this cell")."))
    }
    guard let solution = step.solution else {
      show(.note("There is no solution for this exercise. Moving on without it."))
      return pass(step, as: \.skipped)
    }
    show(.note("One solution:"))
    show(.code(solution.source))
    rebuild()
    let result = stage.run(solution) { [show] in show(.output($0)) }
    guard result.isDone else {
      return show(.note("The solution did not complete. Try `skip` again, or solve it yourself."))
    }
    if let check = step.check { _ = stage.run(check) { _ in } }
    pass(step, as: \.skipped)
  }

  private func back() {
    place == 0 ? show(.note("This is the first step.")) : goBack(to: place - 1)
  }

  private var listing: String {
    walkthrough.steps.enumerated().map { index, step in
      let mark = index == place ? ">" : " "
      return "\(mark) \(index + 1). \(step.title)\(remark(on: step))"
    }.joined(separator: "\n")
  }

  private func remark(on step: Step) -> String {
    guard step.isExercise else { return "" }
    if progress.solved.contains(step.id) { return " (exercise, solved)" }
    return progress.skipped.contains(step.id) ? " (exercise, skipped)" : " (exercise)"
  }
}

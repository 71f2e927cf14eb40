import Notebooks

extension Lesson {
  /// What a learner can say to the walkthrough. Everything else is the language.
  public enum Word: String, CaseIterable, Sendable {
    case hint, skip, back, reset, list, quit

    /// What it does, in a few words.
    public var help: String {
      switch self {
      case .hint: "help with this exercise"
      case .skip: "show a solution, run it and go on"
      case .back: "go one step back"
      case .reset: "start over"
      case .list: "the steps, and where you are"
      case .quit: "leave; your place is kept"
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
      return show(.note("There is nothing to solve here; Enter \(step == nil ? "leaves" : "goes on")."))
    }
    show(.note(step.code?.hint ?? "There is no hint here. `skip` shows a solution."))
  }

  /// Shows the solution and runs it where nothing that was typed is in its way.
  private func skip() {
    guard let step, step.isExercise else {
      return show(
        .note("Only an exercise can be skipped; Enter \(step == nil ? "leaves" : "runs this cell")."))
    }
    guard let solution = step.solution else {
      show(.note("There is no solution here. You go on without it."))
      return pass(step, as: \.skipped)
    }
    show(.note("This is one way to do it:"))
    show(.code(solution.source))
    rebuild()
    let result = stage.run(solution) { [show] in show(.output($0)) }
    guard result.isDone else {
      return show(.note("The solution did not run to its end. Try `skip` again, or go on by yourself."))
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

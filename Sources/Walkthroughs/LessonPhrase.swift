import Localization

/// Whatever a lesson says for itself, in the language that is spoken while the lesson runs.
public enum LessonPhrase: Sendable, Equatable {
  case help(Lesson.Word)
  case welcome, yourTurn, right, withTheRest, triedWithTheRest, typeFirst, oneSolution
  case hint(Int, of: Int)
  case noHint, noExercise(isLast: Bool), noSkip(isLast: Bool), noSolution, brokenSolution
  case firstStep, stopped, needsEarlier, someFailed
  case end(title: String, solved: Int, exercises: Int)
  case isExercise, isSolved, isSkipped
  case place(Int, of: Int)
  case notYet(String), theCheckIs(String), tryAgain
  case words([String]), nothingToUndo, undone, saveHow
  case isThere(String), saved(String), cannotWrite(String)

  /// The phrase.
  public var text: String {
    switch self {
    case .help(let word): word.help
    case .welcome: localized("Enter runs the next cell. Anything else you type runs as at the prompt.")
    case .yourTurn:
      localized(
        "Your turn. Type your code (the Up key recalls the starter), then press Enter on an empty line to check it."
      )
    case .right: localized("Right.")
    case .withTheRest: localized("Together with the rest of the starter:")
    case .triedWithTheRest:
      localized("Enter on an empty line tries it together with the rest of the starter.")
    case .typeFirst: localized("Type your code first. `hint` gives a hint, `skip` shows a solution.")
    case .oneSolution: localized("One solution:")
    case .hint(let number, let count): localized("Hint \(number) of \(count): ")
    case .noHint: localized("There is no hint for this exercise. `skip` shows a solution.")
    case .noExercise(isLast: true): localized("This is not an exercise; Enter leaves.")
    case .noExercise(isLast: false): localized("This is not an exercise; Enter goes on.")
    case .noSkip(isLast: true): localized("Only an exercise can be skipped; Enter leaves.")
    case .noSkip(isLast: false): localized("Only an exercise can be skipped; Enter runs this cell.")
    case .noSolution: localized("There is no solution for this exercise. Moving on without it.")
    case .brokenSolution:
      localized("The solution did not complete. Try `skip` again, or solve it yourself.")
    case .firstStep: localized("This is the first step.")
    case .stopped: localized("Stopped. Enter runs the cell again.")
    case .needsEarlier:
      localized(
        "This cell needs the result of an earlier one. `back` goes back there, without what you typed since.")
    case .someFailed:
      localized("Some of the cells before this one failed, so something may be missing here.")
    case .end(let title, let solved, let exercises):
      localized("This is the end of \"\(title)\".")
        + (exercises == 0 ? "" : " " + localized("You solved \(solved) of \(exercises, "exercise")."))
        + " " + localized("Try what you like; Enter leaves.")
    case .isExercise: localized(" (exercise)")
    case .isSolved: localized(" (exercise, solved)")
    case .isSkipped: localized(" (exercise, skipped)")
    case .place(let number, let count): localized("\(number) of \(count)")
    case .notYet(let message): localized("Not yet: \(message)")
    case .theCheckIs(let condition): localized("The check is: \(condition)")
    case .tryAgain: localized("Try again; `hint` gives a hint, `skip` shows a solution.")
    case .words(let words):
      localized("A lesson knows \(words.map { ":\($0)" }.joined(separator: ", ")).")
    case .nothingToUndo: localized("There is nothing to undo in this step. `back` goes back one step.")
    case .undone: localized("The last entry is undone.")
    case .saveHow: localized("Name a notebook to save your answers to: :save mine.nbs")
    case .isThere(let path): localized("\(path) is there already. To replace it: :save \(path) replace")
    case .saved(let path): localized("Saved as \(path). `nbs run \(path)` runs the checks.")
    case .cannotWrite(let path): localized("\(path) cannot be written.")
    }
  }
}

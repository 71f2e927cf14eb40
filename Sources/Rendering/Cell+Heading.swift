import Notebooks

extension Cell {
  /// What stands above a cell of code in a report: its title, and what it is for in a walkthrough.
  ///
  /// - Parameter lang: the language of the prose, as a header has it.
  func heading(in lang: String?) -> String? {
    let words = lang?.hasPrefix("fr") == true ? RoleWords.french : RoleWords.english
    return switch role {
    case nil: title
    case .exercise: title.map { words.exercise + words.colon + $0 } ?? words.exercise
    case .solution: title ?? words.solution
    case .check: title ?? words.check
    }
  }
}

/// What the parts of an exercise are called in a report.
private struct RoleWords {
  let exercise, colon, solution, check: String

  static let english = RoleWords(exercise: "Exercise", colon: ": ", solution: "A solution", check: "Check")
  static let french = RoleWords(
    exercise: "Exercice", colon: " : ", solution: "Une solution", check: "Vérification")
}

/// The language that a lesson speaks in: that of the notebook's header. What the engine itself says is English.
public enum LessonLanguage: Sendable, CaseIterable {
  case english, french

  /// The language of a header's `lang`; English unless it is one of the others.
  init(_ lang: String?) { self = lang?.hasPrefix("fr") == true ? .french : .english }
}

/// Whatever a lesson says for itself. The compiler sees to it that each phrase is there in each language.
public enum LessonPhrase: Sendable, Equatable {
  case help(Lesson.Word)
  case welcome, yourTurn, right, withTheRest, typeFirst, oneSolution
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
  public func text(in language: LessonLanguage) -> String {
    switch language {
    case .english: english
    case .french: french
    }
  }

  private var english: String {
    switch self {
    case .help(let word): word.help
    case .welcome: "Enter runs the next cell. Anything else you type runs as at the prompt."
    case .yourTurn:
      "Your turn. Type your code (the Up key recalls the starter), then press Enter on an empty line to check it."
    case .right: "Right."
    case .withTheRest: "Together with the rest of the starter:"
    case .typeFirst: "Type your code first. `hint` gives a hint, `skip` shows a solution."
    case .oneSolution: "One solution:"
    case .hint(let number, let count): "Hint \(number) of \(count): "
    case .noHint: "There is no hint for this exercise. `skip` shows a solution."
    case .noExercise(let isLast): "This is not an exercise; Enter \(isLast ? "leaves" : "goes on")."
    case .noSkip(let isLast):
      "Only an exercise can be skipped; Enter \(isLast ? "leaves" : "runs this cell")."
    case .noSolution: "There is no solution for this exercise. Moving on without it."
    case .brokenSolution: "The solution did not complete. Try `skip` again, or solve it yourself."
    case .firstStep: "This is the first step."
    case .stopped: "Stopped. Enter runs the cell again."
    case .needsEarlier:
      "This cell needs the result of an earlier one. `back` goes back there, without what you typed since."
    case .someFailed: "Some of the cells before this one failed, so something may be missing here."
    case .end(let title, let solved, let exercises):
      "This is the end of \"\(title)\"."
        + (exercises == 0
          ? "" : " You solved \(solved) of \(exercises) exercise\(exercises == 1 ? "" : "s").")
        + " Try what you like; Enter leaves."
    case .isExercise: " (exercise)"
    case .isSolved: " (exercise, solved)"
    case .isSkipped: " (exercise, skipped)"
    case .place(let number, let count): "\(number) of \(count)"
    case .notYet(let message): "Not yet: \(message)"
    case .theCheckIs(let condition): "The check is: \(condition)"
    case .tryAgain: "Try again; `hint` gives a hint, `skip` shows a solution."
    case .words(let words): "A lesson knows " + words.map { ":\($0)" }.joined(separator: ", ") + "."
    case .nothingToUndo: "There is nothing to undo in this step. `back` goes back one step."
    case .undone: "The last entry is undone."
    case .saveHow: "Name a notebook to save your answers to: :save mine.nbs"
    case .isThere(let path): "\(path) is there already. To replace it: :save \(path) replace"
    case .saved(let path): "Saved as \(path). `nbs run \(path)` runs the checks."
    case .cannotWrite(let path): "\(path) cannot be written."
    }
  }

  private var french: String {
    switch self {
    case .help(let word): word.frenchHelp
    case .welcome:
      "Entrée exécute la cellule suivante. Tout ce que vous tapez d'autre s'exécute comme à l'invite."
    case .yourTurn:
      "À vous. Tapez votre code (la flèche vers le haut rappelle le point de départ), puis Entrée sur une ligne vide pour le vérifier."
    case .right: "C'est juste."
    case .withTheRest: "Avec le reste du point de départ :"
    case .typeFirst: "Tapez d'abord votre code. `hint` donne un indice, `skip` montre une solution."
    case .oneSolution: "Une solution :"
    case .hint(let number, let count): "Indice \(number) sur \(count) : "
    case .noHint: "Il n'y a pas d'indice pour cet exercice. `skip` montre une solution."
    case .noExercise(let isLast): "Ce n'est pas un exercice ; Entrée \(isLast ? "quitte" : "continue")."
    case .noSkip(let isLast):
      "Seul un exercice peut être passé ; Entrée \(isLast ? "quitte" : "exécute cette cellule")."
    case .noSolution: "Il n'y a pas de solution pour cet exercice. On continue sans elle."
    case .brokenSolution:
      "La solution n'est pas allée jusqu'au bout. Essayez `skip` encore une fois, ou résolvez l'exercice vous-même."
    case .firstStep: "C'est la première étape."
    case .stopped: "Interrompu. Entrée exécute la cellule de nouveau."
    case .needsEarlier:
      "Cette cellule a besoin du résultat d'une cellule précédente. `back` y retourne, sans ce que vous avez tapé depuis."
    case .someFailed: "Des cellules précédentes ont échoué ; il manque peut-être quelque chose ici."
    case .end(let title, let solved, let exercises):
      "C'est la fin de « \(title) »."
        + (exercises == 0
          ? "" : " Vous avez résolu \(solved) exercice\(solved < 2 ? "" : "s") sur \(exercises).")
        + " Essayez ce que vous voulez ; Entrée quitte."
    case .isExercise: " (exercice)"
    case .isSolved: " (exercice, résolu)"
    case .isSkipped: " (exercice, passé)"
    case .place(let number, let count): "\(number) sur \(count)"
    case .notYet(let message): "Pas encore : \(message)"
    case .theCheckIs(let condition): "La vérification : \(condition)"
    case .tryAgain: "Essayez de nouveau ; `hint` donne un indice, `skip` montre une solution."
    case .words(let words): "Une leçon connaît " + words.map { ":\($0)" }.joined(separator: ", ") + "."
    case .nothingToUndo: "Il n'y a rien à annuler dans cette étape. `back` revient à la précédente."
    case .undone: "La dernière entrée est annulée."
    case .saveHow: "Nommez le notebook où enregistrer vos réponses : :save mien.nbs"
    case .isThere(let path): "\(path) existe déjà. Pour le remplacer : :save \(path) replace"
    case .saved(let path): "Enregistré sous \(path). `nbs run \(path)` exécute les vérifications."
    case .cannotWrite(let path): "\(path) ne peut pas être écrit."
    }
  }
}

extension Lesson.Word {
  /// What it does, in a few words of French.
  fileprivate var frenchHelp: String {
    switch self {
    case .hint: "un indice pour cet exercice"
    case .skip: "montrer et exécuter une solution, et continuer"
    case .back: "revenir d'une étape"
    case .reset: "recommencer depuis le début"
    case .list: "les étapes, et où vous en êtes"
    case .quit: "quitter ; votre progression est conservée"
    }
  }
}

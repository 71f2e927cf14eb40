import Foundation
import Foundations
import Localization
import Notebooks
import Outputs
import Sessions

/// What the prompt's `:` commands do in a lesson.
extension Lesson {
  /// Follows a word that was written with a colon and that no ``Word`` is.
  func followPromptWord(_ line: String) -> Next {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    switch words.first {
    case "undo": undo()
    case "vars": show(.output(variables))
    case "save": save(as: Array(words.dropFirst()))
    default:
      let known = Word.allCases.map(\.rawValue) + ["undo", "vars", "save FILE.nbs"]
      say(.words(known))
    }
    return .entry
  }

  private func undo() {
    guard let state = states.popLast() else {
      return say(.nothingToUndo)
    }
    session.restore(state.session)
    answer.removeLast(answer.count - state.answered)
    say(.undone)
  }

  private var variables: Output {
    let rows = session.contents.map { [$0.name, $0.kind, $0.value] }
    guard !rows.isEmpty else { return .text(localized("there are no variables, data sets or networks yet")) }
    return .table(
      Table(
        columns: [.words(localized("name")), .words(localized("kind")), .words(localized("value"))],
        rows: rows))
  }

  /// Writes what is handed in: the notebook without solutions, with the answers so far.
  private func save(as words: [String]) {
    guard let path = words.first, path.hasSuffix(".nbs"), words.count == 1 || words.dropFirst() == ["replace"]
    else { return say(.saveHow) }
    guard words.count == 2 || !FileManager.default.fileExists(atPath: path) else {
      return say(.isThere(path))
    }
    do {
      let notebook = walkthrough.answered(progress.answers ?? [:])
      try AtomicFile.write(NotebookFormat.write(notebook), to: path)
      say(.saved(path))
    } catch { say(.cannotWrite(path)) }
  }
}

extension Walkthrough {
  /// The handout with answers in the place of starters.
  ///
  /// - Parameter answers: the code by the exercise's id.
  func answered(_ answers: [String: String]) -> Notebook {
    var notebook = handout
    for place in notebook.cells.indices where notebook.cells[place].role == .exercise {
      let cell = notebook.cells[place]
      guard let answer = answers[cell.id] else { continue }
      // The answer is found by the id, which must not follow the text.
      notebook.cells[place].explicitID = cell.id
      notebook.cells[place].source = answer
    }
    return notebook
  }
}

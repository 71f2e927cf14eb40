import Diagnostics
import Foundations
import Localization
import Notebooks
import Outputs
import Sessions

/// A session that a walkthrough is played in, and what the walkthrough's own cells do to it.
final class Stage {
  let walkthrough: Walkthrough
  private let makeSession: () -> Session
  private(set) var session: Session

  /// How a cell ended, and the first error that it told, if any.
  struct Result {
    let outcome: Session.Outcome
    let error: Diagnostic?

    var isDone: Bool { outcome == .done }
  }

  /// - Parameter scratchFolder: what cells save goes there, and they read no other file than the walkthrough names; nil
  ///   for a learner, who may read and save what they like.
  init(_ walkthrough: Walkthrough, scratchFolder: String? = nil, makeSession: @escaping () -> Session) {
    self.walkthrough = walkthrough
    let readable = scratchFolder.map { _ in walkthrough.namedFiles }
    let makePlaced = {
      let session = makeSession()
      session.files = FilePlaces(
        notebookFolder: walkthrough.folder, scratchFolder: scratchFolder, readableFiles: readable)
      session.files.mayDownload = scratchFolder == nil
      return session
    }
    self.makeSession = makePlaced
    session = makePlaced()
  }

  /// The session's names that cells of the walkthrough change.
  func namesChanged(by cells: [Cell?]) -> Set<String> {
    cells.compactMap(\.self).reduce(into: []) { names, cell in
      names.formUnion(session.namesChanged(by: source(of: cell)))
    }
  }

  private func source(of cell: Cell) -> SourceText {
    SourceText(cell.source, name: localized("\(walkthrough.fileName), cell \(cell.index + 1)"))
  }

  /// Runs a cell of the notebook. An error that the cell expects is as good as none.
  func run(_ cell: Cell, emit: @escaping (Output) -> Void) -> Result {
    let result = run(source(of: cell), emit: emit)
    guard let code = cell.expectedError, case .failed(let error) = result.outcome else { return result }
    return error.code.rawValue == code ? Result(outcome: .done, error: nil) : result
  }

  /// Runs what somebody typed.
  func run(_ source: SourceText, emit: @escaping (Output) -> Void) -> Result {
    var first: Diagnostic?
    session.interruption.clear()
    let outcome = session.evaluate(source) { output in
      if case .error(let error) = output, first == nil { first = error }
      emit(output)
    }
    return Result(outcome: outcome, error: first)
  }

  /// Starts anew and does every step before this one as the notebook does, with its solutions.
  ///
  /// This is what a learner goes back to. It is slower than a copy of the session and always right: whatever
  /// was typed is gone, and the random numbers are where they would be in a run from top to bottom.
  ///
  /// - Parameter emit: takes the progress of long work; nothing else is shown.
  /// - Returns: what stopped it, if anything did.
  func replay(before end: Int, emit: @escaping (Output) -> Void = { _ in }) -> Result {
    session = makeSession()
    for step in walkthrough.steps.prefix(end) {
      let result = play(step, emit: emit)
      if !result.isDone { return result }
    }
    return Result(outcome: .done, error: nil)
  }

  /// Does something, and takes back what it did to the session.
  func trying<Result>(_ work: () -> Result) -> Result {
    let before = session.snapshot()
    defer { session.restore(before) }
    return work()
  }

  /// Does one step as the notebook does.
  func play(_ step: Step, emit: @escaping (Output) -> Void = { _ in }) -> Result {
    func progressOnly(_ output: Output) { if case .progress = output { emit(output) } }
    if let cell = step.solution ?? step.code {
      let result = run(cell, emit: progressOnly)
      // A starter without a solution may well be wrong.
      if !result.isDone, !step.isExercise || step.solution != nil || result.outcome == .interrupted {
        return result
      }
    }
    guard step.solution != nil else { return Result(outcome: .done, error: nil) }
    return check(step, emit: progressOnly)
  }

  /// Runs the checks of a step, the hidden one last, until one does not hold.
  private func check(_ step: Step, emit: @escaping (Output) -> Void) -> Result {
    for cell in [step.check, step.hiddenCheck].compactMap(\.self) {
      let result = run(cell, emit: emit)
      if !result.isDone { return result }
    }
    return Result(outcome: .done, error: nil)
  }
}

extension Walkthrough {
  /// The words of its code, the names of built-in sets among them.
  var codeWords: Set<String> {
    notebook.cells.filter { $0.kind == .code }.reduce(into: []) { $0.formUnion($1.words) }
  }

  /// The texts that its code quotes, the names of its files among them.
  var namedFiles: Set<String> {
    Set(
      notebook.cells.filter { $0.kind == .code }.flatMap { cell in
        Session.texts(in: SourceText(cell.source, name: fileName))
      })
  }
}

extension Cell {
  /// The words of its source, names among them.
  var words: Set<String> {
    Set(source.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
  }
}

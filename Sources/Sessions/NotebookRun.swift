public import Diagnostics
import Language
public import Notebooks
public import Outputs

/// A notebook run from top to bottom in a fresh session.
public struct NotebookRun {
  /// What a cell came to.
  public struct CellResult: Sendable {
    /// The cell.
    public let cell: Cell
    /// What it showed, in order.
    public let outputs: [Output]
    /// How it ended; nil for a cell that does not run, or was not reached.
    public let outcome: Session.Outcome?
  }

  /// The cells, in order.
  public let results: [CellResult]
  /// How the run ended: at the first cell that failed or was stopped, else well.
  public let outcome: Session.Outcome

  /// Checks every cell before any of them runs, each against the names that those before it bring.
  ///
  /// - Returns: what is wrong; empty when the notebook may run.
  public static func check(_ notebook: Notebook, name: String, in session: Session) -> [Diagnostic] {
    var names = session.knownNames
    var found: [Diagnostic] = []
    let runnable = notebook.runnableCells
    for cell in notebook.cells where runnable.contains(cell.index) {
      let (result, _) = Checker.check(source(of: cell, name: name), names: names)
      found += result.diagnostics
      names = result.names
    }
    return found
  }

  /// Runs the code cells in order until one fails.
  ///
  /// - Parameters:
  ///   - name: what messages call the notebook: `xor.nbs`.
  ///   - emit: takes each output as it comes.
  public static func run(
    _ notebook: Notebook, name: String, in session: Session, emit: @escaping (Output) -> Void
  ) -> NotebookRun {
    var results: [CellResult] = []
    var outcome = Session.Outcome.done
    let runnable = notebook.runnableCells
    for cell in notebook.cells {
      guard runnable.contains(cell.index), outcome == .done else {
        results.append(CellResult(cell: cell, outputs: [], outcome: nil))
        continue
      }
      var outputs: [Output] = []
      outcome = session.evaluate(source(of: cell, name: name)) { output in
        outputs.append(output)
        emit(output)
      }
      results.append(CellResult(cell: cell, outputs: outputs, outcome: outcome))
    }
    return NotebookRun(results: results, outcome: outcome)
  }

  /// A cell's source, named as a message names it; a notebook of one cell needs no number.
  private static func source(of cell: Cell, name: String) -> SourceText {
    SourceText(cell.source, name: "\(name), cell \(cell.index + 1)")
  }
}

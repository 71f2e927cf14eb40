import Diagnostics
import Foundations
import NetworkSchema
import Notebooks
import Outputs
import Sessions

/// One cell of a run: its time, its outputs, and whether it ended as it should.
final class CellRun {
  private let cell: Cell
  private let source: SourceText
  private let session: Session
  private let options: NotebookRun.Options
  private let sink: (Output) -> Void
  private var outputs: [Output] = []

  init(
    _ cell: Cell, _ source: SourceText, session: Session, options: NotebookRun.Options,
    sink: @escaping (Output) -> Void
  ) {
    self.cell = cell
    self.session = session
    self.options = options
    self.sink = sink
    self.source = source
  }

  /// Runs the cell.
  func result() -> NotebookRun.CellResult {
    let clock = ContinuousClock()
    let start = clock.now
    let outcome = verdict(on: evaluate())
    return NotebookRun.CellResult(cell: cell, outputs: outputs, outcome: outcome, duration: clock.now - start)
  }

  private var timeLimit: Double? {
    (options.keepsCellTimeouts ? cell.timeout : nil) ?? options.cellTimeLimit
  }

  private func emit(_ output: Output) {
    outputs.append(output)
    sink(output)
  }

  private func evaluate() -> NotebookRun.Outcome {
    let limit = timeLimit.map {
      TimeLimit(seconds: $0, reason: .cellTimeLimit, of: session.interruption)
    }
    defer { limit?.stop() }
    let checked = session.check(source, declaresParameters: cell.declaresParameters)
    switch session.evaluate(checked, emit: { self.emit($0) }) {
    case .done: return .done
    case .failed(let diagnostic): return .failed(diagnostic)
    case .interrupted: return stopped()
    case .incomplete:
      // A notebook's cell gets no more lines, so what is unfinished is a mistake.
      for diagnostic in checked.diagnostics { emit(.error(diagnostic)) }
      return .failed(checked.diagnostics.first ?? Diagnostic(.unfinished, "The cell is incomplete."))
    }
  }

  /// Why a cell was stopped, said where it was its time.
  private func stopped() -> NotebookRun.Outcome {
    let words: String
    switch session.interruption.reason {
    case .user, nil: return .interrupted
    case .cellTimeLimit: words = timeLimitWords(cell.timeout ?? options.cellTimeLimit, of: "cell")
    case .runTimeLimit: words = timeLimitWords(options.timeLimit, of: "run")
    }
    let diagnostic = Diagnostic(.timeLimit, words).located(in: source)
    emit(.error(diagnostic))
    return .timedOut(diagnostic)
  }

  private func timeLimitWords(_ seconds: Double?, of what: String) -> String {
    "The time limit of this \(what), \(seconds?.brief ?? "0") s, was reached. What it did before is kept. To raise it: "
      + (what == "cell" ? "`timeout=` after the cell's `# %%`, or `--cell-timeout`." : "`--timeout`.")
  }

  // MARK: Errors that are expected

  private func verdict(on outcome: NotebookRun.Outcome) -> NotebookRun.Outcome {
    guard let expected = cell.expectedError else { return outcome }
    switch outcome {
    case .interrupted: return outcome
    case .done: return missed("This cell should fail with the error `\(expected)`, but it succeeded.")
    case .failed(let diagnostic), .timedOut(let diagnostic):
      if cell.expects(errors) { return .done }
      return missed("This cell should fail with the error `\(expected)`, not with `\(diagnostic.code)`.")
    }
  }

  private var errors: [Diagnostic] {
    outputs.compactMap { output in if case .error(let diagnostic) = output { diagnostic } else { nil } }
  }

  private func missed(_ message: String) -> NotebookRun.Outcome {
    let diagnostic = Diagnostic(.otherError, message).located(in: source)
    emit(.error(diagnostic))
    return .failed(diagnostic)
  }
}

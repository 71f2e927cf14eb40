public import Diagnostics
import Language
public import Notebooks
public import Outputs
public import Sessions

/// A notebook run from top to bottom in a fresh session.
///
/// ```swift
/// let notebook = Notebook(cells: [Cell(.code, "a = 1"), Cell(.code, "print a")])
/// let run = NotebookRun.run(notebook, name: "a.nbs", in: Session()) { _ in }
/// let outputs = run.results.map(\.outputs.count)  // 0, 1
/// ```
public struct NotebookRun {
  /// How a cell ended, or the run.
  public enum Outcome: Sendable, Equatable {
    /// All went well, or just the error came that the cell expects.
    case done
    /// It was wrong and nothing ran, or a statement failed and those before it stand.
    case failed(Diagnostic)
    /// Its time was up.
    case timedOut(Diagnostic)
    /// The user stopped it.
    case interrupted
  }

  /// What a cell came to.
  public struct CellResult: Sendable {
    /// The cell.
    public let cell: Cell
    /// What it showed, in order.
    public let outputs: [Output]
    /// How it ended; nil for a cell that does not run, or was not reached.
    public let outcome: Outcome?
    /// How long it took.
    public let duration: Duration
  }

  /// What a run keeps to.
  public struct Options: Sendable {
    /// Whether the cells behind one that failed run as well.
    public var keepsGoing: Bool
    /// The seconds that the whole run may take.
    public var timeLimit: Double?
    /// The seconds that a cell may take that has no `timeout` of its own.
    public var cellTimeLimit: Double?
    /// Whether a cell's own `timeout` counts. Of several processes that share a run, one alone looks at the clock.
    public var keepsCellTimeouts = true

    /// Creates options; without any the run ends at the first cell that fails and takes the time that it takes.
    public init(keepsGoing: Bool = false, timeLimit: Double? = nil, cellTimeLimit: Double? = nil) {
      self.keepsGoing = keepsGoing
      self.timeLimit = timeLimit
      self.cellTimeLimit = cellTimeLimit
    }
  }

  /// The cells, in order.
  public private(set) var results: [CellResult] = []
  /// How the run ended: as the first of its cells that did not end well.
  public private(set) var outcome = Outcome.done
  /// Whether a cell did not end well, other than an exercise in which blanks are left.
  private var hasFailed = false

  /// Runs the code cells in order, until one fails unless the options say to go on. An exercise in which blanks are left
  /// fails, and its check is not run; the cells behind it are.
  ///
  /// - Parameters:
  ///   - name: what messages call the notebook: `xor.nbs`.
  ///   - file: the path by which an editor finds it, where it is a text file.
  ///   - began: told of each cell before it runs.
  ///   - ended: told of each cell that ran.
  ///   - emit: takes each output as it comes.
  public static func run(
    _ notebook: Notebook, name: String, file: String? = nil, in session: Session,
    options: Options = Options(),
    began: (Cell) -> Void = { _ in }, ended: (CellResult) -> Void = { _ in },
    emit: @escaping (Output) -> Void
  ) -> NotebookRun {
    var run = NotebookRun()
    let limit = options.timeLimit.map {
      TimeLimit(seconds: $0, reason: .runTimeLimit, of: session.interruption)
    }
    defer { limit?.stop() }
    var runnable = notebook.runnableCells
    for cell in notebook.cells {
      guard runnable.contains(cell.index), run.goesOn(options, session) else {
        run.results.append(CellResult(cell: cell, outputs: [], outcome: nil, duration: .zero))
        continue
      }
      began(cell)
      let source = cell.source(in: name, file: file)
      let result = CellRun(cell, source, session: session, options: options, sink: emit).result()
      ended(result)
      run.results.append(result)
      if run.outcome == .done, let outcome = result.outcome { run.outcome = outcome }
      if result.isUnanswered {
        if let check = notebook.check(of: cell) { runnable.remove(check) }
      } else if result.outcome != .done {
        run.hasFailed = true
      }
    }
    return run
  }

  /// Whether the next cell runs.
  private func goesOn(_ options: Options, _ session: Session) -> Bool {
    !hasFailed || (options.keepsGoing && !session.interruption.isRequested)
  }
}

extension NotebookRun.CellResult {
  /// Whether it is an exercise in which blanks are left.
  fileprivate var isUnanswered: Bool {
    if case .failed(let diagnostic)? = outcome { cell.isUnanswered([diagnostic]) } else { false }
  }
}

extension Notebook {
  /// The place of the check of an exercise; nil where it has none.
  fileprivate func check(of starter: Cell) -> Int? {
    exercises.first { $0.starter == starter.index }?.check
  }
}

public import Diagnostics
import Foundations
public import Language
import Localization
public import Notebooks

/// What is known of a notebook before any of it runs: its mistakes and its parameters.
///
/// ```swift
/// let notebook = Notebook(cells: [Cell(.code, "a = 1"), Cell(.code, "print b")])
/// let check = NotebookCheck(notebook, name: "a.nbs", names: Session().knownNames)
/// let places = check.mistakes.map(\.cell.index)  // 1
/// ```
public struct NotebookCheck {
  /// A mistake and the cell that it stands in.
  public struct Mistake: Sendable {
    /// The cell.
    public let cell: Cell
    /// What is wrong.
    public let diagnostic: Diagnostic
  }

  /// What is wrong; empty when the notebook may run.
  public private(set) var mistakes: [Mistake] = []
  /// The parameters that the notebook declares, in order.
  public private(set) var parameters: [Parameter] = []
  /// The names of the data sets that it leaves.
  public private(set) var data: Set<String> = []

  /// Checks every cell that a run evaluates, each against the names that those before it bring.
  ///
  /// - Parameters:
  ///   - name: what messages call the notebook: `xor.nbs`.
  ///   - file: the path by which an editor finds it, where it is a text file.
  ///   - names: what is known before the first cell.
  public init(_ notebook: Notebook, name: String, file: String? = nil, names: KnownNames) {
    var names = names
    let runnable = notebook.runnableCells
    for cell in notebook.cells where runnable.contains(cell.index) {
      let source = cell.source(in: name, file: file)
      let (result, _) = Checker.check(
        source, names: names, declaresParameters: cell.declaresParameters)
      if cell.expects(result.diagnostics) { continue }
      // A handout is full of blanks, and what is around them runs.
      if !cell.isUnanswered(result.diagnostics) {
        mistakes += result.diagnostics.map { Mistake(cell: cell, diagnostic: $0) }
      }
      note(result.program.parameters, in: cell, source)
      names = result.names
    }
    data = names.data
  }

  private mutating func note(_ declared: [Parameter], in cell: Cell, _ source: SourceText) {
    for parameter in declared {
      if parameters.contains(where: { $0.name.name == parameter.name.name }) {
        let diagnostic = Diagnostic(
          .repeatedParameter, "`\(parameter.name.name)` is already declared. Keep one of the two.",
          at: parameter.name.span)
        mistakes.append(Mistake(cell: cell, diagnostic: diagnostic.located(in: source)))
      } else {
        parameters.append(parameter)
      }
    }
  }
}

extension Cell {
  /// The cell's source, named as a message names it.
  ///
  /// - Parameter file: the path by which an editor finds the notebook, where it is a text file.
  func source(in notebook: String, file: String?) -> SourceText {
    SourceText(source, name: localized("\(notebook), cell \(index + 1)"), file: file, firstLine: firstLine)
  }

  /// Whether its lines `name = literal` declare parameters.
  var declaresParameters: Bool { tags.contains("parameters") }

  /// Whether it is an exercise in which blanks are left, and nothing else is known to be wrong.
  func isUnanswered(_ diagnostics: [Diagnostic]) -> Bool {
    role == .exercise && !diagnostics.isEmpty && diagnostics.allSatisfy { $0.code == .unfilledBlank }
  }

  /// Whether these are mistakes that the cell is meant to make.
  func expects(_ diagnostics: [Diagnostic]) -> Bool {
    !diagnostics.isEmpty && diagnostics.allSatisfy { $0.code.rawValue == expectedError }
  }
}

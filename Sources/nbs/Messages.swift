import Diagnostics
import Outputs
import Rendering
import Runner
import Sessions
import Terminal

/// Writes messages, one below the other.
func show(_ diagnostics: [Diagnostic]) {
  let style = Terminal().style
  for diagnostic in diagnostics { Streams.writeError(Output.error(diagnostic).text(style) + "\n\n") }
}

/// Does what the user's files may not allow: a mistake is shown, and nothing more is done.
func showingMistakes<Result>(_ work: () throws(Diagnostic) -> Result) throws -> Result {
  do { return try work() } catch {
    show([error])
    throw ExitStatus.usage
  }
}

/// Does work whose mistakes are wrong usage.
func refusing<Result>(_ work: () throws -> Result) throws -> Result {
  do { return try work() } catch let mistake as Diagnostic { throw refuse(mistake.message) }
}

/// Says why nothing is done.
func refuse(_ message: String) -> ExitStatus {
  Streams.writeError("nbs: \(message)\n".sanitized())
  return .usage
}

extension NotebookFile {
  /// The notebook of a file. What is wrong with it is shown, and without one nothing more is done.
  ///
  /// - Parameter refused: told why there is none.
  static func loaded(_ path: String, refused: (String) -> Void = { _ in }) throws -> NotebookFile {
    let (file, diagnostics) = load(path)
    show(diagnostics)
    if let file { return file }
    refused(diagnostics.first?.message ?? "\(path) cannot be read")
    throw ExitStatus.usage
  }

  /// What can be found out of the notebook before it runs.
  func check() -> NotebookCheck {
    NotebookCheck(notebook, name: name, file: textFile, names: Session().knownNames)
  }

  /// The same for a notebook without mistakes; they are shown where there are some.
  func checked() throws -> NotebookCheck {
    let check = check()
    show(check.mistakes.map(\.diagnostic))
    guard check.mistakes.isEmpty else { throw ExitStatus.usage }
    return check
  }
}

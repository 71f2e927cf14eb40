import Diagnostics
import Outputs
import Rendering
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

import Diagnostics
import Foundation
import Language
import Notebooks
import Outputs
import REPL
import Rendering
import Sessions

/// A notebook that may run: read, checked, its parameters set, in a fresh session.
struct HeadlessRun {
  let source: NotebookFile
  let session: Session
  private let options: NotebookRun.Options

  /// Why a notebook may not run.
  struct Refusal: Error {
    let diagnostics: [Diagnostic]
  }

  /// Prepares a run.
  init(
    _ source: NotebookFile, parameters: ParameterArguments, seed: UInt64?, options: NotebookRun.Options
  ) throws(Refusal) {
    self.source = source
    self.options = options
    session = Session(
      seed: seed ?? 0, interruption: Signals.interruption,
      environment: ProcessInfo.processInfo.environment)
    let check = NotebookCheck(source.notebook, name: source.name, names: session.knownNames)
    guard check.mistakes.isEmpty else { throw Refusal(diagnostics: check.mistakes.map(\.diagnostic)) }
    let given: [[GivenParameter]]
    do { given = try parameters.given() } catch { throw Refusal(diagnostics: [error]) }
    let values = ParameterValues(given, declared: check.parameters, notebook: source.name)
    guard values.diagnostics.isEmpty else { throw Refusal(diagnostics: values.diagnostics) }
    session.setParameters(values.values)
  }

  /// Runs it from top to bottom and keeps the run; that it could not be kept is said and changes nothing.
  ///
  /// - Parameter isKept: whether the run goes into the store of runs at all.
  func run(isKept: Bool, emit: @escaping (Output) -> Void) -> NotebookRun {
    guard isKept else {
      return NotebookRun.run(source.notebook, name: source.name, in: session, options: options, emit: emit)
    }
    let recording = RunRecording(of: source, in: session)
    let run = NotebookRun.run(
      source.notebook, name: source.name, in: session, options: options, began: recording.began,
      ended: recording.ended
    ) { output in
      emit(output)
      recording.showed(output)
    }
    if let warning = recording.finish(run) { show([warning]) }
    return run
  }
}

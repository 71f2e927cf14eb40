import Diagnostics
import Foundation
import Language
import Notebooks
import Outputs
import REPL
import Rendering
import Runs
import Sessions

/// Keeps a notebook's run: hands what happens on to the recorder, in the recorder's words.
struct RunRecording {
  private let recorder: RunRecorder
  private let source: NotebookFile
  private let session: Session

  init(of source: NotebookFile, in session: Session) {
    let isInput = source.path == "-"
    recorder = RunRecorder(
      RunDescription(
        title: source.notebook.header.title ?? source.name,
        path: isInput ? nil : URL(fileURLWithPath: source.path).standardizedFileURL.path,
        origin: isInput ? .input : .file, seed: session.seed, version: NBS.version,
        notebook: source.notebook),
      location: RunRecorder.usualLocation)
    self.source = source
    self.session = session
    session.measured = recorder.measured
    Streams.beforeEnding { [recorder] in recorder.finish(.interrupted) }
  }

  func began(_ cell: Cell) { recorder.cellBegan(at: cell.index) }

  func showed(_ output: Output) { recorder.showed(output) }

  func ended(_ result: NotebookRun.CellResult) {
    recorder.cellEnded(RunEnding(result.outcome ?? .done))
    recorder.given(session.parameterFacts)
    recorder.stated(Report.facts(of: source, session: session).map(RunFact.init), seed: session.seed)
  }

  /// Waits until all is kept.
  ///
  /// - Returns: why it is not, if it is not.
  func finish(_ run: NotebookRun) -> Diagnostic? {
    recorder.stated(
      Report.facts(of: run, source, session: session).map(RunFact.init), seed: session.seed)
    recorder.finish(RunEnding(run.outcome))
    Streams.beforeEnding(nil)
    return recorder.takeWarning()
  }
}

extension RunEnding {
  fileprivate init(_ outcome: NotebookRun.Outcome) {
    switch outcome {
    case .done: self = .done
    case .failed: self = .failed
    case .timedOut: self = .timedOut
    case .interrupted: self = .interrupted
    }
  }
}

extension Session {
  /// The parameters as a filter compares them: a text without its quotes.
  fileprivate var parameterFacts: [RunFact] {
    parameterValues.map { name, value in
      if case .text(let text) = value { return RunFact(name, text) }
      return RunFact(name, value.spelling)
    }
  }
}

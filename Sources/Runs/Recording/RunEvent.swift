import Notebooks
import Outputs
import Synchronization

/// Something that happened in a run and is to be kept.
enum RunEvent: Sendable {
  /// A cell begins. One that the description did not have comes along.
  case cellBegan(position: Int, Cell?)
  case output(PendingOutput)
  case measured(MetricBatch)
  /// What the run has come to so far, by name.
  case metrics([String: Double])
  case cellEnded(RunEnding, seconds: Double)
  /// The parameters, as far as they became known only when cells ran.
  case parameters([RunFact])
  /// What the report says of the run at its top, as far as it is known, and where the random numbers started,
  /// which a cell may have changed.
  case facts([RunFact], seed: UInt64)
  case finished(RunEnding)
}

/// An output that is rendered in the background, as soon as there is time.
final class PendingOutput: Sendable {
  let output: Output
  private let render: RunRecorder.Renderer
  private let kept = Mutex<RenderedOutput?>(nil)

  init(_ output: Output, _ render: @escaping RunRecorder.Renderer) {
    self.output = output
    self.render = render
  }

  /// The output in every form; nil for what is not kept.
  var rendered: RenderedOutput? {
    kept.withLock { kept in
      if kept == nil { kept = render(output) }
      return kept
    }
  }

  /// Lines that a cell printed one after the other as one output.
  static func joining(_ printed: [PendingOutput]) -> PendingOutput? {
    let lines = printed.compactMap { if case .printed(let text) = $0.output { text } else { nil } }
    return printed.first.map { PendingOutput(.printed(lines.joined(separator: "\n")), $0.render) }
  }
}

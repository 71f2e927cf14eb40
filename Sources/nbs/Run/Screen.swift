import Outputs
import REPL
import Rendering

/// Shows outputs as they come: results on standard output, errors and progress on standard error.
final class Screen {
  private let terminal: Terminal
  private let showsOutputs: Bool
  private var progress: ProgressLine?
  private var spacing = OutputSpacing()

  init(_ terminal: Terminal, showsOutputs: Bool) {
    self.terminal = terminal
    self.showsOutputs = showsOutputs
  }

  func show(_ output: Output) {
    if case .progress(let update) = output {
      var line = progress ?? ProgressLine(terminal.progress)
      line.place = terminal.progress
      Streams.writeError(line.text(for: update))
      progress = update.isFinal ? nil : line
      return
    }
    Streams.writeError(progress?.interrupted() ?? "")
    progress = nil
    let text = output.text(terminal.style) + "\n"
    if case .error = output { return Streams.writeError(text) }
    if showsOutputs { Streams.write(spacing.before(output) + text) }
  }
}

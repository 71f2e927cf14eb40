import ArgumentParser
import Diagnostics
import Foundation
import Notebooks
import Outputs
import REPL
import Rendering
import Sessions

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a notebook from top to bottom in a fresh session.",
    discussion: """
      Outputs go to standard output, messages and progress to standard error.
      Exit codes: 0 all cells ran; 1 a cell failed; 2 wrong usage, an unreadable file or a mistake that was \
      found before any cell ran; 130 interrupted.
      """)

  @Argument(help: "The notebook, or - for standard input.")
  var file: String

  @Option(
    help: ArgumentHelp(
      "Write a report, also when a cell fails: Markdown, a page in HTML, or a Jupyter notebook. May be given several times.",
      valueName: "out.md|out.html|out.ipynb"))
  var export: [String] = []

  @Option(help: "Where the random numbers start, unless the notebook says.")
  var seed: UInt64?

  func run() throws { try RunCommand.run(file: file, exports: export, seed: seed) }

  /// Runs a notebook and writes its reports.
  ///
  /// - Throws: an ``ExitStatus``, its message already written.
  static func run(file: String, exports: [String], seed: UInt64?) throws {
    Signals.install()
    let targets = try ExportFile.all(exports)
    let source = try NotebookFile.read(file)
    let session = Session(
      seed: seed ?? 0, interruption: Signals.interruption,
      environment: ProcessInfo.processInfo.environment)
    let terminal = Terminal()
    let mistakes = NotebookRun.check(source.notebook, name: source.name, in: session)
    guard mistakes.isEmpty else {
      for mistake in mistakes { Streams.writeError(Output.error(mistake).text(terminal.style) + "\n\n") }
      throw ExitStatus.usage
    }
    let screen = Screen(terminal)
    let run = NotebookRun.run(source.notebook, name: source.name, in: session, emit: screen.show)
    let report = Report(run, of: source, session: session)
    for target in targets { try target.write(report) }
    switch run.outcome {
    case .done: return
    case .interrupted: throw ExitStatus.interrupted
    case .failed, .incomplete: throw ExitStatus.failedCell
    }
  }
}

/// Shows outputs as they come.
private final class Screen {
  private let terminal: Terminal
  private var progress: ProgressLine?

  init(_ terminal: Terminal) { self.terminal = terminal }

  func show(_ output: Output) {
    if case .progress(let update) = output {
      var line = progress ?? ProgressLine(terminal.progress)
      Streams.writeError(line.text(for: update))
      progress = update.isFinal ? nil : line
      return
    }
    Streams.writeError(progress?.interrupted() ?? "")
    progress = nil
    let text = output.text(terminal.style) + "\n"
    if case .error = output { Streams.writeError(text) } else { Streams.write(text) }
  }
}

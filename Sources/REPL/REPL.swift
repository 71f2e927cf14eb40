import Foundation
import Outputs
import Rendering
import Runner
public import Sessions
public import Terminal

/// The prompt at a terminal: a line reader joined to a conversation.
public struct REPL {
  private let makeSession: () -> Session
  private let terminal: Terminal

  /// Creates the prompt.
  ///
  /// - Parameter makeSession: makes a session with nothing in it; the first, and those of `:session new`.
  public init(terminal: Terminal, makeSession: @escaping () -> Session) {
    self.makeSession = makeSession
    self.terminal = terminal
  }

  /// The library that reads the lines.
  public static var lineReader: String { LineReader.library }

  /// Its version.
  public static var lineReaderVersion: String { LineReader.libraryVersion }

  /// Reads and answers until the user leaves, or a signal says that the program is to end.
  public func run() {
    Signals.installForPrompt()
    let prompt = Prompt(keptAs: "prompt", presenter: Presenter(terminal), makeSession: makeSession)
    let reader = LineReader(
      history: HistoryFile(), .init(complete: prompt.complete, isComplete: prompt.isComplete))
    prompt.say(.text("nbs \(Release.version). `help` lists the commands, Tab completes, Ctrl-D leaves."))
    if let note = prompt.orphanNote { prompt.say(.text(note)) }
    while Signals.ending == nil, readCell(reader, prompt) {}
    prompt.end(bySignal: Signals.ending != nil)
  }

  /// Reads one cell and answers it; false when the user leaves.
  private func readCell(_ reader: LineReader, _ prompt: Prompt) -> Bool {
    var lines: [String] = []
    while true {
      reader.earlierLines = lines.map { $0 + "\n" }.joined()
      Signals.interruption.clear()
      switch reader.read(
        prompt: lines.isEmpty ? label(prompt.prompt) : prompt.continuation,
        continuation: prompt.continuation,
        isInterrupted: { Signals.interruption.isRequested || Signals.ending != nil })
      {
      case .interrupted: return true
      case .end:
        Streams.write("\n")
        return !lines.isEmpty
      case .text(let text): lines.append(text)
      }
      let cell = lines.joined(separator: "\n")
      guard prompt.isComplete(cell) else { continue }
      reader.remember(cell)
      return prompt.enter(cell) != .leave
    }
  }

  /// A prompt in its colour; readline is told which of its characters take no place.
  private func label(_ prompt: String) -> String {
    guard terminal.style.usesColor else { return prompt }
    return "\u{1}\u{1B}[\(TextStyle.Ink.green.rawValue)m\u{2}\(prompt)\u{1}\u{1B}[0m\u{2}"
  }
}

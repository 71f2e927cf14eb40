import Foundation
import Language
public import Sessions

/// The prompt at a terminal: a line reader joined to a conversation.
public struct REPL {
  private let session: Session
  private let terminal: Terminal

  /// Creates the prompt of a session.
  public init(session: Session, terminal: Terminal) {
    self.session = session
    self.terminal = terminal
  }

  /// Reads and answers until the user leaves.
  ///
  /// - Parameter version: shown in the greeting.
  public func run(version: String) {
    let reader = LineReader(historyFile: History.file()) { [session] text in
      Completer.complete(text, names: session.knownNames)
    }
    let prompt = Prompt(
      session: session, style: { terminal.style }, progressPlace: { terminal.progress }, write: Streams.write,
      writeProgress: Streams.writeError)
    Streams.write("nbs \(version). `help` lists the commands, Tab completes, Ctrl-D leaves.\n")
    while readCell(reader, prompt) {}
  }

  /// Reads one cell and answers it; false when the user leaves.
  private func readCell(_ reader: LineReader, _ prompt: Prompt) -> Bool {
    var lines: [String] = []
    while true {
      reader.earlierLines = lines.map { $0 + "\n" }.joined()
      session.interruption.clear()
      switch reader.read(
        prompt: lines.isEmpty ? prompt.prompt : prompt.continuation,
        isInterrupted: { session.interruption.isRequested })
      {
      case .interrupted: return true
      case .end:
        Streams.write("\n")
        return !lines.isEmpty
      case .line(let line): lines.append(line)
      }
      let cell = lines.joined(separator: "\n")
      switch prompt.enter(cell) {
      case .line: continue
      case .cell:
        reader.remember(cell)
        return true
      case .leave: return false
      }
    }
  }
}

/// Where the cells that were typed are kept from one time to the next.
enum History {
  /// The file, its folder made; nil where none can be kept.
  static func file(environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    guard
      let state = environment["XDG_STATE_HOME"].flatMap({ $0.isEmpty ? nil : $0 })
        ?? home.map({ $0 + "/.local/state" })
    else { return nil }
    let folder = state + "/nbs"
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      return nil
    }
    return folder + "/history"
  }
}

import CReadline
import Foundation
import Glibc
import Language

/// Reads lines with GNU readline: its editing keys, its history, the user's `~/.inputrc`.
///
/// Readline has one state for the whole process and calls back through plain C functions, so what those need
/// is static here; only the main thread ever comes near it.
final class LineReader {
  /// What came of asking for a line.
  enum Answer: Equatable {
    case line(String)
    /// Ctrl-C: whatever was typed is gone.
    case interrupted
    /// Ctrl-D on an empty line.
    case end
  }

  /// What Tab offers for the source up to the cursor.
  private let complete: (String) -> Completions
  private let historyFile: String?
  /// The lines of the cell that came before the line being typed, which completion needs to see.
  var earlierLines = ""

  nonisolated(unsafe) private static var current: LineReader?
  nonisolated(unsafe) private static var answer: Answer?

  init(historyFile: String?, complete: @escaping (String) -> Completions) {
    self.historyFile = historyFile
    self.complete = complete
    LineReader.current = self
    nbs_readline_setup("nbs") { text, start, end in
      LineReader.completions(text, start, end)
    }
    nbs_history_keep_lines_whole()
    using_history()
    if let historyFile { read_history(historyFile) }
  }

  /// Asks for a line; `isInterrupted` is looked at whenever a signal comes.
  func read(prompt: String, isInterrupted: () -> Bool) -> Answer {
    LineReader.answer = nil
    rl_callback_handler_install(prompt) { line in
      LineReader.take(line)
    }
    while LineReader.answer == nil {
      if isInterrupted() {
        abandon()
        return .interrupted
      }
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      // A signal breaks the wait off; a window that changed its size is readline's business.
      if poll(&input, 1, 200) > 0 { rl_callback_read_char() }
    }
    return LineReader.answer ?? .end
  }

  private func abandon() {
    // Before readline puts the cursor back to the line's beginning.
    Streams.write("^C")
    nbs_readline_abandon()
    rl_callback_handler_remove()
    Streams.write("\n")
  }

  private static func take(_ line: UnsafeMutablePointer<CChar>?) {
    rl_callback_handler_remove()
    guard let line else {
      answer = .end
      return
    }
    answer = .line(String(cString: line))
    free(line)
  }

  /// Keeps a whole cell in the history, and at once in its file, so that two prompts lose nothing.
  func remember(_ cell: String) {
    guard !cell.isEmpty else { return }
    add_history(cell)
    guard let historyFile else { return }
    if append_history(1, historyFile) != 0 { write_history(historyFile) }
  }
}

extension LineReader {
  /// Readline's callback: the words that fit, or nil. It frees what it is given.
  private static func completions(
    _ text: UnsafePointer<CChar>?, _ start: Int32, _ end: Int32
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    guard let reader = current, let buffer = nbs_readline_buffer() else { return nil }
    let line = String(decoding: UnsafeRawBufferPointer(start: buffer, count: Int(end)), as: UTF8.self)
    let found = reader.complete(reader.earlierLines + line)
    // Leaving it to readline's own completion is how file names come in.
    if found.wantsFile { return nil }
    nbs_readline_no_files()
    nbs_readline_append_space(found.words.contains { $0.hasSuffix("=") } ? 0 : 1)
    offered = found.words
    return rl_completion_matches(text) { text, state in
      LineReader.nextWord(state)
    }
  }

  nonisolated(unsafe) private static var offered: [String] = []

  private static func nextWord(_ state: Int32) -> UnsafeMutablePointer<CChar>? {
    let index = Int(state)
    return index < offered.count ? strdup(offered[index]) : nil
  }
}

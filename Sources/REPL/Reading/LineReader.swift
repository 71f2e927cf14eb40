import Foundation
import Language
import Terminal

#if Libedit
  import CLibedit
#else
  import CReadline
#endif

/// Reads cells with GNU readline: its editing keys, its history, the user's `~/.inputrc`. With the package's trait `Libedit`
/// it is libedit, which reads the lines of a cell one by one, and `~/.editrc`.
///
/// A cell of several lines is one line to readline, with newlines in it, so that all of it can be edited until
/// it is whole. Readline has one state for the whole process and calls back through plain C functions, so what
/// those need is static here; only the main thread ever comes near it.
final class LineReader {
  /// What came of asking for a cell.
  enum Answer: Equatable {
    case text(String)
    /// Ctrl-C: whatever was typed is gone.
    case interrupted
    /// Ctrl-D on an empty line, or a terminal that is gone.
    case end
  }

  /// What the reader asks about the text in it.
  struct Questions {
    /// What Tab offers for the source up to the cursor.
    var complete: (String) -> Completions
    /// Whether Return should end the cell.
    var isComplete: (String) -> Bool
  }

  /// The library that reads the lines.
  static var library: String {
    #if Libedit
      "libedit"
    #else
      "Readline"
    #endif
  }

  /// Its version.
  static var libraryVersion: String { nbs_readline_version().map { String(cString: $0) } ?? "unknown" }

  let questions: Questions
  private let history: HistoryFile?
  /// What stands before the lines of a cell behind the first.
  private(set) var continuation: [UInt8] = []
  /// Whether lines can stand below each other; a dumb terminal shows one at a time.
  let showsSeveralLines: Bool
  /// The lines of the cell that came before the line being typed, in a dumb terminal.
  var earlierLines = ""

  nonisolated(unsafe) static private(set) var current: LineReader?
  nonisolated(unsafe) private static var answer: Answer?

  init(history: HistoryFile?, _ questions: Questions) {
    self.history = history
    self.questions = questions
    nbs_readline_setup(
      "nbs", { LineReader.completions($0, $1, $2) }, { LineReader.wordBreaks() }, { LineReader.redisplay() })
    showsSeveralLines = nbs_readline_can_move_up() != 0
    using_history()
    history?.trim()
    for cell in history?.read() ?? [] { nbs_add_history(cell) }
    LineReader.current = self
    if showsSeveralLines { LineReader.bindKeys() }
  }

  /// Asks for a cell; `isInterrupted` is looked at whenever a signal comes.
  ///
  /// - Parameters:
  ///   - prompt: what stands before it; colour goes between readline's marks.
  ///   - continuation: what stands before its other lines.
  func read(prompt: String, continuation: String, isInterrupted: () -> Bool) -> Answer {
    self.continuation = Array(continuation.utf8)
    LineReader.answer = nil
    _ = Signals.takeContinuation()
    rl_callback_handler_install(LineReader.fitting(prompt)) { line in
      LineReader.take(line)
    }
    if showsSeveralLines { LineReader.bindKeysOfTerminal() }
    while LineReader.answer == nil {
      if isInterrupted() {
        abandon()
        return .interrupted
      }
      var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      // A signal breaks the wait off; a window that changed its size is readline's business.
      let isReady = poll(&input, 1, 200) > 0
      // While the program stood, the shell gave the terminal ways of its own.
      if Signals.takeContinuation() { nbs_readline_resume() }
      if isReady {
        rl_callback_read_char()
      } else {
        nbs_readline_check_signals()
      }
    }
    return LineReader.answer ?? .end
  }

  /// The prompt as the library takes it: libedit leaves out marks with nothing behind them, so that the line would have the
  /// prompt's colour.
  private static func fitting(_ prompt: String) -> String {
    #if Libedit
      guard prompt.hasSuffix("\u{2}"), let mark = prompt.lastIndex(of: "\u{1}"),
        prompt[..<mark].hasSuffix(" ")
      else { return prompt }
      return prompt[..<mark].dropLast() + prompt[mark...] + " "
    #else
      prompt
    #endif
  }

  private func abandon() {
    if nbs_readline_is_searching() != 0 { nbs_readline_end_search() }
    nbs_readline_go_to_end()
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
    answer = .text(String(cString: line))
    free(line)
  }

  /// Keeps a whole cell in the history, and at once in its file.
  func remember(_ cell: String) {
    guard !cell.allSatisfy(\.isWhitespace) else { return }
    nbs_add_history(cell)
    history?.append(cell)
  }
}

// MARK: - Completion

extension LineReader {
  /// Readline's callback: the words that fit, or nil. It frees what it is given.
  private static func completions(
    _ text: UnsafePointer<CChar>?, _ start: Int32, _ end: Int32
  ) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    guard let reader = current else { return nil }
    let found = reader.questions.complete(reader.earlierLines + line(upTo: end))
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

  /// What parts words: a file's name has points and dashes in it, and a `:` command begins with a colon.
  private static func wordBreaks() -> UnsafeMutablePointer<CChar>? {
    guard let reader = current else { return sourceBreaks }
    let text = reader.earlierLines + line(upTo: nbs_readline_point())
    let takesPath =
      text.drop(while: \.isWhitespace).hasPrefix(":") || reader.questions.complete(text).wantsFile
    return takesPath ? pathBreaks : sourceBreaks
  }

  nonisolated(unsafe) private static let pathBreaks = strdup(" \t\n\"'")
  nonisolated(unsafe) private static let sourceBreaks = strdup(" \t\n\"'(),;={}[]<>+-*/@^:.?")

  static func line(upTo end: Int32) -> String {
    guard let buffer = nbs_readline_buffer() else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: buffer, count: Int(end)), as: UTF8.self)
  }
}

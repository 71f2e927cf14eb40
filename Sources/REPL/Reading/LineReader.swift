import CReadline
import Foundation
import Glibc
import Language
import Terminal

/// Reads cells with GNU readline: its editing keys, its history, the user's `~/.inputrc`.
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

  /// The version of readline.
  static var libraryVersion: String { nbs_readline_version().map { String(cString: $0) } ?? "unknown" }

  private let questions: Questions
  private let history: HistoryFile?
  /// What stands before the lines of a cell behind the first.
  private var continuation: [UInt8] = []
  /// Whether lines can stand below each other; a dumb terminal shows one at a time.
  let showsSeveralLines: Bool
  /// The lines of the cell that came before the line being typed, in a dumb terminal.
  var earlierLines = ""

  nonisolated(unsafe) private static var current: LineReader?
  nonisolated(unsafe) private static var answer: Answer?

  init(history: HistoryFile?, _ questions: Questions) {
    self.history = history
    self.questions = questions
    nbs_readline_setup(
      "nbs", { LineReader.completions($0, $1, $2) }, { LineReader.wordBreaks() }, { LineReader.redisplay() })
    showsSeveralLines = nbs_readline_can_move_up() != 0
    using_history()
    history?.trim()
    for cell in history?.read() ?? [] { add_history(cell) }
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
    rl_callback_handler_install(prompt) { line in
      LineReader.take(line)
    }
    // Readline binds the terminal's own key for it anew each time.
    if showsSeveralLines {
      nbs_readline_replace(
        "discard-cell-line", rl_unix_line_discard, { LineReader.discard($0, $1) }, "\u{15}")
    }
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
    add_history(cell)
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

  private static func line(upTo end: Int32) -> String {
    guard let buffer = nbs_readline_buffer() else { return "" }
    return String(decoding: UnsafeRawBufferPointer(start: buffer, count: Int(end)), as: UTF8.self)
  }
}

// MARK: - Several lines

extension LineReader {
  private static func bindKeys() {
    for key in ["\r", "\n"] {
      nbs_readline_replace("accept-cell", rl_newline, { LineReader.accept($0, $1) }, key)
    }
    for key in ["\u{1B}[A", "\u{1B}OA", "\u{10}", "k"] {
      nbs_readline_replace(
        "previous-line-or-history", rl_get_previous_history, { LineReader.up($0, $1) }, key)
    }
    for key in ["\u{1B}[B", "\u{1B}OB", "\u{E}", "j"] {
      nbs_readline_replace("next-line-or-history", rl_get_next_history, { LineReader.down($0, $1) }, key)
    }
    for key in ["\u{1B}\r", "\u{1B}\n"] {
      nbs_readline_replace(
        "insert-newline", rl_vi_editing_mode, { LineReader.insertNewline($0, $1) }, key)
    }
    for key in ["\u{1}", "\u{1B}[H", "\u{1B}OH", "\u{1B}[1~"] {
      nbs_readline_replace("start-of-cell-line", rl_beg_of_line, { LineReader.start($0, $1) }, key)
    }
    for key in ["\u{5}", "\u{1B}[F", "\u{1B}OF", "\u{1B}[4~"] {
      nbs_readline_replace("end-of-cell-line", rl_end_of_line, { LineReader.end($0, $1) }, key)
    }
    nbs_readline_replace("kill-cell-line", rl_kill_line, { LineReader.kill($0, $1) }, "\u{B}")
    nbs_readline_replace("delete-in-cell", rl_delete, { LineReader.delete($0, $1) }, "\u{1B}[3~")
  }

  /// Return: ends a whole cell, and gives another line to one that is not.
  private static func accept(_ count: Int32, _ key: Int32) -> Int32 {
    let text = line(upTo: nbs_readline_end())
    guard current?.questions.isComplete(text) ?? true else { return insertNewline(count, key) }
    // What is shown of the answer begins below the whole cell.
    nbs_readline_set_point(nbs_readline_end())
    return rl_newline(1, key)
  }

  private static func insertNewline(_ count: Int32, _ key: Int32) -> Int32 {
    rl_insert_text("\n")
    return 0
  }

  /// The line above, or the cell before.
  private static func up(_ count: Int32, _ key: Int32) -> Int32 {
    let (before, _) = linesAroundPoint()
    guard before.count > 1 else { return rl_get_previous_history(count, key) }
    let above = before[before.count - 2]
    let column = min(before[before.count - 1].count, above.count)
    let start = before.dropLast(2).reduce(0) { $0 + $1.utf8.count + 1 }
    nbs_readline_set_point(Int32(start + above.prefix(column).utf8.count))
    return 0
  }

  /// The line below, or the cell behind.
  private static func down(_ count: Int32, _ key: Int32) -> Int32 {
    let (before, after) = linesAroundPoint()
    guard after.count > 1 else { return rl_get_next_history(count, key) }
    let column = min(before[before.count - 1].count, after[1].count)
    let start = Int(nbs_readline_point()) + after[0].utf8.count + 1
    nbs_readline_set_point(Int32(start + after[1].prefix(column).utf8.count))
    return 0
  }

  private static func start(_ count: Int32, _ key: Int32) -> Int32 {
    let line = linesAroundPoint().before.last ?? ""
    nbs_readline_set_point(nbs_readline_point() - Int32(line.utf8.count))
    return 0
  }

  private static func end(_ count: Int32, _ key: Int32) -> Int32 {
    let line = linesAroundPoint().after.first ?? ""
    nbs_readline_set_point(nbs_readline_point() + Int32(line.utf8.count))
    return 0
  }

  /// Kills up to the end of the line of the cell, or at its end the line's end.
  private static func kill(_ count: Int32, _ key: Int32) -> Int32 {
    let after = linesAroundPoint().after
    let length = after.first?.utf8.count ?? 0
    let end = nbs_readline_point() + Int32(length == 0 && after.count > 1 ? 1 : length)
    return rl_kill_text(nbs_readline_point(), end)
  }

  /// Kills from the beginning of the line of the cell.
  private static func discard(_ count: Int32, _ key: Int32) -> Int32 {
    let start = nbs_readline_point() - Int32(linesAroundPoint().before.last?.utf8.count ?? 0)
    rl_kill_text(start, nbs_readline_point())
    nbs_readline_set_point(start)
    return 0
  }

  /// The Delete key. Where there is nothing to delete, readline would take it for the end of all input.
  private static func delete(_ count: Int32, _ key: Int32) -> Int32 {
    nbs_readline_point() < nbs_readline_end() ? rl_delete(count, key) : 0
  }

  private static func linesAroundPoint() -> (before: [Substring], after: [Substring]) {
    let before = line(upTo: nbs_readline_point())
    let after = line(upTo: nbs_readline_end()).dropFirst(before.count)
    return (
      before.split(separator: "\n", omittingEmptySubsequences: false),
      after.split(separator: "\n", omittingEmptySubsequences: false)
    )
  }

  /// Draws the cell with what stands before its lines.
  private static func redisplay() {
    guard let reader = current, let buffer = nbs_readline_buffer() else { return rl_redisplay() }
    let line = UnsafeRawBufferPointer(start: buffer, count: Int(nbs_readline_end()))
    guard line.contains(newline) else { return rl_redisplay() }
    var shown: [CChar] = []
    var point = nbs_readline_point()
    var mark = nbs_readline_mark()
    for (place, byte) in line.enumerated() {
      shown.append(CChar(bitPattern: byte))
      guard byte == newline else { continue }
      shown += reader.continuation.map { CChar(bitPattern: $0) }
      if place < nbs_readline_point() { point += Int32(reader.continuation.count) }
      if place < nbs_readline_mark() { mark += Int32(reader.continuation.count) }
    }
    let end = Int32(shown.count)
    shown.append(0)
    shown.withUnsafeMutableBufferPointer { nbs_readline_draw($0.baseAddress, end, point, mark) }
  }

  private static let newline = UInt8(ascii: "\n")
}

#if Libedit

  extension LineReader {
    static func bindKeys() {}
    static func bindKeysOfTerminal() {}
    static func redisplay() {}
  }

#else

  import CReadline

  /// The keys that go by the lines of a cell.
  extension LineReader {
    static func bindKeys() {
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

    /// Readline binds the terminal's own key for it anew each time.
    static func bindKeysOfTerminal() {
      nbs_readline_replace(
        "discard-cell-line", rl_unix_line_discard, { LineReader.discard($0, $1) }, "\u{15}")
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
    static func redisplay() {
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

#endif

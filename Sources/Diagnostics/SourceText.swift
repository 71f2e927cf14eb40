/// A piece of source as it was typed or read: one cell of a notebook, one entry at the prompt.
///
/// Positions are offsets in its UTF-8 bytes. Lines and columns are worked out only when a message is
/// shown.
///
/// ```swift
/// let source = SourceText("a = 1\nb = a + c", name: "cell 1")
/// let line = source.line(at: 14)  // number 2, prefix "b = a + "
/// ```
public struct SourceText: Sendable, Equatable, Codable {
  /// What a reader calls this source in a message: `xor.nbs, cell 4` or `In [3]`.
  public let name: String
  /// The source itself.
  public let text: String
  /// The path of the text file that it is a part of, as an editor finds it; nil where there is none.
  public let file: String?
  /// The line of the file, from 1, that it begins with; 1 where it is no part of a file.
  public let firstLine: Int

  /// Creates a source.
  public init(_ text: String, name: String, file: String? = nil, firstLine: Int = 1) {
    self.text = text
    self.name = name
    self.file = file
    self.firstLine = firstLine
  }

  /// The 1-based line that the byte at `offset` stands in, that line's text, and the text before the byte.
  public func line(at offset: Int) -> (number: Int, text: Substring, prefix: Substring) {
    let utf8 = text.utf8
    let position = utf8.index(utf8.startIndex, offsetBy: min(max(offset, 0), utf8.count))
    let before = text[..<position]
    let newline = before.utf8.lastIndex(of: UInt8(ascii: "\n"))
    let start = newline.map { text.utf8.index(after: $0) } ?? text.startIndex
    let end = text[start...].utf8.firstIndex(of: UInt8(ascii: "\n")) ?? text.endIndex
    let number = before.utf8.count { $0 == UInt8(ascii: "\n") } + 1
    return (number, text[start..<end], text[start..<max(start, position)])
  }

  /// The text that a span covers; empty when the span lies outside the source.
  public func text(in span: SourceSpan) -> Substring {
    let utf8 = text.utf8
    guard span.start >= 0, span.end <= utf8.count, span.start <= span.end else { return "" }
    let start = utf8.index(utf8.startIndex, offsetBy: span.start)
    return text[start..<utf8.index(start, offsetBy: span.end - span.start)]
  }
}

/// The numbers of lines in a ``SourceText``, found in one pass, for whoever asks about many places.
public struct LineNumbers: Sendable {
  /// The offset of each line's first byte.
  private let starts: [Int]

  /// Finds the lines of a source.
  public init(of source: SourceText) {
    starts =
      [0] + source.text.utf8.enumerated().lazy.filter { $1 == UInt8(ascii: "\n") }.map { $0.offset + 1 }
  }

  /// The 1-based line that the byte at `offset` stands in.
  public subscript(offset: Int) -> Int {
    // The lines from `low` on, below `high`, are those that may begin behind the byte.
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return max(1, low)
  }
}

/// A half-open range of UTF-8 byte offsets in a ``SourceText``.
public struct SourceSpan: Sendable, Hashable, Codable {
  /// The offset of the first byte.
  public var start: Int
  /// The offset after the last byte.
  public var end: Int

  /// Creates a span from `start` up to, not including, `end`.
  public init(_ start: Int, _ end: Int) {
    self.start = start
    self.end = end
  }

  /// The smallest span that covers this one and `other`.
  public func joined(with other: SourceSpan) -> SourceSpan {
    SourceSpan(min(start, other.start), max(end, other.end))
  }
}

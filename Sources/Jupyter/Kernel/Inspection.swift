import Diagnostics
import Foundation
import JSON
import Notebooks
import Outputs
import Rendering
import Sessions

/// What there is to say of the word under the cursor.
struct Inspection {
  private var outputs: [RenderedOutput] = []

  /// Looks at a word: the session's value of that name, and the help on it.
  ///
  /// - Parameter isDetailed: whether the whole value is wanted.
  /// - Returns: nil where the word means nothing.
  init?(_ word: String, in session: Session, isDetailed: Bool) {
    if let known = session.contents.first(where: { $0.name == word }) {
      outputs.append(RenderedOutput(.text, plain: "\(known.name): \(known.kind), \(known.value)"))
      if isDetailed { outputs += Inspection.shown(by: word, in: session) }
    }
    outputs += Inspection.shown(by: "help \(word)", in: session)
    if outputs.isEmpty { return nil }
  }

  /// The outputs of a line that changes nothing; none where it fails.
  private static func shown(by line: String, in session: Session) -> [RenderedOutput] {
    let (outcome, outputs) = session.aside(SourceText(line, name: "inspection"))
    return outcome == .done ? [RenderedOutput](outputs) : []
  }

  /// What was found, as text and as Markdown.
  var bundle: JSONValue { outputs.pagerBundle }

  /// The words that somebody with the cursor in some code may mean, the nearest first: the one under it, the one before it,
  /// the command of the statement.
  ///
  /// - Parameter cursor: the place, in Unicode scalars.
  static func words(in code: String, at cursor: Int) -> [String] {
    let scalars = Array(code.unicodeScalars)
    let cursor = min(max(cursor, 0), scalars.count)
    func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || scalar == "_" || (48...57).contains(scalar.value)
    }
    func word(around place: Int) -> String? {
      let start = scalars[..<place].lastIndex { !isOfWord($0) }.map { $0 + 1 } ?? 0
      let end = scalars[place...].firstIndex { !isOfWord($0) } ?? scalars.count
      return start < end ? String(String.UnicodeScalarView(scalars[start..<end])) : nil
    }
    let breaks: Set<Unicode.Scalar> = ["\n", ";", "{", "}"]
    let start = scalars[..<cursor].lastIndex { breaks.contains($0) }.map { $0 + 1 } ?? 0
    let before = scalars[start..<cursor].lastIndex(where: isOfWord).flatMap { word(around: $0) }
    let first = scalars[start...].firstIndex { !$0.properties.isWhitespace }.flatMap { word(around: $0) }
    var words: [String] = []
    for word in [word(around: cursor), before, first].compactMap(\.self) where !words.contains(word) {
      words.append(word)
    }
    return words
  }
}

extension Session {
  /// Runs a line of the kernel's own, beside the cells: it takes no number.
  func aside(_ line: SourceText) -> (outcome: Outcome, outputs: [Output]) {
    var outputs: [Output] = []
    interruption.clear()
    let outcome = evaluate(check(line), isCounted: false) { outputs.append($0) }
    return (outcome, outputs)
  }
}

extension [RenderedOutput] {
  /// Texts and tables as one page, plain and as Markdown.
  var pagerBundle: JSONValue {
    let markdown = map { $0.form("text/markdown") ?? MarkdownFence.block($0.plain, as: "text") }
    return .members([
      "text/plain": .string(map(\.plain).joined(separator: "\n\n")),
      "text/markdown": .string(markdown.joined(separator: "\n\n")),
    ])
  }
}

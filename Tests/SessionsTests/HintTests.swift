import Diagnostics
import Dispatch
import Foundation
import Foundations
import Language
import Outputs
import Sessions
import Testing

/// Whatever the errors on the pages of `Tests/Cases` say to type is typed: it works, or brings one on to another true
/// step, and never to the same refusal or to a mistake in the line itself.
@Suite struct HintTests {
  /// A cell that fails, with the state in which it was typed.
  private struct Attempt {
    let session: Session
    let state: SessionSnapshot
    let place: String

    /// What is wrong with a cell typed at this state; nil where nothing is.
    func mistake(in cell: String) -> Diagnostic? {
      session.restore(state)
      return HintTests.error(of: cell, in: session)
    }
  }

  /// The error of a cell; nil where there is none. A cell that runs on is stopped after some seconds: what it was told to
  /// type was understood.
  private static func error(of cell: String, in session: Session) -> Diagnostic? {
    var found: Diagnostic?
    let limit = DispatchWorkItem { session.interruption.request(.cellTimeLimit) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 3, execute: limit)
    let outcome = session.evaluate(SourceText(cell, name: "hint")) { output in
      if case .error(let diagnostic) = output { found = diagnostic }
    }
    limit.cancel()
    session.interruption.clear()
    if outcome == .incomplete { return Diagnostic(.incomplete, "The cell is incomplete.") }
    return found
  }

  /// What the line itself may not be: not understood, or about things that nobody knows.
  private static let mistakes: Set<ErrorCode> = [
    .incomplete, .unexpectedToken, .unknownVerb, .unknownOption, .unusedOption, .operatorInArgument,
    .internalError,
    .repeatedOption,
  ]

  @Test(arguments: CaseTests.files) func isTyped(file: String) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Cases/\(file)")
    let page = CaseFile(try String(contentsOf: url, encoding: .utf8))
    for item in page.cases {
      let session = Session()
      for cell in item.cells {
        let state = session.snapshot()
        guard let error = HintTests.error(of: cell.source, in: session) else { continue }
        let after = session.snapshot()
        let attempt = Attempt(session: session, state: state, place: "\(file):\(cell.firstLine)")
        if let wrong = HintTests.refusal(of: error, for: cell.source, attempt) {
          Issue.record("\(attempt.place): \(wrong)")
        }
        session.restore(after)
      }
    }
  }

  private static let files = [
    "gaps.csv": "age,city,y\n31,Oslo,1\n,Rome,2\n45,,3\n28,Oslo,4\n",
    "dates.csv": "day,size,y\n2024-05-31,1,2\n2024-06-01,2,3\n2024-06-02,3,5\n",
    "either.csv": "day,size,y\n1/2/2024,1,2\n3/4/2024,2,3\n5/6/2024,3,5\n",
    "commas.csv": "a,b,y\n\"1,5\",1,1\n\"2,25\",2,2\n",
    "stray.csv": "a,b\n1,2\n2,3\nx,4\n5,6\n", "words.csv": "word size,kind\n1,u\n2,v\n3,u\n4,v\n",
    "zero.csv": "a,price\n1,0\n2,10\n3,20\n", "minus.csv": "a,price\n1,-5\n2,10\n3,20\n",
    "more.csv": "years,city,y\n31,Oslo,1\n5,Rome,2\n",
  ]

  /// Cells that fail over files, behind a network that was trained on one.
  static let cells = [
    "data d from \"gaps.csv\"", "data d from \"gaps.csv\" target=yy missing=mean",
    "data d from \"gaps.csv\" fill={age: median}",
    "data d from \"gaps.csv\" fill={age: middle, city: mode}",
    "data d from \"gaps.csv\" fill={age: 1, city: median}",
    "data d from \"gaps.csv\" indicator=age", "data d from \"gaps.csv\" missing=avg",
    "data d from \"gaps.csv\" rename={cty: town} missing=mode",
    "data d from \"gaps.csv\" features=7 missing=mode",
    "data d from \"dates.csv\" features=[day, size]", "data d from \"either.csv\" order=day",
    "data d from \"commas.csv\" separator=\",\" decimal=\".\"",
    "data d from \"stray.csv\"",
    "data d from \"stray.csv\" header=false", "data d from \"words.csv\" target=\"word siz\"",
    "data d from \"words.csv\" target=log(kind)", "data d from \"zero.csv\" target=log(price)",
    "data d from \"minus.csv\" target=log(price)", "data d from \"http://example.org/t.csv\" target=price",
    "data d from words.csv", "train words", "train gaps", "train iris", "show spiral", "print iris",
    "plot data words",
    "data d from \"more.csv\"; predict d", "data d from \"more.csv\" features=1 target=none; evaluate d",
    "data d from \"words\"", "data d = words where kind == \"w\"",
  ]

  @Test(arguments: cells) func overFilesToo(cell: String) throws {
    let folder = try Folder()
    for (name, text) in Self.files { _ = try folder.file(name, text) }
    let session = Session()
    session.files.notebookFolder = folder.url.path
    session.files.mayDownload = false
    let setup = """
      data known from "gaps.csv" fill={age: mean, city: unknown}
      net n
      layer i input 4
      layer o dense 1
      connect all
      train known epochs=1
      """
    #expect(HintTests.error(of: setup, in: session) == nil)
    let attempt = Attempt(session: session, state: session.snapshot(), place: cell)
    let error = try #require(attempt.mistake(in: cell))
    let wrong = HintTests.refusal(of: error, for: cell, attempt)
    #expect(wrong == nil, "\(cell): \(wrong ?? "")")
  }

  /// Why a hint leads nowhere; nil where all of them are good.
  private static func refusal(of error: Diagnostic, for cell: String, _ attempt: Attempt) -> String? {
    var problems: [String] = []
    if let suggestion = error.suggestion {
      let tries = corrected(cell, by: suggestion, of: error)
      let results = tries.map { ($0, attempt.mistake(in: $0)) }
      if !results.contains(where: { isStep($0.1, from: error) }) {
        problems.append(
          results.map { "suggestion `\(suggestion)` typed as\n\($0)\n-> \($1?.message ?? "")" }
            .joined(separator: "\n"))
      }
    }
    // What the reader typed is no advice.
    for line in error.message.lines where line != error.suggestion && !cell.contains(line) {
      let tries = [line, line + "\n" + cell]
      if !tries.contains(where: { isStep(attempt.mistake(in: $0), from: error) }) {
        problems.append("line `\(line)` -> \(attempt.mistake(in: line)?.message ?? "")")
      }
    }
    return problems.isEmpty ? nil : "\(error.message)\n" + problems.joined(separator: "\n")
  }

  /// Whether what a line came to is a step on from an error.
  private static func isStep(_ result: Diagnostic?, from error: Diagnostic) -> Bool {
    guard let result else { return true }
    return !mistakes.contains(result.code) && result.message != error.message
  }

  /// The ways in which a suggestion can be meant: in place of what is blamed, or as a line of its own, typed before the
  /// cell, in its place, or behind its line.
  private static func corrected(_ cell: String, by suggestion: String, of error: Diagnostic) -> [String] {
    var tries: [String] = []
    // An option in place of the one that is there.
    if let key = suggestion.wholeMatch(of: /([a-z0-9_]+)=.*/)?.output.1,
      let option = try? Regex("\\b\(key)=(\\{[^}]*\\}|\\S+)")
    {
      tries.append(cell.replacing(option, with: suggestion))
    }
    if let span = error.span, error.source?.text ?? cell == cell {
      let bytes = Array(cell.utf8)
      if span.start <= span.end, span.end <= bytes.count {
        let before = String(decoding: bytes[..<span.start], as: UTF8.self)
        let after = String(decoding: bytes[span.end...], as: UTF8.self)
        tries.append(before + suggestion + after)
        // An option stands behind what is there.
        tries.append(String(decoding: bytes[..<span.end], as: UTF8.self) + " " + suggestion + after)
      }
      if cell.split(separator: "\n").count == 1 { tries.append("\(cell) \(suggestion)") }
    }
    if suggestion.isLine { tries += [suggestion, suggestion + "\n" + cell] }
    return tries
  }
}

extension String {
  /// Whether it is a line to type: a command, or an assignment.
  fileprivate var isLine: Bool {
    guard let first = split(whereSeparator: { $0 == " " || $0 == "(" }).first else { return false }
    return CommandTable.command(String(first)) != nil || contains(" = ")
  }

  /// The lines in backquotes that a reader can type as they stand.
  fileprivate var lines: [String] {
    split(separator: "`", omittingEmptySubsequences: false).enumerated().compactMap { place, text in
      let text = String(text)
      let isTyped = place % 2 == 1 && text.contains(" ") && text.isLine && !text.contains("…")
      return isTyped ? text : nil
    }
  }
}

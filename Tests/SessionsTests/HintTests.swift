import Diagnostics
import Foundation
import Foundations
import Language
import Outputs
import Sessions
import Testing

/// What an error says to type is typed: it must not be refused for the way it is written, and the error must be gone.
@Suite struct HintTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Cases")

  /// The suggestions of a page of `Tests/Cases` that lead nowhere.
  @Test(arguments: CaseTests.files) func whatIsSuggestedCanBeTyped(file: String) throws {
    let page = CaseFile(try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8))
    for item in page.cases {
      for failure in HintTrial.failures(of: item.cells.map(\.source)) {
        Issue.record("\(file): \(item.heading): \(failure)")
      }
    }
  }

  /// What somebody types who comes from Python, JavaScript or C.
  @Test(arguments: [
    "print(\"hi\")", "print(\"loss\", 3)", "train(xor)", "seed(42)", "x = 2 ** 3", "x = 7 // 2", "x = True",
    "x = None",
    "if 1 <> 2 { print 1 }", "x = 1 == 1 && 2 == 2", "x = 1 == 1 || 2 == 2", "import numpy as np",
    "import numpy",
    "x = np.array([1, 2])", "print(f\"a {1}\")", "x = 5 % 2", "evaluate xor batch=3", "evaluate(xor)",
    "train xor lr=0.1",
    "train xor learning_rate=0.1 epochs=1", "model.fit(xor)", "x = !true", "x = [i for i in range(3)]",
  ]) func spellingsOfOtherLanguages(cell: String) {
    let start = "data xor; net n; layer i input 2; layer h dense 3 tanh; layer o dense 1 sigmoid; connect all"
    #expect(HintTrial.failures(of: [start, cell]) == [])
  }

  /// Files with something wrong, and commands that read them.
  @Test(arguments: [
    ("a,b\n1,2\n,3\n4,5\n", "data t from \"t.csv\""), ("a,b\n1,2\n2,3\n4,x\n5,6\n", "data t from \"t.csv\""),
    ("Ticket,Fare,y\n1,2,3\n4,5,6\n", "data t from \"t.csv\" words=\"Ticket\""),
    ("Ticket,Fare,y\n1,2,3\n4,5,6\n", "data t from \"t.csv\" target=Fair"),
    ("Ticket,Fare,y\n1,2,3\n4,5,6\n", "data t from \"t.csv\" sep=\",\""),
    ("Ticket,Fare,y\n1,2,3\n4,5,6\n", "data t from t.csv"),
    ("day,a,y\n2020-01-02,5,1\n2020-01-03,6,2\n", "data t from \"t.csv\""),
    ("a;b\n1,5;2\n2,5;3\n", "data t from \"t.csv\" separator=\",\""),
    ("a,b\n1,2\n3,4\n", "data t from \"t.csv\" features=7"),
    ("a,b\n1,2\n3,4\n", "data t from \"t.csv\" where c > 1"),
    ("a,b\n1,2\n3,4\n", "data t from \"t.csv\" sample=9"),
    (
      "a,k\n" + (1...30).map { "\($0),x\n\($0),y\n" }.joined() + "5,z\n6,z\n",
      "data t from \"t.csv\"\nsplit t test=20% validate=20%"
    ),
  ]) func filesWithSomethingWrong(text: String, cell: String) throws {
    let folder = try Folder()
    _ = try folder.file("t.csv", text)
    #expect(HintTrial.failures(of: [cell], in: folder.url.path) == [])
  }
}

/// The cells of a session, whose errors' hints are taken.
enum HintTrial {
  /// The hints that lead nowhere, each with its error.
  static func failures(of cells: [String], in folder: String? = nil) -> [String] {
    let session = Session(seed: 1)
    session.files.notebookFolder = folder
    var failures: [String] = []
    let cells = cells.map(shortened)
    for cell in cells {
      let before = session.snapshot()
      let errors = run(cell, in: session)
      let after = session.snapshot()
      let known = Set(errors.map(\.message))
      for error in errors {
        for hint in hints(of: error, in: cell) {
          let leads = ways(of: typing(hint), after: error, in: cell, cells).contains { way in
            session.restore(way.goesOn ? after : before)
            return leadsOn(way.cells, from: error, known, session)
          }
          if !leads { failures.append("`\(hint)` leads nowhere in\n\(cell)\n\(error.message)") }
        }
      }
      session.restore(after)
    }
    return failures
  }

  private static func run(_ cell: String, in session: Session) -> [Diagnostic] {
    var errors: [Diagnostic] = []
    let outcome = session.evaluate(SourceText(cell, name: "cell")) { output in
      if case .error(let error) = output { errors.append(error) }
    }
    if outcome == .incomplete { errors.append(Diagnostic(.incomplete, "There is more to come.")) }
    return errors
  }

  // MARK: - What is said to be typed

  /// The suggestion, code in backquotes that is not the user's own, options with a value, and a line behind a colon.
  static func hints(of error: Diagnostic, in cell: String) -> [String] {
    var hints = error.suggestion.map { [$0] } ?? []
    let message = error.message
    var prose = ""
    for (place, part) in message.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
      if place.isMultiple(of: 2) {
        prose += part
      } else {
        prose += "\u{1}"
        let isCode = part.contains(" ") || part.contains("=") || part.contains("(")
        // The first is what the sentence is about, signs alone are quoted, and `{ … }` is any block.
        let isQuoted =
          place == 1 || !part.contains(where: \.isLetter) || part == "key=value" || part.last == "="
          || part.first == "{"
        if isCode, !isQuoted, !cell.contains(part) { hints.append(String(part)) }
      }
    }
    for option in prose.matches(of: /\b[a-z_0-9]+=("[^"]*"|\[[^\]]*\]|[^\s,;:()"\[\]\u{1}]+)/) {
      var text = String(option.output.0)
      while let last = text.last, ".)?".contains(last) { text.removeLast() }
      if !cell.contains(text), !text.hasSuffix("=") { hints.append(text) }
    }
    if let colon = prose.ranges(of: ": ").last {
      let line = prose[colon.upperBound...]
      let first = line.prefix { $0.isLetter }
      if CommandTable.command(String(first)) != nil, line.contains(" "), !line.contains("\u{1}") {
        hints.append(String(line))
      }
    }
    return hints.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// A hint with what stands for something of the reader's own filled in.
  private static func typing(_ hint: String) -> String {
    shortened(hint.replacing("…", with: "1").replacing("NAME", with: "n"))
  }

  /// No more is run than it takes to be refused.
  private static func shortened(_ code: String) -> String {
    code.replacing(/epochs=[\d_]+/, with: "epochs=2").replacing("while true", with: "while false")
  }

  // MARK: - How it may be typed

  private struct Way {
    var cells: [String]
    /// Whether it goes on where the cell stopped, or begins anew.
    var goesOn = false
  }

  private static let example = [
    "a = 3", "b = 2", "c = 1", "x = 1", "condition = true", "def f(x) = x", "W = [1]", "L = sum(W * W)",
    "loss = 0",
  ]

  private static func ways(of hint: String, after error: Diagnostic, in cell: String, _ all: [String])
    -> [Way]
  {
    var ways: [Way] = []
    let lines = cell.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var blamedLine = lines.count - 1
    let bytes = Array(cell.utf8)
    if let span = error.span, span.start <= span.end, span.end <= bytes.count {
      let (head, tail) = (bytes[..<span.start], bytes[span.end...])
      blamedLine = head.count { $0 == UInt8(ascii: "\n") }
      let blamed = String(decoding: bytes[span.start..<span.end], as: UTF8.self)
      for middle in [hint, blamed + " " + hint, hint + " " + blamed, "\"\(hint)\""] {
        ways.append(
          Way(cells: [String(decoding: head, as: UTF8.self) + middle + String(decoding: tail, as: UTF8.self)])
        )
      }
    }
    // In the line, or in one before it that says the same thing otherwise.
    for place in lines.indices.reversed() {
      var changed = lines
      for line in [lines[place] + " " + hint, replacing(lines[place], by: hint)].compactMap(\.self) {
        changed[place] = line
        ways.append(Way(cells: [changed.joined(separator: "\n")]))
      }
    }
    let rest = lines[min(blamedLine, lines.count - 1)...].joined(separator: "\n")
    ways.append(Way(cells: [hint, rest], goesOn: true))
    ways.append(Way(cells: [hint, cell]))
    ways.append(Way(cells: [rest, hint]))
    ways.append(Way(cells: [hint]))
    ways.append(Way(cells: [hint], goesOn: true))
    ways.append(Way(cells: ["data example { \(hint) }"]))
    // Letters stand for something of the reader's own: `where(condition, a, b)`.
    ways.append(Way(cells: example + [hint]))
    return ways
  }

  /// A line with an option of the hint's name replaced by the hint; nil where it has none.
  private static func replacing(_ line: String, by hint: String) -> String? {
    guard let equals = hint.firstIndex(of: "="), let option = line.firstRange(of: hint[...equals]) else {
      return nil
    }
    return line[..<option.lowerBound] + hint + line[option.upperBound...].drop { !$0.isWhitespace }
  }

  /// Whether the mistake is gone, and no mistake of spelling has come.
  private static func leadsOn(
    _ cells: [String], from error: Diagnostic, _ known: Set<String>, _ session: Session
  ) -> Bool {
    for cell in cells {
      for found in run(cell, in: session) {
        if found.message == error.message { return false }
        // Other mistakes of the cell may stand, as they did before.
        if refusals.contains(found.code), !known.contains(found.message) { return false }
      }
    }
    return true
  }

  private static let refusals: Set<ErrorCode> = [
    .incomplete, .unexpectedToken, .unexpectedCharacter, .unknownOption, .unexpectedArgument, .badOption,
    .unknownName, .unknownFunction, .repeatedOption, .unknownVerb, .operatorInArgument,
  ]
}

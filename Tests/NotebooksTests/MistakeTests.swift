import Diagnostics
import Foundations
import Testing

@testable import Notebooks

/// A file that is wrong, and what is said about it.
struct Mistake: Sendable, CustomTestStringConvertible {
  let text: String
  let code: ErrorCode
  let blamed: String
  var line = 1
  var hint: String?
  var testDescription: String { text }

  init(_ text: String, _ code: ErrorCode, _ blamed: String, line: Int = 1, hint: String? = nil) {
    (self.text, self.code, self.blamed, self.line, self.hint) = (text, code, blamed, line, hint)
  }
}

@Suite("What is wrong with a file")
struct MistakeTests {
  static let all = [
    Mistake("# ---\n# nbs: 2\n# nonsense\n# ---\n# %% [x]\n", .newerVersion, "# nbs: 2", line: 2),
    Mistake("# ---\n# nbs: 10.3\n# ---\n", .newerVersion, "# nbs: 10.3", line: 2),
    Mistake("# ---\n# nbs: one\n# ---\n", .badHeader, "# nbs: one", line: 2, hint: "# nbs: 1"),
    Mistake("# ---\n# nbs: 0\n# ---\n", .badHeader, "# nbs: 0", line: 2, hint: "# nbs: 1"),
    Mistake(
      "# ---\n# nbs: 99999999999999999999\n# ---\n", .newerVersion, "# nbs: 99999999999999999999", line: 2),
    Mistake("# ---\n# title\n# ---\n", .badHeader, "# title", line: 2),
    Mistake("# ---\n#\n# ---\n", .badHeader, "#", line: 2),
    Mistake("# ---\n# a b: 1\n# ---\n", .badHeader, "# a b: 1", line: 2),
    Mistake("# ---\n# a: 1\n# a: 2\n# ---\n", .badHeader, "# a: 2", line: 3),
    Mistake("# ---\n# title: x\ntrain xor\n", .badHeader, "# ---"),
    Mistake("\n# ---\n# title: x\n# %%\n# ---\n", .badHeader, "# ---", line: 2),
    Mistake("x\n# %% [exercize]\n", .unknownKind, "[exercize]", line: 2, hint: "[exercise]"),
    Mistake("# %% [md]\n", .unknownKind, "[md]", hint: "[markdown]"),
    Mistake("# %% Arrays [3] and lists\n", .unknownKind, "[3]"),
    Mistake("# %% [markdown\n", .unknownKind, "[markdown"),
    Mistake("# %% [markdown] Title\n", .badMarker, "Title"),
    Mistake("# %% [markdown]x\n", .badMarker, "x"),
    Mistake("# %% id=\"a\" [markdown]\n", .badMarker, "[markdown]"),
    Mistake("# %% id=\"a\" id=\"b\"\n", .twoIDs, "id=\"b\""),
    Mistake("# %% tol=1 tol=1\n", .repeatedKey, "tol=1"),
    Mistake("# %% id=\"a\"\n# %% x id=\"a\"\n", .duplicateID, "# %% x id=\"a\"", line: 2),
    Mistake("# %% id=\"a b\"\n", .badValue, "id=\"a b\""),
    Mistake("# %% id=5\n", .badValue, "id=5"),
    Mistake("# %% tags=a\n", .badValue, "tags=a", hint: "tags=[\"a\"]"),
    Mistake("# %% hint='a'\n", .badValue, "hint='a'", hint: "hint=\"a\""),
    Mistake("# %% timeout=60s tol=1\n", .badValue, "timeout=60s", hint: "timeout=\"60s\""),
    Mistake("# %% timeout=\"60 parsecs\"\n", .badValue, "timeout=\"60 parsecs\""),
    Mistake("# %% timeout=0\n", .badValue, "timeout=0"),
    Mistake("# %% timeout=1e999\n", .badValue, "timeout=1e999"),
    Mistake("# %% tol=-1\n", .badValue, "tol=-1"),
    Mistake("# %% tags=[\"a\", \"a\"]\n", .badValue, "tags=[\"a\", \"a\"]"),
    Mistake("# %% tags=[\"a,b\"]\n", .badValue, "tags=[\"a,b\"]"),
    Mistake("# %% hint=[1]\n", .badValue, "hint=[1]"),
    Mistake("# %% x=\n", .badValue, "x="),
    Mistake("# %% x=[1,\n", .badValue, "x=[1,"),
    Mistake("# %% x=\"a\n", .badValue, "x=\"a"),
    Mistake("# %% x=\"\\q\"\n", .badValue, "x=\"\\q\""),
    Mistake("# %% x=1y\n", .badValue, "x=1y", hint: "x=\"1y\""),
    Mistake("# %% [markdown]\n# a\nb = 1\nc = 2\n", .badProse, "b = 1", line: 3),
    Mistake("# %% [raw]\n#a\n", .badProse, "#a", line: 2),
  ]

  @Test("Errors", arguments: all)
  func errors(mistake: Mistake) throws { try check(mistake, .error) }

  /// Whether nothing but the mistake is told of, where it is; an error leaves no notebook.
  private func check(_ mistake: Mistake, _ severity: Diagnostic.Severity) throws {
    let reading = NotebookFormat.read(mistake.text, name: "x.nbs")
    #expect((reading.notebook == nil) == (severity == .error))
    #expect(reading.diagnostics.count == 1, "\(reading.diagnostics.map(\.message))")
    let found = try #require(reading.diagnostics.first)
    #expect(found.code == mistake.code)
    #expect(found.severity == severity)
    let source = try #require(found.source)
    let span = try #require(found.span)
    #expect(source.name == "x.nbs")
    #expect(source.text(in: span) == mistake.blamed)
    #expect(source.line(at: span.start).number == mistake.line)
    #expect(found.suggestion == mistake.hint)
    #expect(!found.rendered().isEmpty)
  }

  @Test(
    "Notices",
    arguments: [
      Mistake("#%%\nx\n#%% y\n", .nearMarker, "#%%", hint: "# %%"),
      Mistake("x\n# %%[markdown]\n", .nearMarker, "# %%[markdown]", line: 2, hint: "# %%"),
      Mistake("# %% timout=5\n", .unknownKey, "timout=5", hint: "timeout"),
    ])
  func notices(mistake: Mistake) throws { try check(mistake, .notice) }

  @Test(
    "Bytes that are no text",
    arguments: [
      ([0x61, 0x0A, 0x62, 0xFF, 0x63], .notUTF8, "Line 2"),
      ([0xC3, 0xA9, 0x0A, 0x0A, 0xE2, 0x82], .notUTF8, "Line 3"),
      ([0xED, 0xA0, 0x80], .notUTF8, "Line 1"),
      ([0xFF, 0xFE, 0x61, 0x00], .notUTF8, "UTF-16"),
      ([0x61, 0x0A, 0x00, 0xFF], .nulByte, "Line 2"),
    ] as [([UInt8], ErrorCode, String)])
  func notText(bytes: [UInt8], code: ErrorCode, words: String) throws {
    let reading = NotebookFormat.read(bytes, name: "x.nbs")
    let error = try #require(reading.diagnostics.first)
    #expect(reading.notebook == nil)
    #expect(error.code == code)
    #expect(error.message.contains(words))
    if let span = error.span { #expect(error.source?.text(in: span) == "\u{FFFD}") }
    #expect(!error.rendered().isEmpty)
  }

  @Test("A file that is too large is refused before it is decoded")
  func tooLarge() {
    let reading = NotebookFormat.read(repeatElement(0xFF, count: 100_000_001), name: "x.nbs")
    #expect(reading.diagnostics.map(\.code) == [.tooLarge])
  }

  @Test("An error that does not exist cannot be expected")
  func unknownError() throws {
    let reading = NotebookFormat.read("# %% expect_error=\"no-such-fil\"\nprint 1\n", name: "x.nbs")
    let error = try #require(reading.diagnostics.first)
    #expect(error.code == .badValue && error.suggestion == "\"no-such-file\"")
    #expect(error.message.contains("no-such-fil") && error.message.contains("Did you mean `no-such-file`?"))
    for code in ErrorCode.allCases {
      let text = "# %% expect_error=\"\(code)\"\nprint 1\n"
      #expect(NotebookFormat.read(text, name: "x.nbs").diagnostics.isEmpty, "\(code)")
    }
  }

  @Test("A file full of mistakes is not all reported")
  func many() {
    let reading = NotebookFormat.read(String(repeating: "# %% [x]\n", count: 5000), name: "x.nbs")
    #expect(reading.notebook == nil)
    #expect(reading.diagnostics.count == 20)
    let notices = NotebookFormat.read(String(repeating: "# %% timout=1\n", count: 100), name: "x.nbs")
    #expect(notices.notebook?.cells.count == 100)
    #expect(notices.diagnostics.count == 20)
  }

  @Test("What has no end is refused in a moment")
  func endless() {
    let header = "# ---\n" + (0..<50_000).map { "# key\($0): x\n" }.joined() + "# ---\n"
    #expect(NotebookFormat.read(header, name: "x").diagnostics.map(\.code) == [.badHeader])
    let marker = "# %%" + (0..<50_000).map { " key\($0)=1" }.joined()
    #expect(NotebookFormat.read(marker, name: "x").diagnostics.map(\.code) == [.badMarker])
  }

  @Test("JSON that is nested too deep is refused")
  func deep() {
    let text = "# %% x=" + String(repeating: "[", count: 100_000)
    #expect(NotebookFormat.read(text, name: "x").diagnostics.map(\.code) == [.badValue])
  }
}

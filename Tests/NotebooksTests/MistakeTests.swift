import Diagnostics
import Testing

@testable import Notebooks

/// A file that is wrong, and what is said about it.
struct Mistake: Sendable, CustomTestStringConvertible {
  let text: String
  let code: String
  let blamed: String
  var line = 1
  var hint: String?
  var testDescription: String { text }

  init(_ text: String, _ code: String, _ blamed: String, line: Int = 1, hint: String? = nil) {
    (self.text, self.code, self.blamed, self.line, self.hint) = (text, code, blamed, line, hint)
  }
}

@Suite("What is wrong with a file")
struct MistakeTests {
  static let all = [
    Mistake("# ---\n# nbs: 2\n# nonsense\n# ---\n# %% [x]\n", "newer-version", "# nbs: 2", line: 2),
    Mistake("# ---\n# nbs: 10.3\n# ---\n", "newer-version", "# nbs: 10.3", line: 2),
    Mistake("# ---\n# nbs: one\n# ---\n", "bad-header", "# nbs: one", line: 2, hint: "# nbs: 1"),
    Mistake("# ---\n# nbs: 0\n# ---\n", "bad-header", "# nbs: 0", line: 2, hint: "# nbs: 1"),
    Mistake(
      "# ---\n# nbs: 99999999999999999999\n# ---\n", "newer-version", "# nbs: 99999999999999999999", line: 2),
    Mistake("# ---\n# title\n# ---\n", "bad-header", "# title", line: 2),
    Mistake("# ---\n#\n# ---\n", "bad-header", "#", line: 2),
    Mistake("# ---\n# a b: 1\n# ---\n", "bad-header", "# a b: 1", line: 2),
    Mistake("# ---\n# a: 1\n# a: 2\n# ---\n", "bad-header", "# a: 2", line: 3),
    Mistake("# ---\n# title: x\ntrain xor\n", "bad-header", "# ---"),
    Mistake("\n# ---\n# title: x\n# %%\n# ---\n", "bad-header", "# ---", line: 2),
    Mistake("x\n# %% [exercize]\n", "unknown-kind", "[exercize]", line: 2, hint: "[exercise]"),
    Mistake("# %% [md]\n", "unknown-kind", "[md]", hint: "[markdown]"),
    Mistake("# %% Arrays [3] and lists\n", "unknown-kind", "[3]"),
    Mistake("# %% [markdown\n", "unknown-kind", "[markdown"),
    Mistake("# %% [markdown] Title\n", "bad-marker", "Title"),
    Mistake("# %% [markdown]x\n", "bad-marker", "x"),
    Mistake("# %% id=\"a\" [markdown]\n", "bad-marker", "[markdown]"),
    Mistake("# %% id=\"a\" id=\"b\"\n", "two-ids", "id=\"b\""),
    Mistake("# %% tol=1 tol=1\n", "repeated-key", "tol=1"),
    Mistake("# %% id=\"a\"\n# %% x id=\"a\"\n", "duplicate-id", "# %% x id=\"a\"", line: 2),
    Mistake("# %% id=\"a b\"\n", "bad-value", "id=\"a b\""),
    Mistake("# %% id=5\n", "bad-value", "id=5"),
    Mistake("# %% tags=a\n", "bad-value", "tags=a", hint: "tags=[\"a\"]"),
    Mistake("# %% hint='a'\n", "bad-value", "hint='a'", hint: "hint=\"a\""),
    Mistake("# %% timeout=60s tol=1\n", "bad-value", "timeout=60s", hint: "timeout=\"60s\""),
    Mistake("# %% timeout=\"60 parsecs\"\n", "bad-value", "timeout=\"60 parsecs\""),
    Mistake("# %% timeout=0\n", "bad-value", "timeout=0"),
    Mistake("# %% timeout=1e999\n", "bad-value", "timeout=1e999"),
    Mistake("# %% tol=-1\n", "bad-value", "tol=-1"),
    Mistake("# %% tags=[\"a\", \"a\"]\n", "bad-value", "tags=[\"a\", \"a\"]"),
    Mistake("# %% tags=[\"a,b\"]\n", "bad-value", "tags=[\"a,b\"]"),
    Mistake("# %% hint=[1]\n", "bad-value", "hint=[1]"),
    Mistake("# %% x=\n", "bad-value", "x="),
    Mistake("# %% x=[1,\n", "bad-value", "x=[1,"),
    Mistake("# %% x=\"a\n", "bad-value", "x=\"a"),
    Mistake("# %% x=\"\\q\"\n", "bad-value", "x=\"\\q\""),
    Mistake("# %% x=1y\n", "bad-value", "x=1y", hint: "x=\"1y\""),
    Mistake("# %% [markdown]\n# a\nb = 1\nc = 2\n", "bad-prose", "b = 1", line: 3),
    Mistake("# %% [raw]\n#a\n", "bad-prose", "#a", line: 2),
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
      Mistake("#%%\nx\n#%% y\n", "near-marker", "#%%", hint: "# %%"),
      Mistake("x\n# %%[markdown]\n", "near-marker", "# %%[markdown]", line: 2, hint: "# %%"),
      Mistake("# %% timout=5\n", "unknown-key", "timout=5", hint: "timeout"),
    ])
  func notices(mistake: Mistake) throws { try check(mistake, .notice) }

  @Test(
    "Bytes that are no text",
    arguments: [
      ([0x61, 0x0A, 0x62, 0xFF, 0x63], "not-utf-8", "Line 2"),
      ([0xC3, 0xA9, 0x0A, 0x0A, 0xE2, 0x82], "not-utf-8", "Line 3"),
      ([0xED, 0xA0, 0x80], "not-utf-8", "Line 1"),
      ([0xFF, 0xFE, 0x61, 0x00], "not-utf-8", "UTF-16"),
      ([0x61, 0x0A, 0x00, 0xFF], "nul-byte", "Line 2"),
    ] as [([UInt8], String, String)])
  func notText(bytes: [UInt8], code: String, words: String) throws {
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
    #expect(reading.diagnostics.map(\.code) == ["file-too-large"])
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
    #expect(NotebookFormat.read(header, name: "x").diagnostics.map(\.code) == ["bad-header"])
    let marker = "# %%" + (0..<50_000).map { " key\($0)=1" }.joined()
    #expect(NotebookFormat.read(marker, name: "x").diagnostics.map(\.code) == ["bad-marker"])
  }

  @Test("JSON that is nested too deep is refused")
  func deep() {
    let text = "# %% x=" + String(repeating: "[", count: 100_000)
    #expect(NotebookFormat.read(text, name: "x").diagnostics.map(\.code) == ["bad-value"])
  }
}

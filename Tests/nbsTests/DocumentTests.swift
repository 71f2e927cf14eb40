import Foundation
import Testing

/// `nbs check`, `nbs fmt` and `nbs convert`, and the files that none of them takes.
@Suite(.serialized, .timeLimit(.minutes(2))) struct DocumentTests {
  private static let header = "# ---\n# nbs: 1\n# ---\n\n"

  /// A notebook that is wrong, and what must be said of it.
  struct BadFile: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let code: String
    var testDescription: String { "\(name): \(code)" }

    init(_ name: String, _ text: String, _ code: String) {
      self.init(name, Array(text.utf8), code)
    }

    init(_ name: String, _ bytes: [UInt8], _ code: String) {
      (self.name, self.bytes, self.code) = (name, bytes, code)
    }
  }

  private static func jupyter(_ version: Int, language: String, cells: String = "[]") -> String {
    "{\"cells\": \(cells), \"metadata\": {\"kernelspec\": {\"display_name\": \"x\", \"language\": \"\(language)\", "
      + "\"name\": \"\(language)\"}}, \"nbformat\": \(version), \"nbformat_minor\": 0}"
  }

  static let badFiles = [
    BadFile("marker.nbs", "a = \"x\n# %% y\"\n", "unclosed-string"),
    BadFile("ids.nbs", "# %% id=\"a\" id=\"b\"\nprint 1\n", "two-ids"),
    BadFile("same.nbs", "# %% id=\"a\"\nprint 1\n# %% id=\"a\"\nprint 1\n", "duplicate-id"),
    BadFile("kind.nbs", "# %% [markdwon]\n# Text\n", "unknown-kind"),
    BadFile("newer.nbs", "# ---\n# nbs: 2\n# ---\n", "newer-version"),
    BadFile("binary.nbs", [0x70, 0xFF, 0x31], "not-utf-8"),
    BadFile("nul.nbs", [0x70, 0x00, 0x31], "nul-byte"),
    BadFile("old.ipynb", jupyter(3, language: "nbs"), "old-nbformat"),
    BadFile("python.ipynb", jupyter(4, language: "python"), "other-language"),
    BadFile("broken.ipynb", "{\"cells\": [", "bad-json"),
    BadFile("limit.nbs", "param a = 1 max=0\n", "bad-value"),
    BadFile("twice.nbs", "param a = 1\n# %%\nparam a = 1\n", "repeated-parameter"),
    BadFile("timeout.nbs", "# %% timeout=\"soon\"\nprint 1\n", "bad-value"),
  ]

  private struct FileReport: Decodable {
    struct Mistake: Decodable {
      let code: String
      let line: Int?
      let column: Int?
    }
    let file: String
    let ok: Bool
    let diagnostics: [Mistake]
  }

  private func check(_ paths: [String]) throws -> (reports: [FileReport], status: Int32) {
    let result = try Program.run(["check", "--json"] + paths)
    return (try JSONDecoder().decode([FileReport].self, from: Data(result.output.utf8)), result.status)
  }

  @Test(arguments: badFiles) func badFilesAreRefused(file: BadFile) throws {
    let folder = try Program.Folder()
    let url = folder.url.appending(path: file.name)
    try Data(file.bytes).write(to: url)
    let (reports, status) = try check([url.path])
    #expect(status == 2)
    #expect(reports.first?.diagnostics.first?.code == file.code, "\(reports)")
    let run = try Program.run(["run", url.path])
    #expect(run.status == 2 && run.output == "", "no cell ran")
  }

  @Test(arguments: [
    "print 1\r\nprint 2\r\n", "\u{FEFF}print 1\nprint 2\n", "if true {\n\tprint 1\n\tprint 2\n}\n",
  ])
  func foreignSpellingsAreRead(text: String) throws {
    let result = try Program.run(["run", "-"], input: text)
    #expect(result.status == 0 && result.output == "1\n2\n", "\(result.errors)")
  }

  @Test func aFileThatIsTooLargeIsNotReadToItsEnd() throws {
    let folder = try Program.Folder()
    let path = try folder.file("large.nbs", "")
    let file = try FileHandle(forWritingTo: folder.url.appending(path: "large.nbs"))
    // A hole: it takes no room on the disk.
    try file.truncate(atOffset: 5_000_000_000)
    try file.close()
    let (reports, status) = try check([path])
    #expect(status == 2 && reports.first?.diagnostics.map(\.code) == ["too-large"])
  }

  @Test func aFolderIsCheckedWithAllBelowIt() throws {
    let folder = try Program.Folder()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "b/.hidden"), withIntermediateDirectories: true)
    try folder.file("a.nbs", Self.header + "# %% [markdown]\n# Text\n\n# %%\nprint 1\nprint nothing_here\n")
    try folder.file("b/c.nbs", "print 1\n")
    try folder.file("b/.hidden/d.nbs", "train")
    let (reports, status) = try check([folder.url.path])
    #expect(status == 2)
    #expect(reports.map { $0.file.split(separator: "/").last } == ["a.nbs", "c.nbs"])
    #expect(reports.map(\.ok) == [false, true])
    #expect(reports[0].diagnostics.first?.line == 10 && reports[0].diagnostics.first?.column == 7)
    let text = try Program.run(["check", folder.url.path])
    #expect(text.output == "" && text.errors.hasSuffix("2 notebooks, 1 with errors\n"), "\(text.errors)")
    #expect(try Program.run(["check", folder.path("b")]).errors == "1 notebook: no errors\n")
    #expect(try Program.run(["check", folder.path("b/.hidden")]).status == 2)
    let empty = try Program.Folder()
    #expect(try Program.run(["check", empty.url.path]).status == 2)
  }

  @Test func formattingTwiceChangesNothing() throws {
    let folder = try Program.Folder()
    let path = try folder.file(
      "a.nbs", "print  1\r\n\n\n\n# %%   [markdown]\n#  Text  \n#\n#\n# more\n# %%\n\n\nx=1")
    let check = try Program.run(["fmt", "--check", folder.url.path])
    #expect(check.status == 1 && check.output == path + "\n")
    #expect(try Program.run(["fmt", folder.url.path]).status == 0)
    let text = try folder.text("a.nbs")
    #expect(text.hasPrefix("print  1\n\n# %% [markdown]\n"), "\(text)")
    #expect(try Program.run(["fmt", path]).output == "", "nothing is left to do")
    #expect(try folder.text("a.nbs") == text)
    #expect(try Program.run(["fmt", "--check", path]).status == 0)
    #expect(try Program.run(["fmt", "-"], input: "x=1").output == "x=1\n")
    #expect(try Program.run(["fmt", try folder.file("b.nbs", "# %% [what]\n")]).status == 2)
    #expect(try Program.run(["fmt", try folder.file("c.ipynb", "{}")]).status == 2)
  }

  @Test func notebooksGoToJupyterAndBack() throws {
    let folder = try Program.Folder()
    let text =
      Self.header
      + "# %% [markdown]\n# # Title\n#\n#  Text\n\n\n# %% One tol=1e-3\nprint  1\n\n# %% [check]\nassert 1\n"
    let source = try folder.file("a.nbs", text)
    #expect(try Program.run(["convert", source, folder.path("a.ipynb")]).status == 0)
    #expect(try Program.run(["convert", folder.path("a.ipynb"), folder.path("b.nbs")]).status == 0)
    #expect(try folder.text("b.nbs") == text)
    #expect(try Program.run(["run", folder.path("a.ipynb")]).output == "1\n")
  }

  @Test func markdownBecomesANotebook() throws {
    let folder = try Program.Folder()
    let page =
      "# Title\n\nText\n\n**One**\n\n```nbs\nprint 1\n```\n\n```text\n1\n```\n\n````nbs\nprint \"```\"\n````\n"
    let source = try folder.file("a.md", page)
    #expect(try Program.run(["convert", source, folder.path("a.nbs")]).status == 0)
    #expect(
      try folder.text("a.nbs")
        == "# %% [markdown]\n# # Title\n#\n# Text\n\n# %% One\nprint 1\n\n# %% [markdown]\n# ```text\n# 1\n# ```\n\n# %%\nprint \"```\"\n"
    )
    #expect(try Program.run(["convert", folder.path("a.nbs"), folder.path("b.md")]).status == 0)
    #expect(try folder.text("b.md") == page)
  }

  @Test func conversionsThatCannotBe() throws {
    let folder = try Program.Folder()
    let source = try folder.file("a.nbs", "print 1\n")
    let python = try folder.file(
      "p.ipynb",
      Self.jupyter(
        4, language: "python",
        cells:
          "[{\"cell_type\": \"code\", \"source\": \"x\", \"metadata\": {}, \"outputs\": [], \"execution_count\": null}]"
      ))
    for (input, output) in [
      (source, source), (source, folder.path("a.txt")), (source, folder.url.path),
      (source, folder.path("none/a.ipynb")),
      (folder.path("b.nbs"), folder.path("c.nbs")), (python, folder.path("p.nbs")),
    ] {
      #expect(try Program.run(["convert", input, output]).status == 2, "\(output)")
    }
    #expect(try folder.text("a.nbs") == "print 1\n")
    #expect(try Program.run(["convert", "--any-language", python, folder.path("p.nbs")]).status == 0)
    #expect(try folder.text("p.nbs").hasSuffix("x\n"))
  }
}

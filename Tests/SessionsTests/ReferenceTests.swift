import Foundation
import Sessions
import Testing

/// Pages whose ends the program writes. To bring them up to date, run the tests with NBS_RECORD set: the page is
/// then written anew, and the test fails so that nobody takes it for a pass.
@Suite struct ReferenceTests {
  private let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent()
    .deletingLastPathComponent()

  /// `docs/language.md` ends with what `nbs reference` prints.
  @Test func thePageSaysWhatTheTablesSay() throws {
    try expectEnd(
      of: "docs/language.md", after: "<!-- From here on the page is made by `nbs reference`. -->",
      toBe: LanguageReference.markdown() + "\n")
  }

  /// `docs/glossary.md` ends with the terms that `help` knows.
  @Test func theGlossarySaysWhatHelpSays() throws {
    try expectEnd(
      of: "docs/glossary.md", after: "<!-- From here on the page is made from the program's glossary. -->",
      toBe: GlossaryReference.markdown() + "\n")
  }

  /// `docs/plots.md` ends with the report of the gallery, its headings one deeper.
  @Test func theGalleryIsTheNotebooksReport() throws {
    let report = try String(contentsOf: project.appending(path: "notebooks/plots.md"), encoding: .utf8)
    var isCode = false
    let lines = report.split(separator: "\n", omittingEmptySubsequences: false).map { line -> Substring in
      if line.hasPrefix("```") { isCode.toggle() }
      return !isCode && line.hasPrefix("#") ? "#" + line : line
    }
    let gallery = lines.joined(separator: "\n").replacing(
      "## A gallery of plots\n", with: "## Gallery\n", maxReplacements: 1)
    try expectEnd(
      of: "docs/plots.md", after: "<!-- From here on the page is what notebooks/plots.nbs exports. -->",
      toBe: gallery)
  }

  /// The files of `editors` that hold the language's words.
  @Test func editorsKnowTheWordsOfTheTables() throws {
    let words = EditorWords.current
    try expect("editors/jupyter/nbs_jupyter/words.py", toBe: words.python())
    try expect("editors/jupyter/labextension/static/words.json", toBe: words.json())
    try expect("editors/vscode/syntaxes/nbs.tmLanguage.json", toBe: words.textMate())
  }

  private func expect(_ name: String, toBe expected: String) throws {
    let file = project.appending(path: name)
    if ProcessInfo.processInfo.environment["NBS_RECORD"] != nil {
      try Data(expected.utf8).write(to: file)
      Issue.record("\(name) was written anew")
    }
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text == expected, "run the tests with NBS_RECORD=1 to write \(name) anew")
  }

  private func expectEnd(of name: String, after marker: String, toBe expected: String) throws {
    let page = project.appending(path: name)
    let text = try String(contentsOf: page, encoding: .utf8)
    let cut = try #require(text.range(of: marker + "\n\n"))
    if ProcessInfo.processInfo.environment["NBS_RECORD"] != nil {
      try Data((text[..<cut.upperBound] + expected).utf8).write(to: page)
      Issue.record("\(name) was written anew")
    }
    #expect(text[cut.upperBound...] == expected, "run the tests with NBS_RECORD=1 to write the page anew")
  }
}

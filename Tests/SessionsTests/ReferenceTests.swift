import Foundation
import Sessions
import Testing

/// `docs/language.md` ends with what `nbs reference` prints. To bring it up to date, run the tests with
/// NBS_RECORD set: the page is then written anew, and the test fails so that nobody takes it for a pass.
@Suite struct ReferenceTests {
  @Test func thePageSaysWhatTheTablesSay() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/language.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let marker = "<!-- From here on the page is made by `nbs reference`. -->\n\n"
    let cut = try #require(text.range(of: marker))
    let expected = LanguageReference.markdown() + "\n"
    if ProcessInfo.processInfo.environment["NBS_RECORD"] != nil {
      try Data((text[..<cut.upperBound] + expected).utf8).write(to: page)
      Issue.record("docs/language.md was written anew")
    }
    #expect(text[cut.upperBound...] == expected, "run the tests with NBS_RECORD=1 to write the page anew")
  }
}

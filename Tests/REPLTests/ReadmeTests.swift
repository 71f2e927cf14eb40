import Foundation
import Testing

/// The look at nbs with which `README.md` begins is what the prompt shows. To bring it up to date, run the tests
/// with NBS_RECORD set: the page is then written anew, and the test fails so that nobody takes it for a pass.
@Suite struct ReadmeTests {
  @Test func theLookIsWhatThePromptShows() throws {
    let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "README.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let start = try #require(text.firstRange(of: "```\nIn [1]: ")).lowerBound
    let body = text.index(start, offsetBy: 4)
    let end = try #require(text[body...].firstRange(of: "```")).lowerBound
    let shown = look(at: text[body..<end])
    if ProcessInfo.processInfo.environment["NBS_RECORD"] != nil {
      try Data((text[..<body] + shown + text[end...]).utf8).write(to: page)
      Issue.record("README.md was written anew")
    }
    #expect(text[body..<end] == shown, "run the tests with NBS_RECORD=1 to write the page anew")
  }

  /// What the prompt makes of the lines that are typed in it.
  private func look(at conversation: Substring) -> String {
    let talk = Conversation()
    let typed = conversation.split(separator: "\n").compactMap { $0.wholeMatch(of: /In \[(\d+)\]: (.*)/) }
    return typed.map { line in
      let shown = talk.shown(String(line.2))
      return "In [\(line.1)]: \(line.2)\n"
        + shown.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        .map { $0 + "\n" }.joined()
    }.joined()
  }
}

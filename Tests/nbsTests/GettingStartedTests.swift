import Foundation
import Testing

/// `docs/getting-started.md`, done as it says.
@Suite struct GettingStartedTests {
  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/getting-started.md")

  /// The block of code behind a comment.
  private func block(_ name: String) throws -> String {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- getting-started: \(name) -->\n```")).upperBound
    let body = text[start...].drop { !$0.isNewline }.dropFirst()
    return String(body[..<(try #require(body.range(of: "\n```")).lowerBound)]) + "\n"
  }

  @Test func thePageDoesWhatItSays() throws {
    let folder = try Program.Folder()
    try folder.file("flats.nbs", try block("notebook"))
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    let program = URL(fileURLWithPath: Program.path).deletingLastPathComponent().path
    shell.arguments = [
      "-ec", "cd '\(folder.url.path)'; PATH='\(program)':$PATH\n" + (try block("csv")) + (try block("run")),
    ]
    shell.standardOutput = FileHandle.nullDevice
    shell.standardError = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    let report = try folder.text("flats.md")
    let shown = try #require(
      String(contentsOf: Self.page, encoding: .utf8).split(separator: "\n").first {
        $0.hasPrefix("flats.test  ")
      })
    #expect(report.contains(shown), "the figure in the page is the one that comes out")
    #expect(try folder.text("flats.html").contains("<svg"))
  }
}

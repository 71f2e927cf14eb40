import Foundation
import Runner
import Testing

/// The places where the version stands.
@Suite struct VersionTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
  }

  @Test("The changelog begins with what is not released yet, and then has this version")
  func changelog() throws {
    let headings = try text("CHANGELOG.md").split(separator: "\n").filter { $0.hasPrefix("## ") }
    #expect(headings.first == "## Unreleased")
    #expect(headings.dropFirst().first?.hasPrefix("## \(Release.version) - ") == true, "\(headings)")
  }

  @Test(
    "Whatever installs nbs, and the extensions that belong to it, name this version",
    arguments: [
      ("action.yml", "default: VERSION\n"), ("docs/automation.md", "nbs@vVERSION\n"),
      ("docs/automation.md", "rev: vVERSION\n"), ("editors/vscode/package.json", "\"version\": \"VERSION\""),
      ("editors/jupyter/labextension/package.json", "\"version\": \"VERSION\""),
      ("editors/jupyter/pyproject.toml", "version = \"VERSION\""),
    ])
  func places(file: String, line: String) throws {
    #expect(try text(file).contains(line.replacing("VERSION", with: Release.version)), "\(file)")
  }
}

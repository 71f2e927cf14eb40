import Foundation
import Testing

/// The pages of `Tests/Cases`, each cell held against what it is said to show.
///
/// `NBS_RECORD=1 swift test --filter CaseTests` writes down what the cells show now, and fails; `git diff` then
/// tells what has changed.
@Suite struct CaseTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Cases")

  static let files =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? [])
    .filter { $0.hasSuffix(".md") && $0 != "README.md" }.sorted()

  private static let isRecording = ProcessInfo.processInfo.environment["NBS_RECORD"] != nil

  @Test func findsTheCases() { #expect(!Self.files.isEmpty) }

  @Test(arguments: files) func showsWhatIsSaid(file: String) throws {
    let url = Self.folder.appending(path: file)
    let text = try String(contentsOf: url, encoding: .utf8)
    let page = CaseFile(text)
    #expect(!page.cases.isEmpty)
    let outputs = page.cases.map { $0.run() }
    if Self.isRecording {
      try page.recording(outputs).write(to: url, atomically: true, encoding: .utf8)
      Issue.record("recorded \(file): run again without NBS_RECORD")
      return
    }
    for (item, shown) in zip(page.cases, outputs) {
      for (cell, text) in zip(item.cells, shown) where text != cell.expected {
        Issue.record(
          "Tests/Cases/\(file):\(cell.firstLine): \(item.heading)\n--- said\n\(cell.expected)\n--- shown\n\(text)"
        )
      }
    }
  }
}

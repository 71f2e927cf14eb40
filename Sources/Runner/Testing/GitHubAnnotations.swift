import Foundation
import Rendering

/// The outcome of tests as workflow commands of GitHub Actions, which shows each at the line of a file that it names:
/// a difference at the line of the committed report, an error at the line of the notebook.
/// (docs.github.com/actions/reference/workflows-and-actions/workflow-commands)
public struct GitHubAnnotations {
  private let tests: [NotebookTest]
  /// The folder that GitHub takes paths from; nil where it is the current one.
  private let root: String?

  /// The outcome of tests.
  ///
  /// - Parameter root: the repository's folder, as the runner has it in `GITHUB_WORKSPACE`.
  public init(_ tests: [NotebookTest], root: String?) {
    self.tests = tests
    self.root = root
  }

  /// The commands, a line each; empty where everything passed.
  public func text() -> String { tests.flatMap { commands($0) }.map { $0 + "\n" }.joined() }

  private func commands(_ test: NotebookTest) -> [String] {
    let report = NotebookTest.reportPath(of: test.path)
    switch test.verdict {
    case .passed, .ran, .blessed: return []
    case .noReport:
      return [command(test.path, title: "No report", "There is no \(report) to compare with.")]
    case .differs(let differences, _):
      return differences.map { difference in
        command(
          report, line: difference.line, title: "\(test.path): \(test.place(difference.cell)) differs",
          difference.lines.joined(separator: "\n"))
      }
    case .failed(_, let messages):
      let mistakes =
        (test.run.summary?.cells ?? []).compactMap(\.error) + (test.run.summary?.diagnostics ?? [])
      if mistakes.isEmpty {
        return [command(test.path, title: "Failed", messages.isEmpty ? "It did not complete." : messages)]
      }
      // Lines of other formats are lines of a cell, not of the file.
      let isSource = test.path.hasSuffix(".nbs")
      return mistakes.map { mistake in
        command(test.path, line: isSource ? mistake.line : nil, title: "Failed", mistake.message)
      }
    }
  }

  private func command(_ path: String, line: Int? = nil, title: String, _ message: String) -> String {
    let place = "file=\(inRepository(path).escapedForProperty)" + (line.map { ",line=\($0)" } ?? "")
    return "::error \(place),title=\(title.escapedForProperty)::\(message.trimmingNewlines.escapedForMessage)"
  }

  private func inRepository(_ path: String) -> String {
    guard let root else { return path }
    let folder = URL(filePath: root).standardizedFileURL.path(percentEncoded: false)
    let start = folder.hasSuffix("/") ? folder : folder + "/"
    let whole = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    return whole.hasPrefix(start) ? String(whole.dropFirst(start.count)) : path
  }
}

extension String {
  /// The text as a command's message: all in one line.
  fileprivate var escapedForMessage: String {
    replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
  }

  /// The text as a property, which ends at a comma or a colon.
  fileprivate var escapedForProperty: String {
    escapedForMessage.replacing(":", with: "%3A").replacing(",", with: "%2C")
  }

  fileprivate var trimmingNewlines: String { trimmingCharacters(in: .newlines) }
}

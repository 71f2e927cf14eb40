import ArgumentParser
import Diagnostics
import Notebooks
import Runner
import Sessions
import Terminal

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check notebooks without running them.",
    discussion: """
      Checks every cell: unknown commands, options and names, invalid values, damaged files. What is only known when \
      a notebook runs, such as the columns of a file, is not checked.

      Examples:
        nbs check xor.nbs
        nbs check --json notebooks/

      Exit codes: 0 no errors; 2 errors, or a file that cannot be read.
      """)

  @Argument(
    help: "Notebooks (.nbs, .ipynb or .md), folders of .nbs files, or - for standard input.",
    completion: .file(extensions: ["nbs", "ipynb", "md"]))
  var files: [String]

  @Flag(help: "Print the errors as JSON, with file, line and column, on standard output.")
  var json = false

  func run() throws {
    let reports: [FileReport]
    do { reports = try NotebookFile.expand(files).map(FileReport.init) } catch {
      reports = [FileReport(file: files.joined(separator: " "), mistakes: [error])]
    }
    json ? Streams.write(reports.map(\.summary).json() + "\n") : show(reports)
    if reports.contains(where: { !$0.isSound }) { throw ExitStatus.usage }
  }

  private func show(_ reports: [FileReport]) {
    for report in reports { nbs.show(report.mistakes) }
    let wrong = reports.count { !$0.isSound }
    let count = reports.count.counted("notebook")
    Streams.writeError(wrong == 0 ? "\(count): no errors\n" : "\(count), \(wrong) with errors\n")
  }
}

/// What a check found in one file.
private struct FileReport {
  struct Summary: Encodable {
    let file: String
    let ok: Bool
    let diagnostics: [DiagnosticSummary]
  }

  let file: String
  let mistakes: [Diagnostic]

  var isSound: Bool { !mistakes.contains { $0.severity == .error } }

  var summary: Summary {
    Summary(file: file, ok: isSound, diagnostics: mistakes.map { DiagnosticSummary($0) })
  }
}

extension FileReport {
  init(_ path: String) {
    let (source, diagnostics) = NotebookFile.load(path, name: path == "-" ? nil : path)
    var mistakes = diagnostics
    if let source {
      mistakes += source.check().mistakes.map(\.diagnostic)
    }
    self.init(file: path, mistakes: mistakes)
  }
}

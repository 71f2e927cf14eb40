import ArgumentParser
import Diagnostics
import Notebooks
import Runner
import Sessions
import Terminal

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Look for mistakes in notebooks without running them.",
    discussion: """
      Reads and checks every cell: unknown commands, options and names, wrong values, damaged files. What only a run \
      can tell, such as the columns of a file, is not looked at.

      Examples:
        nbs check xor.nbs
        nbs check --json notebooks/

      Exit codes: 0 no mistakes; 2 mistakes, or a file that cannot be read.
      """)

  @Argument(help: "Notebooks (.nbs, .ipynb or .md), folders of .nbs files, or - for standard input.")
  var files: [String]

  @Flag(help: "Print the mistakes as JSON, with file, line and column, on standard output.")
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
    Streams.writeError(wrong == 0 ? "\(count): no mistakes\n" : "\(count), \(wrong) with mistakes\n")
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

  init(file: String, mistakes: [Diagnostic]) {
    self.file = file
    self.mistakes = mistakes
  }

  init(_ path: String) {
    let (source, diagnostics) = NotebookFile.load(path, name: path == "-" ? nil : path)
    var mistakes = diagnostics
    if let source {
      let check = NotebookCheck(
        source.notebook, name: source.name, file: source.textFile, names: Session().knownNames)
      mistakes += check.mistakes.map(\.diagnostic)
    }
    self.init(file: path, mistakes: mistakes)
  }
}

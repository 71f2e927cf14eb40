import ArgumentParser
import Diagnostics
import Foundation
import Notebooks
import Runner
import Terminal

struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fmt", abstract: "Format notebooks canonically.",
    discussion: """
      Markers, the header, prose and blank lines between cells get a uniform format; code and the ids of cells are not \
      changed. The names of the files that change are printed.

      Examples:
        nbs fmt notebooks/
        nbs fmt --check notebooks/
        nbs fmt - < draft.nbs

      Exit codes: 0 done; 1 with --check, a file is not in canonical form; 2 a file that cannot be read or written.
      """)

  @Argument(
    help: "Notebooks (.nbs), folders of them, or - for standard input to standard output.",
    completion: .file(extensions: ["nbs"]))
  var files: [String]

  @Flag(help: "Only list the files that would change.")
  var check = false

  func run() throws {
    guard files != ["-"] else { return try formatStandardInput() }
    let paths = try showingMistakes { () throws(Diagnostic) in try NotebookFile.expand(files) }
    if let path = paths.first(where: { NotebookForm(path: $0) ?? .percent != .percent }) {
      throw refuse("\(path): only .nbs files have a canonical form.")
    }
    let changes = paths.map { path in Result { try format(path) } }
    if changes.contains(where: \.isFailure) { throw ExitStatus.usage }
    if check, changes.contains(where: { (try? $0.get()) == true }) { throw ExitStatus.failedCell }
  }

  private func formatStandardInput() throws {
    let bytes = FileHandle.standardInput.readDataToEndOfFile()
    let text = try formatted(bytes, name: "standard input")
    guard check else { return Streams.write(text) }
    if Data(text.utf8) != bytes { throw ExitStatus.failedCell }
  }

  /// Formats a file; whether that changes it.
  private func format(_ path: String) throws -> Bool {
    let bytes = try showingMistakes { () throws(Diagnostic) in
      try InputFile.bytesOrInput(path, neighbours: ".nbs")
    }
    let text = try formatted(bytes, name: path)
    guard Data(text.utf8) != bytes else { return false }
    if !check { try refusing { try OutputFile.write(text, to: path) } }
    Streams.say(path + "\n")
    return true
  }

  private func formatted(_ bytes: Data, name: String) throws -> String {
    let reading = NotebookFormat.read(bytes, name: name)
    guard let notebook = reading.notebook else {
      show(reading.diagnostics.map { $0.placed(in: name) })
      throw ExitStatus.usage
    }
    return NotebookFormat.format(notebook)
  }
}

extension Result {
  var isFailure: Bool { if case .failure = self { true } else { false } }
}

import ArgumentParser
import Diagnostics
import Foundation
import Notebooks
import Runner

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Convert a notebook between .nbs, .ipynb and .md.",
    discussion: """
      The file name extensions determine the formats. Converting .nbs to .ipynb and back loses nothing. A .md page holds \
      prose, titles and code, as blocks fenced as nbs. Nothing is run and no outputs are converted: \
      `nbs run IN --export OUT` makes a report.

      Examples:
        nbs convert xor.nbs xor.ipynb
        nbs convert lecture.md lecture.nbs

      Exit codes: 0 written; 2 a file that cannot be read or written.
      """)

  @Argument(
    help: "The notebook to read (.nbs, .ipynb or .md), or - for .nbs on standard input.",
    completion: .file(extensions: ["nbs", "ipynb", "md"]))
  var input: String

  @Argument(help: "The file to write; an existing file is overwritten.", completion: .file())
  var output: String

  @Flag(help: "Accept a Jupyter notebook in another language, with its code as it is.")
  var anyLanguage = false

  func run() throws {
    guard let form = NotebookForm(path: output) else {
      throw refuse("\(output): a notebook is written as .nbs, .ipynb or .md. Use one of these extensions.")
    }
    guard !isSameFile else {
      throw refuse("\(output) is the file to read. To bring it into canonical form: nbs fmt \(input)")
    }
    try refusing { try OutputFile.check(output, example: "notebook" + form.ending) }
    let (file, diagnostics) = NotebookFile.load(input, acceptingAnyLanguage: anyLanguage)
    show(diagnostics)
    guard let notebook = file?.notebook else { throw ExitStatus.usage }
    try refusing { try OutputFile.write(form.text(of: notebook), to: output) }
  }

  private var isSameFile: Bool {
    let paths = [input, output].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    return input != "-" && paths[0] == paths[1]
  }
}

extension NotebookForm {
  /// The notebook in this form, without outputs.
  fileprivate func text(of notebook: Notebook) -> String {
    switch self {
    case .percent: NotebookFormat.write(notebook)
    case .jupyter: IPYNB.write(notebook)
    case .markdown: NotebookFormat.markdown(notebook)
    }
  }
}

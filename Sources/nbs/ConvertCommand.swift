import ArgumentParser
import Diagnostics
import Foundation
import Notebooks
import Runner

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Turn a notebook into another form: .nbs, .ipynb or .md.",
    discussion: """
      The endings of the names say what is what. From .nbs to .ipynb and back nothing is lost. A .md page keeps prose, \
      titles and code; read, its blocks fenced as nbs become cells of code. Nothing is run and no outputs are taken \
      over: `nbs run IN --export OUT` makes a report.

      Examples:
        nbs convert xor.nbs xor.ipynb
        nbs convert lecture.md lecture.nbs

      Exit codes: 0 written; 2 a file that cannot be read or written.
      """)

  @Argument(help: "The notebook to read (.nbs, .ipynb or .md), or - for .nbs on standard input.")
  var input: String

  @Argument(help: "The file to write; what is there is replaced.")
  var output: String

  @Flag(help: "Take a Jupyter notebook of another language too, its code as it stands.")
  var anyLanguage = false

  func run() throws {
    guard let form = NotebookForm(path: output) else {
      throw refuse("\(output): a notebook is written as .nbs, .ipynb or .md. Name a file that ends so.")
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

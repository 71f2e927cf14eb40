import ArgumentParser
import Diagnostics
import Foundation
import Foundations
import Localization
import Notebooks
import Outputs
import Runner
import Sessions
import Terminal

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Convert a notebook between .nbs, .ipynb and .md, or to Keras or PyTorch.",
    discussion: """
      The file name extensions determine the formats. Converting .nbs to .ipynb and back loses nothing. A .md page holds \
      prose, titles and code, as blocks fenced as nbs. Nothing is run and no outputs are converted: \
      `nbs run IN --export OUT` makes a report.

      A name that ends in _keras.py or _torch.py makes a script of the notebook's data, networks, trainings and plots for \
      Keras 3 or PyTorch. For that the notebook is run. Rows that are too many for the script lie in a .safetensors file \
      beside it. With --prove the script starts from the weights of nbs, takes the rows in the same order, and compares \
      the loss of each epoch, up to 100 of each training.

      Examples:
        nbs convert xor.nbs xor.ipynb
        nbs convert lecture.md lecture.nbs
        nbs convert xor.nbs xor_keras.py
        nbs convert cnn.nbs cnn_torch.py --prove -p rows=500 -p epochs=1

      Exit codes: 0 written; 1 a cell of the notebook failed; 2 a file that cannot be read or written.
      """)

  @Argument(
    help: "The notebook to read (.nbs, .ipynb or .md), or - for .nbs on standard input.",
    completion: .file(extensions: ["nbs", "ipynb", "md"]))
  var input: String

  @Argument(help: "The file to write; an existing file is overwritten.", completion: .file())
  var output: String

  @Flag(help: "Accept a Jupyter notebook in another language, with its code as it is.")
  var anyLanguage = false

  @Flag(help: "Of a script: start from the same weights and compare the losses.")
  var prove = false

  @OptionGroup var parameters: ParameterArguments

  func run() throws {
    if ConvertedScript.isScript(output) { return try writeScript() }
    guard !prove, parameters.assignments.isEmpty, parameters.file == nil else {
      throw refuse("--prove, -p and --params are for scripts: nbs convert \(input) NAME_keras.py")
    }
    guard let form = NotebookForm(path: output) else {
      throw refuse(
        "\(output): a notebook is written as .nbs, .ipynb or .md, a script as _keras.py or _torch.py. Use one of these endings."
      )
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

  /// Runs the notebook and writes what it trained as a script.
  private func writeScript() throws {
    func coded<Result>(_ body: () throws(CodedError) -> Result) throws -> Result {
      do throws(CodedError) { return try body() } catch { throw refuse(error.message) }
    }
    try coded { () throws(CodedError) in try ConvertedScript.check(output) }
    try refusing { try OutputFile.check(output, example: "notebook_keras.py") }
    Signals.install()
    let (file, diagnostics) = NotebookFile.load(input, acceptingAnyLanguage: anyLanguage)
    show(diagnostics)
    guard let file else { throw ExitStatus.usage }
    let session = Session(
      interruption: Signals.interruption, environment: ProcessInfo.processInfo.environment)
    session.scripts = ScriptRecorder()
    let headless: HeadlessRun
    do throws(HeadlessRun.Refusal) {
      headless = try HeadlessRun(file, parameters: try parameters.given(), in: session)
    } catch {
      show(error.diagnostics)
      throw ExitStatus.usage
    }
    let (run, _) = headless.run(keptAt: nil) { output in
      if case .error(let diagnostic) = output { show([diagnostic]) }
    }
    guard run.outcome == .done else { throw run.outcome.exitStatus ?? .failedCell }
    let cells = run.results.map { result in
      ScriptRecorder.Cell(
        heading: result.cell.title ?? (result.cell.kind == .markdown ? result.cell.headline : nil),
        source: result.outcome == nil ? nil : SourceText(result.cell.source, name: file.name))
    }
    let written = try file.notebook.header.language.speaking {
      try coded { () throws(CodedError) in
        try ConvertedScript(
          of: session, cells: cells, title: file.notebook.header.title ?? file.name, source: file.name,
          path: output,
          isProof: prove
        ).write(to: output)
      }
    }
    Streams.write("wrote \(written.joined(separator: " and "))\n")
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

import ArgumentParser
import Diagnostics
import Foundations
import Notebooks
import Outputs
import Rendering
import Runner
import Sessions
import Terminal

struct ParamsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "params", abstract: "List the parameters of a notebook: their types, defaults and help.",
    discussion: """
      Parameters are declared by `param`, or in a cell tagged `parameters`. `nbs run FILE -p NAME=VALUE` sets one.

      Examples:
        nbs params people.nbs
        nbs params --json people.nbs

      Exit codes: 0 listed; 2 a file that cannot be read, or an error in it.
      """)

  @Argument(
    help: "The notebook (.nbs, .ipynb or .md), or - for standard input.",
    completion: .file(extensions: ["nbs", "ipynb", "md"]))
  var file: String

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let source = try NotebookFile.loaded(file)
    let parameters = try source.checked().parameters.map(ParameterDescription.init)
    if json { return Streams.write(parameters.json() + "\n") }
    guard !parameters.isEmpty else { return Streams.say("\(source.name) declares no parameters.\n") }
    let table = Table(
      columns: [.words("parameter"), .words("type"), .words("default"), .words("help")],
      rows: parameters.map { [$0.name, $0.type, $0.spelling, $0.help ?? ""] },
      footer: ["nbs run \(file.shellWord) -p \("\(parameters[0].name)=\(parameters[0].spelling)".shellWord)"])
    Streams.write(Output.table(table).text(Terminal().style) + "\n")
  }
}

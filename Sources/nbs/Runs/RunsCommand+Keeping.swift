import ArgumentParser
import Diagnostics
import Foundation
import Outputs
import REPL
import Rendering
import Runs

extension RunsCommand {
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the report of a past run: Markdown, a page in HTML, or a Jupyter notebook.")

    @Argument(help: ArgumentHelp("The run's number, or last.", valueName: "run"))
    var reference: RunReference

    @Argument(
      help: ArgumentHelp(
        "The files to write; their endings say what.", valueName: "out.md|out.html|out.ipynb"))
    var files: [String]

    func run() throws {
      let targets = try ExportFile.all(files)
      let (store, ids) = try RunsCommand.runs([reference])
      let stored = try refusing { try store.run(ids[0]) }
      for target in targets { try target.write(Report(stored)) }
    }
  }

  struct Delete: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete runs for good: all that are named, or none where one cannot be.")

    @Argument(help: ArgumentHelp("The runs' numbers.", valueName: "run"))
    var references: [RunReference]

    func run() throws {
      let (store, ids) = try RunsCommand.runs(references)
      try refusing { try store.delete(ids) }
      RunsCommand.show([.text("deleted \(ids.count == 1 ? "run" : "runs") \(ids.map(String.init).listed)")])
    }
  }
}

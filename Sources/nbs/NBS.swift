import ArgumentParser
import Foundation
import Localization
import NeuralEngine
import REPL
import Runner
import Sessions
import Terminal

/// The program.
@main
struct NBS: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nbs",
    abstract: "Build, train and inspect neural networks, at a prompt or in plain-text notebooks.",
    discussion:
      "Without a subcommand it opens the prompt; without a terminal it runs its standard input.",
    version: Release.version,
    subcommands: [
      RunCommand.self, SweepCommand.self, CrossValidateCommand.self, TestCommand.self, CheckCommand.self,
      FormatCommand.self,
      ConvertCommand.self, ParamsCommand.self, RunsCommand.self, LearnCommand.self, KernelCommand.self,
      ReferenceCommand.self, DoctorCommand.self, CompletionCommand.self,
    ])

  func run() throws {
    guard isatty(STDIN_FILENO) == 1 else { return try RunCommand.runStandardInput() }
    Signals.install()
    let environment = ProcessInfo.processInfo.environment
    let repl = REPL(terminal: Terminal()) {
      Session(interruption: Signals.interruption, environment: environment)
    }
    repl.run()
    if let code = Signals.endingCode { Foundation.exit(code) }
  }

  /// Maps every way to end to its exit code, and does nothing else.
  static func main() {
    if let complaint = InstructionSet.complaint {
      Streams.writeError(complaint + "\n")
      Foundation.exit(ExitStatus.usage.rawValue)
    }
    if let advice = advice(on: Array(CommandLine.arguments.dropFirst())) {
      Foundation.exit(refuse(advice).rawValue)
    }
    do {
      var command = try parseAsRoot()
      try SharedWork.refuseOthers(command)
      try UserLanguage(environment: ProcessInfo.processInfo.environment).speaking { try command.run() }
    } catch let code as ExitStatus {
      Foundation.exit(code.rawValue)
    } catch {
      let isHelp = exitCode(for: error) == .success
      let message = fullMessage(for: error)
      isHelp ? Streams.write(message + "\n") : Streams.writeError(message + "\n")
      Foundation.exit(isHelp ? 0 : ExitStatus.usage.rawValue)
    }
  }
}

extension NBS {
  /// What to say to somebody who names a notebook where a command stands.
  private static func advice(on arguments: [String]) -> String? {
    guard let name = arguments.first, NotebookForm(path: name) != nil else { return nil }
    let line = (["nbs", "run"] + arguments).map { $0.contains(" ") ? "'\($0)'" : $0 }.joined(separator: " ")
    return "\(name) is a notebook, not a command. To run it: \(line)"
  }
}

/// How the program ends when it does not end well.
enum ExitStatus: Int32, Error {
  /// A cell failed.
  case failedCell = 1
  /// Wrong usage, an unreadable file, or a notebook that cannot run; no cell ran.
  case usage = 2
  /// `nbs test` found other outputs than the committed ones.
  case otherOutputs = 3
  /// A time limit.
  case timeLimit = 4
  /// Ctrl-C.
  case interrupted = 130
}

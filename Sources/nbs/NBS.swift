import ArgumentParser
import Foundation
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
    abstract: "Build, train and look at neural networks, at a prompt or in plain-text notebooks.",
    discussion:
      "Without a subcommand it opens the prompt; without a terminal it runs what standard input holds.",
    version: Release.version,
    subcommands: [
      RunCommand.self, TestCommand.self, CheckCommand.self, FormatCommand.self, ConvertCommand.self,
      RunsCommand.self, LearnCommand.self, ReferenceCommand.self,
    ])

  func run() throws {
    guard isatty(STDIN_FILENO) == 1 else { return try RunCommand.runStandardInput() }
    Signals.install()
    let environment = ProcessInfo.processInfo.environment
    let repl = REPL(terminal: Terminal()) {
      Session(interruption: Signals.interruption, environment: environment)
    }
    // The shell's way to say which signal ended a program.
    if let signal = repl.run() { Foundation.exit(128 + signal) }
  }

  /// Maps every way to end to its exit code, and does nothing else.
  static func main() {
    if let complaint = InstructionSet.complaint {
      Streams.writeError(complaint + "\n")
      Foundation.exit(ExitStatus.usage.rawValue)
    }
    do {
      var command = try parseAsRoot()
      try command.run()
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

import ArgumentParser
import Diagnostics
import Foundation
import JSON
import Outputs
import REPL
import Rendering
import Runs

/// `nbs runs`: the store of past runs.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "Look at past runs: list, show, compare, export, delete.",
    discussion: """
      Every `nbs run`, and every conversation at the prompt, is kept under $XDG_DATA_HOME/nbs (~/.local/share/nbs).
      RUN is a run's number, or `last`.
      Exit codes: 0 well; 2 wrong usage, or no such run.
      """,
    subcommands: [List.self, Show.self, Compare.self, Export.self, Delete.self], defaultSubcommand: List.self)

  /// The store; nil where nothing was ever kept.
  ///
  /// - Throws: ``ExitStatus/usage``, its message already written.
  static func store() throws -> RunStore? {
    try refusing {
      try RunStore.openToRead(at: StoreLocation(environment: ProcessInfo.processInfo.environment))
    }
  }

  /// The store and runs of it.
  ///
  /// - Throws: ``ExitStatus/usage``, its message already written.
  static func runs(_ references: [RunReference]) throws -> (store: RunStore, ids: [Int64]) {
    guard let store = try store() else { throw refuse(RunList.none) }
    return (store, try refusing { try references.map { try $0.id(in: store) } })
  }

  /// Does work whose mistakes are wrong usage.
  static func refusing<T>(_ work: () throws -> T) throws -> T {
    do { return try work() } catch let mistake as Diagnostic { throw refuse(mistake.message) }
  }

  static func show(_ outputs: [Output]) {
    let style = Terminal().style
    Streams.write(outputs.map { $0.text(style) + "\n" }.joined(separator: "\n"))
  }
}

/// A run as it is named in a command: `12`, `last`.
enum RunReference: ExpressibleByArgument {
  case number(Int64)
  case last

  init?(argument: String) {
    if argument == "last" {
      self = .last
    } else if let number = Int64(argument), number > 0 {
      self = .number(number)
    } else {
      return nil
    }
  }

  func id(in store: RunStore) throws -> Int64 {
    switch self {
    case .number(let id): return id
    case .last:
      guard let id = try store.lastRun() else { throw Diagnostic("unknown-run", RunList.none) }
      return id
    }
  }
}

/// How a command puts out what it found.
struct FormOptions: ParsableArguments {
  @Flag(help: "Print JSON.")
  var json = false

  @Flag(help: "Print comma-separated values.")
  var csv = false

  func validate() throws {
    if json, csv { throw ValidationError("--json and --csv are two forms. Keep one of them.") }
  }

  /// Puts out one of three forms.
  func put(outputs: () -> [Output], json value: () -> JSONValue, csv text: () -> String) {
    if json {
      Streams.write(value().indented() + "\n")
    } else if csv {
      Streams.write(text())
    } else {
      RunsCommand.show(outputs())
    }
  }
}

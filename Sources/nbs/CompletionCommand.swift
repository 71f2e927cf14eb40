import ArgumentParser
import Diagnostics
import Foundation
import Foundations
import Terminal

/// `nbs completion`: the shell's completion of commands, options and notebooks.
struct CompletionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion", abstract: "Let the shell complete commands, options and notebooks with Tab.",
    subcommands: [Install.self])

  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the script where your shell looks for it.",
      discussion: """
        `nbs --generate-completion-script bash` (zsh, fish) prints the script, for another place.
        Exit codes: 0 success; 2 wrong usage, or the script cannot be written.
        """)

    @Option(help: ArgumentHelp("bash, zsh or fish; otherwise what SHELL names.", valueName: "shell"))
    var shell: String?

    func run() throws {
      let environment = ProcessInfo.processInfo.environment
      let shell = try chosenShell(in: environment)
      guard let place = ShellPlace(shell: shell.rawValue, environment: environment) else {
        throw refuse("There is no folder for it: HOME is not set.")
      }
      do {
        let folder = URL(fileURLWithPath: place.path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try AtomicFile.write(NBS.completionScript(for: shell), to: place.path)
      } catch {
        throw refuse("`\(place.path)` cannot be written. \(error.reason)")
      }
      Streams.write("The completion for \(shell.rawValue) is in \(place.path). \(place.advice)\n".sanitized())
    }

    private func chosenShell(in environment: [String: String]) throws -> CompletionShell {
      let name = shell ?? environment["SHELL"].map { URL(fileURLWithPath: $0).lastPathComponent } ?? ""
      if let known = CompletionShell(rawValue: name) { return known }
      let problem = name.isEmpty ? "SHELL names no shell." : "There is no completion for the shell `\(name)`."
      throw refuse("\(problem) Name one of bash, zsh and fish: nbs completion install --shell bash")
    }
  }
}

/// Where a shell looks for the completion of a program called nbs.
struct ShellPlace {
  let path: String
  /// What is still to be done.
  let advice: String

  /// - Parameter shell: `bash`, `zsh` or `fish`.
  /// - Returns: nil where the environment names no folder.
  init?(shell: String, environment: [String: String]) {
    func folder(_ variable: String, _ usual: String) -> String? {
      if let named = environment[variable], named.hasPrefix("/") { return named }
      return environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + usual : nil }
    }
    let file: (folder: String?, name: String)
    switch shell {
    case "zsh":
      file = (folder("XDG_DATA_HOME", "/.local/share"), "/zsh/site-functions/_nbs")
      advice =
        "~/.zshrc needs these lines, where it has not: "
        + "fpath+=(\(file.folder.map { $0 + "/zsh/site-functions" } ?? "")); autoload -U compinit; compinit"
    case "fish":
      file = (folder("XDG_CONFIG_HOME", "/.config"), "/fish/completions/nbs.fish")
      advice = "Every fish that starts from now on has it."
    default:
      file = (folder("XDG_DATA_HOME", "/.local/share"), "/bash-completion/completions/nbs")
      advice = "Every bash that starts from now on has it, if Debian's package bash-completion is installed."
    }
    guard let folder = file.folder else { return nil }
    path = folder + file.name
  }
}

import ArgumentParser
import Sessions
import Terminal

struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference", abstract: "Print the reference of every command and function as Markdown.")

  func run() { Streams.write(LanguageReference.markdown() + "\n") }
}

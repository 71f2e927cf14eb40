import ArgumentParser
import Sessions
import Terminal

struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference", abstract: "Print the reference of every command and function as Markdown.")

  /// What programs make of the words of the language.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case python, json, textmate
  }

  @Option(help: "Print the language's words in place of that, for a program that colours it.")
  var words: Form?

  func run() {
    switch words {
    case nil: Streams.write(LanguageReference.markdown() + "\n")
    case .python: Streams.write(EditorWords.current.python())
    case .json: Streams.write(EditorWords.current.json())
    case .textmate: Streams.write(EditorWords.current.textMate())
    }
  }
}

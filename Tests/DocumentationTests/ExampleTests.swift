import Foundation
import Plotting
import Testing

/// The examples of doc comments stand in `Examples.swift`, where they are compiled and run.
@Suite struct ExampleTests {
  /// The types that a reader meets first, and that have an example.
  private static let entryPoints = [
    "ArrayFile",
    "BuiltInSets",
    "CellEffects",
    "Checker",
    "CommandTable",
    "Completer",
    "Database",
    "Dataset",
    "DatasetFile",
    "DatasetParts",
    "Dependencies",
    "Diagnostic",
    "DidYouMean",
    "Formula",
    "Generators",
    "HeadlessRun",
    "HelpTopic",
    "Highlighter",
    "Lesson",
    "Library",
    "Literal",
    "Network",
    "NetworkCatalog",
    "NetworkGraph",
    "Notebook",
    "NotebookCheck",
    "NotebookFormat",
    "NotebookRun",
    "ParameterValues",
    "Parser",
    "Plot",
    "Preparation",
    "Prompt",
    "RandomStream",
    "Report",
    "ReportComparison",
    "RunRecorder",
    "RunStore",
    "Session",
    "SessionFile",
    "SourceText",
    "Table",
    "Tensor",
    "Transcript",
    "gradients",
  ]

  private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")

  /// An example of a doc comment, and the declaration behind the comment.
  private struct Example {
    let path: String
    let code: String
    let declaration: String
  }

  private static let examples = Result { try readExamples() }

  private static func readExamples() throws -> [Example] {
    let paths = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?.allObjects ?? []
    let files = paths.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    return try files.sorted { $0.path < $1.path }.flatMap { file -> [Example] in
      let text = try String(contentsOf: file, encoding: .utf8)
      guard text.contains("/// ```swift") else { return [] }
      return examples(in: text, path: file.lastPathComponent)
    }
  }

  private static func examples(in text: String, path: String) -> [Example] {
    var (found, open): ([String], [String]?) = ([], nil)
    var examples: [Example] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let line = line.trimmingCharacters(in: .whitespaces)
      guard line.hasPrefix("///") else {
        examples += found.map { Example(path: path, code: $0, declaration: line) }
        (found, open) = ([], nil)
        continue
      }
      let words = line.dropFirst(3).trimmingCharacters(in: .whitespaces)
      if words == "```swift" {
        open = []
      } else if words == "```", let lines = open {
        found.append(lines.joined(separator: " "))
        open = nil
      } else {
        open?.append(words)
      }
    }
    return examples
  }

  /// The code without white space: a comment has other lengths of lines.
  private static func normalised(_ text: String) -> String { text.filter { !$0.isWhitespace } }

  @Test("Each example of a doc comment is one that is compiled and run")
  func examplesRun() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Examples.swift")
    let running = Self.normalised(try String(contentsOf: file, encoding: .utf8))
    let examples = try Self.examples.get()
    for example in examples where !running.contains(Self.normalised(example.code)) {
      Issue.record(
        "The example of `\(example.declaration)` in \(example.path) does not stand in Examples.swift.")
    }
    #expect(examples.count >= Self.entryPoints.count)
  }

  @Test("Entry points have an example", arguments: entryPoints)
  func haveExamples(name: String) throws {
    #expect(
      try Self.examples.get().contains { example in
        example.declaration.split { !$0.isLetter && !$0.isNumber }.contains { $0 == name }
      })
  }
}

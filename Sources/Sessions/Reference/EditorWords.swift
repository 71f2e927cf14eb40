import JSON
import Language
import NetworkSchema

/// The words of the language for programs that colour it: editors and Jupyter's pages. The files of `editors` are made of
/// them.
///
/// ```swift
/// let words = EditorWords.current
/// let knows = words.commands.contains("train") && words.functions.contains("sqrt")  // true
/// ```
public struct EditorWords: Sendable {
  /// What opens a command.
  public let commands: [String]
  /// The words that no variable may be called.
  public let keywords: [String]
  /// The functions that the language brings along.
  public let functions: [String]
  /// Numbers and truth values that have names.
  public let constants: [String]
  /// Kinds of layers, losses, plots: whatever a command or an option takes by name.
  public let kinds: [String]

  /// The words of this program.
  public static var current: EditorWords { EditorWords() }

  private init() {
    func sorted(_ words: some Sequence<String>) -> [String] { Set(words).sorted() }
    let table = CommandTable.all
    let truths: Set<String> = ["true", "false"]
    commands = sorted(table.map(\.verb.rawValue).filter { !Keyword.all.contains($0) })
    keywords = sorted(Keyword.all.subtracting(truths))
    functions = sorted(BuiltinFunctions.byName.keys)
    constants = sorted(truths.union(BuiltinFunctions.constants.keys))
    kinds = sorted(
      table.flatMap { $0.variants.filter { !$0.isFallback }.map(\.name) } + WordList.all.flatMap(\.words))
  }

  // MARK: - Forms

  private var lists: [(name: String, words: [String])] {
    [
      ("commands", commands), ("keywords", keywords), ("functions", functions), ("constants", constants),
      ("kinds", kinds),
    ]
  }

  /// The words as a module of Python.
  public func python() -> String {
    "\"\"\"The words of nbs. This file is made by `nbs reference --words python`.\"\"\"\n"
      + lists.map { name, words in
        "\n\(name.uppercased()) = (\n" + words.map { "    \"\($0)\",\n" }.joined() + ")\n"
      }.joined()
  }

  /// The words as JSON, for a page of JupyterLab.
  public func json() -> String {
    JSONValue.object(lists.map { .init($0, .array($1.map(JSONValue.string))) }).indented() + "\n"
  }

  /// A grammar for TextMate and for the editors that read such grammars, VS Code among them.
  public func textMate() -> String {
    func words(_ list: [String]) -> String { "\\b(?:\(list.joined(separator: "|")))\\b" }
    func rule(_ scope: String, _ pattern: String) -> JSONValue {
      .members(["match": .string(pattern), "name": .string(scope + ".nbs")])
    }
    func text(_ scope: String, _ quote: String, escapes: Bool) -> JSONValue {
      .object(
        [
          .init("begin", .string(quote)), .init("end", .string("\(quote)|$")),
          .init("name", .string(scope + ".nbs")),
        ]
          + (escapes
            ? [.init("patterns", .array([rule("constant.character.escape", "\\\\[nt\\\\\"']")]))] : []))
    }
    // A command's word is one where a statement begins.
    let start = "(?:^|(?<=[;{}]))\\s*"
    let command = JSONValue.members([
      "match": .string("\(start)(\(commands.joined(separator: "|")))\\b"),
      "captures": .members(["1": .members(["name": .string("support.function.command.nbs")])]),
    ])
    let patterns = [
      rule("markup.heading.cell", "^# %%.*$"), rule("comment.line.number-sign", "#.*$"),
      text("string.quoted.double", "\"", escapes: true), text("string.quoted.single", "'", escapes: false),
      rule("keyword.other.prompt", "^\\s*:[a-z]+\\b"), command, rule("keyword.control", words(keywords)),
      rule("constant.language", words(constants)),
      rule(
        "constant.numeric",
        "\\b\\d+(?:x\\d+)+\\b|\\b\\d[\\d_]*(?:\\.\\d[\\d_]*)?(?:[eE][-+]?\\d+)?(?:%|ms|min|s)?"),
      rule("variable.parameter", "\\b[A-Za-z_]\\w*(?==(?!=))"),
      rule("entity.name.function", words(functions) + "(?=\\()"), rule("support.type", words(kinds)),
      rule("keyword.operator", "->|[-+*/@^=<>!]=?"),
    ]
    let grammar = JSONValue.members([
      "comment": "Made by `nbs reference --words textmate`.", "fileTypes": .array(["nbs"]), "name": "nbs",
      "patterns": .array(patterns), "scopeName": "source.nbs",
    ])
    return grammar.indented() + "\n"
  }
}

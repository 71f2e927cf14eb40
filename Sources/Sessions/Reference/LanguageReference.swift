import Language
import NetworkSchema

/// The reference of every command and function as Markdown, read from the tables that the program itself
/// works by. `docs/language.md` ends with it.
public enum LanguageReference {
  /// The reference, without a final newline.
  public static func markdown() -> String {
    let commands = ["## Commands"] + CommandTable.all.map(section)
    let words = ["## Words", "What the options of commands take."] + WordList.all.map(section)
    return (commands + words + functions).joined(separator: "\n\n")
  }

  private static func section(_ spec: CommandSpec) -> String {
    guard let topic = HelpTopic.find(spec.verb.rawValue) else { return "" }
    var blocks = ["### `\(spec.verb.rawValue)`", "`\(topic.usage)`", topic.summary.asSentence]
    if !topic.details.isEmpty { blocks.append(topic.details) }
    let slots = spec.positionals.filter { $0.type != .variant } + spec.options
    if !slots.isEmpty { blocks.append(table(slots)) }
    for variant in spec.variants { blocks.append(section(variant, of: spec)) }
    blocks.append("```nbs\n" + spec.examples.joined(separator: "\n") + "\n```")
    return blocks.joined(separator: "\n\n")
  }

  private static func section(_ variant: Variant, of spec: CommandSpec) -> String {
    let word = variant.isFallback ? "" : " \(variant.name)"
    let head = "**`\(spec.verb.rawValue)\(word)`** \(variant.summary.asSentence)"
    let slots = variant.positionals + variant.options
    return ([head, variant.details].filter { !$0.isEmpty } + (slots.isEmpty ? [] : [table(slots)]))
      .joined(separator: "\n\n")
  }

  private static func table(_ slots: [Slot]) -> String {
    let rows = slots.map { slot in
      let value = slot.isRequired ? "required" : slot.defaultText
      return "| `\(slot.name)` | \(slot.type.wanted.escaped) | \(value.escaped) | \(slot.help.escaped) |"
    }
    return (["| word | takes | default | meaning |", "| --- | --- | --- | --- |"] + rows).joined(
      separator: "\n")
  }

  private static func section(_ list: WordList) -> String {
    let rows = list.entries.map { "| `\($0.name)` | \($0.help.escaped) |" }
    return (["| \(list.noun) | meaning |", "| --- | --- |"] + rows).joined(separator: "\n")
  }

  private static var functions: [String] {
    let rows = BuiltinFunctions.all.map { "| `\($0.usage)` | \($0.help.escaped) |" }
    let constants = BuiltinFunctions.constants.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
    return [
      "## Functions", (["| function | gives |", "| --- | --- |"] + rows).joined(separator: "\n"),
      "Constants: \(constants).",
    ]
  }
}

extension String {
  fileprivate var escaped: String {
    split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  /// With a capital and a full stop.
  fileprivate var asSentence: String { prefix(1).uppercased() + dropFirst() + "." }
}

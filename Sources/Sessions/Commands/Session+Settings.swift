import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Session {
  func setOptions(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let digits = try arguments.integer("digits", context)
    if let word = arguments.choice("precision"), let precision = Precision(rawValue: word) {
      state.options.precision = precision
    }
    if let digits { state.options.digits = digits }
    if let threads = try arguments.integer("threads", context) { state.options.execution.threads = threads }
    guard arguments.command.values.isEmpty else { return }
    context.emit(
      .table(
        Table(
          columns: [.words("option"), .words("value")],
          rows: [
            ["precision", state.options.precision.rawValue],
            ["threads", state.options.execution.threads.map(String.init) ?? "all cores"],
            ["digits", String(state.options.digits)],
          ])))
  }

  func help(_ arguments: CommandArguments, _ context: ExecutionContext) {
    guard let word = arguments.choice("topic") else { return context.emit(.table(overview)) }
    let topic = HelpTopic.find(word)
    if let topic { emit(topic, context) }
    // `sum` is a function and a way to reduce; both are meant.
    let function = BuiltinFunctions.byName[word]
    if let function { context.emit(.text("\(function.usage) (function)\n  \(function.help)")) }
    guard topic == nil, function == nil else { return }
    let value = state.value(of: word) ?? (try? lookUp(word, at: arguments.span))
    context.emit(.text("`\(word)` is \(value?.kindName ?? "a name of yours")"))
  }

  private var overview: Table {
    Table(
      columns: [.words("command"), .words("what it does")],
      rows: CommandTable.all.map { [$0.verb.rawValue, $0.summary] },
      footer: [
        "help NAME explains one: help train",
        "functions: " + BuiltinFunctions.all.map(\.name).sorted().joined(separator: " "),
      ])
  }

  private func emit(_ topic: HelpTopic, _ context: ExecutionContext) {
    context.emit(
      .text(
        [topic.usage, "  " + topic.summary, topic.details].filter { !$0.isEmpty }.joined(separator: "\n")))
    if !topic.entries.isEmpty {
      context.emit(
        .table(
          Table(
            columns: [.words("word"), .words("value or default"), .words("meaning")],
            rows: topic.entries.map { [$0.word, $0.value, $0.help] })))
    }
    if !topic.examples.isEmpty {
      context.emit(.text("for example:\n" + topic.examples.map { "  " + $0 }.joined(separator: "\n")))
    }
  }
}

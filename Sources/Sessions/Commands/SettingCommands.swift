import Diagnostics
import Formulas
import Foundations
import Language
import Localization
import NeuralEngine
import Outputs

/// `seed 42`
struct SeedRandomNumbers: SessionCommand {
  let number: Operand<Int>

  func run(_ context: CommandContext) throws { context.session.state.seed(UInt64(try number(context))) }
}

/// `option precision=double digits=6`; without options it shows what is set.
struct SetOptions: SessionCommand {
  let precision: Choice<Precision>?
  let threads: Operand<Int>?
  let digits: Operand<Int>?

  func run(_ context: CommandContext) throws {
    var options = context.session.state.options
    if let precision { options.precision = precision.value }
    if let digits { options.digits = try digits(context) }
    if let threads { options.execution.threads = try threads(context) }
    context.session.state.options = options
    guard precision == nil, threads == nil, digits == nil else { return }
    context.emit(
      .table(
        Table(
          columns: [.words("option"), .words("value")],
          rows: [
            ["precision", options.precision.rawValue],
            ["threads", options.execution.threads.map(String.init) ?? "all cores"],
            ["digits", String(options.digits)],
          ])))
  }
}

/// `param epochs = 20`
struct DeclareParameter: SessionCommand, ArgumentDecodable {
  private let parameter: Parameter
  private let compiler: Compiler

  init(_ arguments: ArgumentDecoder) throws {
    guard case .parameter(let parameter)? = arguments.content("parameter")?.kind else {
      throw Diagnostic(.internalError, "There is no parameter here.")
    }
    self.parameter = parameter
    compiler = arguments.compiler
  }

  func run(_ context: CommandContext) throws {
    let session = context.session
    let name = parameter.name.name
    try session.claim(name, for: .variable, at: parameter.name.span)
    let literal = session.state.parameters.given[name] ?? parameter.defaultValue
    if let mistake = parameter.mistake(in: literal) { throw mistake.blaming(context.span) }
    let value: Value =
      literal == .none
      ? .nothing : try compiler.compile(literal.expression(at: context.span)).evaluate(context.execution)
    session.state.assign(value, to: name)
    session.state.parameters.note(name, literal)
    session.state.parameters.note(parameter)
  }
}

/// `help train`
struct Help: SessionCommand {
  let topic: Choice<String>?

  func run(_ context: CommandContext) throws {
    guard let word = topic?.value else { return context.emit(.table(overview)) }
    let topic = HelpTopic.find(word)
    if let topic { explain(topic, context) }
    // `softmax` is an activation, a function, and a term of the field.
    if let term = HelpTopic.term(word), term != topic { explain(term, context) }
    if word == "functions" { return context.emit(.table(functions)) }
    // `sum` is a function and a way to reduce; both are meant.
    let function = BuiltinFunctions.byName[word]
    if let function { context.emit(.text("\(function.usage) (function)\n  \(function.help)")) }
    guard topic == nil, function == nil else { return }
    let session = context.session
    let value = session.state.value(of: word) ?? (try? session.lookUp(word, at: context.span))
    context.emit(.text("`\(word)` is \(value?.kindName ?? "a name of yours")"))
  }

  private var overview: Table {
    Table(
      columns: [.words("command"), .words("what it does")],
      rows: CommandTable.all.map { [$0.verb.rawValue, $0.summary] },
      footer: [
        "help NAME explains one: help train",
        "help maths: operators, elements, slices",
        "loops, conditions, functions and gradients: help repeat, for, while, if, def, grad",
        "functions (help functions): " + BuiltinFunctions.all.map(\.name).sorted().joined(separator: " "),
      ])
  }

  private var functions: Table {
    Table(
      columns: [.words("function"), .words("gives")], rows: BuiltinFunctions.all.map { [$0.usage, $0.help] })
  }

  private func explain(_ topic: HelpTopic, _ context: CommandContext) {
    context.emit(
      .text(
        [topic.usage, "  " + topic.summary, topic.plainFormula, topic.details, topic.whereToRead]
          .filter { !$0.isEmpty }.joined(separator: "\n")))
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

extension HelpTopic {
  fileprivate var plainFormula: String {
    formula.flatMap { try? Formula($0).plain }.map { "  " + $0 } ?? ""
  }

  fileprivate var whereToRead: String {
    walkthrough.map { localized("introduced in: nbs learn \($0)") } ?? ""
  }
}

import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Compiler {
  /// A command as something to run. `activate` and `propagate` stand in loops of thousands of rounds, so what
  /// they need is worked out here.
  func command(_ command: Command, isDiscarded: Bool) -> Evaluation {
    let arguments = CommandArguments(command, compiler: self)
    switch command.verb {
    case .activate: return activate(arguments, isDiscarded: isDiscarded)
    case .propagate: return propagate(arguments)
    case .print, .assert: return expressions(command)
    case .record: return record(command)
    default: return { context in try context.session.run(arguments, context) }
    }
  }

  private func activate(_ arguments: CommandArguments, isDiscarded: Bool) -> Evaluation {
    guard let node = arguments.node("inputs") else { return { _ in .nothing } }
    let span = arguments.span
    let inputs = arguments.span("inputs")
    return { context in
      let values = try node.tensor(context).values
      let network = try context.session.readyNetwork(at: span)
      try locating(inputs) { try network.activate(values) }
      return isDiscarded ? .nothing : .tensor(Tensor(network.outputs))
    }
  }

  private func propagate(_ arguments: CommandArguments) -> Evaluation {
    guard let node = arguments.node("targets") else { return { _ in .nothing } }
    let span = arguments.span
    let hasRate = arguments.isGiven("rate")
    return { context in
      let values = try node.tensor(context).values
      let network = try context.session.readyNetwork(at: span)
      let rate = hasRate ? try arguments.number("rate", context) : nil
      try locating(span) { try network.propagate(values, rate: rate) }
      return .nothing
    }
  }

  private func expressions(_ command: Command) -> Evaluation {
    switch command.verb {
    case .print:
      guard case .expressions(let expressions)? = command.values["values"]?.kind else {
        return { _ in .nothing }
      }
      let nodes = expressions.map { compile($0) }
      return { context in
        let digits = context.session.options.digits
        let words = try nodes.map { try $0.evaluate(context).text(digits: digits, isQuoted: false) }
        context.emit(.text(words.joined(separator: " ")))
        return .nothing
      }
    default: return assertion(command)
    }
  }

  private func record(_ command: Command) -> Evaluation {
    guard case .binding(let series, let value)? = command.values["series"]?.kind else {
      return { _ in .nothing }
    }
    let node = compile(value ?? Expression(.name(series.name), series.span))
    return { context in
      let number = try node.evaluate(context).number(at: value?.span ?? series.span)
      context.session.namespace.series[series.name, default: []].append(number)
      return .nothing
    }
  }
}

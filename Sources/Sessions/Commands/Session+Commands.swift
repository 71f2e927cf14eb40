import Diagnostics
import Language
import NeuralEngine

extension Session {
  /// Runs a command that is not compiled in a way of its own.
  func run(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> Value {
    switch arguments.command.verb {
    case .data: try makeData(arguments, context)
    case .split: try split(arguments, context)
    case .prepare: try prepare(arguments, context)
    case .net: try startNetwork(arguments, context)
    case .layer: try addLayer(arguments, context)
    case .connect: try connect(arguments, context)
    case .summary: try summarise(arguments, context)
    case .show: try show(arguments, context)
    case .train: try train(arguments, context)
    case .evaluate: try evaluate(arguments, context)
    case .predict: return try predict(arguments, context)
    case .plot: try plot(arguments, context)
    case .save: try save(arguments, context)
    case .load: try load(arguments, context)
    case .param: try declareParameter(arguments, context)
    case .seed: state.seed(UInt64(try arguments.integer("number", context) ?? 0))
    case .option: try setOptions(arguments, context)
    case .reset: try currentNetwork(at: arguments.span).reset()
    case .delete: try delete(arguments, context)
    case .help: help(arguments, context)
    case .activate, .propagate, .record, .assert, .print: break
    }
    return .nothing
  }
}

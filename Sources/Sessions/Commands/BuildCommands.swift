import Diagnostics
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine
import Outputs

/// The commands that `build` is, by the architecture.
enum BuildCommands {
  static let byVariant: [String: any SessionCommand.Type] = [
    "perceptron": BuildPerceptron.self, "lstm": BuildLSTM.self, "liquid": BuildLiquid.self,
    "hopfield": BuildHopfield.self,
  ]
}

/// `build perceptron 2 3 1`
private struct BuildPerceptron: SessionCommand {
  let sizes: Sizes

  func run(_ context: CommandContext) throws {
    let sizes = try sizes(context, atLeast: 2, "perceptron 2 3 1")
    try context.build { (graph) throws(CodedError) in try graph.addPerceptron(sizes) }
  }
}

/// `build lstm 2 7 1 peepholes=false`
private struct BuildLSTM: SessionCommand {
  let sizes: Sizes
  let peepholes: Operand<Bool>
  let hiddenToHidden: Operand<Bool>
  let outputToHidden: Operand<Bool>
  let outputToGates: Operand<Bool>
  let inputToOutput: Operand<Bool>

  enum CodingKeys: String, CodingKey {
    case sizes, peepholes
    case hiddenToHidden = "hidden_to_hidden"
    case outputToHidden = "output_to_hidden"
    case outputToGates = "output_to_gates"
    case inputToOutput = "input_to_output"
  }

  func run(_ context: CommandContext) throws {
    let sizes = try sizes(context, atLeast: 3, "lstm 2 7 1")
    var paths: LSTMPaths = []
    for (path, isWanted) in [
      (LSTMPaths.peepholes, peepholes), (.hiddenToHidden, hiddenToHidden), (.outputToHidden, outputToHidden),
      (.outputToGates, outputToGates), (.inputToOutput, inputToOutput),
    ] where try isWanted(context) { paths.insert(path) }
    try context.build { (graph) throws(CodedError) in try graph.addLSTM(sizes, paths) }
  }
}

/// `build liquid 2 20 1 connections=30 gates=10`
private struct BuildLiquid: SessionCommand {
  let inputs: Operand<Int>
  let hidden: Operand<Int>
  let outputs: Operand<Int>
  let connections: Operand<Int>
  let gates: Operand<Int>

  func run(_ context: CommandContext) throws {
    let sizes = (try inputs(context), try hidden(context), try outputs(context))
    let (connections, gates) = (try connections(context), try gates(context))
    var random = context.session.random
    try context.build { (graph) throws(CodedError) in
      try graph.addLiquid(
        inputs: sizes.0, hidden: sizes.1, outputs: sizes.2, connections: connections, gates: gates, &random)
    }
    context.session.random = random
  }
}

/// `build hopfield 10`
private struct BuildHopfield: SessionCommand {
  let units: Operand<Int>

  func run(_ context: CommandContext) throws {
    let units = try units(context)
    try context.build { (graph) throws(CodedError) in try graph.addHopfield(units) }
  }
}

/// The numbers of units of an architecture's layers.
private struct Sizes: ArgumentDecodable {
  private let nodes: [Node]

  init(_ arguments: ArgumentDecoder) throws {
    guard case .expressions(let values) = try arguments.content().kind else {
      throw Diagnostic(.internalError, "There are no sizes here.", at: arguments.command.span)
    }
    nodes = values.map { arguments.compiler.compile($0) }
  }

  /// - Throws: `bad-value` for fewer sizes than the architecture has layers, and for what is none.
  func callAsFunction(_ context: CommandContext, atLeast least: Int, _ example: String) throws -> [Int] {
    let sizes = try nodes.map { node in
      let number = try node.evaluate(context.execution).number(at: node.span)
      guard let size = Int(exactly: number), (1...1_000_000).contains(size) else {
        throw Diagnostic(
          .badValue, "A number of units is a whole number from 1 to 1000000, not \(number.brief).",
          at: node.span)
      }
      return size
    }
    guard sizes.count >= least else {
      throw Diagnostic(
        .badValue,
        "It takes at least \(least) numbers of units, from the inputs to the outputs: build \(example)",
        at: context.span, suggestion: "build \(example)")
    }
    guard sizes.count <= 100 else {
      throw Diagnostic(.badValue, "It takes at most 100 numbers of units.", at: context.span)
    }
    return sizes
  }
}

extension CommandContext {
  /// Adds an architecture to the current network, whole or not at all, and says which layers it has.
  fileprivate func build(_ add: (inout NetworkGraph) throws(CodedError) -> Void) throws {
    let network = try session.currentNetwork(at: span)
    let before = network.graph.layers.count
    try locating { try network.edit(add) }
    noteDiscarded(of: network)
    let graph = network.graph
    let added = graph.layers.dropFirst(before)
    let shown = added.prefix(12).map { "\($0.name) \(graph.width(of: $0))" }.joined(separator: ", ")
    let rest = added.count > 12 ? localized(", ... (\(added.count) layers)") : ""
    emit(.text(localized("added \(shown + rest)")))
  }
}

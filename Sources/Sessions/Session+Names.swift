import Diagnostics
import Language
import NetworkSchema
import NeuralEngine

extension Session {
  /// What a name stands for that no variable holds.
  func lookUp(_ name: String, at span: SourceSpan) throws -> Value {
    if let data = state.data[name] { return .data(data) }
    if let network = state.networks[name] { return .network(network) }
    if let current = state.current, current.graph.layer(name) != nil {
      return .layer(LayerReference(network: current, name: name))
    }
    if let constant = BuiltinFunctions.constants[name] { return .number(constant) }
    if let builtin = BuiltinFunctions.byName[name] {
      throw Diagnostic("bad-type", "`\(name)` is a function: \(builtin.usage).", at: span)
    }
    if NetworkCatalog.current.trainingMetrics.names.contains(name) {
      throw Diagnostic(
        "no-value", "There is no `\(name)` yet: the last `train` or `evaluate` gave none, or there was none.",
        at: span)
    }
    let nearest = DidYouMean.nearest(to: name, among: knownNames.values.sorted())
    throw Diagnostic(
      "unknown-name", "Nothing is called `\(name)`." + (nearest.map { " Did you mean `\($0)`?" } ?? ""),
      at: span,
      suggestion: nearest)
  }

  func unknownFunction(_ name: String, at span: SourceSpan) -> Diagnostic {
    let names = knownNames
    let nearest = DidYouMean.nearest(to: name, among: names.builtins.union(names.variables).sorted())
    return Diagnostic(
      "unknown-function",
      "There is no function `\(name)`." + (nearest.map { " Did you mean `\($0)`?" } ?? ""), at: span,
      suggestion: nearest)
  }

  /// Makes sure that a name is free for a kind, or held by that kind already.
  ///
  /// - Throws: `name-taken`.
  func claim(_ name: String, for kind: NameKind, at span: SourceSpan) throws {
    guard let holder = state.holder(of: name), holder != kind else { return }
    throw Diagnostic(
      "name-taken",
      "`\(name)` is a \(holder.rawValue) already. Choose another name, or remove it first: delete \(name)",
      at: span,
      suggestion: "delete \(name)")
  }

  /// The network that commands act on.
  ///
  /// - Throws: `no-network`.
  func currentNetwork(at span: SourceSpan) throws -> Network {
    guard let network = state.current else {
      throw Diagnostic(
        "no-network", "There is no network yet. Start one: net solver", at: span, suggestion: "net solver")
    }
    return network
  }

  /// The current network, its weights made.
  func readyNetwork(at span: SourceSpan) throws -> Network {
    let network = try currentNetwork(at: span)
    try locating(span) { try network.prepare(state.options.execution, random: &random) }
    return network
  }
}

import Datasets
public import Diagnostics
import Language
import NetworkSchema
import NeuralEngine

// What a check of an exercise asks about: the built-in functions, the metrics and the data that the lesson means, whatever an
// answer has put in their place.

extension Session {
  /// The names of variables, data sets and networks that a source gives a value or changes.
  public func namesChanged(by source: SourceText) -> Set<String> {
    Set(
      check(source).effects.writes.compactMap { if case .name(let name) = $0 { name } else { nil } })
  }

  /// The texts that a source quotes: names of files among them.
  public static func texts(in source: SourceText) -> [String] { Parser.texts(in: source) }

  /// The statements of a source, each by itself.
  public static func statements(in source: SourceText) -> [String] {
    Parser.parse(source).program.statements.map { String(source.text(in: $0.span)) }
  }

  /// Puts back what an answer has replaced, before a check.
  ///
  /// - Built-in functions and constants mean themselves, and metrics what the last training or evaluation on data of
  ///   the lesson's gave.
  /// - The data sets and variables that were there before the answer are as they were, but for those that a solution
  ///   changes.
  /// - Networks that the exercise is not about are as they were: all but the current one and those that it mentions.
  ///
  /// - Parameters:
  ///   - before: the session before the answer.
  ///   - changing: the names that a solution changes.
  ///   - mentioning: the words of the exercise's own code.
  ///   - defining: the names that the lesson itself gives a value.
  /// - Returns: what does not count, in a sentence for whoever gave the answer; nil when all does.
  public func restoreOriginals(
    from before: SessionSnapshot, changing: Set<String>, mentioning: Set<String>, defining: Set<String>
  ) -> String? {
    let builtins = Set(BuiltinFunctions.byName.keys).union(BuiltinFunctions.constants.keys)
    for name in builtins.subtracting(defining) { state.clear(name) }
    let counts = isMeasuredOnOriginal(before, changing)
    for (name, data) in before.state.data where !changing.contains(name) {
      takeAway(name)
      state.data[name] = data
      if let kept = before.data[ObjectIdentifier(data)] { data.state = kept.state }
    }
    for (name, network) in before.state.networks
    where network !== before.state.current && !mentioning.contains(name) {
      if state.networks[name] !== network { takeAway(name) }
      state.networks[name] = network
      if let kept = before.networks[ObjectIdentifier(network)] { network.restore(kept.state) }
    }
    let catalog = NetworkCatalog.current
    let metrics = Set(catalog.trainingMetrics.names + catalog.evaluationMetrics.names).subtracting(defining)
    for (name, value) in before.state.definedVariables
    where !changing.contains(name) && !metrics.contains(name) && !builtins.contains(name) {
      if state.holder(of: name) != .variable { takeAway(name) }
      state[state.variable(name)] = value
    }
    for name in metrics {
      if let value = counts ? state.measurement?.metrics[name] : nil {
        state.assign(.number(value), to: name)
      } else {
        state.clear(name)
      }
    }
    return counts || state.measurement == nil
      ? nil : "What was measured on other data than the lesson's does not count."
  }

  private func takeAway(_ name: String) {
    state.data[name] = nil
    state.delete(network: name)
    state.clear(name)
  }

  /// Whether the last training or evaluation was on data of the lesson's, or on the same rows.
  private func isMeasuredOnOriginal(_ before: SessionSnapshot, _ changing: Set<String>) -> Bool {
    guard let measured = state.measurement?.data else { return false }
    if before.state.data.values.contains(where: { $0 === measured || $0.set.hasSameRows(as: measured.set) }) {
      return true
    }
    return changing.contains { state.data[$0] === measured }
  }
}

extension Dataset {
  fileprivate func hasSameRows(as other: Dataset) -> Bool {
    rows == other.rows && storage == other.storage && targets == other.targets
  }
}

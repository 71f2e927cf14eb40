import Datasets
import Language
import NeuralEngine

extension Session {
  /// What a report says of a run before its cells: the seed, the data, the networks and the final figures.
  public var facts: [(name: String, value: String)] {
    var facts = parameterValues.map { (name: "parameter " + $0.name, value: $0.value.spelling) }
    facts.append(("seed", String(seed)))
    for (name, data) in namespace.data.sorted(by: { $0.key < $1.key }) {
      let set = data.set
      facts.append(
        ("data " + name, set.sizeWords)
      )
    }
    for (name, network) in namespace.networks.sorted(by: { $0.key < $1.key }) {
      facts.append(("network " + name, words(for: network)))
    }
    return facts
  }

  private func words(for network: Network) -> String {
    var words = [network.graph.layers.count.counted("layer")]
    if let layout = try? ParameterLayout(network.graph) { words.append("\(layout.count.grouped) parameters") }
    if let training = network.lastTraining, let last = training.epochs.last {
      words.append("trained " + training.epochs.count.counted("epoch"))
      words.append(figureWords(last))
    }
    return words.joined(separator: ", ")
  }
}

extension Dataset {
  /// `4 rows, 2 inputs, 1 target`
  var sizeWords: String {
    [rows.counted("row"), inputNames.count.counted("input"), targetNames.count.counted("target")].joined(
      separator: ", ")
  }
}

extension Session {
  /// The last figures of `train` or `evaluate`, by name: `loss`, `accuracy`.
  public var figures: [String: Double] {
    let values = KnownNames.figures.map { ($0, array(named: $0)?.scalar) }
    return Dictionary(uniqueKeysWithValues: values).compactMapValues(\.self)
  }

  /// The array that a variable holds; nil where it holds none.
  func array(named name: String) -> Tensor? {
    if case .tensor(let tensor)? = namespace.variable(name).value { tensor } else { nil }
  }
}

import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine

extension Session {
  /// What a report says of a run before its cells: the seed, the data, the networks and the final metrics.
  public var facts: [(name: String, value: String)] {
    var facts = parameterValues.map { (name: "parameter " + $0.name, value: $0.value.spelling) }
    facts.append(("seed", String(seed)))
    for (name, data) in state.data.sorted(by: { $0.key < $1.key }) {
      let set = data.set
      facts.append(
        ("data " + name, set.sizeWords)
      )
    }
    for (name, network) in state.networks.sorted(by: { $0.key < $1.key }) {
      facts.append(("network " + name, words(for: network)))
    }
    return facts
  }

  private func words(for network: Network) -> String {
    var words = [localized("\(network.graph.layers.count, "layer")")]
    if let layout = try? ParameterLayout(network.graph) {
      words.append(localized("\(layout.count.grouped) parameters"))
    }
    if let training = network.lastTraining, let last = training.metrics {
      words.append(localized("trained \(training.history.count, "epoch")"))
      if let best = training.best, best.epoch < training.history.count {
        words.append(localized("weights of epoch \(best.epoch)"))
      }
      words.append(last.words)
    }
    return words.joined(separator: ", ")
  }
}

extension ClosedRange<Int> {
  /// Lengths of sequences: `3 to 12 steps`, `1 step`.
  var words: String {
    lowerBound == upperBound
      ? localized("\(lowerBound, "step")") : localized("\(lowerBound) to \(upperBound, "step")")
  }
}

extension Dataset {
  /// `4 rows, 2 inputs, 1 target`
  var sizeWords: String {
    if let range = lengthRange {
      return localized(
        "\(rows, "sequence") of \(range.words), \(inputNames.count, "input"), \(targetNames.count, "target")")
    }
    return localized("\(rows, "row"), \(inputNames.count, "input"), \(targetNames.count, "target")")
  }
}

extension Session {
  /// The last metrics of `train` or `evaluate`, by name: `loss`, `accuracy`, `auc`; and the last value of each series
  /// that was recorded.
  public var metrics: [String: Double] {
    let catalog = NetworkCatalog.current
    let names = catalog.trainingMetrics.names + catalog.evaluationMetrics.names
    var metrics: [String: Double] = [:]
    for name in names { metrics[name] = array(named: name)?.scalar }
    for (name, value) in state.measurement?.metrics ?? [:] where metrics[name] == nil {
      metrics[name] = value
    }
    for (name, values) in state.filledSeries { metrics[name] = values.last }
    return metrics
  }

  /// The number that a variable holds, or else a metric of the current network's last training; nil where there is none.
  public func number(named name: String) -> Double? {
    array(named: name)?.scalar
      ?? TrainingMetric(rawValue: name).flatMap { state.current?.lastTraining?.metrics?[$0] }
  }

  /// Lets networks take no more than so many threads, as `option threads=` does.
  public func limitThreads(to count: Int) { state.options.execution.threads = count }

  /// The array that a variable holds; nil where it holds none.
  func array(named name: String) -> Tensor? {
    if case .tensor(let tensor)? = state.value(of: name) { tensor } else { nil }
  }
}

extension Session {
  /// Everything that has a name, in the order of the names, with its kind and its value in a few words.
  public var contents: [(name: String, kind: String, value: String)] {
    let variables = state.definedVariables.filter { !KnownNames.outputNames.contains($0.name) }
    let values = variables.map { name, value in
      (name, value.shortKind, value.shortText(digits: state.options.digits))
    }
    let data = state.data.map { ($0.key, localized("data set"), $0.value.set.sizeWords) }
    let networks = state.networks.map { ($0.key, localized("network"), words(for: $0.value)) }
    let series = state.filledSeries.map {
      ($0.name, localized("series"), localized("\($0.values.count, "value")"))
    }
    return (values + data + networks + series).sorted { $0.0 < $1.0 }
  }
}

extension Value {
  fileprivate var shortKind: String {
    switch self {
    case .tensor(let tensor) where tensor.rank > 0:
      localized("array of \(tensor.shape.sizesText)")
    case .tensor(let tensor): tensor.isBoolean ? localized("truth value") : localized("number")
    case .string: localized("text")
    case .list: localized("list")
    case .function: localized("function")
    case .data: localized("data set")
    case .network: localized("network")
    case .layer: localized("layer")
    case .nothing: ""
    }
  }

  /// The value on one line, cut where it is long.
  fileprivate func shortText(digits: Int) -> String {
    if case .tensor(let tensor) = self, tensor.count > 8 {
      let low = formatNumber(tensor.values.min() ?? 0, digits: digits)
      let high = formatNumber(tensor.values.max() ?? 0, digits: digits)
      return localized("from \(low) to \(high)")
    }
    let line = text(digits: digits).split(whereSeparator: \.isNewline).map {
      $0.drop { $0 == " " }
    }.joined(separator: " ")
    return line.count > 48 ? line.prefix(47) + "…" : line
  }
}

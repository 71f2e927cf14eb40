public import Foundations

/// What the layers of a network do on some rows, and what a training would find to change there: whether units are
/// stuck, and how large gradients are from layer to layer.
public struct NetworkHealth: Sendable, Equatable {
  /// What a layer does.
  public struct LayerHealth: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// What is done to each preactivation.
    public let activation: Activation
    /// How many units it has; channels, where it gives an array of several axes.
    public let units: Int
    /// How many of them give the same for every row, at a place where the activation is flat: 0 for relu, either end
    /// for sigmoid and tanh. No gradient gets through them.
    public let stuck: Int
    /// The share of all their answers that are at such a place.
    public let flatShare: Double
    /// The root of the mean square of the layer's weights; nil where it has none.
    public let weights: Double?
    /// The root of the mean square of the gradient by these weights; nil where nothing was compared with targets.
    public let gradient: Double?
  }

  /// How many rows were looked at.
  public let rows: Int
  /// Whether these are all there are.
  public let areAllRows: Bool
  /// The layers behind the inputs, in the order of the computation, that have weights or an activation.
  public let layers: [LayerHealth]
  /// How far apart the largest and the smallest answer of an output are, for the output where that is most.
  public let outputSpread: Double
  /// How much better the answers are than the best answer that is the same for every row: 1 for answers that are all
  /// right, 0 for no better, below 0 for worse. By absolute errors for mae, by squared ones for other losses. Nil where
  /// the targets do not differ.
  public let skill: Double?
}

extension Network {
  /// Looks at what the layers do on some rows: on all of them, or on about a thousand that are spread evenly.
  ///
  /// - Throws: what makes the data or the loss unfit for the network.
  public func health(on examples: Examples, _ objective: Objective? = nil) throws(CodedError) -> NetworkHealth
  {
    let model = try prepared()
    let own = try effectiveObjective()
    let objective = objective ?? own
    try objective.check(fits: graph)
    return try model.health(of: try examples.fitted(to: graph, objective), objective)
  }
}

/// Takes the answers of a layer and tells which of its units are stuck.
private struct UnitWatch {
  private let activation: Activation
  private let channels: Int
  private var lows: [Double]
  private var highs: [Double]
  private var flat = 0
  private var count = 0

  init(_ activation: Activation, channels: Int) {
    self.activation = activation
    self.channels = channels
    lows = [Double](repeating: .infinity, count: channels)
    highs = [Double](repeating: -.infinity, count: channels)
  }

  mutating func take(_ values: [Double]) {
    var channel = 0
    for value in values {
      if value < lows[channel] { lows[channel] = value }
      if value > highs[channel] { highs[channel] = value }
      if activation.isFlat(from: value, to: value) { flat += 1 }
      channel += 1
      if channel == channels { channel = 0 }
    }
    count += values.count
  }

  var stuck: Int { lows.indices.count { activation.isFlat(from: lows[$0], to: highs[$0]) } }
  var flatShare: Double { Double(flat) / Double(max(1, count)) }
}

extension Activation {
  /// Whether answers between two numbers are all at one place where hardly any gradient gets through: within a hundredth
  /// of an end of sigmoid or tanh, at the 0 of relu.
  fileprivate func isFlat(from low: Double, to high: Double) -> Bool {
    switch self {
    case .relu: high <= 0
    case .sigmoid: high < 0.01 || low > 0.99
    case .tanh: high < -0.99 || low > 0.99
    case .linear, .leakyReLU, .elu, .selu, .gelu, .softplus, .softmax, .step: false
    }
  }
}

extension Model {
  /// At most so many rows are looked at, and so many numbers of layers.
  private static var mostInspected: (rows: Int, numbers: Int) { (1024, 1 << 22) }

  fileprivate func health(of examples: Examples, _ objective: Objective) throws(CodedError) -> NetworkHealth {
    let watched = try graph.sorted().filter { !$0.isInput && !$0.isView }
    let width = watched.reduce(1) { $0 + graph.width(of: $1) }
    let most = max(2, min(Model.mostInspected.rows, Model.mostInspected.numbers / width))
    let count = min(examples.rows, most)
    let order = RowOrder((0..<count).map { $0 * examples.rows / count })
    let samples = Samples(examples, options.precision)
    let gradients = try gradients(samples, order, objective)
    let names = Set(watched.map(\.name))
    var watches = watched.map { layer in
      UnitWatch(layer.activation, channels: max(1, graph.shape(of: layer)?.last ?? 1))
    }
    func watch(_ execution: CPUExecution, rows: Int) {
      for (place, layer) in watched.enumerated() {
        guard let buffer = execution.plan.layerValues[layer.name] else { continue }
        watches[place].take(execution.values(buffer, rows: rows))
      }
    }
    var outputs: [Double] = []
    // So few rows that a training which was stopped can still be told of.
    if samples.steps != nil {
      let answers = try collector(samples, order)
      _ = try runByLength(.inference, samples, order, keeping: names, isInterrupted: { false }) { run in
        answers.take(run)
        watch(run.execution, rows: run.places.count)
      }
      outputs = answers.values
    } else {
      let execution = try execution(.inference, rows: min(count, 256), keeping: names)
      _ = run(execution, samples, order, isInterrupted: { false }) { rows, _ in
        outputs += execution.outputs(rows: rows)
        watch(execution, rows: rows)
      }
    }
    let targets = examples.targets.rows(
      (0..<count).map { order[$0] }, width: examples.targetWidth, steps: examples.steps?.ofTargets)
    let numbers = parameterValues
    let layers = zip(watched, watches).compactMap { layer, watch -> NetworkHealth.LayerHealth? in
      let ranges = layout.weightRanges(of: layer.name)
      guard layer.hasActivation || !ranges.isEmpty else { return nil }
      return NetworkHealth.LayerHealth(
        name: layer.name, activation: layer.activation,
        units: max(1, graph.shape(of: layer)?.last ?? 1), stuck: watch.stuck, flatShare: watch.flatShare,
        weights: numbers.rootMeanSquare(of: ranges), gradient: gradients.rootMeanSquare(of: ranges))
    }
    let outputWidth = graph.outputWidth
    return NetworkHealth(
      rows: count, areAllRows: count == examples.rows, layers: layers,
      outputSpread: outputs.spread(width: outputWidth),
      skill: skill(
        outputs, targets, width: outputWidth, isAbsolute: objective.terms.allSatisfy { $0.loss == .mae }))
  }

  /// The gradient of the mean loss of some rows by all parameters, as it is when nothing is dropped.
  private func gradients(
    _ samples: Samples, _ order: RowOrder, _ objective: Objective
  ) throws(CodedError) -> [Double] {
    // Steps have no derivative; the rule that trains them has no loss.
    guard !graph.layers.contains(where: { $0.activation == .step }) else { return [] }
    if samples.steps != nil {
      return try gradientByLength(samples, order, objective.signal, in: SequencePieces(self))
    }
    let rows = min(order.count, 256)
    let execution = try execution(.training(objective.signal, isTraining: false), rows: rows)
    let source = SampleSource(samples, order, for: execution.plan)
    _ = execution.run(
      BatchNumbers(rows: rows, scale: 1 / Double(rows)), source: source, threads: options.threadCount)
    return gradientValues
  }
}

/// How much better outputs are than the best constant ones.
private func skill(_ outputs: [Double], _ targets: [Double], width: Int, isAbsolute: Bool) -> Double? {
  var (errors, spread) = (0.0, 0.0)
  for unit in 0..<width {
    let truths = stride(from: unit, to: targets.count, by: width).map { targets[$0] }
    let answers = stride(from: unit, to: outputs.count, by: width).map { outputs[$0] }
    if isAbsolute {
      let middle = truths.sorted()[truths.count / 2]
      errors += zip(truths, answers).reduce(0) { $0 + abs($1.0 - $1.1) }
      spread += truths.reduce(0) { $0 + abs($1 - middle) }
    } else {
      let mean = truths.reduce(0, +) / Double(max(1, truths.count))
      errors += zip(truths, answers).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      spread += truths.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
  }
  return spread > 0 ? 1 - errors / spread : nil
}

extension ParameterLayout {
  /// Where the weights of a layer stand, those of the edges into it included, without biases, scales and shifts.
  fileprivate func weightRanges(of layer: String) -> [Range<Int>] {
    slices.filter { $0.layer == layer && ($0.key.role == .weights || $0.key.role == .kernel) }.map(\.range)
  }
}

extension [Double] {
  /// The root of the mean square of the numbers in some ranges; nil where there are none.
  fileprivate func rootMeanSquare(of ranges: [Range<Int>]) -> Double? {
    let places = ranges.filter { $0.upperBound <= count }
    let numbers = places.reduce(0) { $0 + $1.count }
    guard numbers > 0 else { return nil }
    let squares = places.reduce(0.0) { sum, range in self[range].reduce(sum) { $0 + $1 * $1 } }
    return (squares / Double(numbers)).squareRoot()
  }

  /// The largest difference between two rows in one column.
  fileprivate func spread(width: Int) -> Double {
    (0..<width).reduce(0) { most, column in
      let values = stride(from: column, to: count, by: width).lazy.map { self[$0] }
      return Swift.max(most, (values.max() ?? 0) - (values.min() ?? 0))
    }
  }
}

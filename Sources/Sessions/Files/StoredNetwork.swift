import NeuralEngine

/// A network as a session's file describes it. The types are the file's own: they change with the format, and
/// not with the engine.
struct StoredNetwork: Codable {
  var name: String
  var layers: [StoredLayer]
  var edges: [StoredEdge]
  var defaults: StoredDefaults
  var computing: StoredComputing?
  var values: Int?
  var optimizer: StoredOptimizer?
  var kept: [StoredKept]
  var activation: Int?
  var training: StoredTraining?
  var trainedOn: String?
}

struct StoredLayer: Codable {
  var name: String
  var start: String
  var kind: String
  var sizes: [Int] = []
  var stride: [Int]?
  var dilation: [Int]?
  var padding: String?
  var groups: Int?
  var activation: String?
  var hasBias: Bool?
  var numbers: [Double] = []
}

struct StoredEdge: Codable {
  var source: String
  var target: String
  var type: String
  var preset: Int?
  var isTrainable: Bool
  var merge: String?
}

struct StoredDefaults: Codable {
  var loss: String?
  var optimizer: StoredOptimizerKind?
  var rate: Double?
  var l1: Double
  var l2: Double
  var clip: Double?
  var schedule: String
  var decay: Double?
  var period: Int?
}

struct StoredOptimizerKind: Codable {
  var name: String
  var momentum: Double?
  var nesterov: Bool?
}

struct StoredComputing: Codable {
  var precision: String
  var backend: String
  var threads: Int?

  init(_ computing: Computing) {
    precision = computing.precision.rawValue
    backend = computing.backend.rawValue
    threads = computing.threads
  }

  func computing() throws -> Computing {
    guard let precision = Precision(rawValue: precision), let backend = Backend(rawValue: backend),
      threads.map({ (1...4096).contains($0) }) ?? true
    else { throw SessionFile.damaged("a precision or a backend is none that this version knows") }
    var computing = Computing(precision, backend: backend)
    computing.threads = threads
    return computing
  }
}

struct StoredOptimizer: Codable {
  var kind: StoredOptimizerKind
  var steps: Int
  var momenta: Double
  var first: Int
  var second: Int
}

struct StoredKept: Codable {
  var key: String
  var layer: String
  var shape: [Int]
  var values: Int
}

/// The figures of the last training, an array each; those that an epoch has not are NaN.
struct StoredTraining: Codable {
  var figures: [Int]
  var rows: Int
  var validationRows: Int
}

// MARK: - Layers and edges

extension StoredLayer {
  init(_ layer: Layer) {
    name = layer.name
    start = layer.start.rawValue
    kind = "flatten"
    func set(_ kind: String, _ sizes: [Int] = [], _ numbers: [Double] = []) {
      self.kind = kind
      self.sizes = sizes
      self.numbers = numbers
    }
    switch layer.kind {
    case .input(let shape): set("input", shape)
    case .dense(let units, let activation, let hasBias):
      set("dense", [units])
      self.activation = activation.rawValue
      self.hasBias = hasBias
    case .convolution(let convolution):
      set("convolution", [convolution.filters] + convolution.window.size)
      take(convolution.window)
      groups = convolution.groups
      activation = convolution.activation.rawValue
      hasBias = convolution.hasBias
    case .pool(let pool):
      set(pool.reduction.rawValue + "pool", pool.window.size)
      take(pool.window)
    case .globalPool(let reduction): set("global" + reduction.rawValue + "pool")
    case .flatten: set("flatten")
    case .reshape(let shape): set("reshape", shape)
    case .dropout(let share): set("dropout", [], [share])
    case .batchNorm(let norm): set("batchnorm", [], [norm.momentum, norm.epsilon])
    case .layerNorm(let epsilon): set("layernorm", [], [epsilon])
    case .embedding(let words, let width): set("embedding", [words, width])
    }
  }

  private mutating func take(_ window: Window) {
    stride = window.stride
    dilation = window.dilation
    padding = window.padding.rawValue
  }

  func layer() throws -> Layer {
    guard let start = WeightStart(rawValue: start), let kind = engineKind,
      sizes.allSatisfy({ $0 > 0 && $0 < 1 << 31 }), numbers.allSatisfy(\.isFinite)
    else { throw SessionFile.damaged("the layer \(name) is none that this version knows") }
    return Layer(name: name, kind: kind, start: start)
  }

  private var engineKind: Layer.Kind? {
    switch (kind, sizes.count, numbers.count) {
    case ("input", 1..., 0): .input(shape: sizes)
    case ("dense", 1, 0):
      activation.flatMap(Activation.init(rawValue:)).map {
        .dense(units: sizes[0], activation: $0, hasBias: hasBias ?? true)
      }
    case ("convolution", 2..., 0): convolution.map { .convolution($0) }
    case ("maxpool", 1..., 0): window(sizes).map { .pool(Pool(.max, $0)) }
    case ("avgpool", 1..., 0): window(sizes).map { .pool(Pool(.avg, $0)) }
    case ("globalmaxpool", 0, 0): .globalPool(.max)
    case ("globalavgpool", 0, 0): .globalPool(.avg)
    case ("flatten", 0, 0): .flatten
    case ("reshape", 1..., 0): .reshape(sizes)
    case ("dropout", 0, 1): (0..<1).contains(numbers[0]) ? .dropout(numbers[0]) : nil
    case ("batchnorm", 0, 2): .batchNorm(BatchNorm(momentum: numbers[0], epsilon: numbers[1]))
    case ("layernorm", 0, 1): .layerNorm(epsilon: numbers[0])
    case ("embedding", 2, 0): .embedding(words: sizes[0], width: sizes[1])
    default: nil
    }
  }

  private var convolution: Convolution? {
    guard let window = window(Array(sizes.dropFirst())), let groups, groups > 0,
      let activation = activation.flatMap(Activation.init(rawValue:))
    else { return nil }
    return Convolution(
      filters: sizes[0], window, groups: groups, activation: activation, hasBias: hasBias ?? true)
  }

  private func window(_ size: [Int]) -> Window? {
    guard let stride, let dilation, let padding = padding.flatMap(Padding.init(rawValue:)),
      stride.count == size.count, dilation.count == size.count,
      (stride + dilation).allSatisfy({ $0 > 0 && $0 < 1 << 31 })
    else { return nil }
    return Window(size, stride: stride, dilation: dilation, padding: padding)
  }
}

extension StoredEdge {
  init(_ edge: Edge, _ blocks: inout NumberBlocks) {
    source = edge.source
    target = edge.target
    type = edge.type.rawValue
    preset = edge.presetWeights.map { blocks.add($0) }
    isTrainable = edge.isTrainable
    merge = edge.merge?.rawValue
  }

  func edge(_ blocks: NumberBlocks) throws -> Edge {
    guard let type = EdgeType(rawValue: type), merge == nil || merge.flatMap(Merge.init(rawValue:)) != nil
    else {
      throw SessionFile.damaged("the edge \(source) -> \(target) is none that this version knows")
    }
    return Edge(
      from: source, to: target, type: type, presetWeights: try preset.map { try blocks.doubles($0) },
      isTrainable: isTrainable, merge: merge.flatMap(Merge.init(rawValue:)))
  }
}

// MARK: - Training

extension StoredOptimizerKind {
  init(_ kind: OptimizerKind) {
    name = kind.name
    if case .sgd(let momentum, let nesterov) = kind {
      self.momentum = momentum
      self.nesterov = nesterov
    }
  }

  func kind() throws -> OptimizerKind {
    guard let kind = OptimizerKind(name: name), momentum.map({ $0 >= 0 && $0 < 1 }) ?? true else {
      throw SessionFile.damaged("there is no optimizer \(name)")
    }
    if case .sgd = kind { return .sgd(momentum: momentum ?? 0, nesterov: nesterov ?? false) }
    return kind
  }
}

extension StoredDefaults {
  init(_ defaults: TrainingDefaults) {
    loss = defaults.loss?.rawValue
    optimizer = defaults.optimizer.map(StoredOptimizerKind.init)
    rate = defaults.rate
    l1 = defaults.penalty.l1
    l2 = defaults.penalty.l2
    clip = defaults.clip
    schedule = defaults.schedule.kind.rawValue
    decay = defaults.schedule.decay
    period = defaults.schedule.period
  }

  func defaults() throws -> TrainingDefaults {
    guard let kind = RateSchedule.Kind(rawValue: schedule), loss.map({ Loss(rawValue: $0) != nil }) ?? true
    else {
      throw SessionFile.damaged("a loss or a schedule is none that this version knows")
    }
    var defaults = TrainingDefaults(
      loss: loss.flatMap(Loss.init(rawValue:)), optimizer: try optimizer?.kind(), rate: rate)
    defaults.penalty = Penalty(l1: l1, l2: l2)
    defaults.clip = clip
    defaults.schedule = RateSchedule(kind, decay: decay, period: period)
    return defaults
  }
}

extension StoredTraining {
  init(_ result: TrainingResult, _ blocks: inout NumberBlocks) {
    figures = Figure.allCases.map { figure in blocks.add(result.epochs.map { $0[figure] ?? .nan }) }
    rows = result.trainedRows
    validationRows = result.validationRows
  }

  /// What a plot of it needs; how it was trained is not kept.
  func result(_ blocks: NumberBlocks) throws -> TrainingResult {
    let columns = try figures.map { try blocks.doubles($0) }
    guard columns.count == Figure.allCases.count, Set(columns.map(\.count)).count == 1 else {
      throw SessionFile.damaged("the figures of a training are not of one length")
    }
    let epochs = columns[0].indices.map { epoch in
      let row = columns.map { $0[epoch].isNaN ? nil : $0[epoch] }
      return EpochFigures(
        loss: columns[0][epoch], accuracy: row[1], validationLoss: row[2], validationAccuracy: row[3])
    }
    let options = TrainingOptions(
      epochs: max(1, epochs.count), batchSize: 1, loss: .mse, optimizer: .sgd(momentum: 0), rate: 1)
    return TrainingResult(
      end: .finished, epochs: epochs, options: options, trainedRows: rows, validationRows: validationRows)
  }
}

// MARK: - The whole network

extension StoredNetwork {
  init(_ network: Network, _ blocks: inout NumberBlocks) {
    let state = network.state
    let weights = state.weights
    // Numbers of single precision lose nothing in 32 bits.
    let precision = weights.computing?.precision ?? .double
    name = network.name
    layers = state.graph.layers.map(StoredLayer.init)
    edges = state.graph.edges.map { StoredEdge($0, &blocks) }
    defaults = StoredDefaults(state.defaults)
    computing = weights.computing.map(StoredComputing.init)
    values = weights.values.map { blocks.add($0, as: precision) }
    optimizer = weights.optimizer.map { optimizer in
      StoredOptimizer(
        kind: StoredOptimizerKind(optimizer.kind), steps: optimizer.steps, momenta: optimizer.momenta,
        first: blocks.add(optimizer.first, as: precision), second: blocks.add(optimizer.second, as: precision)
      )
    }
    kept = weights.kept.sorted { $0.key < $1.key }.map { key, kept in
      StoredKept(key: key, layer: kept.layer, shape: kept.shape, values: blocks.add(kept.values))
    }
    activation = state.activation.map { blocks.add($0) }
    training = state.lastTraining.map { StoredTraining($0, &blocks) }
    trainedOn = state.lastTrainingData
  }

  /// The network that it describes; every layer and edge goes through the checks of one that is typed.
  func network(_ blocks: NumberBlocks) throws -> Network {
    var graph = NetworkGraph()
    for layer in layers { try graph.add(try layer.layer()) }
    for edge in edges { try graph.connect(try edge.edge(blocks)) }
    let network = Network(name: name)
    network.restore(
      try NetworkState(
        graph: graph, defaults: try defaults.defaults(), lastTraining: try training?.result(blocks),
        lastTrainingData: trainedOn, activation: try activation.map { try blocks.doubles($0) },
        weights: try weights(blocks)))
    return network
  }

  private func weights(_ blocks: NumberBlocks) throws -> NetworkWeights {
    var kept: [String: NetworkWeights.Kept] = [:]
    for parameters in self.kept {
      let values = try blocks.doubles(parameters.values)
      var count = 1
      for length in parameters.shape {
        count = length < 0 ? -1 : count.multipliedReportingOverflow(by: length).0
      }
      guard count == values.count else { throw SessionFile.damaged("\(parameters.key) has not its numbers") }
      kept[parameters.key] = NetworkWeights.Kept(
        layer: parameters.layer, shape: parameters.shape, values: values)
    }
    let optimizer = try self.optimizer.map { stored in
      OptimizerState(
        kind: try stored.kind.kind(), steps: stored.steps, momenta: stored.momenta,
        first: try blocks.doubles(stored.first), second: try blocks.doubles(stored.second))
    }
    return NetworkWeights(
      computing: try computing?.computing(), values: try values.map { try blocks.doubles($0) },
      optimizer: optimizer, kept: kept)
  }
}

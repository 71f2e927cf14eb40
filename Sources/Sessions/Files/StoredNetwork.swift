import Foundations
import ModelFiles
import NeuralEngine

/// A network as a session's file describes it. Layers, edges and defaults are in the records of model files; the
/// rest is the session's own, for here a network need not be complete, nor have weights.
struct StoredNetwork: Codable {
  var name: String
  var graph: GraphRecord
  var defaults: TrainingRecord
  var weights: StoredWeights
  /// The row that was last activated.
  var activation: Int?
  /// What it knows of the steps before: an array for each part.
  var memory: [Int]?
  var training: StoredTraining?
  var trainedOn: String?
}

extension StoredNetwork {
  /// - Parameter number: the network's number in the session.
  init(_ network: Network, number: Int, _ blocks: inout NumberBlocks) {
    let state = network.state
    name = network.name
    graph = GraphRecord(state.graph)
    blocks.file.addPresets(of: state.graph, prefix: StoredNetwork.prefix(number))
    defaults = TrainingRecord(state.defaults)
    weights = StoredWeights(state.weights, &blocks)
    activation = state.activation.map { blocks.add($0) }
    memory = state.memory.map { $0.parts.map { blocks.add($0) } }
    training = state.lastTraining.map { StoredTraining($0, &blocks) }
    trainedOn = state.lastTrainingData
  }

  /// The network that it describes; every layer and edge goes through the checks of one that is typed.
  func network(number: Int, _ blocks: NumberBlocks) throws -> Network {
    let reading = SessionFile.reading
    try reading.checkName(name)
    let graph = try graph.graph(blocks.file, prefix: StoredNetwork.prefix(number), reading)
    let defaults = try defaults.defaults(reading)
    let weights = try blocks.unlessLost(name, .weights) { try self.weights.weights(of: name, blocks) }
    let training = try training?.result(blocks)
    var row: [Double]?
    if let activation, weights != nil { row = try blocks.doubles(activation) }
    let memory = try memory(defaults.rule, blocks)
    let network = Network(name: name)
    network.restore(
      try reading.telling { () throws(CodedError) in
        try NetworkState(
          graph: graph, defaults: defaults, lastTraining: training, lastTrainingData: trainedOn,
          activation: row, memory: memory,
          weights: weights ?? NetworkWeights(options: nil, values: nil, optimizer: nil))
      })
    return network
  }

  private func memory(_ rule: LearningRule, _ blocks: NumberBlocks) throws -> NetworkMemory? {
    guard let numbers = memory else { return nil }
    guard let state = NetworkMemory(parts: try numbers.map { try blocks.doubles($0) }, rule: rule) else {
      throw SessionFile.damaged("the state of `\(name)` does not fit together")
    }
    return state
  }

  /// What stands before the names of a network's arrays: names of networks are not unique in a session.
  private static func prefix(_ number: Int) -> String { "networks/\(number)/" }
}

// MARK: - Weights

/// A network's numbers as a session's file describes them; those that there are not yet are left out.
struct StoredWeights: Codable {
  var options: StoredExecutionOptions?
  var values: Int?
  var optimizer: StoredOptimizer?
  var kept: [StoredKept]
}

/// What an optimizer remembers, and the arrays of its means.
struct StoredOptimizer: Codable {
  var record: OptimizerRecord
  var first: Int
  var second: Int
}

/// Parameters that wait for a graph that they fit; their array has their shape.
struct StoredKept: Codable {
  var key: String
  var layer: String
  var values: Int
}

extension StoredWeights {
  init(_ weights: NetworkWeights, _ blocks: inout NumberBlocks) {
    // Numbers of single precision lose nothing in 32 bits.
    let precision = weights.options?.precision ?? .double
    options = weights.options.map(StoredExecutionOptions.init)
    func steady(_ part: String, _ values: [Double]) -> SteadyArray {
      SteadyArray(weights, part, values, as: precision)
    }
    values = weights.values.map { blocks.add(steady("values", $0)) }
    optimizer = weights.optimizer.map { optimizer in
      StoredOptimizer(
        record: OptimizerRecord(optimizer), first: blocks.add(steady("first", optimizer.first)),
        second: blocks.add(steady("second", optimizer.second)))
    }
    kept = weights.kept.sorted { $0.key.description < $1.key.description }.map { key, kept in
      StoredKept(key: key.description, layer: kept.layer, values: blocks.add(kept.values, shape: kept.shape))
    }
  }

  /// - Parameter network: its name, for what is said when some of them are lost.
  func weights(of network: String, _ blocks: NumberBlocks) throws -> NetworkWeights {
    var values: [Double]?
    if let number = self.values { values = try blocks.doubles(number) }
    var kept: [ParameterKey: NetworkWeights.Kept] = [:]
    for parameters in self.kept {
      guard let key = ParameterKey(parameters.key) else {
        throw SessionFile.damaged("it keeps weights of no layer")
      }
      let array = try blocks.array(parameters.values)
      kept[key] = NetworkWeights.Kept(
        layer: parameters.layer, shape: array.shape, values: array.doubles)
    }
    // Without its memory an optimizer begins anew, which is no reason to lose the weights.
    let state = try optimizer.flatMap { optimizer in
      try blocks.unlessLost(network, .optimizer) { try optimizer.state(blocks) }
    }
    return NetworkWeights(
      options: try options?.options(), values: values, optimizer: state, kept: kept)
  }
}

extension StoredOptimizer {
  fileprivate func state(_ blocks: NumberBlocks) throws(CodedError) -> OptimizerState {
    try record.state(
      first: try blocks.doubles(first), second: try blocks.doubles(second), SessionFile.reading)
  }
}

// MARK: - The last training

/// The metrics of a network's last training, an array each; those that an epoch has not are NaN.
struct StoredTraining: Codable {
  /// The epochs that are kept one by one: all, or the last ones.
  var figures: [Int]
  /// The metrics of the first epoch, where there are epochs before those.
  var first: Int?
  /// The histories of the metrics up to those; null for a metric that the training does not have.
  var courses: [StoredCourse?]?
  var rows: Int
  var validationRows: Int
  /// The epoch whose weights the network has, where that is not simply the last one.
  var best: StoredBest?
  /// The metrics that the training was asked for; nil for none.
  var watched: [StoredWatchedMetric]?
}

/// A metric that a training was asked for, with its values for the last epochs, for the first of all where there are others
/// before them, and for the best one.
struct StoredWatchedMetric: Codable {
  var name: String
  var isOfValidation: Bool
  var lowerIsBetter: Bool
  var values: Int
  var first: Double?
  var best: Double?
  var course: StoredCourse?
}

extension StoredWatchedMetric {
  fileprivate init(_ metric: WatchedMetric, _ result: TrainingResult, _ blocks: inout NumberBlocks) {
    let key = TrainingMetric.watched(metric)
    name = metric.name
    isOfValidation = metric.isOfValidation
    lowerIsBetter = metric.lowerIsBetter
    values = blocks.add(result.history.recent.map { $0[key] ?? .nan })
    // JSON has no NaN.
    first = result.history.merged?.first[key].flatMap { $0.isFinite ? $0 : nil }
    best = result.best?.metrics[key].flatMap { $0.isFinite ? $0 : nil }
    course = result.history.merged?.courses[key].map { StoredCourse($0, &blocks) }
  }

  fileprivate var metric: WatchedMetric {
    WatchedMetric(name, isOfValidation: isOfValidation, lowerIsBetter: lowerIsBetter)
  }
}

/// The best epoch of a training.
struct StoredBest: Codable {
  var epoch: Int
  var metric: String
  /// The array of its metrics.
  var figures: Int
}

/// The history of a metric over many epochs, as arrays with a place for each bucket.
struct StoredCourse: Codable {
  var width: Int
  var count: Int
  var lows: Int
  var highs: Int
  var lasts: Int
  var sums: Int
  var finite: Int
  var lowestEpoch: Int?
  var highestEpoch: Int?
  var notFinite: Int
  var firstNotFinite: Int?
  var notPositive: Int
}

extension StoredTraining {
  init(_ result: TrainingResult, _ blocks: inout NumberBlocks) {
    let history = result.history
    figures = TrainingMetric.standard.map { figure in blocks.add(history.recent.map { $0[figure] ?? .nan }) }
    if let merged = history.merged {
      first = blocks.add(TrainingMetric.standard.map { merged.first[$0] ?? .nan })
      courses = TrainingMetric.standard.map { merged.courses[$0].map { StoredCourse($0, &blocks) } }
    }
    rows = result.trainedRows
    validationRows = result.validationRows
    best = result.best.map { best in
      StoredBest(
        epoch: best.epoch, metric: best.metric.rawValue,
        figures: blocks.add(TrainingMetric.standard.map { best.metrics[$0] ?? .nan }))
    }
    let metrics = history.last?.watched.map(\.metric) ?? []
    if !metrics.isEmpty { watched = metrics.map { StoredWatchedMetric($0, result, &blocks) } }
  }

  /// What a plot of it needs; how it was trained is not kept.
  func result(_ blocks: NumberBlocks) throws(CodedError) -> TrainingResult {
    let history = try history(blocks)
    let options = TrainingOptions(
      epochs: max(1, history.count), batchSize: 1, loss: .mse, optimizer: .sgd(), rate: 1)
    return TrainingResult(
      end: .finished, history: history, options: options, trainedRows: rows, validationRows: validationRows,
      best: try best?.best(of: history.count, watched ?? [], blocks))
  }

  private func history(_ blocks: NumberBlocks) throws(CodedError) -> TrainingHistory {
    var recent = try epochs(figures, blocks)
    for metric in watched ?? [] {
      let values = try blocks.doubles(metric.values)
      guard values.count == recent.count else {
        throw SessionFile.damaged("the metrics of a training differ in length")
      }
      for epoch in recent.indices { recent[epoch].watched.append(WatchedValue(metric.metric, values[epoch])) }
    }
    var first: EpochMetrics?
    if let number = self.first {
      let row = try blocks.doubles(number)
      guard row.count == TrainingMetric.standard.count else {
        throw SessionFile.damaged("the first epoch of a training has the wrong metrics")
      }
      first = EpochMetrics(row)
      first?.watched = (watched ?? []).map { WatchedValue($0.metric, $0.first ?? .nan) }
    }
    var courses: [TrainingMetric: DecimatedSeries] = [:]
    for (figure, course) in zip(TrainingMetric.standard, self.courses ?? []) {
      courses[figure] = try course?.course(blocks)
    }
    for metric in watched ?? [] { courses[.watched(metric.metric)] = try metric.course?.course(blocks) }
    guard let history = TrainingHistory(recent: recent, first: first, courses: courses) else {
      throw SessionFile.damaged("the metrics of a training are inconsistent")
    }
    return history
  }

  private func epochs(_ figures: [Int], _ blocks: NumberBlocks) throws(CodedError) -> [EpochMetrics] {
    var columns: [[Double]] = []
    for number in figures { columns.append(try blocks.doubles(number)) }
    guard columns.count == TrainingMetric.standard.count, Set(columns.map(\.count)).count == 1 else {
      throw SessionFile.damaged("the metrics of a training differ in length")
    }
    return columns[0].indices.map { epoch in EpochMetrics(columns.map { $0[epoch] }) }
  }
}

extension StoredBest {
  fileprivate func best(
    of count: Int, _ watched: [StoredWatchedMetric], _ blocks: NumberBlocks
  ) throws(CodedError) -> BestEpoch {
    let row = try blocks.doubles(figures)
    let known = TrainingMetric.standard + watched.map { .watched($0.metric) }
    guard row.count == TrainingMetric.standard.count, (1...max(1, count)).contains(epoch),
      let metric = known.first(where: { $0.rawValue == metric })
    else { throw SessionFile.damaged("the best epoch of a training is none of it") }
    var metrics = EpochMetrics(row)
    metrics.watched = watched.map { WatchedValue($0.metric, $0.best ?? .nan) }
    return BestEpoch(epoch: epoch, metric: metric, metrics: metrics)
  }
}

extension EpochMetrics {
  /// The metrics in the order of all there are.
  fileprivate init(_ row: [Double]) {
    let present = row.map { $0.isNaN ? nil : $0 }
    self.init(
      loss: row[0], accuracy: present[1], validationLoss: present[2], validationAccuracy: present[3])
  }
}

extension StoredCourse {
  fileprivate init(_ course: DecimatedSeries, _ blocks: inout NumberBlocks) {
    width = course.width
    count = course.count
    lows = blocks.add(course.buckets.map(\.low))
    highs = blocks.add(course.buckets.map(\.high))
    lasts = blocks.add(course.buckets.map(\.last))
    sums = blocks.add(course.buckets.map(\.sum))
    finite = blocks.add(course.buckets.map { Double($0.finite) })
    lowestEpoch = course.tally.lowest?.place
    highestEpoch = course.tally.highest?.place
    notFinite = course.tally.notFinite
    firstNotFinite = course.tally.firstNotFinite
    notPositive = course.tally.notPositive
  }

  fileprivate func course(_ blocks: NumberBlocks) throws(CodedError) -> DecimatedSeries {
    let (lows, highs) = (try blocks.doubles(lows), try blocks.doubles(highs))
    let (lasts, sums) = (try blocks.doubles(lasts), try blocks.doubles(sums))
    let finite = try blocks.doubles(finite).map { Int(exactly: $0) ?? -1 }
    guard Set([lows.count, highs.count, lasts.count, sums.count, finite.count]).count == 1 else {
      throw SessionFile.damaged("the parts of a metric's history differ in length")
    }
    var tally = DecimatedSeries.Tally()
    // The values themselves are those of the buckets.
    tally.lowest = lowestEpoch.map { .init(lows.min() ?? .nan, at: $0) }
    tally.highest = highestEpoch.map { .init(highs.max() ?? .nan, at: $0) }
    tally.notFinite = notFinite
    tally.firstNotFinite = firstNotFinite
    tally.notPositive = notPositive
    let buckets = lows.indices.map {
      DecimatedSeries.Bucket(
        low: lows[$0], high: highs[$0], last: lasts[$0], sum: sums[$0], finite: finite[$0])
    }
    guard
      let course = DecimatedSeries(
        limit: TrainingHistory.limit, width: width, count: count, buckets: buckets, tally: tally)
    else {
      throw SessionFile.damaged("a metric's history does not fit the epochs")
    }
    return course
  }
}

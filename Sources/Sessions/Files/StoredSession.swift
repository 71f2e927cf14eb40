import Datasets
import Foundation
import Foundations
import Language
import ModelFiles
import NeuralEngine
import Outputs

/// All of a session as its file describes it, apart from the arrays.
struct StoredSession: Codable {
  var seed: UInt64
  var random: [UInt64]
  var spareNormal: Double?
  var execution: StoredExecutionOptions
  var digits: Int
  var parameters: [StoredParameter]
  var given: [StoredParameter]
  var functions: [String]
  var data: [StoredData]
  var networks: [StoredNetwork]
  var dataNames: [String: Int]
  var networkNames: [String: Int]
  var current: Int?
  var variables: [String: StoredValue]
  var series: [String: Int]
  /// The variables that hold metrics as a training or an evaluation has left them.
  var measured: [String]?
  var trained: [StoredTrainedData]
  /// What the last sweep came to, for its plots; an older nbs leaves it out.
  var sweep: StoredSweep?
  var cellCount: Int
  var cells: [StoredCell]
  /// The files of the arrays that are kept apart, by the arrays' names, relative to this file's folder.
  var files: [String: String]?
}

extension StoredSession {
  /// Whether there is something that an older nbs would leave out without a word.
  var needsNewer: Bool {
    networks.contains { $0.memory != nil || $0.defaults.isOfNewerRule || $0.graph.hasMemory }
      || trained.contains { $0.vocabulary != nil || $0.outputs != nil }
      || data.contains { $0.set.vocabulary != nil }
  }
}

/// A sweep and its trials, as the store of runs has them.
struct StoredSweep: Codable {
  var description: String
  /// A line for each trial.
  var trials: [String]
  var isComplete: Bool
}

extension StoredSweep {
  init?(_ result: SweepResult) {
    let seeds = result.trials.reduce(into: [UInt64]()) { if !$0.contains($1.seed) { $0.append($1.seed) } }
    description =
      SweepDescription(
        result.space, metric: result.metric, isLarger: result.isLarger, seeds: seeds, halving: result.halving
      ).text
    let lines = result.trials.compactMap { (try? $0.line).map { String(decoding: $0, as: UTF8.self) } }
    guard lines.count == result.trials.count else { return nil }
    trials = lines
    isComplete = result.count == result.trials.count
  }

  func result() throws(CodedError) -> SweepResult {
    guard let sweep = SweepDescription(text: description) else {
      throw SessionFile.damaged("its last sweep is none that this version knows")
    }
    let trials = self.trials.compactMap {
      SweepTrial(line: Array($0.utf8), of: sweep.space.combinations.count)
    }
    guard trials.count == self.trials.count else {
      throw SessionFile.damaged("a trial of its last sweep is none")
    }
    return sweep.result(trials, isComplete: isComplete)
  }
}

/// What a network remembers of the data that it was trained on.
struct StoredTrainedData: Codable {
  var network: Int
  var preparation: StoredPreparation?
  /// The input columns; nil where they go by position.
  var inputs: [StoredColumn]?
  var targets: [StoredColumn]?
  /// The tokens of the text that it was, where it was one.
  var vocabulary: VocabularyRecord?
  /// The loss that the training was given; nil for the network's own.
  var loss: String?
  /// The losses of several output layers, likewise.
  var outputs: [OutputLossRecord]?
}

extension StoredSession {
  /// Describes a session; its arrays go to `objects`.
  init(_ transcript: Transcript, text: (Output) -> String, _ objects: inout StoredObjects) {
    let session = transcript.session
    let names = session.state
    let variables = names.definedVariables.map { ($0.name, objects.stored($0.value)) }
    let dataNames = names.data.mapValues { objects.number(of: $0) }
    let networkNames = names.networks.mapValues { objects.number(of: $0) }
    let trained = names.reachableObjects.networks.values.compactMap { network -> StoredTrainedData? in
      guard let memory = names.trainedData(of: network) else { return nil }
      let number = objects.number(of: network)
      let preparation = memory.preparation.map { StoredPreparation($0, &objects.blocks) }
      return StoredTrainedData(
        network: number, preparation: preparation, inputs: memory.schema.inputs?.map(StoredColumn.init),
        targets: memory.schema.targets.map(StoredColumn.init),
        vocabulary: memory.schema.vocabulary.map(VocabularyRecord.init), loss: memory.objective?.commonLoss,
        outputs: memory.objective?.outputRecords)
    }
    let series = names.filledSeries.map {
      ($0.name, objects.blocks.add(SteadyArray(.doubles($0.values, as: .double))))
    }
    let random = names.random.position
    self.init(
      seed: names.seed, random: random.words, spareNormal: random.spareNormal,
      execution: StoredExecutionOptions(names.options.execution), digits: names.options.digits,
      parameters: names.parameters.declared.map { StoredParameter(name: $0.name, value: .init($0.value)) },
      given: names.parameters.given.map { StoredParameter(name: $0.key, value: .init($0.value)) },
      functions: objects.functions, data: objects.data, networks: objects.networks, dataNames: dataNames,
      networkNames: networkNames, current: names.current.map { objects.number(of: $0) },
      variables: Dictionary(uniqueKeysWithValues: variables),
      series: Dictionary(uniqueKeysWithValues: series),
      measured: names.measured.keys.filter {
        session.array(named: $0)?.scalar?.bitPattern == names.measured[$0]?.bitPattern
      }
      .sorted(), trained: trained, sweep: names.sweep.flatMap { StoredSweep($0) },
      cellCount: session.cellCount, cells: transcript.entries.map { StoredCell($0, text: text) })
  }

  /// Fills a session with nothing in it.
  func restore(_ session: Session, _ blocks: NumberBlocks) throws {
    guard let random = RandomStream(.init(words: random, spareNormal: spareNormal)), (1...17).contains(digits)
    else {
      throw SessionFile.damaged("its random numbers or options are none that this version knows")
    }
    // Every number has a place in `Out`.
    guard (0...1_000_000).contains(cellCount),
      cells.allSatisfy({ $0.number >= 1 && $0.number <= cellCount })
    else {
      throw SessionFile.damaged("its cells are numbered as no session numbers them")
    }
    let objects = RestoredObjects(
      blocks: blocks, functions: try functions.map { try session.function(from: $0) },
      data: try data.map { try $0.referenceUnlessLost(blocks) },
      networks: try networks.enumerated().map { try $1.network(number: $0, blocks) })
    session.state.seed(seed, at: random)
    session.state.options.execution = try execution.options()
    session.state.options.digits = digits
    for parameter in given { session.state.parameters.given[parameter.name] = parameter.value.literal }
    for parameter in parameters { session.state.parameters.note(parameter.name, parameter.value.literal) }
    try restoreNames(&session.state, objects)
    session.state.sweep = try sweep?.result()
    session.continueNumbering(after: cellCount)
  }

  private func restoreNames(_ names: inout SessionState, _ objects: RestoredObjects) throws {
    for (name, number) in dataNames.sorted(by: { $0.key < $1.key }) {
      names.data[name] = try objects.blocks.unlessLost(name, .data) {
        try objects.object(number, objects.data).get()
      }
    }
    names.networks = try networkNames.mapValues { try objects.object($0, objects.networks) }
    names.current = try current.map { try objects.object($0, objects.networks) }
    for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
      let value = try objects.blocks.unlessLost(name, .variable) { try objects.value(value, of: name) }
      if let value { names.assign(value, to: name) }
      if measured?.contains(name) == true, case .tensor(let tensor)? = value {
        names.measured[name] = tensor.scalar
      }
    }
    for (name, values) in series {
      let values = try objects.blocks.unlessLost(name, .variable) { try objects.blocks.doubles(values) }
      names[names.series(name)] = values ?? []
    }
    for memory in trained {
      let network = try objects.object(memory.network, objects.networks)
      let preparation = try memory.preparation?.preparation(objects.blocks)
      let schema = DataSchema(
        inputs: memory.inputs?.map(\.column), targets: (memory.targets ?? []).map(\.column),
        vocabulary: memory.vocabulary?.vocabulary)
      names.remember(
        TrainedData(
          preparation: preparation, schema: schema,
          objective: Objective(loss: memory.loss, outputs: memory.outputs, for: network.graph)),
        of: network)
    }
  }
}

extension StoredCell {
  init(_ entry: Transcript.Entry, text: (Output) -> String) {
    number = entry.number
    source = entry.source
    // A page of text for each cell is enough of a reminder.
    outputs = entry.outputs.map { String(text($0).prefix(8_000)) }
    outcome =
      switch entry.outcome {
      case .done: "done"
      case .interrupted: "interrupted"
      case .failed, .incomplete: "failed"
      }
    seconds = entry.seconds
    repeatedBy = entry.repeatedBy
    unchanged = entry.unchanged.compactMap { if case .name(let name) = $0 { name } else { nil } }
  }
}

/// How networks are computed, as a session's file describes it.
struct StoredExecutionOptions: Codable {
  var precision: String
  var threads: Int?
}

extension StoredExecutionOptions {
  init(_ options: ExecutionOptions) {
    precision = options.precision.rawValue
    threads = options.threads
  }

  func options() throws(CodedError) -> ExecutionOptions {
    guard threads.map({ (1...4096).contains($0) }) ?? true else {
      throw SessionFile.damaged("threads=\(threads ?? 0) is more than any machine has, or none")
    }
    return ExecutionOptions(
      try SessionFile.reading.word(precision, as: Precision.self, "precision"), threads: threads)
  }
}

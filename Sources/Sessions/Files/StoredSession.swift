import Datasets
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
  var trained: [StoredTrainedData]
  var cellCount: Int
  var cells: [StoredCell]
  /// The files of the arrays that are kept apart, by the arrays' names, relative to this file's folder.
  var files: [String: String]?
}

/// What a network remembers of the data that it was trained on.
struct StoredTrainedData: Codable {
  var network: Int
  var preparation: StoredPreparation?
  var classes: [String]?
}

/// A cell; what it showed is kept as text.
struct StoredCell: Codable {
  var number: Int
  var source: String
  var outputs: [String]
  var outcome: String
  var seconds: Double
  var repeatedBy: Int?
  var unchanged: [String]
}

extension StoredSession {
  /// Describes a session; its arrays go to `objects`.
  init(_ transcript: Transcript, text: (Output) -> String, _ objects: inout StoredObjects) {
    let session = transcript.session
    let names = session.namespace
    let variables = names.definedVariables.compactMap { v in v.value.map { (v.name, objects.stored($0)) } }
    let dataNames = names.data.mapValues { objects.number(of: $0) }
    let networkNames = names.networks.mapValues { objects.number(of: $0) }
    let trained = session.reachableObjects().networks.values.compactMap { network -> StoredTrainedData? in
      guard let memory = session.trainedData(of: network) else { return nil }
      let number = objects.number(of: network)
      let preparation = memory.preparation.map { StoredPreparation($0, &objects.blocks) }
      return StoredTrainedData(network: number, preparation: preparation, classes: memory.classes)
    }
    let series = names.recordedSeries.filter { !$0.value.values.isEmpty }.mapValues {
      objects.blocks.add(SteadyArray(.doubles($0.values, as: .double)))
    }
    self.init(
      seed: session.seed, random: session.random.words, spareNormal: session.random.spareNormal,
      execution: StoredExecutionOptions(session.options.execution), digits: session.options.digits,
      parameters: session.parameters.declared.map { StoredParameter(name: $0.name, value: .init($0.value)) },
      given: session.parameters.given.map { StoredParameter(name: $0.key, value: .init($0.value)) },
      functions: objects.functions, data: objects.data, networks: objects.networks, dataNames: dataNames,
      networkNames: networkNames, current: names.current.map { objects.number(of: $0) },
      variables: Dictionary(uniqueKeysWithValues: variables), series: series, trained: trained,
      cellCount: session.cellCount, cells: transcript.entries.map { StoredCell($0, text: text) })
  }

  /// Fills a session with nothing in it.
  func restore(_ session: Session, _ blocks: NumberBlocks) throws {
    guard let random = RandomStream(words: random, spareNormal: spareNormal), (1...17).contains(digits) else {
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
    session.restoreStream(seed: seed, random: random)
    session.options.execution = try execution.options()
    session.options.digits = digits
    for parameter in given { session.parameters.given[parameter.name] = parameter.value.literal }
    for parameter in parameters { session.parameters.note(parameter.name, parameter.value.literal) }
    try restoreNames(session.namespace, objects)
    session.continueNumbering(after: cellCount)
  }

  private func restoreNames(_ names: Namespace, _ objects: RestoredObjects) throws {
    for (name, number) in dataNames.sorted(by: { $0.key < $1.key }) {
      names.data[name] = try objects.blocks.unlessLost(name, .data) {
        try objects.object(number, objects.data).get()
      }
    }
    names.networks = try networkNames.mapValues { try objects.object($0, objects.networks) }
    names.current = try current.map { try objects.object($0, objects.networks) }
    for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
      let value = try objects.blocks.unlessLost(name, .variable) { try objects.value(value, of: name) }
      if let value { names.variable(name).assign(value) }
    }
    for (name, values) in series {
      let values = try objects.blocks.unlessLost(name, .variable) { try objects.blocks.doubles(values) }
      names.series(name).restore(values ?? [])
    }
    for memory in trained {
      let network = try objects.object(memory.network, objects.networks)
      names.trainedData[ObjectIdentifier(network)] = TrainedData(
        preparation: try memory.preparation?.preparation(objects.blocks), classes: memory.classes)
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

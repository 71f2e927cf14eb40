import Datasets
public import Foundations
import NeuralEngine

extension SavedNetwork {
  /// Puts the network into a file.
  ///
  /// - Parameter prefix: stands before the names of its arrays and of its metadata, so that a file can hold
  ///   several; it ends in `/` if it is not empty.
  /// - Throws: `not-finite` for weights that nothing can be learned from any more.
  public func store(in file: inout ArrayFile, prefix: String = "") throws(CodedError) {
    let names = ParameterNames(graph)
    for slice in try ParameterLayout(graph).slices {
      try store(slice, as: names[slice.key], in: &file, prefix)
    }
    file.addPresets(of: graph, prefix: prefix)
    if let preparation {
      file.add(preparation.inputs.stored(prefix + ArrayName.preparedInputs))
      if let targets = preparation.targets { file.add(targets.stored(prefix + ArrayName.preparedTargets)) }
    }
    file.metadata[prefix + ArrayName.network] = try recordText(record)
  }

  private func store(
    _ slice: ParameterLayout.Slice, as name: String, in file: inout ArrayFile, _ prefix: String
  ) throws(CodedError) {
    let values = Array(learned.values[slice.range])
    guard values.allSatisfy(\.isFinite) else { throw .notFinite(weightsOf: slice.layer) }
    let means = [
      ArrayName.first(name): learned.optimizer.first, ArrayName.second(name): learned.optimizer.second,
    ]
    file.add(StoredArray(prefix + name, shape: slice.shape, values, as: learned.precision))
    for (name, all) in means.sorted(by: { $0.key < $1.key }) where !all.isEmpty {
      file.add(
        StoredArray(prefix + name, shape: slice.shape, Array(all[slice.range]), as: learned.precision))
    }
  }

  private var record: NetworkRecord {
    let needsNewer =
      graph.hasMemory || defaults.rule.isOnline || schema?.vocabulary != nil
      || (schema?.targets.count ?? 0) > 1 && schema?.targets.contains { $0.levels != nil } == true
      || objective?.outputRecords != nil || !defaults.outputLosses.isEmpty || !defaults.lossWeights.isEmpty
    let graph = GraphRecord(graph)
    return NetworkRecord(
      version: NetworkRecord.writtenVersion(needsNewer: needsNewer),
      kernels: InstructionSet.kernelsVersion, name: name,
      precision: learned.precision.rawValue,
      layers: graph.layers, edges: graph.edges, gates: graph.gates, training: TrainingRecord(defaults),
      optimizer: OptimizerRecord(learned.optimizer),
      data: preparation == nil && schema == nil
        ? nil
        : DataRecord(
          classes: schema?.classes,
          inputs: schema?.inputs.map { $0.map(ColumnRecord.init) },
          targets: schema?.targets.map(\.name), vocabulary: schema?.vocabulary.map(VocabularyRecord.init),
          loss: objective?.commonLoss, outputs: objective?.outputRecords, targetClasses: targetClasses,
          preparation: preparation.map(PreparationRecord.init)))
  }
}

extension SavedNetwork {
  /// The classes of each of several target columns; nil where none has any.
  fileprivate var targetClasses: [[String]?]? {
    guard let targets = schema?.targets, targets.count > 1, targets.contains(where: { $0.levels != nil })
    else {
      return nil
    }
    return targets.map(\.levels)
  }
}

extension PreparationRecord {
  init(_ preparation: Preparation) {
    scalesTargets = preparation.targets != nil
    constant = preparation.constant
  }
}

extension CodedError {
  /// The error for a network that is not saved because training has left no numbers.
  package static func notFinite(weightsOf layer: String) -> CodedError {
    CodedError(
      .notFinite,
      "The weights of `\(layer)` are no longer finite, so the network is not saved. Draw new ones: reset weights",
      suggestion: "reset weights")
  }
}

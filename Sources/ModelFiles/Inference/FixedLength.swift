import Datasets
package import Foundations
import NeuralEngine

extension SavedNetwork {
  /// The lengths by which networks for sequences of any length are described to other programs: the first that all layers can
  /// have.
  private static let lengths = [10, 32, 100, 1000]

  /// The same network for sequences of one length, for formats that describe a network by it; itself where it takes no
  /// sequences of any length.
  ///
  /// - Throws: what a layer finds wrong with a length.
  package func ofFixedLength() throws(CodedError) -> SavedNetwork {
    guard graph.takesAnyLength else { return self }
    var length = SavedNetwork.lengths[0]
    for other in SavedNetwork.lengths where (try? graph.filled(steps: length)) == nil { length = other }
    var fixed = self
    fixed.graph = try graph.filled(steps: length)
    func widths(_ layers: [Layer]) -> [(step: Int, all: Int)] {
      layers.map { layer in
        (graph.width(of: layer), fixed.graph.layer(layer.name).map { fixed.graph.width(of: $0) } ?? 0)
      }
    }
    if let preparation {
      fixed.preparation = Preparation(
        inputs: preparation.inputs.ofAllSteps(widths(graph.inputs)),
        // Targets of several output layers have a scale a column, and their numbers one each.
        targets: preparation.targets.map {
          graph.answersEachStep
            ? (outputScales ?? $0).ofAllSteps(widths(graph.outputs)) : $0
        })
    }
    // Columns have a name for each step, and these are none.
    let hasColumns = graph.outputs.count == 1 || !graph.answersEachStep
    fixed.schema = schema.map {
      DataSchema(inputs: nil, targets: hasColumns ? $0.targets : [], vocabulary: $0.vocabulary)
    }
    return fixed
  }
  /// The same network for sequences of any length, where its layers and scales hang on none; the counterpart of
  /// ``ofFixedLength()``.
  ///
  /// - Parameter inputs: the input layers whose length is free.
  package func ofAnyLength(_ inputs: Set<String>) -> SavedNetwork? {
    guard let free = try? graph.ofAnyLength(inputs),
      let length = graph.layers.lazy.filter({ inputs.contains($0.name) }).compactMap({
        graph.shape(of: $0)?.first
      })
      .first, (try? free.filled(steps: length)) == graph
    else { return nil }
    func widths(_ layers: [Layer]) -> [(step: Int, all: Int)] {
      layers.map { layer in
        (free.layer(layer.name).map { free.width(of: $0) } ?? 0, graph.width(of: layer))
      }
    }
    var network = self
    network.graph = free
    if let preparation {
      guard let scales = preparation.inputs.ofOneStep(widths(graph.inputs)) else { return nil }
      var targets = preparation.targets
      if let all = targets, free.answersEachStep {
        targets = all.ofOneStep(widths(graph.outputs))
        if targets == nil { return nil }
      }
      network.preparation = Preparation(inputs: scales, targets: targets)
    }
    // Names of columns are those of all steps.
    network.schema = schema.map { DataSchema(inputs: nil, targets: $0.targets, vocabulary: $0.vocabulary) }
    return network
  }
}

import Datasets
import Foundations
import ModelFiles
import NeuralEngine

extension SavedNetwork {
  /// The lengths by which networks for sequences of any length are described to other programs: the first that all layers can
  /// have.
  private static let lengths = [10, 32, 100, 1000]

  /// The same network for sequences of one length, for formats that describe a network by it; itself where it takes no
  /// sequences of any length.
  ///
  /// - Throws: what a layer finds wrong with a length.
  func ofFixedLength() throws(CodedError) -> SavedNetwork {
    guard graph.takesAnyLength else { return self }
    var length = SavedNetwork.lengths[0]
    for other in SavedNetwork.lengths where (try? graph.filled(steps: length)) == nil { length = other }
    var fixed = self
    fixed.graph = try graph.filled(steps: length)
    func repeated(_ scales: [Preparation.Scale], _ widths: [(step: Int, all: Int)]) -> [Preparation.Scale] {
      var start = 0
      return widths.flatMap { step, all in
        defer { start += step }
        let own = Array(scales[start..<start + step])
        return (0..<all).map { own[$0 % step] }
      }
    }
    func widths(_ layers: [Layer]) -> [(step: Int, all: Int)] {
      layers.map { layer in
        (graph.width(of: layer), fixed.graph.layer(layer.name).map { fixed.graph.width(of: $0) } ?? 0)
      }
    }
    if let preparation {
      fixed.preparation = Preparation(
        // Of inputs a single scale is that of all.
        inputs: preparation.inputs.count == 1
          ? preparation.inputs : repeated(preparation.inputs, widths(graph.inputs)),
        targets: preparation.targets.map { repeated($0, widths(graph.outputs)) })
    }
    // Columns have a name for each step, and these are none.
    fixed.schema = schema.map { DataSchema(inputs: nil, targets: $0.targets, vocabulary: $0.vocabulary) }
    return fixed
  }
}

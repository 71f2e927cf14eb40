package import Foundations
package import NetworkSchema

/// A kind of layer: all that the engine knows of it, in one file each. Everything else - commands, help, completion,
/// files, summaries - follows from its schema.
///
/// Shapes leave the rows out. Those of images are height x width x channels, of signals length x channels, of volumes
/// depth x height x width x channels.
package protocol LayerKind: Sendable {
  /// Its name and options.
  var schema: KindSchema { get }

  /// Its options, all of them.
  var options: OptionValues { get }

  /// Refuses options that no layer can have.
  ///
  /// - Throws: `bad-value`, `bad-activation` or `too-large`.
  func check(named name: String) throws(CodedError)

  /// The shape of what it gives for one row; nil while that hangs on edges that are not there.
  ///
  /// - Parameters:
  ///   - inputs: what its edges bring, in the order of the edges.
  ///   - merge: how several become one.
  /// - Throws: `shape-mismatch`, `kernel-too-large`, `bad-reshape`, `needs-merge`, naming both layers and a fix.
  func outputShape(_ name: String, _ inputs: [Incoming], merge: Merge?) throws(CodedError) -> [Int]?

  /// The same for a kind that takes one input, where what its edges bring has been merged; by default as it enters.
  func outputShape(_ name: String, of source: Incoming) throws(CodedError) -> [Int]

  /// Whether what it gives is a sequence, whose steps the layers behind it go through one by one.
  func givesSequence(_ inputs: [Incoming]) -> Bool

  /// Whether what it gives at a step hangs on that step, and on what it has kept of those before, alone.
  var goesByStep: Bool { get }

  /// The parameters of a layer and of the edges into it, in the order in which they are kept.
  func parameters(of layer: Layer, in graph: NetworkGraph) -> [ParameterSpec]

  /// The shape of the kernel that the layer itself owns, for an input of this shape; nil where it owns none.
  func kernelShape(_ input: [Int]) -> [Int]?

  /// Emits the steps that compute a layer.
  ///
  /// - Returns: what it gives.
  func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value

  /// What is done to each preactivation; nil for a kind that has none.
  var activation: Activation? { get }
  /// Whether each unit or filter has a bias; nil for a kind without.
  var hasBias: Bool? { get }
  /// Whether its edges carry weights, which it adds up.
  var hasWeightedEdges: Bool { get }
  /// Whether it only says how the numbers of the layer before are to be read.
  var isView: Bool { get }
  /// Whether data enters here.
  var isInput: Bool { get }
  /// Whether it draws random numbers for each batch of a training.
  var drawsInTraining: Bool { get }
  /// Whether what it reads are numbers of words.
  var readsWords: Bool { get }
  /// Whether it needs what a whole batch comes to while it learns.
  var looksAtBatch: Bool { get }

  /// The shape of what enters here by sequences of so many steps; nil for a kind whose shape is fixed.
  ///
  /// - Parameter areWords: whether all that reads them takes numbers of words.
  func inputShape(steps: Int, areWords: Bool) -> [Int]?
}

extension LayerKind {
  package func check(named name: String) throws(CodedError) {}
  package func outputShape(
    _ name: String, _ inputs: [Incoming], merge: Merge?
  ) throws(CodedError) -> [Int]? {
    guard let source = try merged(name, inputs, merge) else { return nil }
    return try outputShape(name, of: source)
  }
  package func outputShape(_ name: String, of source: Incoming) throws(CodedError) -> [Int] { source.shape }
  package func givesSequence(_ inputs: [Incoming]) -> Bool { false }
  package var goesByStep: Bool { false }
  package func parameters(of layer: Layer, in graph: NetworkGraph) -> [ParameterSpec] { [] }
  package func kernelShape(_ input: [Int]) -> [Int]? { nil }
  package var activation: Activation? { nil }
  package var hasBias: Bool? { nil }
  package var hasWeightedEdges: Bool { false }
  package var isView: Bool { false }
  package var isInput: Bool { false }
  package var drawsInTraining: Bool { false }
  package var readsWords: Bool { false }
  package var looksAtBatch: Bool { false }
  package func inputShape(steps: Int, areWords: Bool) -> [Int]? { nil }
}

/// A kind that gives as much as enters it, and step by step where that is a sequence.
package protocol ShapeKeepingKind: LayerKind {}

extension ShapeKeepingKind {
  package func givesSequence(_ inputs: [Incoming]) -> Bool { inputs.allSatisfy(\.isSequence) }
  package var goesByStep: Bool { true }
}

package import NetworkSchema

/// A kind of layer: all that the engine knows of it, in one file each. Everything else - commands, help, completion,
/// files, summaries - follows from its schema.
///
/// Shapes leave the rows out. Those of images are height x width x channels, of signals length x channels, of volumes
/// depth x height x width x channels.
package protocol LayerKind: Sendable {
  /// Its name and options.
  static var schema: KindSchema { get }

  /// Creates a layer of this kind from its options, which its schema allows.
  ///
  /// - Throws: `bad-value` for what the schema cannot tell, such as a window of two axes for a signal.
  init(_ options: OptionValues, named name: String) throws(EngineError)

  /// Its options, all of them.
  var options: OptionValues { get }

  /// Refuses options that no layer can have.
  ///
  /// - Throws: `bad-value`, `bad-activation` or `too-large`.
  func check(named name: String) throws(EngineError)

  /// The shape of what it gives for one row; nil while that hangs on edges that are not there.
  ///
  /// - Parameters:
  ///   - inputs: what its edges bring, in the order of the edges.
  ///   - merge: how several become one.
  /// - Throws: `shape-mismatch`, `kernel-too-large`, `bad-reshape`, `needs-merge`, naming both layers and a fix.
  func outputShape(_ name: String, _ inputs: [Incoming], merge: Merge?) throws(EngineError) -> [Int]?

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
}

extension LayerKind {
  package func check(named name: String) throws(EngineError) {}
  package func parameters(of layer: Layer, in graph: NetworkGraph) -> [ParameterSpec] { [] }
  package func kernelShape(_ input: [Int]) -> [Int]? { nil }
  package var activation: Activation? { nil }
  package var hasBias: Bool? { nil }
  package var hasWeightedEdges: Bool { false }
  package var isView: Bool { false }
}

/// The kinds of layers that there are.
package enum LayerKinds {
  /// Those that nbs comes with, in the order in which help lists them.
  package static let standard: [any LayerKind.Type] = [
    InputLayer.self, Dense.self, Convolution1D.self, Convolution2D.self, Convolution3D.self, MaxPooling.self,
    MeanPooling.self, GlobalMaxPooling.self, GlobalMeanPooling.self, Flatten.self, Reshape.self, Dropout.self,
    BatchNormalization.self, LayerNormalization.self, Embedding.self,
  ]

  /// Those that are known, by their names.
  @TaskLocal package static var current = byName(standard)

  /// Runs something that knows more kinds: the one line that registers a kind of one's own.
  package static func withKinds<Result>(
    _ more: [any LayerKind.Type], _ body: () throws -> Result
  ) rethrows -> Result {
    var catalog = NetworkCatalog.current
    catalog.layers += more.map { $0.schema }
    return try NetworkCatalog.$current.withValue(catalog) {
      try $current.withValue(current.merging(byName(more)) { $1 }, operation: body)
    }
  }

  private static func byName(_ kinds: [any LayerKind.Type]) -> [String: any LayerKind.Type] {
    Dictionary(uniqueKeysWithValues: kinds.map { ($0.schema.name, $0) })
  }

  /// A layer's kind from its name and options.
  ///
  /// - Throws: `unknown-kind`, or what the kind finds wrong with the options.
  package static func make(
    _ kind: String, _ options: OptionValues, named name: String
  ) throws(EngineError) -> Layer.Kind {
    guard let type = current[kind] else {
      throw EngineError("unknown-kind", "There is no kind of layer called `\(kind)`.")
    }
    return Layer.Kind(try type.init(type.schema.completed(options), named: name))
  }
}

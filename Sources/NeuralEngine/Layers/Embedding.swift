package import Foundations
package import NetworkSchema

/// Stands for each whole number below `vocabulary` by a row of `dimension` trainable numbers.
package struct Embedding: LayerKind {
  package let vocabulary: Int
  package let dimension: Int
  package let initializer: Initializer

  static let entry = LayerKindEntry(.embedding) { options, _ in
    Embedding(
      vocabulary: options.required("vocabulary"), dimension: options.required("dimension"),
      initializer: Initializer(options))
  }

  package var schema: KindSchema { .embedding }

  package var options: OptionValues {
    OptionValues([
      "vocabulary": .integer(vocabulary), "dimension": .integer(dimension), "init": .word(initializer.name),
    ])
  }

  package var goesByStep: Bool { true }
  package var readsWords: Bool { true }

  package func check(named name: String) throws(CodedError) {
    try check(name, [vocabulary], "a vocabulary of")
    try check(name, [dimension], "a dimension of")
  }

  package func outputShape(_ name: String, of source: Incoming) throws(CodedError) -> [Int] {
    guard source.shape.count == 1, let length = source.shape.first else {
      throw needsVector(name, source, "a row of integers")
    }
    return [length, dimension]
  }

  package func kernelShape(_ input: [Int]) -> [Int]? { [vocabulary, dimension] }

  package func parameters(of layer: Layer, in graph: NetworkGraph) -> [ParameterSpec] {
    [
      .kernel(
        of: layer, in: graph, shape: [vocabulary, dimension], initializer, fanIn: dimension,
        fanOut: vocabulary)
    ]
  }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value {
    let result = lowering.array(layer.name, lowering.graph.shape(of: layer) ?? [])
    guard let feed = lowering.feed(of: layer), let table = lowering.parameter(.kernel, of: layer) else {
      return result
    }
    lowering.emit(
      Embed(count: feed.width, vocabulary: vocabulary, dimension: dimension), [feed.buffer, table],
      to: [result.buffer], of: layer)
    return result
  }
}

extension Layer.Kind {
  /// Stands for each whole number below `vocabulary` by a row of `dimension` trainable numbers, drawn uniformly as in
  /// Keras unless told otherwise.
  public static func embedding(
    vocabulary: Int, dimension: Int, initializer: Initializer = .uniform
  ) -> Self {
    Self(Embedding(vocabulary: vocabulary, dimension: dimension, initializer: initializer))
  }
}

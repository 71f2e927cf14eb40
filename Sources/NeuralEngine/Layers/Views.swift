package import Foundations
package import NetworkSchema

/// Makes one row of an array.
package struct Flatten: LayerKind {
  static let entry = LayerKindEntry(.flatten) { _, _ in Flatten() }

  package var schema: KindSchema { .flatten }
  package var options: OptionValues { OptionValues() }
  package var isView: Bool { true }

  package func outputShape(_ name: String, of source: Incoming) throws(CodedError) -> [Int] {
    [source.shape.reduce(1, *)]
  }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value { lowering.viewed(by: layer) }
}

/// Gives the same numbers another shape.
package struct Reshape: LayerKind {
  package let shape: [Int]

  static let entry = LayerKindEntry(.reshape) { options, _ in Reshape(shape: options.required("shape")) }

  package var schema: KindSchema { .reshape }
  package var options: OptionValues { OptionValues(["shape": .sizes(shape)]) }
  package var isView: Bool { true }

  package func check(named name: String) throws(CodedError) { try check(name, shape, "a size of") }

  package func outputShape(_ name: String, of source: Incoming) throws(CodedError) -> [Int] {
    let (given, wanted) = (source.shape.reduce(1, *), shape.reduce(1) { $0.multipliedOrMost($1) })
    guard given == wanted else {
      throw CodedError(
        .badReshape,
        "`\(name)` would make \(shape.sizesText) (\(wanted == .max ? "too many numbers" : wanted.numbersText)) of what `\(source.name)` gives, \(source.shape.sizesText) "
          + "(\(given.numbersText)). The number of elements must not change: layer \(name) reshape \(given)",
        suggestion: "layer \(name) reshape \(given)")
    }
    return shape
  }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value { lowering.viewed(by: layer) }
}

extension Lowering {
  /// The layer before, under another shape: nothing is computed.
  fileprivate mutating func viewed(by layer: Layer) -> Value {
    let shape = graph.shape(of: layer) ?? []
    guard let feed = feed(of: layer) else { return array(layer.name, shape) }
    return Value(buffer: feed.buffer, shape: shape)
  }
}

extension Layer.Kind {
  /// Makes one row of an array.
  public static var flatten: Self { Self(Flatten()) }

  /// Gives the same numbers another shape.
  public static func reshape(_ shape: [Int]) -> Self { Self(Reshape(shape: shape)) }
}

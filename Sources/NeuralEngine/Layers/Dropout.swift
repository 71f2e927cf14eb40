package import Foundations
package import NetworkSchema

/// In training sets a share of the numbers to 0 and makes up for it in the others; else passes them on. See ``DropOut``.
package struct Dropout: ShapeKeepingKind {
  package let rate: Double

  static let entry = LayerKindEntry(.dropout) { options, _ in Dropout(rate: options.required("rate")) }

  package var schema: KindSchema { .dropout }
  package var options: OptionValues { OptionValues(["rate": .number(rate)]) }
  // Where nothing is dropped, the layer only passes on.
  package var isView: Bool { rate == 0 }
  package var drawsInTraining: Bool { rate > 0 }

  package func check(named name: String) throws(CodedError) {
    try check(name, rate, 0..<1, "the rate ", "at least 0 and below 1")
  }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value {
    // Counted in every plan, so that a layer draws the same in all of them.
    let number = lowering.nextRandomNumber()
    guard let feed = lowering.feed(of: layer) else { return lowering.array(layer.name, []) }
    guard lowering.isTraining, rate > 0 else { return feed }
    let result = lowering.array(layer.name, feed.shape)
    lowering.emit(
      DropOut(rate: rate, width: feed.width, number: number), [feed.buffer], to: [result.buffer], of: layer)
    return result
  }
}

extension Layer.Kind {
  /// In training sets this share of the numbers to 0.
  public static func dropout(_ rate: Double) -> Self { Self(Dropout(rate: rate)) }
}

package import Foundations
package import NetworkSchema

/// Takes a row of the data in, as an array of a shape.
package struct InputLayer: LayerKind {
  /// The shape; the product of its lengths is how many columns of the data it takes.
  package let shape: [Int]

  package static let entry = LayerKindEntry(.input) { options, _ in
    InputLayer(shape: options.required("size"))
  }

  package var schema: KindSchema { .input }
  package var isInput: Bool { true }
  package var options: OptionValues { OptionValues(["size": .sizes(shape)]) }
  package var goesByStep: Bool { true }

  /// Steps x features.
  package func givesSequence(_ inputs: [Incoming]) -> Bool { shape.count == 2 }

  package func check(named name: String) throws(CodedError) { try check(name, shape, "a size of") }

  package func outputShape(
    _ name: String, _ inputs: [Incoming], merge: Merge?
  ) throws(CodedError) -> [Int]? { shape }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value {
    lowering.array(layer.name, shape)
  }
}

extension Layer.Kind {
  /// Takes a row of the data in, as an array of this shape.
  public static func input(shape: [Int]) -> Self { Self(InputLayer(shape: shape)) }

  /// Takes a row of so many numbers in.
  public static func input(size: Int) -> Self { .input(shape: [size]) }
}

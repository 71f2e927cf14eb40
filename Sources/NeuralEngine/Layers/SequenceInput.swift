package import Foundations
package import NetworkSchema

/// Takes a row of the data in as a sequence of any length, steps x features.
///
/// A graph with such an input is computed by the graphs that it stands for, one for each length; see
/// ``NetworkGraph/filled(steps:)``. By itself it has the shape of one step.
package struct SequenceInput: LayerKind {
  /// How many numbers a step has.
  package let features: Int

  static let entry = LayerKindEntry(.sequence) { options, _ in
    SequenceInput(features: options.required("features"))
  }

  package var schema: KindSchema { .sequence }
  package var isInput: Bool { true }
  package var options: OptionValues { OptionValues(["features": .integer(features)]) }
  package var goesByStep: Bool { true }
  package func givesSequence(_ inputs: [Incoming]) -> Bool { true }

  package func inputShape(steps: Int, areWords: Bool) -> [Int]? {
    areWords && features == 1 ? [steps] : [steps, features]
  }

  package func check(named name: String) throws(CodedError) { try check(name, [features], "a size of") }

  package func outputShape(
    _ name: String, _ inputs: [Incoming], merge: Merge?
  ) throws(CodedError) -> [Int]? { [1, features] }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value {
    lowering.array(layer.name, [1, features])
  }
}

extension Layer.Kind {
  /// Takes a row of the data in as a sequence of any length, so many numbers a step.
  public static func sequence(features: Int) -> Self { Self(SequenceInput(features: features)) }
}

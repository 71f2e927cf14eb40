internal import Foundations
internal import NetworkSchema

/// Binary cross-entropy, the mean over the outputs of -(t ln o + (1 - t) ln(1 - o)).
struct BinaryCrossEntropy: LossRule {
  var schema: KindSchema { .bce }
  var fusedActivation: Activation? { .sigmoid }

  func mismatch(_ layer: Layer) -> LossMismatch? {
    if [.sigmoid, .softmax].contains(layer.activation) { return nil }
    return LossMismatch(
      needs: "needs outputs between 0 and 1", fix: "Make it sigmoid, or use loss=mse.", suggestion: "loss=mse"
    )
  }

  func prepared(_ targets: [Double], of data: String) throws(CodedError) -> [Double] {
    guard let bad = targets.first(where: { !(0...1).contains($0) }) else { return targets }
    throw CodedError(
      .badTarget,
      "bce needs targets from 0 to 1, but `\(data)` has \(bad.brief). Use loss=mse, or scale the targets.",
      suggestion: "loss=mse")
  }
}

extension Loss {
  /// Binary cross-entropy, for sigmoid outputs.
  public static let bce = Loss(BinaryCrossEntropy())
}

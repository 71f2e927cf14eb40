internal import Foundations
internal import NetworkSchema

/// The mean over the outputs of max(0, 1 - t o), t being -1 or 1; targets of 0 and 1 stand for those, as in Keras.
struct Hinge: LossRule {
  var schema: KindSchema { .hinge }
  var threshold: Double { 0 }

  func mismatch(_ layer: Layer) -> LossMismatch? {
    if [.linear, .tanh, .leakyReLU, .elu, .selu].contains(layer.activation) { return nil }
    let alternative = alternative(for: layer)
    return LossMismatch(
      needs: "needs outputs from -1 to 1 and beyond",
      fix: "Make it linear or tanh, or use \(alternative).", suggestion: alternative)
  }

  func prepared(_ targets: [Double], of data: String) throws(CodedError) -> [Double] {
    if targets.allSatisfy({ $0 == 0 || $0 == 1 }) { return targets.map { 2 * $0 - 1 } }
    guard let bad = targets.first(where: { abs($0) != 1 }) else { return targets }
    throw CodedError(
      .badTarget,
      "hinge needs targets that are all -1 or 1, or all 0 or 1, but `\(data)` has \(bad). "
        + "Use loss=mse, or change the targets.", suggestion: "loss=mse")
  }
}

extension Loss {
  /// The hinge loss, for linear or tanh outputs.
  public static let hinge = Loss(Hinge())
}

internal import Foundations
internal import NetworkSchema

/// The mean over the outputs of o - t ln(o + 10⁻⁷), for counts and rates.
struct Poisson: LossRule {
  var schema: KindSchema { .poisson }

  func mismatch(_ layer: Layer) -> LossMismatch? {
    if [.softplus, .relu, .sigmoid, .softmax].contains(layer.activation) { return nil }
    return LossMismatch(
      needs: "needs outputs that are never negative",
      fix: "Make it softplus, or use loss=mse.", suggestion: "loss=mse")
  }

  func prepared(_ targets: [Double], of data: String) throws(CodedError) -> [Double] {
    guard let bad = targets.first(where: { $0 < 0 }) else { return targets }
    throw CodedError(
      .badTarget,
      "poisson needs targets that are never negative, such as counts, but `\(data)` has \(bad.brief). Use loss=mse.",
      suggestion: "loss=mse")
  }
}

extension Loss {
  /// The Poisson loss, for counts.
  public static let poisson = Loss(Poisson())
}

internal import NetworkSchema

/// Categorical cross-entropy, -Σ t ln o over a softmax layer.
struct CrossEntropy: LossRule {
  var schema: KindSchema { .crossentropy }
  var comparesDistributions: Bool { true }
  var fusedActivation: Activation? { .softmax }

  func mismatch(_ layer: Layer) -> LossMismatch? { distributionMismatch(layer) }
}

/// The divergence of Kullback and Leibler, Σ t ln(t / o) over a softmax layer, each probability held at 10⁻⁷ or more.
struct KullbackLeibler: LossRule {
  var schema: KindSchema { .kl }
  var comparesDistributions: Bool { true }

  func mismatch(_ layer: Layer) -> LossMismatch? { distributionMismatch(layer) }
}

extension LossRule {
  fileprivate func distributionMismatch(_ layer: Layer) -> LossMismatch? {
    if layer.activation == .softmax { return nil }
    let alternative = alternative(for: layer)
    return LossMismatch(
      needs: "compares probabilities that add up to 1",
      // softmax over a single unit is always 1.
      fix: layer.kind.as(Dense.self)?.units == 1
        ? "Use \(alternative)." : "Make it softmax, or use \(alternative).",
      suggestion: alternative)
  }
}

extension Loss {
  /// Categorical cross-entropy, for a softmax output.
  public static let crossentropy = Loss(CrossEntropy())
  /// The divergence of Kullback and Leibler, for a softmax output.
  public static let kl = Loss(KullbackLeibler())
}

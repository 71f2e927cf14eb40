internal import NetworkSchema

/// w -= rate · gradient; with momentum μ: v = μ v - rate · gradient, w += v; and Nesterov's way, with the gradient of
/// where the momentum leads (I. Sutskever et al., ICML 2013): w += μ v - rate · gradient.
struct GradientDescent: OptimizerRule {
  let momentum: Double
  let nesterov: Bool

  var schema: KindSchema { .sgd }
  var options: OptionValues {
    OptionValues(["momentum": .number(momentum), "nesterov": .boolean(nesterov)])
  }
  var update: UpdateKernel { momentum == 0 ? .gradientDescent : nesterov ? .nesterov : .momentum }
  var slots: Int { momentum > 0 ? 1 : 0 }

  func factors(rate: Double, step: Int, momenta: inout Double) -> UpdateFactors {
    UpdateFactors(rate: rate, beta1: momentum)
  }
}

extension GradientDescent {
  init(_ options: OptionValues) {
    self.init(momentum: options.required("momentum"), nesterov: options.required("nesterov"))
  }
}

extension Optimizer {
  /// Gradient descent, with momentum if wanted.
  public static func sgd(momentum: Double = 0, nesterov: Bool = false) -> Optimizer {
    Optimizer(GradientDescent(momentum: momentum, nesterov: nesterov))
  }

  /// Gradient descent's momentum; nil for another optimizer.
  package var momentum: (factor: Double, isNesterov: Bool)? {
    (rule as? GradientDescent).map { ($0.momentum, $0.nesterov) }
  }
}

internal import NetworkSchema

/// Rosenblatt's rule: w += rate · (target - output) · input, for step units. Its rate is 1, which no decision depends on
/// when the weights start at 0.
struct PerceptronRule: OptimizerRule {
  var schema: KindSchema { .perceptron }
  var options: OptionValues { OptionValues() }
  var update: UpdateKernel { .gradientDescent }
  var slots: Int { 0 }

  func factors(rate: Double, step: Int, momenta: inout Double) -> UpdateFactors { UpdateFactors(rate: rate) }
}

extension Optimizer {
  /// Rosenblatt's rule.
  public static let perceptron = Optimizer(PerceptronRule())

  /// Whether it follows the error, as if the step were not there.
  var isPerceptron: Bool { rule is PerceptronRule }
}

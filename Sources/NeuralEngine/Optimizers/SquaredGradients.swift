internal import NetworkSchema

/// w -= rate · gradient / √(v + ε), v the running mean of squares with ρ (G. Hinton's lecture 6e, 2012).
struct RMSProp: OptimizerRule {
  let rho: Double
  let epsilon: Double

  var schema: KindSchema { .rmsprop }
  var options: OptionValues { OptionValues(["rho": .number(rho), "epsilon": .number(epsilon)]) }
  var update: UpdateKernel { .rmsprop }
  var slots: Int { 1 }

  init(_ options: OptionValues) {
    rho = options.required("rho")
    epsilon = options.required("epsilon")
  }

  func factors(rate: Double, step: Int, momenta: inout Double) -> UpdateFactors {
    UpdateFactors(rate: rate, beta1: rho, epsilon: epsilon)
  }
}

/// w -= rate · gradient / √(v + ε), v being the sum of all squares (J. Duchi et al., JMLR 12, 2011). The sum begins at
/// 0.1, as in Keras, so that the first steps are not all as long as the rate.
struct Adagrad: OptimizerRule {
  let epsilon: Double

  var schema: KindSchema { .adagrad }
  var options: OptionValues { OptionValues(["epsilon": .number(epsilon)]) }
  var update: UpdateKernel { .adagrad }
  var slots: Int { 1 }
  var slotStart: Double { 0.1 }

  init(_ options: OptionValues) { epsilon = options.required("epsilon") }

  func factors(rate: Double, step: Int, momenta: inout Double) -> UpdateFactors {
    UpdateFactors(rate: rate, epsilon: epsilon)
  }
}

/// Steps as long as those before were, by running means with ρ (M. Zeiler, arXiv:1212.5701).
struct Adadelta: OptimizerRule {
  let rho: Double
  let epsilon: Double

  var schema: KindSchema { .adadelta }
  var options: OptionValues { OptionValues(["rho": .number(rho), "epsilon": .number(epsilon)]) }
  var update: UpdateKernel { .adadelta }
  var slots: Int { 2 }

  init(_ options: OptionValues) {
    rho = options.required("rho")
    epsilon = options.required("epsilon")
  }

  func factors(rate: Double, step: Int, momenta: inout Double) -> UpdateFactors {
    UpdateFactors(rate: rate, beta1: rho, epsilon: epsilon)
  }
}

extension Optimizer {
  /// RMSprop with Keras's defaults.
  public static let rmsprop = Optimizer(.rmsprop, RMSProp.init)
  /// Adagrad with Keras's defaults.
  public static let adagrad = Optimizer(.adagrad, Adagrad.init)
  /// Adadelta with Keras's defaults.
  public static let adadelta = Optimizer(.adadelta, Adadelta.init)
}

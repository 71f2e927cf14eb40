internal import NetworkSchema

/// Steps scaled by running means of the gradient and its square, corrected for beginning at 0 (D. Kingma and J. Ba,
/// "Adam", ICLR 2015): m += (g - m)(1 - β₁), v += (g² - v)(1 - β₂), w -= rate √(1 - β₂ᵗ) / (1 - β₁ᵗ) · m / (√v + ε).
struct Adam: RunningMeansRule {
  let means: RunningMeans

  var schema: KindSchema { .adam }
  var update: UpdateKernel { .adam }

  init(_ options: OptionValues) { means = RunningMeans(options) }

  func factors(rate: Double, step: Int, momenta: inout Double) -> UpdateFactors {
    means.factors(rate: rate, step: step)
  }
}

/// Adam after every parameter has lost `weight_decay` · rate of itself (I. Loshchilov and F. Hutter, ICLR 2019). Biases
/// lose it too, as in Keras.
struct AdamW: RunningMeansRule {
  let means: RunningMeans
  let weightDecay: Double

  var schema: KindSchema { .adamw }
  var options: OptionValues {
    var options = means.options
    options["weight_decay"] = .number(weightDecay)
    return options
  }
  var update: UpdateKernel { .adam }

  init(_ options: OptionValues) {
    means = RunningMeans(options)
    weightDecay = options.required("weight_decay")
  }

  func factors(rate: Double, step: Int, momenta: inout Double) -> UpdateFactors {
    var factors = means.factors(rate: rate, step: step)
    factors.decay = weightDecay * rate
    return factors
  }
}

/// Adam with Nesterov's momentum, which grows to β₁ over the steps (T. Dozat, ICLR workshop 2016).
struct Nadam: RunningMeansRule {
  let means: RunningMeans

  var schema: KindSchema { .nadam }
  var update: UpdateKernel { .nadam }

  init(_ options: OptionValues) { means = RunningMeans(options) }

  func factors(rate: Double, step: Int, momenta: inout Double) -> UpdateFactors {
    func momentum(_ step: Double) -> Double {
      means.beta1 * (1 - 0.5 * ElementaryFunctions.power(0.96, step))
    }
    let (now, next) = (momentum(Double(step)), momentum(Double(step + 1)))
    momenta *= now
    var factors = means.factors(rate: rate, step: step)
    factors.nadamMean = rate * next / (1 - momenta * next)
    factors.nadamGradient = rate * (1 - now) / (1 - momenta)
    factors.nadamSquare = 1 / (1 - ElementaryFunctions.power(means.beta2, Double(step)))
    return factors
  }
}

/// Adam and its kin, which keep both running means.
protocol RunningMeansRule: OptimizerRule {
  var means: RunningMeans { get }
}

extension RunningMeansRule {
  var options: OptionValues { means.options }
  var slots: Int { 2 }
}

/// The hyperparameters of Adam and its kin.
struct RunningMeans: Sendable {
  let beta1: Double
  let beta2: Double
  let epsilon: Double

  init(_ options: OptionValues) {
    beta1 = options.required("beta1")
    beta2 = options.required("beta2")
    epsilon = options.required("epsilon")
  }

  var options: OptionValues {
    OptionValues(["beta1": .number(beta1), "beta2": .number(beta2), "epsilon": .number(epsilon)])
  }

  /// The rate with the corrections for means that began at 0.
  func factors(rate: Double, step: Int) -> UpdateFactors {
    let step = Double(step)
    let corrected =
      rate * (1 - ElementaryFunctions.power(beta2, step)).squareRoot()
      / (1 - ElementaryFunctions.power(beta1, step))
    return UpdateFactors(rate: corrected, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }
}

extension Optimizer {
  /// Adam with Keras's defaults.
  public static let adam = adam()
  /// AdamW with Keras's defaults.
  public static let adamw = Optimizer(.adamw, AdamW.init)
  /// Nadam with Keras's defaults.
  public static let nadam = Optimizer(.nadam, Nadam.init)

  /// Adam; what is left out is as in Keras.
  public static func adam(beta1: Double? = nil, beta2: Double? = nil, epsilon: Double? = nil) -> Optimizer {
    var options = OptionValues()
    options["beta1"] = beta1.map { .number($0) }
    options["beta2"] = beta2.map { .number($0) }
    options["epsilon"] = epsilon.map { .number($0) }
    return Optimizer(.adam, Adam.init, options)
  }
}

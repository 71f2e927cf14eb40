/// Optimizers, with the defaults of Keras 3 (keras/src/optimizers).
extension KindSchema {
  /// The optimizers that nbs itself has.
  static let standardOptimizers = [sgd, adam, adamw, nadam, rmsprop, adagrad, adadelta, perceptron]

  /// Gradient descent.
  public static let sgd = KindSchema(
    "sgd", "stochastic gradient descent, optionally with momentum= and nesterov=",
    options: [
      .rate(0.01),
      .named(
        "momentum", .number(.fraction), default: .number(0),
        "the fraction of the last step that is added to the next"),
      .named(
        "nesterov", .boolean, default: .boolean(false),
        "Nesterov's momentum: the gradient is taken ahead of the step"),
    ],
    examples: ["train xor optimizer=sgd rate=0.1 momentum=0.9"])

  /// Adam.
  public static let adam = KindSchema(
    "adam", "adaptive learning rates from running means of the gradient and its square (Kingma and Ba, 2015)",
    options: [.rate(0.001), .beta1, .beta2, .epsilon],
    examples: ["train xor optimizer=adam rate=0.01 beta1=0.8"])

  /// Adam with decoupled weight decay.
  public static let adamw = KindSchema(
    "adamw",
    "adam with decoupled weight decay: each step shrinks all parameters by weight_decay= times the rate",
    options: [
      .rate(0.001), .beta1, .beta2, .epsilon,
      .named(
        "weight_decay", .number(.notNegative), default: .number(0.004),
        "the weight decay, multiplied by the learning rate at each step"),
    ],
    examples: ["train xor optimizer=adamw weight_decay=0.01"])

  /// Adam with Nesterov's momentum.
  public static let nadam = KindSchema(
    "nadam", "adam with Nesterov's momentum", options: [.rate(0.001), .beta1, .beta2, .epsilon],
    examples: ["train xor optimizer=nadam"])

  /// RMSprop.
  public static let rmsprop = KindSchema(
    "rmsprop", "the gradient divided by the root of the running mean of its square",
    options: [.rate(0.001), .rho(0.9), .epsilon], examples: ["train xor optimizer=rmsprop rho=0.99"])

  /// Adagrad.
  public static let adagrad = KindSchema(
    "adagrad", "the gradient divided by the root of the sum of all its squares so far",
    options: [.rate(0.001), .epsilon], examples: ["train xor optimizer=adagrad rate=0.1"])

  /// Adadelta.
  public static let adadelta = KindSchema(
    "adadelta",
    "adaptive steps from running means of squared gradients and updates; meant for rate=1, though 0.001 is the default as in Keras",
    options: [.rate(0.001), .rho(0.95), .epsilon], examples: ["train xor optimizer=adadelta rate=1"])

  /// Rosenblatt's rule. Its rate is 1 as in Rosenblatt's own: where the weights start at 0, no rate changes what it
  /// decides.
  public static let perceptron = KindSchema(
    "perceptron", "Rosenblatt's rule, for a step layer directly after the input", options: [.rate(1)],
    examples: ["net unit optimizer=perceptron"])
}

extension OptionSchema {
  fileprivate static func rate(_ value: Double) -> OptionSchema {
    .named("rate", .number(.positive), default: .number(value), "the learning rate")
  }

  fileprivate static let beta1 = OptionSchema.named(
    "beta1", .number(.fraction), default: .number(0.9),
    "the decay rate of the running mean of the gradient")

  fileprivate static let beta2 = OptionSchema.named(
    "beta2", .number(.fraction), default: .number(0.999),
    "the decay rate of the running mean of squared gradients")

  fileprivate static func rho(_ value: Double) -> OptionSchema {
    .named(
      "rho", .number(.fraction), default: .number(value),
      "the decay rate of the running mean of squared gradients")
  }

  fileprivate static let epsilon = OptionSchema.named(
    "epsilon", .number(.positive), default: .number(1e-7), "a small number that prevents division by zero")
}

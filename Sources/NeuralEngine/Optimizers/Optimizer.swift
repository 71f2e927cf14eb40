package import NetworkSchema

/// How training changes the parameters: Keras 3's optimizers with its defaults (keras/src/optimizers).
///
/// ```swift
/// let optimizer = Optimizer.adam(beta1: 0.8)
/// ```
public struct Optimizer: Sendable, Equatable {
  package let rule: any OptimizerRule

  package init(_ rule: any OptimizerRule) { self.rule = rule }

  /// An optimizer of its schema's defaults, but for the hyperparameters that are given.
  init<Rule: OptimizerRule>(
    _ schema: KindSchema, _ make: (OptionValues) -> Rule, _ options: OptionValues = OptionValues()
  ) {
    self.init(make(schema.completed(options)))
  }

  /// The optimizer as the language names it.
  public var name: String { rule.schema.name }
  /// Its hyperparameters, without the learning rate.
  package var options: OptionValues { rule.options }
  /// The learning rate when the user names none: Keras's.
  public var defaultRate: Double { rule.schema.completed(OptionValues()).required("rate") }
  /// How many numbers it keeps in mind for each parameter.
  public var slots: Int { rule.slots }
  /// Whether a step only takes rate times gradient off, and keeps nothing in mind.
  public var isPlain: Bool { rule.update == .gradientDescent && rule.slots == 0 }

  private static let makers: [(KindSchema, @Sendable (OptionValues) -> any OptimizerRule)] = [
    (.sgd, { GradientDescent($0) }), (.adam, { Adam($0) }), (.adamw, { AdamW($0) }),
    (.nadam, { Nadam($0) }), (.rmsprop, { RMSProp($0) }), (.adagrad, { Adagrad($0) }),
    (.adadelta, { Adadelta($0) }), (.perceptron, { _ in PerceptronRule() }),
  ]

  /// An optimizer by its name, with hyperparameters that its schema allows; nil where there is none.
  package init?(named name: String, _ options: OptionValues = OptionValues()) {
    guard let (schema, make) = Optimizer.makers.first(where: { $0.0.name == name }) else { return nil }
    self.init(make(schema.completed(options)))
  }

  /// Two optimizers are equal when they have the same name and hyperparameters.
  public static func == (a: Optimizer, b: Optimizer) -> Bool { a.name == b.name && a.options == b.options }
}

/// The kernels that optimizers are made of; each step's numbers come as ``UpdateFactors``.
package enum UpdateKernel: Sendable {
  case gradientDescent, momentum, nesterov, adam, nadam, rmsprop, adagrad, adadelta
}

/// The numbers of one step, worked out in 64 bits: 1 - 0.999 would lose four digits in 32.
package struct UpdateFactors: Sendable, Equatable {
  package var rate = 0.0
  /// The momentum, Adam's β₁, or ρ.
  package var beta1 = 0.0
  package var beta2 = 0.0
  package var epsilon = 0.0
  /// What each parameter loses of itself.
  package var decay = 0.0
  /// What Nadam multiplies its mean, the gradient and the mean square by.
  package var nadamMean = 0.0
  package var nadamGradient = 0.0
  package var nadamSquare = 0.0
}

/// The rule of an optimizer.
package protocol OptimizerRule: Sendable {
  /// Its name and hyperparameters.
  var schema: KindSchema { get }
  /// Its hyperparameters, without the learning rate.
  var options: OptionValues { get }
  /// The kernel that takes its steps.
  var update: UpdateKernel { get }
  /// How many numbers it keeps in mind for each parameter.
  var slots: Int { get }
  /// What the first of them begins with.
  var slotStart: Double { get }
  /// The numbers of a step.
  ///
  /// - Parameters:
  ///   - step: counted from 1.
  ///   - momenta: Nadam's momenta so far, multiplied.
  func factors(rate: Double, step: Int, momenta: inout Double) -> UpdateFactors
}

extension OptimizerRule {
  package var slotStart: Double { 0 }
}

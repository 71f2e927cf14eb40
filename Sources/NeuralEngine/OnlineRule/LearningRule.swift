/// How `activate` and `propagate` compute and learn.
public enum LearningRule: String, Sendable, CaseIterable {
  /// The gradient of the loss, by backpropagation over a plan.
  case gradient
  /// Synaptic.js's rule as its compiled networks follow it: a step at a time, with traces of what came before.
  case synaptic
  /// The same as its interpreted networks follow it, in which gates act on the traces of the step after.
  case synapticInterpreted = "synaptic_interpreted"

  /// The rule of D. Monner and J. Reggia (2012), from which Synaptic's was made: errors of the network's loss, sent back within
  /// a step, and traces of what came before.
  case lstmG = "lstm_g"

  /// Whether it goes step by step and keeps a state from one to the next, in 64 bits.
  public var isOnline: Bool { self != .gradient }

  /// Whether the network's loss says what outputs should be; Synaptic's learn from target - output, whatever the loss.
  var followsLoss: Bool { self == .gradient || self == .lstmG }

  /// The rate of `propagate` under an online rule when nobody gives one: Synaptic's.
  public static let stepRate = 0.1
  /// The rate of `train` under an online rule when nobody gives one: that of Synaptic's trainer.
  public static let trainingRate = 0.2
}

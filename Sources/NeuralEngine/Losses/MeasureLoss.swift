/// What training follows.
package enum ErrorSignal: Sendable, Hashable {
  /// The gradient of a loss.
  case loss(Loss)
  /// Rosenblatt's rule: output - target, as if the step were not there. Its loss is told as the mean squared error.
  case perceptron

  /// What `summary plan` calls it.
  var name: String {
    switch self {
    case .loss(let loss): loss.name
    case .perceptron: "perceptron"
    }
  }
}

/// The loss of each row, added up in 64 bits; that of a sequence is the mean over its steps, as Keras takes it.
///
/// - Inputs: outputs, targets; the rows' weights where they have any; the preactivations where the loss is told from them.
package struct MeasureLoss: PlanOperation {
  let signal: ErrorSignal
  let width: Int
  /// How many steps, each with outputs of its own, a row has.
  var steps = 1
  /// Whether each row's loss is multiplied by a weight.
  var isWeighted = false
  /// Whether the loss is told from the preactivations of a softmax or sigmoid, which neither overflows nor loses a small
  /// loss in rounding.
  var readsPreactivations = false

  package var name: String { "\(signal.name) loss" }
  package var isObjective: Bool { true }

  package func differentiate(_ step: Step, _ tape: inout Tape) {
    tape.emit(
      LossGradient(signal: signal, width: width, steps: steps, isWeighted: isWeighted),
      Array(step.inputs.prefix(isWeighted ? 3 : 2)),
      gradientOf: step.inputs[0],
      layer: step.layer)
  }
}

/// The gradient of the loss by the outputs; where it is fused with the activation, by the preactivations: the product of
/// the two derivatives is simply output - target, which stays exact where each factor alone would not.
///
/// - Inputs: outputs, targets; the rows' weights where they have any.
package struct LossGradient: PlanOperation {
  let signal: ErrorSignal
  let width: Int
  /// How many steps, each with outputs of its own, a row has.
  var steps = 1
  /// Whether each row's gradient is multiplied by a weight.
  var isWeighted = false
  var isFused = false

  package var name: String { isFused ? "\(signal.name) gradient, fused" : "\(signal.name) gradient" }
}

/// Whether each row, or each step of it, is classified as its targets say.
///
/// - Inputs: outputs, targets.
/// - Outputs: a byte an answer, which becomes 0 where it is wrong.
package struct MarkWrong: PlanOperation {
  let width: Int
  /// How many steps, each with outputs of its own, a row has.
  var steps = 1
  /// How many answers a row has: as many as steps, or one that is right where all steps are.
  var answers = 1
  /// Above which one output stands for the second of two classes.
  let threshold: Double

  package var name: String { "count correct" }
}

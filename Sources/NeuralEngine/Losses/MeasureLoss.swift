/// What training follows.
package enum ErrorSignal: Sendable, Hashable {
  /// The gradient of a loss.
  case loss(Loss)
  /// Rosenblatt's rule: output - target, as if the step were not there. Its loss is told as the mean squared error.
  case perceptron
  /// The gradient of a sum of losses, one for each output layer.
  case several(Objective)

  /// What `summary plan` calls it.
  var name: String {
    switch self {
    case .loss(let loss): loss.name
    case .perceptron: "perceptron"
    case .several(let objective): objective.terms.map(\.loss.name).joined(separator: " + ")
    }
  }

  /// What a single output layer follows, and how much its loss counts; the place of its tally where each output has one.
  func term(_ place: Int) -> (signal: ErrorSignal, weight: Double, tally: Int?, tellsClasses: Bool) {
    guard case .several(let objective) = self, objective.terms.indices.contains(place) else {
      return (self, 1, nil, true)
    }
    let term = objective.terms[place]
    return (.loss(term.loss), term.weight, place, term.tellsClasses)
  }

  /// How many output layers are told apart.
  var tallies: Int { if case .several(let objective) = self { objective.terms.count } else { 0 } }
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
  /// The number that the loss is multiplied by.
  var factor = 1.0
  /// Where it is added up by itself, without the factor; nil where there is one output layer.
  var tally: Int?
  /// Whether the loss is told from the preactivations of a softmax or sigmoid, which neither overflows nor loses a small
  /// loss in rounding.
  var readsPreactivations = false

  package var name: String { "\(signal.name) loss" }

  package func begin(_ step: Step, _ tape: inout Tape) {
    tape.emit(
      LossGradient(signal: signal, width: width, steps: steps, factor: factor, isWeighted: isWeighted),
      Array(step.inputs.prefix(isWeighted ? 3 : 2)),
      gradientOf: step.inputs[0], layer: step.layer)
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
  /// The number that the loss is multiplied by.
  var factor = 1.0
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
  /// Where right answers are counted by themselves; nil where there is one output layer.
  var tally: Int?

  package var name: String { "count correct" }
}

internal import Foundations

/// A training under an online rule: each row is a step, and the network's state goes on from row to row.
final class OnlineRows {
  /// The network, with what it has learned and its state.
  private(set) var network: OnlineNetwork
  private let inputs: [Double]
  private let targets: [Double]
  private let widths: (inputs: Int, targets: Int)
  private let parameters: ParameterStore
  private let measure: RowMeasure

  /// Creates a training on rows that fit the network.
  init(_ network: OnlineNetwork, _ examples: Examples, _ parameters: ParameterStore, _ measure: RowMeasure) {
    self.network = network
    self.parameters = parameters
    self.measure = measure
    inputs = examples.inputs
    targets = examples.targets
    widths = (examples.inputWidth, examples.targetWidth)
  }

  /// Computes a row and learns from it.
  ///
  /// - Returns: the loss before the step, and whether the row was classified rightly; nil where no finite number came out,
  ///   from which nothing is learned.
  func train(row: Int, rate: Double) -> (loss: Double, isCorrect: Bool, losses: [Double])? {
    network.activate(Array(inputs[row * widths.inputs..<(row + 1) * widths.inputs]))
    let wanted = Array(targets[row * widths.targets..<(row + 1) * widths.targets])
    let measured = measure(outputs: network.outputs, targets: wanted)
    guard measured.loss.isFinite else { return nil }
    network.propagate(network.errors(measure, wanted), rate: rate)
    return measured
  }

  /// Writes what has been learned where the training looks for it.
  func writeParameters() {
    var values = parameters.values.doubles
    network.give(&values)
    parameters.values.doubles = values
  }

  /// The mean loss over rows that are only measured on, one after the other from a state that knows nothing, and the share
  /// that is classified rightly.
  func measure(_ examples: Examples, _ order: RowOrder) -> EpochMeasurement {
    var copy = network
    copy.forget()
    var (total, correct) = (0.0, 0)
    let (inputs, targets) = (examples.inputs, examples.targets)
    for place in 0..<order.count {
      let row = order[place]
      copy.activate(Array(inputs[row * widths.inputs..<(row + 1) * widths.inputs]))
      let measured = measure(
        outputs: copy.outputs, targets: Array(targets[row * widths.targets..<(row + 1) * widths.targets]))
      total += measured.loss
      correct += measured.isCorrect ? 1 : 0
    }
    return EpochMeasurement(
      loss: total / Double(order.count), accuracy: Double(correct) / Double(order.count))
  }
}

extension OnlineNetwork {
  /// How each output should change after the last step.
  func errors(_ measure: RowMeasure?, _ targets: [Double]) -> [Double] {
    guard rule.followsLoss, let measure else { return zip(targets, outputs).map { $0 - $1 } }
    return measure.errors(outputs: outputs, derivatives: outputDerivatives, targets: targets)
  }
}

extension LearningRule {
  /// Refuses options that have no meaning for an online rule.
  ///
  /// - Throws: `optimizer-mismatch`.
  func check(_ options: TrainingOptions, isWeighted: Bool) throws(CodedError) {
    let strangers: [(String, Bool)] = [
      ("an optimizer", options.optimizer != .sgd()),
      ("l1 and l2", !options.regularizer.isNone), ("clip", options.clip != nil),
      ("reduction=sum", options.sumsBatch), ("weights of rows or classes", isWeighted),
    ]
    guard options.batchSize == 1 else {
      throw CodedError(
        .optimizerMismatch, "rule=\(rawValue) changes the weights after each row. Use batch=1.",
        suggestion: "batch=1")
    }
    guard let stranger = strangers.first(where: \.1)?.0 else { return }
    throw CodedError(
      .optimizerMismatch,
      "rule=\(rawValue) changes the weights after each row by a rate alone, and has no use for \(stranger). Leave it out, "
        + "or train with rule=gradient.")
  }
}

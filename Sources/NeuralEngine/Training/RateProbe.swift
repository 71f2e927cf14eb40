public import Foundations

/// What a network's loss does as the learning rate grows: a range test (L. Smith, "Cyclical Learning Rates for Training
/// Neural Networks", 2017).
public struct RateProbe: Sendable, Equatable {
  /// A step of the test.
  public struct Step: Sendable, Equatable {
    /// Its rate.
    public let rate: Double
    /// The mean loss of its batch before the step, smoothed over the steps so far.
    public let loss: Double
  }

  /// The steps, up to the one at which the loss had grown out of bounds.
  public let steps: [Step]

  /// A tenth of the rate at which the smoothed loss is lowest, to one digit: there it still falls well, and is far from
  /// where it grows. Nil where the loss never fell.
  public var suggestion: Double? {
    guard let best = steps.enumerated().min(by: { $0.element.loss < $1.element.loss }), best.offset > 0,
      let first = steps.first, best.element.loss < first.loss
    else { return nil }
    let rate = best.element.rate / 10
    let power = ElementaryFunctions.power(
      10, (ElementaryFunctions.logarithm(rate) / ElementaryFunctions.logarithm(10)).rounded(.down))
    let digit = (rate / power).rounded()
    // A tenth has no digits of its own in base 2, but three divided by ten is the number that 0.3 means.
    return power < 1 ? digit / (1 / power).rounded() : digit * power
  }
}

extension Network {
  /// Takes steps of growing rate on a copy of the network, each with the next batch, from the first rate to the last in
  /// equal ratios. The network itself, its optimizer and the random numbers stay as they are.
  ///
  /// - Parameters:
  ///   - range: the first and the last rate.
  ///   - count: how many steps.
  ///   - random: what a training would draw from.
  /// - Throws: what makes the options, the data or the loss unfit for the network.
  public func probeRates(
    _ examples: Examples, _ options: TrainingOptions, range: ClosedRange<Double>, count: Int,
    execution: ExecutionOptions, random: RandomStream, isInterrupted: () -> Bool = { false }
  ) throws(CodedError) -> RateProbe {
    var random = random
    let copy = Network(name: name)
    copy.restore(state)
    try copy.prepare(execution, random: &random)
    let factor = ElementaryFunctions.power(
      range.upperBound / range.lowerBound, 1 / Double(max(1, count - 1)))
    var options = options
    options.epochs = 1
    options.schedule = .constant
    options.keep = .last
    options.patience = nil
    options.monitor = nil
    options.stop = nil
    options.validationFraction = nil
    // Each batch begins without a state.
    if graph.carriesState { options.shuffles = false }
    var steps: [RateProbe.Step] = []
    // A mean over the last steps, each weighing 0.9 of the one behind it, without the bias of its beginning.
    var (sum, weight, lowest) = (0.0, 0.0, Double.infinity)
    var order: [Int] = []
    for step in 0..<count {
      if isInterrupted() { break }
      if order.count < options.batchSize {
        order = Array(0..<examples.rows)
        random.shuffle(&order)
      }
      let rate = range.lowerBound * ElementaryFunctions.power(factor, Double(step))
      options.rate = rate
      let batch = examples.selecting(Array(order.prefix(options.batchSize)))
      order.removeFirst(min(order.count, options.batchSize))
      let result = try copy.train(batch, options, random: &random)
      guard let loss = result.history.last?.loss, loss.isFinite else { break }
      sum = 0.9 * sum + 0.1 * loss
      weight = 0.9 * weight + 0.1
      let smoothed = sum / weight
      steps.append(RateProbe.Step(rate: rate, loss: smoothed))
      lowest = min(lowest, smoothed)
      if smoothed > 4 * lowest, step > count / 10 { break }
    }
    return RateProbe(steps: steps)
  }
}

extension Examples {
  /// Some of the rows.
  fileprivate func selecting(_ chosen: [Int]) -> Examples {
    Examples(
      name: name, rows: chosen.count, storage: storage.rows(chosen, width: inputWidth, steps: steps),
      targets: targets.rows(chosen, width: targetWidth, steps: steps?.ofTargets),
      steps: steps?.selecting(chosen))
  }
}

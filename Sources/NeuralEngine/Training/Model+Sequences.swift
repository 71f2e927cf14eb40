import Foundations

/// Rows that are sequences of their own lengths: each goes through the plan for its number of steps, together with others of
/// the same.
extension Model {
  /// Rows of equal length that have gone through a plan.
  struct LengthRun {
    let execution: CPUExecution
    /// The places of the rows in the order that was given.
    let places: [Int]
    /// How many steps each has.
    let steps: Int
    /// Their losses, added up.
    let loss: Double
  }

  /// How many rows of so many steps go through at once when nothing is learned: what that takes is bounded by the longest row.
  private static func inferenceRows(ofSteps steps: Int) -> Int { max(1, min(256, 8192 / steps)) }

  /// Runs the plan for each length over the rows that have it, the shortest first.
  ///
  /// - Returns: whether all rows have been gone through.
  /// - Throws: what makes a length unfit for the network; rows before it have been gone through then.
  func runByLength(
    _ purpose: Plan.Purpose, _ samples: Samples, _ order: RowOrder, keeping: Set<String> = [],
    rowWeights: Int = 0, isInterrupted: () -> Bool, isDone: (LengthRun) -> Void
  ) throws(CodedError) -> Bool {
    guard let steps = samples.steps else { return true }
    let places = (0..<order.count).sorted {
      let (a, b) = (steps.length(ofRow: order[$0]), steps.length(ofRow: order[$1]))
      return a == b ? $0 < $1 : a < b
    }
    let sorted = RowOrder(places.map { order[$0] })
    for group in steps.groups(of: sorted, 0..<sorted.count, atMost: Model.inferenceRows(ofSteps:)) {
      let capacity = group.capacity(atMost: Model.inferenceRows(ofSteps: group.steps))
      let execution = try execution(
        purpose, rows: capacity, steps: group.steps, keeping: keeping, rowWeights: rowWeights)
      // Processes that share a batch do not ask within it.
      if execution.isShared, isInterrupted() { return false }
      let source = SampleSource(samples, sorted, for: execution.plan)
      source.start = group.places.lowerBound
      guard
        let loss = execution.run(
          BatchNumbers(rows: group.places.count), source: source, threads: options.threadCount,
          isInterrupted: isInterrupted)
      else { return false }
      isDone(
        LengthRun(execution: execution, places: Array(places[group.places]), steps: group.steps, loss: loss))
    }
    return true
  }

  /// The network's answers to sequences, row after row: one a row, or one a step.
  func answersByLength(_ samples: Samples, _ order: RowOrder) throws(CodedError) -> [Double] {
    let answers = try collector(samples, order)
    guard
      try runByLength(
        .inference, samples, order, isInterrupted: Cancellation.isRequested, isDone: answers.take)
    else { throw .stoppedBeforeAllRows }
    return answers.values
  }

  /// Where the answers to rows are collected in the order of the rows.
  func collector(_ samples: Samples, _ order: RowOrder) throws(CodedError) -> AnswerCollector {
    let lengths = (0..<order.count).map { samples.steps?.length(ofRow: order[$0]) ?? 1 }
    let answers = try graph.answers(forSteps: lengths)
    try MemoryLimit.check(
      [answers.reduce(0, +), graph.outputWidth], bytesEach: 8, for: "The outputs for all rows")
    return AnswerCollector(answers, width: graph.outputWidth) { self.answers(of: $0, rows: $1) }
  }

  /// The outputs of the first rows; where each step has answers of several layers, they stand side by side at each.
  func answers(of execution: CPUExecution, rows: Int) -> [Double] {
    let outputs = execution.outputs(rows: rows)
    guard graph.answersEachStep, execution.plan.outputs.count > 1, rows > 0 else { return outputs }
    let widths = graph.outputs.map { graph.width(of: $0) }
    let row = outputs.count / rows
    return (0..<rows).flatMap {
      Array(outputs[$0 * row..<($0 + 1) * row]).byStep(widths, steps: row / max(1, graph.outputWidth))
    }
  }

  /// The mean loss and what else can be said of sequences. Where each step has an answer, every step counts alike, however many
  /// its row has.
  func evaluateByLength(
    _ examples: Examples, _ objective: Objective, regularizer: Regularizer
  ) throws(CodedError) -> Evaluation {
    let samples = Samples(examples, options.precision)
    let order = RowOrder(Array(0..<examples.rows))
    let answers = try collector(samples, order)
    var totals = RowTotals(graph)
    let isWhole = try runByLength(
      .evaluation(objective.signal), samples, order, rowWeights: examples.weights == nil ? 0 : 1,
      isInterrupted: Cancellation.isRequested
    ) { run in
      answers.take(run)
      totals.take(run)
    }
    guard isWhole else { throw .stoppedBeforeAllRows }
    var predictions = Predictions(
      outputs: answers.values, targets: examples.targets, width: graph.outputWidth,
      task: PredictionTask(graph, objective, targets: examples.targets))
    predictions.weights = graph.answersEachStep ? nil : examples.weights
    let weight = examples.weights.map { weights in
      weights.enumerated().reduce(0) { sum, row in
        sum + row.element * Double(graph.answersEachStep ? examples.steps?.length(ofRow: row.offset) ?? 1 : 1)
      }
    }
    let share =
      (graph.answersEachStep ? nil : examples.weights).flatMap { _ in predictions.accuracy }
      ?? Double(totals.correct) / Double(totals.answers)
    return evaluation(
      of: predictions, objective, accuracy: share, loss: totals.loss, losses: totals.tallies.map(\.loss),
      over: weight ?? Double(totals.answers), cost: parameters.cost(regularizer))
  }

  /// What sequences that are only measured on come to after an epoch; nil where it was interrupted.
  func measureByLength(
    _ signal: ErrorSignal, _ samples: Samples, _ order: RowOrder, _ regularizer: Regularizer,
    _ watched: WatchedRows?, isInterrupted: () -> Bool
  ) throws(CodedError) -> EpochMeasurement? {
    let answers = try collector(samples, order)
    var totals = RowTotals(graph)
    let isWhole = try runByLength(.evaluation(signal), samples, order, isInterrupted: isInterrupted) { run in
      totals.take(run)
      if watched != nil { answers.take(run) }
    }
    guard isWhole else { return nil }
    let total = Double(totals.answers)
    return EpochMeasurement(
      loss: totals.loss / total + parameters.cost(regularizer), accuracy: Double(totals.correct) / total,
      watched: watched?.values(answers.values) ?? [], tallies: totals.tallies, answers: totals.answers)
  }

  /// The gradient of the mean loss of some sequences by all parameters, as it is when nothing is dropped.
  ///
  /// - Parameter pieces: the pieces that longer sequences go through in; nil where each goes as a whole.
  func gradientByLength(
    _ samples: Samples, _ order: RowOrder, _ signal: ErrorSignal, in pieces: SequencePieces? = nil
  ) throws(CodedError) -> [Double] {
    guard let steps = samples.steps else { return [] }
    let sorted = RowOrder(steps.byLength((0..<order.count).map { order[$0] }))
    let groups = steps.groups(of: sorted, 0..<sorted.count, atMost: Model.inferenceRows(ofSteps:))
    let all = groups.reduce(0) { $0 + $1.places.count * (graph.answersEachStep ? $1.steps : 1) }
    var gradients = [Double](repeating: 0, count: layout.count)
    let purpose = Plan.Purpose.training(signal, isTraining: false)
    for group in groups {
      let rows = group.capacity(atMost: Model.inferenceRows(ofSteps: group.steps))
      func add(_ execution: CPUExecution, _ segment: Range<Int>?) {
        let source = SampleSource(samples, sorted, for: execution.plan)
        source.start = group.places.lowerBound
        source.segment = segment
        // The loss of a row is the mean over the steps at hand.
        let answers = graph.answersEachStep ? segment?.count ?? group.steps : 1
        var numbers = BatchNumbers(rows: group.places.count, scale: Double(answers) / Double(all))
        numbers.isFirst = segment?.lowerBound ?? 0 == 0
        _ = execution.run(numbers, source: source, threads: options.threadCount)
        for (place, gradient) in gradientValues.enumerated() { gradients[place] += gradient }
      }
      if let pieces, group.steps > pieces.length {
        for segment in pieces.segments(ofSteps: group.steps) {
          add(try pieces.execution(purpose, rows: rows, steps: segment.count, rowWeights: 0), segment)
        }
      } else {
        add(try execution(purpose, rows: rows, steps: group.steps), nil)
      }
    }
    return gradients
  }

  /// Takes a gradient by the answers to sequences back: to the parameters, and to the inputs.
  func differentiateByLength(
    _ examples: Examples, outputGradients: [Double]
  ) throws(CodedError) -> (parameters: [Double], inputs: [Double]) {
    let samples = Samples(examples, options.precision)
    var gradients = [Double](repeating: 0, count: layout.count)
    var inputs: [Double] = []
    var start = 0
    for row in 0..<examples.rows {
      let steps = examples.steps?.length(ofRow: row) ?? 1
      let execution = try execution(.differentiation, rows: 1, steps: steps)
      let width = execution.plan.outputs.reduce(0) { $0 + execution.plan.buffers[$1.number].width }
      execution.setSteps(
        execution.plan.outputGradients, to: Array(outputGradients[start..<start + width]),
        graph.answersEachStep ? width / max(1, graph.outputWidth) : nil)
      start += width
      self.parameters.gradients.clear()
      let source = SampleSource(samples, RowOrder([row]), for: execution.plan)
      _ = execution.run(BatchNumbers(rows: 1), source: source, threads: options.threadCount)
      for (place, gradient) in gradientValues.enumerated() { gradients[place] += gradient }
      inputs += interleaved(execution, steps)
    }
    return (gradients, inputs)
  }

  /// The gradient by the inputs of a row, step after step, with those of several input layers side by side at each.
  private func interleaved(_ execution: CPUExecution, _ steps: Int) -> [Double] {
    let parts = execution.plan.inputGradients.map { execution.values($0, rows: 1) }
    guard parts.count > 1 else { return parts.first ?? [] }
    return parts.flatMap(\.self).byStep(parts.map { $0.count / steps }, steps: steps)
  }
}

extension NetworkGraph {
  /// How many answers the network gives to sequences of some lengths: one, or one for each step of its output layer.
  ///
  /// - Throws: what a layer finds wrong with a length.
  func answers(forSteps lengths: [Int]) throws(CodedError) -> [Int] {
    guard answersEachStep else { return lengths.map { _ in 1 } }
    var known: [Int: Int] = [:]
    var answers: [Int] = []
    answers.reserveCapacity(lengths.count)
    for length in lengths {
      if known[length] == nil { known[length] = try filled(steps: length).comparedSteps }
      answers.append(known[length] ?? 1)
    }
    return answers
  }
}

/// Answers to rows of different lengths, as they come in from groups of equal length, row after row.
final class AnswerCollector {
  private(set) var values: [Double]
  private let starts: [Int]
  private let outputs: (CPUExecution, _ rows: Int) -> [Double]

  /// - Parameters:
  ///   - answers: how many answers each row has.
  ///   - outputs: what an execution answers to some rows.
  init(_ answers: [Int], width: Int, outputs: @escaping (CPUExecution, _ rows: Int) -> [Double]) {
    var starts = [0]
    starts.reserveCapacity(answers.count + 1)
    for count in answers { starts.append(starts[starts.count - 1] + count * width) }
    self.starts = starts
    self.outputs = outputs
    values = [Double](repeating: 0, count: starts[starts.count - 1])
  }

  func take(_ run: Model.LengthRun) {
    let outputs = outputs(run.execution, run.places.count)
    let width = outputs.count / max(1, run.places.count)
    for (row, place) in run.places.enumerated() {
      values.replaceSubrange(
        starts[place]..<starts[place + 1], with: outputs[row * width..<(row + 1) * width])
    }
  }
}

/// What rows that have gone through plans come to together.
struct RowTotals {
  private let countsSteps: Bool
  private(set) var loss = 0.0
  private(set) var correct = 0
  /// How many answers there were, each of which counts alike.
  private(set) var answers = 0
  private(set) var tallies: [OutputTally] = []

  init(_ graph: NetworkGraph) { countsSteps = graph.answersEachStep }

  mutating func take(_ run: Model.LengthRun) {
    take(run.loss, of: run.execution, rows: run.places.count, steps: run.steps)
  }

  /// Takes rows of equal length up.
  ///
  /// - Parameter loss: their losses added up, that of a row being the mean over its steps.
  mutating func take(_ loss: Double, of execution: CPUExecution, rows: Int, steps: Int = 1) {
    let weight = countsSteps ? steps : 1
    self.loss += loss * Double(weight)
    correct += execution.correct(rows: rows)
    answers += rows * weight
    // Those of a row are means over its steps too.
    tallies.add(execution.tallies.map { $0 * Double(weight) })
  }
}

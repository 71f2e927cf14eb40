import Diagnostics
import Foundations
import Language
import NeuralEngine
import Outputs

/// `sweep rate=[0.01, 0.1] seeds=3 minimize=val_loss { … }`: the block with every combination of values, each trial from
/// the session as it was before the sweep.
final class SweepNode: Node {
  private let parameters: [(name: Identifier, values: Node)]
  private let halving: (name: Identifier, values: Node)?
  private let seeds: Node?
  private let metric: Identifier
  private let isLarger: Bool
  private let body: Node

  /// The most combinations that are run without asking.
  private static let most = 10_000
  /// The combinations that the table lists at most.
  private static let listed = 50

  init(
    _ parameters: [(name: Identifier, values: Node)], halving: (name: Identifier, values: Node)?,
    seeds: Node?, metric: Identifier, isLarger: Bool,
    body: Node, _ span: SourceSpan
  ) {
    self.parameters = parameters
    self.halving = halving
    self.seeds = seeds
    self.metric = metric
    self.isLarger = isLarger
    self.body = body
    super.init(span)
  }

  override func run(_ context: ExecutionContext) throws {
    let space = try space(context)
    let count =
      try seeds.map { node in
        try node.evaluate(context).wholeNumber("`seeds`", atLeast: 1, at: node.span)
      } ?? 1
    let sweep = SweepDescription(
      space, metric: metric.name, isLarger: isLarger, seeds: try space.seeds(count, at: seeds?.span),
      halving: try halving(of: space, context), assignments: space.parameters.map(\.assignment))
    var course = Course(sweep: sweep)
    context.session.sweeps?.began(sweep)
    do {
      var combinations = Array(space.combinations.indices)
      for round in 0..<(sweep.halving?.budgets.count ?? 1) {
        try run(combinations, round, context, &course)
        combinations = sweep.halving?.survivors(of: round, course.trials, isLarger: isLarger) ?? []
      }
    } catch {
      try finish(course, isComplete: false, context)
      throw error
    }
    try finish(course, isComplete: true, context)
  }

  /// The trials so far.
  private struct Course {
    let sweep: SweepDescription
    let start = ContinuousClock.now
    var trials: [SweepTrial] = []
  }

  /// Runs a round.
  private func run(
    _ combinations: [Int], _ round: Int, _ context: ExecutionContext, _ course: inout Course
  ) throws {
    let total = course.sweep.count
    for combination in combinations {
      let values = course.sweep.values(round: round, combination)
      for seed in course.sweep.seeds {
        course.trials.append(try trial(combination, seed, round, values, context))
        let done = ProgressUpdate(
          label: "sweep", completed: course.trials.count, total: total, unit: "trial",
          seconds: (ContinuousClock.now - course.start) / .seconds(1),
          metrics: best(course.trials).map { [.init("best \(metric.name)", $0)] } ?? [],
          isFinal: course.trials.count == total)
        context.emit(.progress(done))
      }
    }
  }

  /// Shows what the trials came to, and leaves the best values behind.
  private func finish(_ course: Course, isComplete: Bool, _ context: ExecutionContext) throws {
    let session = context.session
    let result = course.sweep.result(course.trials, isComplete: isComplete)
    session.sweeps?.finished(result, isComplete: isComplete)
    if !course.trials.isEmpty {
      for output in result.outputs(limit: SweepNode.listed) { context.emit(output) }
      session.state.sweep = result
    }
    if let best = result.best {
      for (parameter, value) in zip(parameters, best.values) {
        session.state.assign(Value(value), to: parameter.name.name)
      }
      if let halving = result.halving {
        session.state.assign(Value(halving.budget(best.round)), to: halving.parameter)
      }
    }
    guard result.best != nil || !isComplete else {
      let why = result.rows.first?.failures.first.map { ": \($0)" } ?? "."
      throw Diagnostic(.noValue, "No trial has a `\(metric.name)`\(why)", at: metric.span)
    }
  }

  private func best(_ trials: [SweepTrial]) -> Double? {
    let values = trials.compactMap(\.value)
    return isLarger ? values.max() : values.min()
  }

  private func space(_ context: ExecutionContext) throws -> SweepSpace {
    let swept = try parameters.map { name, values in
      do {
        return try SweptParameter(
          name.name, values: literals(values.evaluate(context), of: name, at: values.span))
      } catch {
        throw (error as? Diagnostic)?.blaming(values.span) ?? error
      }
    }
    do {
      return try SweepSpace(swept, .grid, seed: 0, most: SweepNode.most)
    } catch {
      throw tooMany(error.code)
    }
  }

  private func tooMany(_ code: ErrorCode) -> Diagnostic {
    Diagnostic(
      code,
      "These are more than \(SweepNode.most) combinations. Name fewer values, or draw some on the command line: nbs sweep FILE --random 200",
      at: span)
  }

  /// The budgets, where all combinations begin with small ones.
  private func halving(of space: SweepSpace, _ context: ExecutionContext) throws -> SuccessiveHalving? {
    guard let halving else { return nil }
    let (name, node) = (halving.name.name, halving.values)
    let numbers: [Double]? =
      switch try node.evaluate(context) {
      case .tensor(let tensor) where tensor.rank == 0 || tensor.rank == 1 && tensor.count == 2: tensor.values
      default: nil
      }
    guard let numbers, let most = numbers.last else {
      throw Diagnostic(
        .badType,
        "`\(name)` is the budget of halving: a number, \(name)=81, or the least and the whole one, \(name)=[9, 81]",
        at: node.span)
    }
    do {
      return try SuccessiveHalving(
        name, from: numbers.count > 1 ? numbers[0] : nil, to: most, of: space.combinations.count)
    } catch { throw error.blaming(node.span) }
  }

  /// Numbers, texts and truth values of a list or an array of rank 1.
  private func literals(_ value: Value, of name: Identifier, at span: SourceSpan) throws -> [Literal] {
    let refusal = Diagnostic(
      .badType, "`\(name.name)` takes a list of values: \(name.name)=[0.01, 0.1]", at: span)
    // Before they are told apart, which takes longer than to count them.
    if let count = value.itemCount, count > SweepNode.most { throw tooMany(.tooLarge) }
    switch value {
    case .tensor(let tensor) where tensor.rank == 1: return tensor.values.map { .number($0) }
    case .list(let items):
      return try items.map { item in
        switch item {
        case .string(let text): return .text(text)
        case .tensor(let tensor) where tensor.rank == 0: return .number(tensor.values[0])
        default: throw refusal
        }
      }
    default: throw refusal
    }
  }

  /// Runs the block once, and takes back what it did.
  private func trial(
    _ combination: Int, _ seed: UInt64, _ round: Int, _ values: [(name: String, value: Literal)],
    _ context: ExecutionContext
  ) throws -> SweepTrial {
    try context.checkInterruption()
    let session = context.session
    let keeper = session.sweeps
    var course = TrialCourse()
    let start = ContinuousClock.now
    let trial = try session.takingBack(
      measured: keeper == nil ? nil : { course.batches.append((cell: 0, batch: $0)) }
    ) { silent in
      session.state.seed(seed)
      for (name, value) in values { session.state.assign(Value(value), to: name) }
      do {
        try body.run(silent)
      } catch let error as Diagnostic {
        return SweepTrial(
          combination, seed: seed, round: round, in: session, ending: .failed(error.message))
      }
      return SweepTrial(combination, seed: seed, round: round, in: session, metric: metric.name)
    }
    course.seconds = (ContinuousClock.now - start) / .seconds(1)
    keeper?.ended(trial, course)
    return trial
  }
}

extension Value {
  /// A value that was written down.
  fileprivate init(_ literal: Literal) {
    switch literal {
    case .number(let number): self = .number(number)
    case .boolean(let truth): self = .tensor(Tensor(truth))
    case .text(let text): self = .string(text)
    case .list(let items): self = .list(items.map { Value($0) })
    case .none: self = .nothing
    }
  }
}

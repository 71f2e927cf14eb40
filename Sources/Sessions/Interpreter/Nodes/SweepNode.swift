import Diagnostics
import Foundations
import Language
import NeuralEngine
import Outputs

/// `sweep rate=[0.01, 0.1] seeds=3 minimize=val_loss { … }`: the block with every combination of values, each trial from
/// the session as it was before the sweep.
final class SweepNode: Node {
  private let parameters: [(name: Identifier, values: Node)]
  private let seeds: Node?
  private let metric: Identifier
  private let isLarger: Bool
  private let body: Node

  /// The most combinations that are run without asking.
  private static let most = 10_000
  /// The combinations that the table lists at most.
  private static let listed = 50

  init(
    _ parameters: [(name: Identifier, values: Node)], seeds: Node?, metric: Identifier, isLarger: Bool,
    body: Node, _ span: SourceSpan
  ) {
    self.parameters = parameters
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
    let session = context.session
    let total = space.combinations.count * count
    var trials: [SweepTrial] = []
    var interruption: Interruption?
    let start = ContinuousClock.now
    trial: for combination in space.combinations.indices {
      for seed in 0..<UInt64(count) {
        do {
          trials.append(try trial(combination, seed, of: space, context))
        } catch let error as Interruption {
          interruption = error
          break trial
        }
        let done = ProgressUpdate(
          label: "sweep", completed: trials.count, total: total, unit: "trial",
          seconds: (ContinuousClock.now - start) / .seconds(1),
          metrics: best(trials).map { [.init("best \(metric.name)", $0)] } ?? [],
          isFinal: trials.count == total)
        context.emit(.progress(done))
      }
    }
    let result = SweepResult(trials, of: space, metric: metric.name, isLarger: isLarger, count: total)
    if !trials.isEmpty {
      for output in result.outputs(limit: SweepNode.listed) { context.emit(output) }
    }
    if let best = result.best {
      for (parameter, value) in zip(parameters, best.values) {
        session.state.assign(Value(value), to: parameter.name.name)
      }
    }
    if let interruption { throw interruption }
    guard result.best != nil else {
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
      throw Diagnostic(
        error.code,
        "These are more than \(SweepNode.most) combinations. Name fewer values, or draw some on the command line: nbs sweep FILE --random 200",
        at: span)
    }
  }

  /// Numbers, texts and truth values of a list or an array of rank 1.
  private func literals(_ value: Value, of name: Identifier, at span: SourceSpan) throws -> [Literal] {
    let refusal = Diagnostic(
      .badType, "`\(name.name)` takes a list of values: \(name.name)=[0.01, 0.1]", at: span)
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
    _ combination: Int, _ seed: UInt64, of space: SweepSpace, _ context: ExecutionContext
  ) throws -> SweepTrial {
    try context.checkInterruption()
    let session = context.session
    let before = session.snapshot()
    let (measured, told) = (session.measured, session.toldNotices)
    session.measured = nil
    defer {
      session.restore(before)
      session.measured = measured
      session.toldNotices = told
    }
    session.state.seed(seed)
    for (parameter, value) in zip(parameters, space.combinations[combination]) {
      session.state.assign(Value(value), to: parameter.name.name)
    }
    do {
      // What trials show would bury the table.
      let silent = ExecutionContext(session: session) { _ in }
      silent.isInLoop = true
      try body.run(silent)
    } catch let error as Diagnostic {
      return SweepTrial(combination, seed: seed, in: session, ending: .failed(error.message))
    }
    return SweepTrial(combination, seed: seed, in: session, metric: metric.name)
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

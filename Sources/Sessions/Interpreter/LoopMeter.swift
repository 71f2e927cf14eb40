import Outputs

/// Runs a loop's rounds and tells how far it has come, once it takes longer than ``Session/loopPatience``.
///
/// A round costs a comparison or two. Only the outermost loop of a cell is told of.
struct LoopMeter {
  /// How many rounds are done.
  private(set) var rounds = 0
  private let label: String
  private let total: Int
  /// The outermost loop's alone.
  private var throttle: Throttle?
  /// How many values series had when the loop began; those that have grown since are its metrics.
  private let lengths: [String: Int]

  /// - Parameters:
  ///   - label: the loop's first word.
  ///   - total: how many rounds there are to go; 0 where nobody knows.
  init(_ label: String, total: Int, _ context: ExecutionContext) {
    self.label = label
    self.total = total
    throttle = context.isInLoop ? nil : Throttle(patience: context.session.loopPatience)
    lengths = throttle != nil ? LoopMeter.lengths(context) : [:]
    context.isInLoop = true
  }

  /// Runs the loop's body once.
  @inline(__always) mutating func run(_ body: Node, _ context: ExecutionContext) throws {
    try context.checkInterruption()
    try body.run(context)
    rounds += 1
    if throttle?.isDue(after: rounds) == true { emit(isFinal: false, context) }
  }

  /// Ends the loop, whether or not it came to its end.
  func leave(_ context: ExecutionContext) { if throttle != nil { context.isInLoop = false } }

  /// Says that the loop has come to its end, if anything has been said on the way.
  func finish(_ context: ExecutionContext) { if throttle?.hasTold == true { emit(isFinal: true, context) } }

  private func emit(isFinal: Bool, _ context: ExecutionContext) {
    context.emit(
      .progress(
        ProgressUpdate(
          label: label, completed: rounds, total: total, unit: "round", seconds: throttle?.seconds ?? 0,
          metrics: metrics(context), isFinal: isFinal)))
  }

  private static func lengths(_ context: ExecutionContext) -> [String: Int] {
    let series = context.session.state.filledSeries.map { ($0.name, $0.values.count) }
    return Dictionary(uniqueKeysWithValues: series)
  }

  private func metrics(_ context: ExecutionContext) -> [ProgressUpdate.Metric] {
    let grown = context.session.state.filledSeries.filter { $0.values.count > lengths[$0.name] ?? 0 }
    return grown.prefix(3).compactMap { series in
      series.values.last.map { ProgressUpdate.Metric(series.name, $0) }
    }
  }
}

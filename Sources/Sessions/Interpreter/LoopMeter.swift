import Outputs

/// Runs a loop's rounds and tells how far it has come, once it takes longer than ``Session/loopPatience``.
///
/// A round costs one comparison: the clock is looked at about every 10 ms, and never more often than every round.
/// Only the outermost loop of a cell is told of.
struct LoopMeter {
  /// How many rounds are done.
  private(set) var rounds = 0
  private let label: String
  private let total: Int
  private let isOutermost: Bool
  private var nextLook: Int
  /// The outermost loop's alone.
  private var pace: Pace?
  /// The series that have grown since the loop began are its figures.
  private let lengths: [String: Int]

  /// - Parameters:
  ///   - label: the loop's first word.
  ///   - total: how many rounds there are to go; 0 where nobody knows.
  init(_ label: String, total: Int, _ context: ExecutionContext) {
    self.label = label
    self.total = total
    isOutermost = !context.isInLoop
    nextLook = isOutermost ? 1 : .max
    pace = isOutermost ? Pace(patience: context.session.loopPatience) : nil
    lengths = isOutermost ? LoopMeter.lengths(context) : [:]
    context.isInLoop = true
  }

  /// Runs the loop's body once.
  @inline(__always)
  mutating func run(_ body: Node, _ context: ExecutionContext) throws {
    try context.checkInterruption()
    try body.run(context)
    rounds += 1
    if rounds == nextLook { look(context) }
  }

  /// Ends the loop, whether or not it came to its end.
  func leave(_ context: ExecutionContext) {
    if isOutermost { context.isInLoop = false }
  }

  /// Says that the loop has come to its end, if anything has been said on the way.
  func finish(_ context: ExecutionContext) {
    guard let pace, pace.hasShown else { return }
    emit(pace, isFinal: true, context)
  }

  private mutating func look(_ context: ExecutionContext) {
    guard var pace else { return }
    // No more than 10,000 rounds at once, in case they become slower.
    let stride = Int(.milliseconds(10) / max(pace.elapsed / rounds, .microseconds(1)))
    nextLook = rounds + max(stride, 1)
    if pace.isDue() { emit(pace, isFinal: false, context) }
    self.pace = pace
  }

  private func emit(_ pace: Pace, isFinal: Bool, _ context: ExecutionContext) {
    context.emit(
      .progress(
        ProgressUpdate(
          label: label, completed: rounds, total: total, unit: "round",
          seconds: pace.elapsed / .seconds(1),
          figures: figures(context), isFinal: isFinal)))
  }

  private static func lengths(_ context: ExecutionContext) -> [String: Int] {
    let series = context.session.state.filledSeries.map { ($0.name, $0.values.count) }
    return Dictionary(uniqueKeysWithValues: series)
  }

  private func figures(_ context: ExecutionContext) -> [ProgressUpdate.Figure] {
    let grown = context.session.state.filledSeries.filter { $0.values.count > lengths[$0.name] ?? 0 }
    return grown.prefix(3).compactMap { series in
      series.values.last.map { ProgressUpdate.Figure(series.name, $0) }
    }
  }
}

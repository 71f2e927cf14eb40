/// How often long work says how far it has come: not before it has gone on for some time, then ten times a second
/// at the most.
struct Pace {
  private let patience: Duration
  private let start = ContinuousClock.now
  private var lastShown: ContinuousClock.Instant?

  /// The work begins now.
  init(patience: Duration) { self.patience = patience }

  /// How long the work has gone on.
  var elapsed: Duration { ContinuousClock.now - start }

  /// Whether anything has been shown; of quick work nothing is.
  var hasShown: Bool { lastShown != nil }

  /// Whether something is to be shown now; then it counts as shown.
  mutating func isDue() -> Bool {
    let now = ContinuousClock.now
    guard now - start >= patience, lastShown.map({ now - $0 >= .milliseconds(100) }) ?? true else {
      return false
    }
    lastShown = now
    return true
  }
}

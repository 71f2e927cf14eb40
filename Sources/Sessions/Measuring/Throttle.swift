/// Decides when long work has something to tell, without looking at the clock after every step: a step may take less
/// time than that look.
///
/// The clock is looked at about every 10 ms. Nothing is due before the work has gone on for some time; from then on
/// something is as often as the interval allows.
struct Throttle {
  private let patience: Duration
  private let interval: Duration
  /// How many steps there are from one look to the next at the most, in case they become slower.
  private let stride: Int
  private let start = ContinuousClock.now
  private var lastLook: (steps: Int, time: ContinuousClock.Instant)
  private var lastTold: ContinuousClock.Instant?
  /// How many steps are done when the clock is to be looked at again.
  private(set) var nextLook = 1

  /// The work begins now.
  init(patience: Duration, interval: Duration = .milliseconds(100), stride: Int = 10_000) {
    self.patience = patience
    self.interval = interval
    self.stride = stride
    lastLook = (0, start)
  }

  /// How long the work has gone on, in seconds.
  var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// Whether anything has been told; of quick work nothing is.
  var hasTold: Bool { lastTold != nil }

  /// Looks at the clock if it is time to, and says whether something is due.
  ///
  /// - Parameter steps: how many are done.
  @inline(__always) mutating func isDue(after steps: Int) -> Bool { steps >= nextLook && look(after: steps) }

  private mutating func look(after steps: Int) -> Bool {
    let now = ContinuousClock.now
    let step = (now - lastLook.time) / max(1, steps - lastLook.steps)
    lastLook = (steps, now)
    nextLook = steps + max(1, min(stride, Int(.milliseconds(10) / max(step, .nanoseconds(100)))))
    return isDue(at: now)
  }

  /// Whether something is due, for work whose steps are slow enough to look at the clock each time; then it counts as
  /// told.
  mutating func isDue(at now: ContinuousClock.Instant = .now) -> Bool {
    guard now - start >= patience, lastTold.map({ now - $0 >= interval }) ?? true else { return false }
    lastTold = now
    return true
  }
}

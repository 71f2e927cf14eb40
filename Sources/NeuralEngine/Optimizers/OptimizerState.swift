/// What an optimizer remembers from one step to the next.
public struct OptimizerState: Sendable, Equatable {
  /// Which optimizer.
  public let optimizer: Optimizer
  /// How many steps it has taken.
  public let steps: Int
  /// Nadam's momenta so far, multiplied; 1 for all others.
  public let momenta: Double
  /// The first of the numbers that it keeps in mind for each parameter; empty for one that keeps none.
  public let first: [Double]
  /// The second of them.
  public let second: [Double]

  /// Creates a state.
  public init(optimizer: Optimizer, steps: Int, momenta: Double = 1, first: [Double], second: [Double]) {
    self.optimizer = optimizer
    self.steps = steps
    self.momenta = momenta
    self.first = first
    self.second = second
  }

  func fits(_ parameters: Int) -> Bool {
    steps >= 0 && first.count == (optimizer.slots > 0 ? parameters : 0)
      && second.count == (optimizer.slots > 1 ? parameters : 0)
  }
}

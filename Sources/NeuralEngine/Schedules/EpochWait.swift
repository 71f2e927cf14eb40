/// A count of epochs without improvement, as patience and a plateau keep it.
public struct EpochWait: Sendable, Equatable, Codable {
  /// The best value so far; nil before there is one.
  public var best: Double?
  /// How many epochs brought nothing better since.
  public var epochs: Int

  /// Creates a count.
  public init(best: Double? = nil, epochs: Int = 0) {
    self.best = best
    self.epochs = epochs
  }
}

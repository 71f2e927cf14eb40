internal import Foundations

/// The numbers that an option takes.
public struct NumberRange: Sendable, Hashable {
  /// The lower bound.
  public let minimum: Double
  /// The upper bound, itself allowed where ``includesMaximum`` says so.
  public let maximum: Double
  /// Whether the lower bound itself is allowed.
  public let includesMinimum: Bool
  /// Whether the upper bound itself is allowed.
  public let includesMaximum: Bool

  /// Creates a range; its bounds belong to it unless said otherwise.
  public init(
    from minimum: Double, to maximum: Double, includesMinimum: Bool = true, includesMaximum: Bool = true
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.includesMinimum = includesMinimum
    self.includesMaximum = includesMaximum
  }

  /// Any finite number.
  public static let any = NumberRange(from: -.greatestFiniteMagnitude, to: .greatestFiniteMagnitude)
  /// Zero and all numbers above it.
  public static let notNegative = NumberRange(from: 0, to: .greatestFiniteMagnitude)
  /// All numbers above zero.
  public static let positive = NumberRange(from: 0, to: .greatestFiniteMagnitude, includesMinimum: false)
  /// 0 up to, not including, 1.
  public static let fraction = NumberRange(from: 0, to: 1, includesMaximum: false)
  /// Between 0 and 1, neither included.
  public static let openFraction = NumberRange(
    from: 0, to: 1, includesMinimum: false, includesMaximum: false)

  /// Whether `value` lies in the range.
  public func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    return (includesMinimum ? value >= minimum : value > minimum)
      && (includesMaximum ? value <= maximum : value < maximum)
  }

  /// The smallest range that holds both.
  func joined(with other: NumberRange) -> NumberRange {
    NumberRange(
      from: min(minimum, other.minimum), to: max(maximum, other.maximum),
      includesMinimum: contains(min(minimum, other.minimum)) || other.contains(min(minimum, other.minimum)),
      includesMaximum: contains(max(maximum, other.maximum)) || other.contains(max(maximum, other.maximum)))
  }

  /// `above 0`, `from 0 to below 1`, `between 0 and 1`.
  public var description: String {
    if maximum == .greatestFiniteMagnitude {
      return includesMinimum ? "\(minimum.brief) or more" : "above \(minimum.brief)"
    }
    if !includesMinimum, !includesMaximum { return "between \(minimum.brief) and \(maximum.brief)" }
    return "from \(minimum.brief) to \(includesMaximum ? "" : "below ")\(maximum.brief)"
  }
}

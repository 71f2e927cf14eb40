import Localization

/// Where a series is heading at its end, in words that hold for what the drawing shows.
///
/// The rule looks at the last fifth of the values (at least the last eight, or all there are) on the scale of
/// the axis, where the whole series spans 0 to 1:
///
/// 1. All values alike: constant.
/// 2. These span at most 0.02: nearly flat.
/// 3. The means of their four quarters fall one after the other, by half of that span or more in all, and
///    the last value lies under the first: falling. The other way round: rising.
/// 4. They cross their own mean four times or more: oscillating.
/// 5. Otherwise there is no clear trend.
enum Trend: Equatable {
  case constant
  case flat
  case falling
  case rising
  case oscillating
  case unclear

  /// How many values at the end of so many the rule looks at.
  static func tailLength(of count: Int) -> Int { min(max(count / 5, 8), count) }

  /// The trend of a series' tail on a scale where the whole series spans 0 to 1, or has no span at all;
  /// nil for fewer than two values.
  ///
  /// - Parameters:
  ///   - tail: the values, or the means of buckets of neighbours.
  ///   - span: from the lowest to the highest value.
  init?(tail: [Double], span: Double, isConstant: Bool) {
    guard tail.count > 1 else { return nil }
    let steps = Self.quarterMeans(tail)
    let change = (steps.last ?? 0) - (steps.first ?? 0)
    let isEven = Self.isMonotone(steps) && abs(change) >= span / 2
    let ends = (tail.last ?? 0) - (tail.first ?? 0)
    switch () {
    case _ where isConstant: self = .constant
    case _ where span <= 0.02: self = .flat
    case _ where isEven && change < 0 && ends < 0: self = .falling
    case _ where isEven && change > 0 && ends > 0: self = .rising
    case _ where Self.crossings(tail) >= 4: self = .oscillating
    default: self = .unclear
    }
  }

  /// The means of a list's quarters, or its values where there are fewer than four.
  private static func quarterMeans(_ values: [Double]) -> [Double] {
    let parts = min(values.count, 4)
    return (0..<parts).map { part in
      let slice = values[(values.count * part / parts)..<(values.count * (part + 1) / parts)]
      return slice.reduce(0, +) / Double(slice.count)
    }
  }

  private static func isMonotone(_ values: [Double]) -> Bool {
    let pairs = zip(values, values.dropFirst())
    return pairs.allSatisfy { $0 > $1 } || pairs.allSatisfy { $0 < $1 }
  }

  /// How often the values pass from one side of their mean to the other.
  private static func crossings(_ values: [Double]) -> Int {
    let mean = values.reduce(0, +) / Double(values.count)
    let sides = values.filter { $0 != mean }.map { $0 > mean }
    return zip(sides, sides.dropFirst()).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
  }
}

extension Trend {
  /// The words of a caption. `change` is the whole way from the first value to the last: what falls at the
  /// end is *still* falling only where it fell before.
  func words(change: Double) -> String {
    switch self {
    case .constant: localized("constant")
    case .flat: localized("nearly flat at the end")
    case .falling: change < 0 ? localized("still falling") : localized("falling at the end")
    case .rising: change > 0 ? localized("still rising") : localized("rising at the end")
    case .oscillating: localized("oscillating at the end")
    case .unclear: localized("without a clear trend at the end")
    }
  }
}

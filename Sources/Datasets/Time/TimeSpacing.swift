internal import NeuralEngine

/// How far apart the rows of a series are, as a rule.
struct TimeSpacing: Equatable {
  /// What is counted between two rows.
  enum Unit: Equatable {
    /// Numbers that are no times.
    case number
    /// Seconds.
    case second
    /// Days from Monday to Friday.
    case weekday
    /// Months, from one day of a month to the same day of another, or from last day to last day.
    case month
  }

  let unit: Unit
  /// How many of them lie between a row and the next.
  let count: Double
  /// Whether that is so only roughly: clocks that are read a little sooner or later each time.
  let isRough: Bool

  /// A stretch of time in which rows are missing.
  struct Gap: Equatable {
    /// The row before it.
    let row: Int
    /// How many rows would stand there.
    let missing: Int

    /// More are not counted.
    static let most = 1_000_000_000_000_000
  }

  /// Finds what the distances of most rows have in common.
  ///
  /// - Parameters:
  ///   - times: the times of series, each in its order.
  ///   - areDates: whether they are seconds after 1970.
  /// - Returns: nil where less than half of the rows are equally far from the row before, give or take a quarter.
  init?(of times: [[Double]], areDates: Bool) {
    let units: [Unit] = areDates ? [.month, .weekday, .second] : [.number]
    for unit in units where TimeSpacing.fits(unit, times) {
      let steps = times.flatMap { series in
        zip(series, series.dropFirst()).map { TimeSpacing.distance(from: $0, to: $1, in: unit) }
      }.filter { $0 > 0 }
      guard !steps.isEmpty else { return nil }
      let (count, rows) = TimeSpacing.commonest(steps)
      guard rows * 2 >= steps.count else { continue }
      // Only a row each weekday is out of step with seconds.
      if unit == .weekday, count != 1 { continue }
      (self.unit, self.count, isRough) = (unit, count, false)
      return
    }
    let steps = times.flatMap { zip($0, $0.dropFirst()).map { $1 - $0 } }.filter { $0 > 0 }.sorted()
    guard !steps.isEmpty else { return nil }
    let middle = steps[steps.count / 2]
    guard steps.count(where: { abs($0 - middle) <= 0.25 * middle }) * 2 > steps.count else { return nil }
    (unit, count, isRough) = (areDates ? .second : .number, middle, true)
  }

  /// Whether times can be counted in a unit.
  private static func fits(_ unit: Unit, _ times: [[Double]]) -> Bool {
    let all = times.joined()
    guard let first = all.first.map({ Moment(shown: $0) }) else { return false }
    switch unit {
    case .number, .second: return true
    case .weekday:
      return all.allSatisfy {
        Moment(shown: $0).timeOfDay == first.timeOfDay
          && CivilDay(number: Moment(shown: $0).dayNumber).weekday < 5
      }
        && times.contains { series in
          zip(series, series.dropFirst()).contains { week($0) != week($1) }
        }
    case .month:
      guard all.allSatisfy({ Moment(shown: $0).timeOfDay == first.timeOfDay }) else { return false }
      let days = all.map { CivilDay(number: Moment(shown: $0).dayNumber) }
      return days.allSatisfy { $0.day == days[0].day } || days.allSatisfy { $0.day == $0.lengthOfMonth }
    }
  }

  private static func week(_ time: Double) -> Int { (Moment(shown: time).dayNumber + 3).floorDivided(by: 7) }

  /// How many units lie between two times.
  private static func distance(from a: Double, to b: Double, in unit: Unit) -> Double {
    func day(_ time: Double) -> CivilDay { CivilDay(number: Moment(shown: time).dayNumber) }
    switch unit {
    case .number, .second: return b - a
    case .weekday:
      return Double((week(b) - week(a)) * 5 + day(b).weekday - day(a).weekday)
    case .month: return Double((day(b).year - day(a).year) * 12 + day(b).month - day(a).month)
    }
  }

  /// The distance that comes most often, the least of several, and how often it comes. Distances that differ by rounding are
  /// one.
  private static func commonest(_ steps: [Double]) -> (Double, Int) {
    var best = (steps[0], 0)
    var start = 0
    let sorted = steps.sorted()
    for (place, step) in sorted.enumerated() {
      if step - sorted[start] > 1e-6 * abs(step) { start = place }
      if place - start + 1 > best.1 { best = (sorted[start], place - start + 1) }
    }
    return best
  }

  /// The gaps in a series, and how many of its rows come sooner after the row before than they should.
  ///
  /// A day of 25 hours is no gap, nor is what comes a little late: half a step is.
  ///
  /// - Parameter first: the number of its first row.
  func gaps(in series: [Double], from first: Int) -> (gaps: [Gap], early: Int) {
    var gaps: [Gap] = []
    var early = 0
    for (place, (a, b)) in zip(series, series.dropFirst()).enumerated() {
      let steps = TimeSpacing.distance(from: a, to: b, in: unit) / count
      if steps >= 1.5 {
        let missing = min(max(1, steps.rounded() - 1), Double(Gap.most))
        gaps.append(Gap(row: first + place, missing: Int(missing)))
      } else if steps < 0.5 {
        early += 1
      }
    }
    return (gaps, early)
  }

  /// How often there is a row, in words: `a row a day`, `a row every 15 minutes`.
  var words: String {
    if isRough { return "about " + roughWords }
    switch unit {
    case .number: return count == 1 ? "a row a step" : "a row every \(formatNumber(count, digits: 6))"
    case .weekday: return "a row each weekday"
    case .month:
      let months = Int(count)
      if months % 12 == 0 { return rate(months / 12, "year") }
      return months == 3 ? "a row a quarter" : rate(months, "month")
    case .second:
      for (length, name) in [(604_800, "week"), (86_400, "day"), (3600, "hour"), (60, "minute")]
      where count.truncatingRemainder(dividingBy: Double(length)) == 0 && count < 1e15 {
        return rate(Int(count) / length, name)
      }
      return count == 1 ? "a row a second" : "a row every \(formatNumber(count, digits: 6)) seconds"
    }
  }

  /// The same in the largest unit of which there is nearly a whole number.
  private var roughWords: String {
    let units =
      unit == .second
      ? [(604_800, "week"), (86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")] : []
    for (length, name) in units where count < 1e15 {
      let number = (count / Double(length)).rounded()
      if number >= 1, abs(count / Double(length) - number) <= 0.05 * number { return rate(Int(number), name) }
    }
    return "a row every \(formatNumber(count, digits: 2))" + (unit == .second ? " seconds" : "")
  }

  private func rate(_ number: Int, _ unit: String) -> String {
    number == 1 ? "a row \(unit == "hour" ? "an" : "a") \(unit)" : "a row every \(number) \(unit)s"
  }
}

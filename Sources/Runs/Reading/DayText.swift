import Diagnostics
public import Foundation
import Foundations

/// A point in time as somebody types it: `2026-11-21`, `2026-11-21T18:30`, `today`, `7d`.
public enum DayText {
  /// The point in time that a text means.
  ///
  /// - Throws: a ``Diagnostic`` that says how one is written.
  public static func date(_ text: String, now: Date = Date(), calendar: Calendar = .current) throws -> Date {
    let today = calendar.startOfDay(for: now)
    switch text {
    case "now": return now
    case "today": return today
    case "yesterday": return calendar.date(byAdding: .day, value: -1, to: today) ?? today
    default: break
    }
    guard let date = ago(text, now: now) ?? written(text, calendar: calendar) else {
      throw Diagnostic(
        .badDate,
        "`\(text)` is not a day. Write 2026-11-21, 2026-11-21T18:30, today, yesterday, or an age: 7d, 12h, 30min."
      )
    }
    return date
  }

  private static func ago(_ text: String, now: Date) -> Date? {
    let units = [("min", 60.0), ("h", 3600), ("d", 86400), ("w", 604_800)]
    guard let (unit, seconds) = units.first(where: { text.hasSuffix($0.0) }),
      let count = Int(text.dropLast(unit.count)), (0...1_000_000).contains(count)
    else { return nil }
    return now.addingTimeInterval(-Double(count) * seconds)
  }

  private static func written(_ text: String, calendar: Calendar) -> Date? {
    let parts = text.split(omittingEmptySubsequences: false) { "-T:".contains($0) }
    let numbers = parts.compactMap { Int($0) }
    let shape = text.map { $0.isNumber ? "0" : String($0) }.joined()
    guard numbers.count == parts.count,
      ["0000-00-00", "0000-00-00T00:00", "0000-00-00T00:00:00"].contains(shape)
    else { return nil }
    let components = DateComponents(
      calendar: calendar, year: numbers[0], month: numbers[1], day: numbers[2],
      hour: numbers.count > 3 ? numbers[3] : 0, minute: numbers.count > 4 ? numbers[4] : 0,
      second: numbers.count > 5 ? numbers[5] : 0)
    return components.isValidDate ? components.date : nil
  }
}

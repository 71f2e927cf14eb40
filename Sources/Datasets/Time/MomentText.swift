/// Moments in ISO 8601.
extension Moment {
  /// Its day: `2024-05-31`.
  var day: String {
    let day = CivilDay(number: dayNumber)
    return "\(Moment.padded(day.year, 4))-\(Moment.padded(day.month, 2))-\(Moment.padded(day.day, 2))"
  }

  /// `2024-05-31`, `2024-05-31T12:30:00` or `12:30:00.5`, to a millionth of a second.
  func text(hasDay: Bool, hasTime: Bool) -> String { hasDay ? hasTime ? "\(day)T\(clock)" : day : clock }

  private var clock: String {
    let millionths = min(Int((timeOfDay * 1e6).rounded()), 86_399_999_999)
    let seconds = millionths / 1_000_000
    var fraction = millionths % 1_000_000 == 0 ? "" : ".\(Moment.padded(millionths % 1_000_000, 6))"
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60]
    return parts.map { Moment.padded($0, 2) }.joined(separator: ":") + fraction
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(abs(number))
    return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

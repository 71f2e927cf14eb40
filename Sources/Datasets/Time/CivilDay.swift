/// A day of the Gregorian calendar, reckoned back and forth without end.
///
/// The arithmetic is that of H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013): `days_from_civil` and
/// `civil_from_days`. Years begin with March there, so that a leap day is the last of its year.
struct CivilDay: Equatable {
  let year: Int
  /// From 1 for January.
  let month: Int
  /// From 1.
  let day: Int

  /// A day that there is; nil for others, such as 30 February.
  init?(year: Int, month: Int, day: Int) {
    guard (1...12).contains(month), day >= 1, day <= CivilDay.length(ofMonth: month, year) else { return nil }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// The day that is so many days after 1970-01-01.
  init(number: Int) {
    let shifted = number + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// How many days it is after 1970-01-01.
  var number: Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.floorDivided(by: 400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// From 0 for Monday.
  var weekday: Int { (number + 3) - (number + 3).floorDivided(by: 7) * 7 }
  /// From 1 for the first of January.
  var dayOfYear: Int { number - CivilDay.firstOfJanuary(year) + 1 }
  /// The number of days of its year.
  var lengthOfYear: Int { CivilDay.isLeap(year) ? 366 : 365 }
  /// The number of days of its month.
  var lengthOfMonth: Int { CivilDay.length(ofMonth: month, year) }

  private static func firstOfJanuary(_ year: Int) -> Int {
    CivilDay(year: year, month: 1, day: 1)?.number ?? 0
  }
  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

extension Int {
  /// The quotient, rounded down.
  func floorDivided(by divisor: Int) -> Int { (self - (self % divisor + divisor) % divisor) / divisor }
}

/// A point in time.
struct Moment: Equatable {
  /// What calendar and clock show there, in seconds after 1970-01-01 00:00.
  let shown: Double
  /// The seconds in which these are ahead of UTC; 0 where nothing is said of it.
  var offset = 0.0

  /// What moments are ordered by.
  var instant: Double { shown - offset }
  /// The number of its day after 1970-01-01; of a moment beyond thousands of millions of years the last one that counts.
  var dayNumber: Int {
    Int(min(max((shown / Moment.secondsOfDay).rounded(.down), -Moment.mostDays), Moment.mostDays))
  }
  /// The seconds since midnight.
  var timeOfDay: Double { shown - Double(dayNumber) * Moment.secondsOfDay }

  static let secondsOfDay = 86_400.0
  private static let mostDays = 1e12
}

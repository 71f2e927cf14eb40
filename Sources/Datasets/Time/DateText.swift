/// The orders in which dates have their numbers.
public enum DateOrder: String, Sendable, CaseIterable {
  /// 2024-05-31
  case ymd
  /// 31.5.2024
  case dmy
  /// 5/31/2024
  case mdy
}

/// A text that looks like a date, a time of day, or both, taken apart. Which of its numbers is the day may be open.
///
/// It takes ISO 8601 (`2024-05-31`, `2024-05`, `2024-05-31T12:30:00.5+02:00`), the numbers of a day with points, slashes or
/// hyphens between them in any order that ``DateOrder`` knows, months in words (`31 May 2024`, `May 31, 2024`), and times of
/// 24 hours or of 12 with AM and PM.
package struct DateText: Equatable {
  /// A number of a day; a month in words has no digits.
  private struct Part: Equatable {
    let value: Int
    let digits: Int

    /// A year in full, or the last two digits of one: 69 to 99 are of the last century, as in POSIX.
    var year: Int? {
      switch digits {
      case 4: value
      case 2: value < 69 ? 2000 + value : 1900 + value
      default: nil
      }
    }
    /// A number that can stand for a month or a day.
    var isShort: Bool { digits <= 2 }
    var isWord: Bool { digits == 0 }
  }

  /// Two for a month of a year, three for a day, none for a time alone.
  private var parts: [Part] = []
  /// What stands between the numbers of the day.
  private(set) var separator: Character?
  /// Since midnight.
  private var seconds: Double?
  private var offset: Double?

  /// Whether it has a time of day.
  var hasTime: Bool { seconds != nil }
  /// Whether it says which day or month it is.
  package var hasDay: Bool { !parts.isEmpty }

  /// Takes a text apart; nil for one that is no date or time, or one that there cannot be.
  package init?(_ text: some StringProtocol) {
    guard text.utf8.count <= 40, DateText.mayBeOne(text.utf8) else { return nil }
    var words = DateText.words(of: text)
    if let clock = words.firstIndex(where: { $0.contains(":") }) {
      guard readTime(words[clock...]) else { return nil }
      words.removeSubrange(clock...)
      if words.isEmpty { return }
    }
    guard readDay(words), !orders.isEmpty else { return nil }
  }

  /// Eight digits in a row as a day: 20240531.
  init?(compact text: some StringProtocol) {
    guard text.utf8.count == 8, text.allSatisfy(\.isDigit), let number = Int(text) else { return nil }
    parts = [
      Part(value: number / 10_000, digits: 4), Part(value: number / 100 % 100, digits: 2),
      Part(value: number % 100, digits: 2),
    ]
    guard (1500...2500).contains(number / 10_000), moment(.ymd) != nil else { return nil }
  }

  /// The orders in which its numbers make a day.
  var orders: [DateOrder] { DateOrder.allCases.filter { moment($0) != nil } }

  /// The point in time, with the numbers of the day in an order; nil where they make no day. A time alone is one of the first
  /// day.
  func moment(_ order: DateOrder) -> Moment? {
    var day = 0
    if hasDay {
      guard let found = self.day(order) else { return nil }
      day = found.number
    }
    return Moment(shown: Double(day) * Moment.secondsOfDay + (seconds ?? 0), offset: offset ?? 0)
  }

  private func day(_ order: DateOrder) -> CivilDay? {
    let first = parts[0]
    if parts.count == 2 {
      let (year, month) = first.digits == 4 ? (first, parts[1]) : (parts[1], first)
      return year.year.flatMap { CivilDay(year: $0, month: month.value, day: 1) }
    }
    // A word for the month leaves nothing open.
    if first.isWord { return day(parts[2], first, parts[1]) }
    if parts[1].isWord {
      return first.digits == 4 ? day(first, parts[1], parts[2]) : day(parts[2], parts[1], first)
    }
    switch order {
    case .ymd: return day(first, parts[1], parts[2])
    case .dmy: return day(parts[2], parts[1], first)
    case .mdy: return day(parts[2], first, parts[1])
    }
  }

  private func day(_ year: Part, _ month: Part, _ day: Part) -> CivilDay? {
    guard month.isShort, day.isShort, let year = year.year else { return nil }
    return CivilDay(year: year, month: month.value, day: day.value)
  }

  // MARK: Reading

  /// Tells most numbers and words from dates at a glance.
  private static func mayBeOne(_ bytes: some Sequence<UInt8>) -> Bool {
    var (digits, points, others) = (0, 0, 0)
    for byte in bytes {
      switch byte {
      case 0x30...0x39: digits += 1
      case UInt8(ascii: "."): points += 1
      case UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":"), 0x41...0x5A, 0x61...0x7A: others += 1
      default: break
      }
    }
    return digits > 1 && (points > 1 || others > 0)
  }

  /// What stands between blanks, commas, and the T of ISO 8601.
  private static func words(of text: some StringProtocol) -> [Substring] {
    let isOne = !text.utf8.contains {
      [UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: "T"), UInt8(ascii: "t")].contains($0)
    }
    if isOne { return [Substring(text)] }
    var spaced = ""
    var last: Character = " "
    for character in text {
      let divides = character == "," || (character == "T" && last.isDigit) || character == "t" && last.isDigit
      spaced.append(divides ? " " : character)
      last = character
    }
    return spaced.split(separator: " ")
  }

  private mutating func readDay(_ words: [Substring]) -> Bool {
    var words = words
    if words.count > 1, words[0].allSatisfy(\.isLetter),
      DateText.weekdays.contains(words[0].prefix(3).lowercased())
    {
      words.removeFirst()
    }
    guard let first = words.first else { return false }
    if words.count == 1 {
      guard let mark = first.first(where: { "-/.".contains($0) }) else { return false }
      separator = mark
      words = first.split(separator: mark, omittingEmptySubsequences: false)
    }
    let found = words.compactMap(DateText.part)
    guard found.count == words.count, found.count(where: \.isWord) <= 1 else { return false }
    parts = found
    switch found.count {
    case 3: return !found[2].isWord
    // Two numbers are much else besides: only with a year in full, and not with a point, which is a decimal one.
    case 2:
      return separator != "." && found.count { $0.digits == 4 } == 1
        && (found[0].digits == 4 || found[0].isShort)
        && (found[0].digits != 4 || found[1].isWord || found[1].digits == 2)
    default: return false
    }
  }

  private static func part(_ text: Substring) -> Part? {
    if let first = text.first, first.isLetter {
      guard let month = months.firstIndex(of: text.prefix(3).lowercased()),
        text.count == 3 || monthNames[month].hasPrefix(text.lowercased())
      else { return nil }
      return Part(value: month + 1, digits: 0)
    }
    guard (1...4).contains(text.count), text.allSatisfy(\.isDigit), let value = Int(text) else { return nil }
    return Part(value: value, digits: text.count)
  }

  /// `12:30`, `12:30:05.25`, `1:30 PM`, with `Z`, `UTC`, `+02:00` or `-0330` behind it.
  private mutating func readTime(_ words: ArraySlice<Substring>) -> Bool {
    guard var clock = words.first, words.count <= 3 else { return false }
    var zone = ""
    if let sign = clock.firstIndex(where: { "+-Zz".contains($0) }) {
      zone = String(clock[sign...])
      clock = clock[..<sign]
    }
    var half: String?
    if let letter = clock.firstIndex(where: \.isLetter) {
      half = clock[letter...].lowercased()
      clock = clock[..<letter]
    }
    for word in words.dropFirst() {
      if half == nil, zone.isEmpty, ["am", "pm", "a.m.", "p.m."].contains(word.lowercased()) {
        half = word.lowercased()
      } else if zone.isEmpty {
        zone = String(word)
      } else {
        return false
      }
    }
    guard let time = DateText.seconds(clock, half: half) else { return false }
    seconds = time
    guard zone.isEmpty || DateText.offset(zone) != nil else { return false }
    offset = DateText.offset(zone)
    return true
  }

  private static func seconds(_ clock: Substring, half: String?) -> Double? {
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), (1...2).contains(parts[0].count), parts[1].count == 2,
      parts[0].allSatisfy(\.isDigit), parts[1].allSatisfy(\.isDigit), var hour = Int(parts[0]),
      let minute = Int(parts[1]),
      minute < 60
    else { return nil }
    switch half {
    case nil: guard hour < 24 else { return nil }
    case "am", "a.m.", "pm", "p.m.":
      guard (1...12).contains(hour) else { return nil }
      hour = hour % 12 + (half?.first == "p" ? 12 : 0)
    default: return nil
    }
    var second = 0.0
    if parts.count == 3 {
      let text = parts[2]
      guard text.prefix(2).count == 2, text.prefix(2).allSatisfy(\.isDigit), text.count <= 12,
        text.dropFirst(2).isEmpty
          || (text.dropFirst(2).first == "." && text.dropFirst(3).allSatisfy(\.isDigit)),
        let value = Double(text), value < 61
      else { return nil }
      second = value
    }
    return Double(hour * 3600 + minute * 60) + second
  }

  private static func offset(_ zone: String) -> Double? {
    if ["z", "utc", "gmt"].contains(zone.lowercased()) { return 0 }
    guard let sign = zone.first, "+-".contains(sign) else { return nil }
    let digits = zone.dropFirst().filter { $0 != ":" }
    guard digits.count == 2 || digits.count == 4, digits.allSatisfy(\.isDigit), let number = Int(digits)
    else { return nil }
    let (hours, minutes) = digits.count == 2 ? (number, 0) : (number / 100, number % 100)
    guard hours <= 15, minutes < 60 else { return nil }
    return Double(hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1)
  }

  private static let monthNames = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november",
    "december",
  ]
  private static let months = monthNames.map { String($0.prefix(3)) }
  private static let weekdays: Set = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
}

extension Character {
  /// Whether it is one of 0 to 9.
  var isDigit: Bool { ("0"..."9").contains(self) }
}

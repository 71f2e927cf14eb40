/// The meaning of the text of one field.
enum FieldText: Equatable {
  /// Nothing, or a word that says so.
  case missing
  /// A number, and the marks that it is written with besides digits.
  case number(Double, marks: NumberMarks)
  /// A number beyond the range of doubles.
  case hugeNumber
  case date
  case word

  /// The words that say that there is no value; those that pandas, R and the UCI sets use.
  static let missingWords: Set<String> = [
    "", "?", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "-nan", "NULL", "null", "None", "<NA>",
  ]

  /// Decides for a field without its quotes and outer spaces.
  init(_ text: String, decimal: Character = ".") {
    // Most fields are numbers, and no number is one of the words for a missing value.
    if let number = FieldText.number(text, decimal: decimal) {
      self = number.isFinite ? .number(number, marks: []) : .hugeNumber
    } else if FieldText.missingWords.contains(text) {
      self = .missing
    } else if FieldText.isDate(text) {
      self = .date
    } else if let number = DecoratedNumber(text, decimal: decimal) {
      self = number.value.isFinite ? .number(number.value, marks: number.marks) : .hugeNumber
    } else {
      self = .word
    }
  }

  /// The number that a text writes in full; infinite when it is too large for a double.
  ///
  /// `Double` reads with strtod, and also takes `inf`, `nan` and hexadecimal: hence the check of the letters.
  static func number(_ text: String, decimal: Character) -> Double? {
    let mark = decimal.asciiValue
    var hasDigits = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigits = true
      case UInt8(ascii: "+"), UInt8(ascii: "-"), mark: break
      case UInt8(ascii: "e"), UInt8(ascii: "E"): guard hasDigits else { return nil }
      default: return nil
      }
    }
    guard hasDigits else { return nil }
    return Double(decimal == "." ? text : String(text.map { $0 == decimal ? "." : $0 }))
  }

  /// Tells whether a text is a date like 2024-05-31, 31.5.2024 or 5/31/24, with or without a time, or a time.
  static func isDate(_ text: String) -> Bool {
    guard let first = text.utf8.first,
      first.isDigit || first == UInt8(ascii: " ") || first == UInt8(ascii: "T")
    else { return false }
    let parts = text.split(maxSplits: 1) { $0 == " " || $0 == "T" }
    guard let day = parts.first else { return false }
    let isTime = parts.count == 1 ? isClock(day) : isClock(parts[1])
    return parts.count == 1 ? isTime || isDay(day) : isDay(day) && isTime
  }

  private static func isDay(_ text: Substring) -> Bool {
    ["-", "/", "."].contains { separator in
      let parts = text.split(separator: separator, omittingEmptySubsequences: false)
      guard parts.count == 3, parts[1].count <= 2 || isMonth(parts[1]) else { return false }
      return parts.enumerated().allSatisfy { place, part in
        (1...4).contains(part.count)
          && (part.allSatisfy(\.isDigit) || (place == 1 && isMonth(part)))
      }
    }
  }

  private static func isMonth(_ text: Substring) -> Bool {
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
      .contains(text.lowercased())
  }

  private static func isClock(_ text: Substring) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count >= 2
      && parts.prefix(2).allSatisfy { (1...2).contains($0.count) && $0.allSatisfy(\.isDigit) }
  }
}

import Datasets

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

  /// Decides for a field without its quotes and outer spaces.
  init(_ text: String, decimal: Character = ".") {
    // Most fields are numbers, and no number is one of the words for a missing value.
    if let number = FieldText.number(text, decimal: decimal) {
      self = number.isFinite ? .number(number, marks: []) : .hugeNumber
    } else if MissingText.words.contains(text) {
      self = .missing
    } else if DateText(text) != nil {
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
}

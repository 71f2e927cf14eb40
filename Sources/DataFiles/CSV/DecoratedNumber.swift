/// The marks that people write into numbers besides digits, sign, decimal mark and exponent.
struct NumberMarks: OptionSet {
  let rawValue: Int

  /// Marks between thousands: `1,234`, `1.234`, `1 234`, `1'234`.
  static let thousands = NumberMarks(rawValue: 1)
  /// A sign of a currency before or behind it, which is left out.
  static let currency = NumberMarks(rawValue: 2)
  /// `12%`, which is 0.12.
  static let percent = NumberMarks(rawValue: 4)
  /// `(5)`, as bookkeepers write -5.
  static let parentheses = NumberMarks(rawValue: 8)
}

/// A number as people write it for people: `$1,300.50`, `1.299,99 €`, `12%`, `(5)`.
struct DecoratedNumber {
  let value: Double
  let marks: NumberMarks

  /// Reads a text; nil when it is no number, or a plain one.
  init?(_ text: String, decimal: Character) {
    // Nearly all that comes here are words.
    guard let head = text.utf8.first, !head.isLetter, let decimal = decimal.unicodeScalars.first else {
      return nil
    }
    var marks: NumberMarks = []
    var core = Substring(text).unicodeScalars
    var isNegative = false
    var isPercent = false
    if core.first == "(", core.last == ")" {
      core = core.dropFirst().dropLast()
      isNegative = true
      marks.insert(.parentheses)
    }
    core.trimBlanks()
    if let sign = core.first, sign == "+" || sign == "-" || sign == "−", !isNegative {
      isNegative = sign != "+"
      core.removeFirst()
      core.trimBlanks()
    }
    if core.last == "%" {
      core.removeLast()
      isPercent = true
      marks.insert(.percent)
    }
    for isPrefix in [true, false] {
      guard let sign = isPrefix ? core.first : core.last, sign.isCurrency else { continue }
      core = isPrefix ? core.dropFirst() : core.dropLast()
      marks.insert(.currency)
      core.trimBlanks()
    }
    core.trimBlanks()
    // `$-5`
    if marks.contains(.currency), core.first == "-", !isNegative {
      isNegative = true
      core.removeFirst()
    }
    guard let first = core.first, first.isDigit || first == decimal else { return nil }
    var plain = String(core)
    if let without = DecoratedNumber.withoutThousands(core, decimal) {
      plain = without
      marks.insert(.thousands)
    }
    guard !marks.isEmpty || text.unicodeScalars.first == "−",
      let number = FieldText.number(plain, decimal: Character(decimal))
    else { return nil }
    // Divided, not multiplied: 12% is the double next to 0.12.
    let size = isPercent ? number / 100 : number
    value = isNegative ? -size : size
    self.marks = marks
  }

  /// Digits in groups of three without what stands between them; nil where they are not in such groups.
  private static func withoutThousands(
    _ text: Substring.UnicodeScalarView, _ decimal: Unicode.Scalar
  ) -> String? {
    let whole = text.prefix { $0 != decimal }
    guard let mark = whole.first(where: { !$0.isDigit }), mark.mayPartThousands,
      DigitGroups.areThousands(whole, partedBy: mark)
    else { return nil }
    return String(String.UnicodeScalarView(whole.filter { $0 != mark } + text[whole.endIndex...]))
  }
}

/// How digits stand in groups.
enum DigitGroups {
  /// Whether these are one to three digits, and then groups of three, with the mark before each.
  static func areThousands<Text: Sequence>(_ text: Text, partedBy mark: Text.Element) -> Bool
  where Text.Element: Digit {
    var groups = 1
    var digits = 0
    for element in text {
      if element == mark {
        guard groups == 1 ? (1...3).contains(digits) : digits == 3 else { return false }
        (groups, digits) = (groups + 1, 0)
      } else {
        guard element.isDigit else { return false }
        digits += 1
      }
    }
    return groups > 1 && digits == 3
  }
}

/// What may be a digit from 0 to 9.
protocol Digit: Equatable {
  var isDigit: Bool { get }
}

extension UInt8: Digit {
  /// An ASCII digit.
  var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }

  /// An ASCII letter.
  var isLetter: Bool { UInt8(ascii: "a") <= self | 0x20 && self | 0x20 <= UInt8(ascii: "z") }
}

extension Unicode.Scalar: Digit {
  /// A digit from 0 to 9.
  var isDigit: Bool { "0" <= self && self <= "9" }

  /// The sign of a currency.
  fileprivate var isCurrency: Bool {
    switch self {
    case "$", "€", "£", "¥", "₹", "₩", "₽": true
    default: false
    }
  }

  /// A space, one that keeps a line together, or the narrow one that typesetters use.
  fileprivate var isBlank: Bool { self == " " || self == "\u{A0}" || self == "\u{202F}" }

  /// Whether it may stand between thousands.
  fileprivate var mayPartThousands: Bool {
    isBlank || self == "'" || self == "’" || self == "," || self == "."
  }

  /// Whether a number may have it that is written for people.
  fileprivate var mayStandInNumbers: Bool {
    isDigit || mayPartThousands || isCurrency || self == "+" || self == "-" || self == "−" || self == "("
      || self == ")" || self == "%"
  }
}

extension Substring.UnicodeScalarView {
  /// Takes the blanks at both ends away.
  fileprivate mutating func trimBlanks() {
    while let first, first.isBlank { removeFirst() }
    while let last, last.isBlank { removeLast() }
  }
}

/// What the numbers of a file say about its decimal mark.
struct DecimalEvidence {
  private var commas = 0
  private var points = 0
  /// The first numbers such as `1,234` and `1.234`, which may be thousands or a fraction.
  private var openComma: String?
  private var openPoint: String?

  /// The digits, points and commas of the field at hand.
  private var core: [UInt8] = []

  /// Notes a field, which may be anything.
  mutating func note(_ text: String) {
    core.removeAll(keepingCapacity: true)
    var others = 0
    for scalar in text.unicodeScalars {
      if scalar.isDigit || scalar == "." || scalar == "," {
        core.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        // Letters and what else no number has: a date, a name, an address.
        others += 1
        guard others <= 5, scalar.mayStandInNumbers else { return }
      }
    }
    let (point, comma) = (UInt8(ascii: "."), UInt8(ascii: ","))
    guard let last = core.last(where: { !$0.isDigit }) else { return }
    let count = core.count { !$0.isDigit }
    let isGrouped = DigitGroups.areThousands(core, partedBy: last)
    if core.contains(last == comma ? point : comma) {
      // The mark that comes last is the decimal one, where the other parts thousands.
      guard
        DigitGroups.areThousands(core.prefix { $0 != last }, partedBy: last == comma ? point : comma)
      else { return }
      if last == comma { commas += 1 } else { points += 1 }
    } else if count > 1 {
      guard isGrouped else { return }
      if last == comma { points += 1 } else { commas += 1 }
    } else if !isGrouped || core.first == UInt8(ascii: "0") {
      if last == comma { commas += 1 } else { points += 1 }
    } else if last == comma {
      openComma = openComma ?? text
    } else {
      openPoint = openPoint ?? text
    }
  }

  /// The decimal mark.
  ///
  /// - Parameter delimiter: `;` is used where the comma is taken, so that `1,234` is a little more than one.
  func mark(delimiter: UInt8) -> Character {
    if points > 0 { return "." }
    return commas > 0 || (openComma != nil && delimiter == UInt8(ascii: ";")) ? "," : "."
  }

  /// How a number was read that may be a thousand times as large, and the option for that; nil where there is no doubt.
  func doubt(delimiter: UInt8) -> String? {
    guard delimiter == UInt8(ascii: ";"), points == 0, commas == 0, let example = openComma ?? openPoint,
      openComma == nil || openPoint == nil
    else { return nil }
    let isComma = openComma != nil
    return "`\(example)` read with a decimal \(isComma ? "comma" : "point"): if that parts thousands, say "
      + "decimal=\"\(isComma ? "." : ",")\""
  }
}

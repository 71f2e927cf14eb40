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

  private static let currencies: Set<Character> = ["$", "€", "£", "¥", "₹", "₩", "₽"]
  /// A space, one that keeps a line together, and the narrow one that typesetters use.
  private static let spaces: Set<Character> = [" ", "\u{A0}", "\u{202F}"]

  /// Reads a text; nil when it is no number, or a plain one.
  init?(_ text: String, decimal: Character) {
    var marks: NumberMarks = []
    var core = Substring(text)
    var isNegative = false
    var isPercent = false
    func trim() { core = core.trimming(DecoratedNumber.spaces) }
    if core.first == "(", core.last == ")" {
      core = core.dropFirst().dropLast()
      isNegative = true
      marks.insert(.parentheses)
    }
    trim()
    if let sign = core.first, "+-−".contains(sign), !isNegative {
      isNegative = sign != "+"
      core = core.dropFirst()
      trim()
    }
    if core.last == "%" {
      core = core.dropLast()
      isPercent = true
      marks.insert(.percent)
    }
    for isPrefix in [true, false] {
      guard let sign = isPrefix ? core.first : core.last, DecoratedNumber.currencies.contains(sign) else {
        continue
      }
      core = isPrefix ? core.dropFirst() : core.dropLast()
      marks.insert(.currency)
      trim()
    }
    trim()
    // `$-5`
    if marks.contains(.currency), core.first == "-", !isNegative {
      isNegative = true
      core = core.dropFirst()
    }
    guard core.first?.isDigit == true || core.first == decimal else { return nil }
    if let plain = DecoratedNumber.withoutThousands(core, decimal) {
      core = Substring(plain)
      marks.insert(.thousands)
    }
    guard !marks.isEmpty || text.first == "−", let number = FieldText.number(String(core), decimal: decimal)
    else {
      return nil
    }
    // Divided, not multiplied: 12% is the double next to 0.12.
    let size = isPercent ? number / 100 : number
    value = isNegative ? -size : size
    self.marks = marks
  }

  /// Digits in groups of three without what stands between them; nil where they are not in such groups.
  static func withoutThousands(_ text: Substring, _ decimal: Character) -> String? {
    let whole = text.prefix { $0 != decimal }
    guard let mark = whole.first(where: { !$0.isDigit }) else { return nil }
    guard spaces.contains(mark) || "'’".contains(mark) || mark == (decimal == "." ? "," : ".") else {
      return nil
    }
    let groups = whole.split(separator: mark, omittingEmptySubsequences: false)
    guard groups.count > 1, (1...3).contains(groups[0].count),
      groups.dropFirst().allSatisfy({ $0.count == 3 }),
      groups.allSatisfy({ $0.allSatisfy(\.isDigit) })
    else { return nil }
    return groups.joined() + text[whole.endIndex...]
  }
}

extension Character {
  /// A digit from 0 to 9.
  var isDigit: Bool { ("0"..."9").contains(self) }
}

extension Substring {
  /// Without these characters at both ends.
  fileprivate func trimming(_ characters: Set<Character>) -> Substring {
    var text = drop { characters.contains($0) }
    while let last = text.last, characters.contains(last) { text = text.dropLast() }
    return text
  }
}

/// What the numbers of a file say about its decimal mark.
struct DecimalEvidence {
  private var commas = 0
  private var points = 0
  /// The first numbers such as `1,234` and `1.234`, which may be thousands or a fraction.
  private var openComma: String?
  private var openPoint: String?

  /// Notes a field, which may be anything.
  mutating func note(_ text: String) {
    let core = text.filter { "0123456789.,".contains($0) }
    // Letters and what else no number has: a date, a name, an address.
    guard text.count - core.count <= 5, let first = core.first, first.isDigit || first == "." || first == ",",
      text.allSatisfy({ $0.isDigit || ".,+-−()%$€£¥₹₩₽ '’\u{A0}\u{202F}".contains($0) })
    else { return }
    let marks = core.filter { !$0.isDigit }
    guard let last = marks.last else { return }
    let isGrouped = DecoratedNumber.withoutThousands(Substring(core), last == "," ? "." : ",") != nil
    if Set(marks).count == 2 {
      // The mark that comes last is the decimal one, where the other parts thousands.
      guard DecoratedNumber.withoutThousands(Substring(core), last) != nil else { return }
      if last == "," { commas += 1 } else { points += 1 }
    } else if marks.count > 1 {
      guard isGrouped else { return }
      if last == "," { points += 1 } else { commas += 1 }
    } else if !isGrouped || core.first == "0" {
      if last == "," { commas += 1 } else { points += 1 }
    } else if last == "," {
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

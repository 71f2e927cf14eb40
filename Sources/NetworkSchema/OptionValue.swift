import Foundations

/// The value of an option: `units=3`, `rate=0.5`, `bias=false`, `activation=relu`, `kernel=5x5`.
public enum OptionValue: Sendable, Hashable {
  /// A whole number.
  case integer(Int)
  /// A number.
  case number(Double)
  /// True or false.
  case boolean(Bool)
  /// One of a fixed set of words.
  case word(String)
  /// Whole numbers, one an axis.
  case sizes([Int])

  /// The value as the language writes it.
  public var text: String {
    switch self {
    case .integer(let number): String(number)
    case .number(let number): number.brief.withShortExponent
    case .boolean(let truth): String(truth)
    case .word(let word): word
    case .sizes(let sizes): sizes.sizesText
    }
  }
}

extension String {
  /// `1e-7` for `1e-07`.
  fileprivate var withShortExponent: String {
    guard let exponent = firstIndex(of: "e") else { return self }
    let digits = index(exponent, offsetBy: 2)
    guard digits < endIndex, self[digits] == "0" else { return self }
    return String(self[..<digits] + self[index(after: digits)...])
  }
}

/// Decoded values of a kind's options, by name.
public struct OptionValues: Sendable, Hashable {
  /// The values that are there.
  public private(set) var values: [String: OptionValue]

  /// Creates values; none unless given.
  public init(_ values: [String: OptionValue] = [:]) { self.values = values }

  /// Whether no option has a value.
  public var isEmpty: Bool { values.isEmpty }

  /// The value of an option; nil where it has none.
  public subscript(name: String) -> OptionValue? {
    get { values[name] }
    set { values[name] = newValue }
  }

  /// The value of an option that takes a whole number; nil where it is absent or of another type.
  public func integer(_ name: String) -> Int? {
    if case .integer(let number)? = values[name] { number } else { nil }
  }

  /// The value of an option that takes a number; a whole number is one, too.
  public func number(_ name: String) -> Double? {
    switch values[name] {
    case .number(let number)?: number
    case .integer(let number)?: Double(number)
    default: nil
    }
  }

  /// The value of an option that takes `true` or `false`; nil where it is absent or of another type.
  public func boolean(_ name: String) -> Bool? {
    if case .boolean(let truth)? = values[name] { truth } else { nil }
  }

  /// The value of an option that takes a word; nil where it is absent or of another type.
  public func word(_ name: String) -> String? {
    if case .word(let word)? = values[name] { word } else { nil }
  }

  /// The value of an option that takes sizes; nil where it is absent or of another type.
  public func sizes(_ name: String) -> [Int]? {
    if case .sizes(let sizes)? = values[name] { sizes } else { nil }
  }

  /// The value of an option that takes one size an axis, where a single size stands for all axes; nil where it is
  /// absent or of another type.
  public func sizes(_ name: String, axes: Int) throws(SchemaViolation) -> [Int]? {
    guard let sizes = sizes(name), sizes.count != axes else { return sizes(name) }
    guard sizes.count == 1 else { throw .axes(option: name, given: sizes, axes: axes) }
    return [Int](repeating: sizes[0], count: axes)
  }

  /// These values, over those of `others`.
  public func over(_ others: OptionValues) -> OptionValues {
    OptionValues(others.values.merging(values) { $1 })
  }
}

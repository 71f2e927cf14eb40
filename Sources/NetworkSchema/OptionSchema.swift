/// The values that an option takes.
public enum OptionType: Sendable, Hashable {
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// A number in a range; a whole number is one, too.
  case number(NumberRange)
  /// True or false.
  case boolean
  /// One of a fixed set of words.
  case word(WordList)
  /// One whole number above 0, or up to so many joined by `x`: `5`, `5x5`.
  case sizes(Int)

  /// A description for a message: `a whole number, 1 or more`.
  public var wanted: String {
    switch self {
    case .integer(let range): range.description(of: "an integer")
    case .number(let range): "a number\(range == .any ? "" : " " + range.description)"
    case .boolean: "`true` or `false`"
    case .word(let list): "one of \(list.words.joined(separator: ", "))"
    case .sizes(1): "an integer, 1 or more"
    case .sizes(let most): "integers, 1 or more, joined by x: 5\(most > 1 ? " or 5x5" : "")"
    }
  }

  /// The same where a number that was given is none of them: one beyond a bound that is hardly ever reached is told that bound.
  public func wanted(insteadOf given: Double?) -> String {
    guard case .integer(let range) = self, let given, given > Double(range.upperBound) else { return wanted }
    return range.count == 1 ? wanted : "an integer from \(range.lowerBound) to \(range.upperBound)"
  }

  /// Whether a value is of this type.
  func isType(of value: OptionValue) -> Bool {
    switch (self, value) {
    case (.integer, .integer), (.number, .number), (.number, .integer), (.boolean, .boolean), (.word, .word),
      (.sizes, .sizes):
      true
    default: false
    }
  }

  /// Whether a value is of this type and in its range.
  func contains(_ value: OptionValue) -> Bool {
    switch (self, value) {
    case (.integer(let range), .integer(let number)): range.contains(number)
    case (.number(let range), .number(let number)): range.contains(number)
    case (.number(let range), .integer(let number)): range.contains(Double(number))
    case (.boolean, .boolean): true
    case (.word(let list), .word(let word)): list.words.contains(word)
    case (.sizes(let most), .sizes(let sizes)):
      (1...most).contains(sizes.count) && sizes.allSatisfy { $0 > 0 }
    default: false
    }
  }

  /// The smallest type that holds the values of both; this type where the two have nothing in common.
  func joined(with other: OptionType) -> OptionType {
    switch (self, other) {
    case (.number(let range), .number(let other)): .number(range.joined(with: other))
    case (.integer(let range), .integer(let other)):
      .integer(min(range.lowerBound, other.lowerBound)...max(range.upperBound, other.upperBound))
    case (.sizes(let most), .sizes(let other)): .sizes(max(most, other))
    default: self
    }
  }
}

extension ClosedRange<Int> {
  /// A bound that nobody reaches is not worth naming.
  fileprivate func description(of noun: String) -> String {
    if lowerBound == upperBound { return "only \(lowerBound)" }
    return upperBound >= 1_000_000
      ? "\(noun), \(lowerBound) or more" : "\(noun) from \(lowerBound) to \(upperBound)"
  }
}

/// An option of a kind: its name, the values it takes, its default and its meaning.
public struct OptionSchema: Sendable, Hashable {
  /// The name, in commands and in files.
  public let name: String
  /// The values that it takes.
  public let type: OptionType
  /// Whether it is written by its place behind the kind's name, without its own.
  public let isPositional: Bool
  /// Whether it must be given.
  public let isRequired: Bool
  /// The value when none is given; nil where it must be, or where the default is not a plain value.
  public let defaultValue: OptionValue?
  /// The default in words, where it is not a plain value: "the window's size".
  public let defaultText: String
  /// The meaning, in one line.
  public let help: String

  private init(
    name: String, type: OptionType, isPositional: Bool, isRequired: Bool = false,
    defaultValue: OptionValue? = nil, defaultText: String? = nil, help: String
  ) {
    self.name = name
    self.type = type
    self.isPositional = isPositional
    self.isRequired = isRequired
    self.defaultValue = defaultValue
    self.defaultText = defaultText ?? defaultValue?.text ?? ""
    self.help = help
  }

  /// An option that must be given, by its place: the `3` of `dense 3`.
  public static func required(_ name: String, _ type: OptionType, _ help: String) -> OptionSchema {
    OptionSchema(name: name, type: type, isPositional: true, isRequired: true, help: help)
  }

  /// An option that may be given by its place: the `relu` of `dense 3 relu`.
  public static func positional(
    _ name: String, _ type: OptionType, default value: OptionValue, _ help: String
  ) -> OptionSchema {
    OptionSchema(name: name, type: type, isPositional: true, defaultValue: value, help: help)
  }

  /// An option that may be given by its name: `bias=false`.
  public static func named(
    _ name: String, _ type: OptionType, default value: OptionValue, _ help: String
  ) -> OptionSchema {
    OptionSchema(name: name, type: type, isPositional: false, defaultValue: value, help: help)
  }

  /// An option that may be given by its name, and whose default follows from something else, told in words.
  public static func named(
    _ name: String, _ type: OptionType, defaultText: String, _ help: String
  ) -> OptionSchema {
    OptionSchema(name: name, type: type, isPositional: false, defaultText: defaultText, help: help)
  }

  /// The same option with another type.
  func replacing(type: OptionType) -> OptionSchema {
    OptionSchema(
      name: name, type: type, isPositional: isPositional, isRequired: isRequired, defaultValue: defaultValue,
      defaultText: defaultText, help: help)
  }

  /// Refuses a value that the option does not take.
  func check(_ value: OptionValue, of kind: String) throws(SchemaViolation) {
    guard type.isType(of: value) else { throw .wrongType(kind: kind, option: self, value: value) }
    guard type.contains(value) else { throw .outOfRange(kind: kind, option: self, value: value) }
  }
}

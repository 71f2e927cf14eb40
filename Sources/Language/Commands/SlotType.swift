/// What may stand in a slot of a command: behind the verb, or behind an option's `=`.
public enum SlotType: Sendable, Equatable {
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// One whole number above 0, or up to so many joined by `x`: `5`, `5x5`.
  case sizes(Int)
  /// A number in a range; percent is welcome.
  case number(NumberRange)
  /// `true` or `false`.
  case boolean
  /// One of a fixed set of words.
  case choice(Vocabulary)
  /// The word that picks one of the command's variants: a layer's kind, a plot's kind.
  case variant
  /// A name that comes into being here.
  case newName(NameKind)
  /// The name of something that exists.
  case name(NameKind)
  /// A column of a data set, which a file may have called anything.
  case column
  /// A data set, or a list of numbers.
  case dataOrValues
  /// A list of numbers, a number or a matrix.
  case values
  /// Any expression.
  case expression
  /// The name of a file, in quotes.
  case file
  /// `name`, or `name = expr`.
  case binding
  /// `name = literal`.
  case parameter
  /// What `help` explains: a verb, a kind, or any of the words in the table.
  case topic
  /// `{ rows }` or `= X -> Y`.
  case table
  /// `a -> {b c} -> d`, or `all`.
  case chain
}

extension SlotType {
  /// What may stand here, for a message: `a whole number, 1 or more`.
  public var wanted: String {
    switch self {
    case .integer(let range): range.words
    case .sizes(1): "a whole number, 1 or more"
    case .sizes(let most): "whole numbers, 1 or more, joined by x: 5\(most > 1 ? " or 5x5" : "")"
    case .number(let range): "a number\(range == .any ? "" : " " + range.description)"
    case .boolean: "`true` or `false`"
    case .choice(let vocabulary): "one of \(vocabulary.words.joined(separator: ", "))"
    case .name(let kind): "the name of a \(kind.rawValue)"
    case .newName, .binding: "a name"
    case .column: "a column's name, in quotes where it is more than a word"
    case .parameter: "a name and a value"
    case .values, .expression, .dataOrValues: "a value"
    case .file: "the name of a file, in quotes"
    case .table: "rows between braces, or arrays: `data points = X -> Y`"
    case .chain: "layers joined by arrows, `a -> b`, or `all`"
    case .variant, .topic: "a word"
    }
  }
}

extension ClosedRange<Int> {
  /// A bound that nobody reaches is not worth naming.
  fileprivate var words: String {
    upperBound >= 1_000_000
      ? "a whole number, \(lowerBound) or more" : "a whole number from \(lowerBound) to \(upperBound)"
  }
}

/// What a name can stand for.
public enum NameKind: String, Sendable {
  case data = "data set"
  case network
  case layer
  case variable
  case series
  /// Any of them.
  case anything = "name"
}

/// The numbers that a slot takes.
public struct NumberRange: Sendable, Equatable {
  /// The lower bound.
  public let minimum: Double
  /// The upper bound, itself allowed where ``includesMaximum`` says so.
  public let maximum: Double
  /// Whether the lower bound itself is allowed.
  public let includesMinimum: Bool
  /// Whether the upper bound itself is allowed.
  public let includesMaximum: Bool

  /// Any finite number.
  static let any = NumberRange(
    minimum: -.greatestFiniteMagnitude, maximum: .greatestFiniteMagnitude, includesMinimum: true,
    includesMaximum: true)
  /// Zero and all numbers above it.
  public static let notNegative = NumberRange(
    minimum: 0, maximum: .greatestFiniteMagnitude, includesMinimum: true, includesMaximum: true)
  /// All numbers above zero.
  public static let positive = NumberRange(
    minimum: 0, maximum: .greatestFiniteMagnitude, includesMinimum: false, includesMaximum: true)
  /// 0 up to, not including, 1.
  public static let fraction = NumberRange(
    minimum: 0, maximum: 1, includesMinimum: true, includesMaximum: false)
  /// Between 0 and 1, neither included.
  public static let share = NumberRange(
    minimum: 0, maximum: 1, includesMinimum: false, includesMaximum: false)

  /// Whether `value` lies in the range.
  public func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    return (includesMinimum ? value >= minimum : value > minimum)
      && (includesMaximum ? value <= maximum : value < maximum)
  }

  /// `above 0`, `from 0 to below 1`, `between 0 and 1`.
  public var description: String {
    if maximum == .greatestFiniteMagnitude {
      return includesMinimum ? "\(minimum.brief) or more" : "above \(minimum.brief)"
    }
    if !includesMinimum, !includesMaximum { return "between \(minimum.brief) and \(maximum.brief)" }
    return "from \(minimum.brief) to \(includesMaximum ? "" : "below ")\(maximum.brief)"
  }
}

extension Double {
  /// The number without a needless `.0`.
  public var brief: String {
    self == rounded() && magnitude < 1e15 ? String(Int(self)) : "\(self)"
  }
}

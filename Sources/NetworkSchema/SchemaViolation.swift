/// A mistake in the options of a kind. It names kind and option; who reports it knows the place.
public enum SchemaViolation: Error, Sendable, Hashable {
  /// There is no such kind.
  case unknownKind(family: String, name: String)
  /// The kind has no such option; `known` are those it has.
  case unknownOption(kind: String, option: String, known: [String])
  /// An option that must be given is missing.
  case missing(kind: String, option: OptionSchema)
  /// A value is of another type than the option's.
  case wrongType(kind: String, option: OptionSchema, value: OptionValue)
  /// A value is of the right type and none that the option takes.
  case outOfRange(kind: String, option: OptionSchema, value: OptionValue)
  /// There are neither as many sizes as axes nor one for all of them.
  case axes(option: String, given: [Int], axes: Int)

  /// The name of the option that is at fault; nil where it is the kind itself.
  public var option: String? {
    switch self {
    case .unknownKind: nil
    case .unknownOption(_, let option, _), .axes(let option, _, _): option
    case .missing(_, let option), .wrongType(_, let option, _), .outOfRange(_, let option, _): option.name
    }
  }

  /// What to write instead, where that is known.
  public var suggestion: String? {
    guard case .axes(_, let given, let axes) = self else { return nil }
    return OptionValue.sizes([Int](repeating: given[0], count: axes)).text
  }

  /// The mistake as a sentence.
  public var message: String {
    switch self {
    case .unknownKind(let family, let name): "There is no \(family) `\(name)`."
    case .unknownOption(let kind, let option, let known):
      "`\(kind)` has no option `\(option)`. "
        + (known.isEmpty ? "It takes no options." : "It takes \(known.joined(separator: ", ")).")
    case .missing(let kind, let option): "`\(kind)` needs its `\(option.name)`: \(option.help)."
    case .wrongType(_, let option, let value), .outOfRange(_, let option, let value):
      "`\(option.name)` takes \(option.type.wanted(insteadOf: value.whole)), not \(value.text): \(option.help)."
    case .axes(let option, let given, let axes):
      "`\(option)` needs \(axes) numbers here, or one for all axes, but \(OptionValue.sizes(given).text) has "
        + "\(given.count): \(suggestion ?? "")"
    }
  }
}

extension OptionValue {
  /// The whole number that it is.
  fileprivate var whole: Double? { if case .integer(let number) = self { Double(number) } else { nil } }
}

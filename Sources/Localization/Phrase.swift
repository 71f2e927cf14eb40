/// The phrase in the language that is spoken now; see ``Phrase``.
public func localized(_ phrase: Phrase) -> String { phrase.text }

/// Something that the program says, written in English where it is said. Its French stands in ``French``, under the
/// English text with `{}` for what is put in.
///
/// ```swift
/// let total = 4
/// let score = localized("\(total, "row") of xor")  // "4 rows of xor"
/// ```
public struct Phrase: ExpressibleByStringInterpolation, Sendable {
  /// What is put into a phrase.
  struct Argument: Sendable {
    /// It as text; for a counted noun the noun alone.
    var text: String
    /// The number, where it is one.
    var count: Int?
    /// Whether `text` is a noun to be counted.
    var isNoun = false
  }

  /// The English text, with `{}` for an argument and `{row}` for a number of rows.
  let key: String
  let arguments: [Argument]
  let english: String

  /// Creates a phrase in which nothing is put in.
  public init(stringLiteral text: String) {
    (key, english, arguments) = (text, text, [])
  }

  /// Creates a phrase of its parts.
  public init(stringInterpolation parts: Interpolation) {
    (key, english, arguments) = (parts.key, parts.english, parts.arguments)
  }

  /// The phrase in the language that is spoken now.
  public var text: String {
    switch UserLanguage.current {
    case .english: english
    case .french: French.text(of: self)
    }
  }

  /// Takes a phrase apart as it is written.
  public struct Interpolation: StringInterpolationProtocol, Sendable {
    var key = ""
    var english = ""
    var arguments: [Argument] = []

    /// Begins a phrase.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Goes on with words.
    public mutating func appendLiteral(_ literal: String) {
      key += literal
      english += literal
    }

    /// Puts in a text as it is.
    public mutating func appendInterpolation(_ text: some StringProtocol) {
      append(Argument(text: String(text)), key: "{}", english: String(text))
    }

    /// Puts in a character as it is.
    public mutating func appendInterpolation(_ character: Character) {
      appendInterpolation(String(character))
    }

    /// Puts in a number, by which words near it may change.
    public mutating func appendInterpolation(_ number: Int) {
      append(Argument(text: String(number), count: number), key: "{}", english: String(number))
    }

    /// Puts in so many of something: `4 rows`.
    public mutating func appendInterpolation(_ count: Int, _ noun: String) {
      append(
        Argument(text: noun, count: count, isNoun: true), key: "{\(noun)}",
        english: EnglishNoun.counted(count, noun))
    }

    /// Puts in so many of something that is known only when it is said, such as what an axis counts.
    public mutating func appendInterpolation(_ count: Int, of noun: String) {
      append(
        Argument(text: noun, count: count, isNoun: true), key: "{}", english: EnglishNoun.counted(count, noun)
      )
    }

    private mutating func append(_ argument: Argument, key: String, english: String) {
      arguments.append(argument)
      self.key += key
      self.english += english
    }
  }

  /// What takes a phrase apart.
  public typealias StringInterpolation = Interpolation
}

/// English nouns and their number.
public enum EnglishNoun {
  /// So many of something: `1 row`, `4 rows`.
  public static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(count == 1 ? noun : plural(of: noun))"
  }

  /// A noun for more than one: `epochs`, `batches`.
  public static func plural(of noun: String) -> String {
    noun + (["s", "x", "tch", "sh"].contains(where: noun.hasSuffix) ? "es" : "s")
  }
}

/// A noun in the singular, in the language that is spoken now: of ``Phrase``'s nouns one that is known only when it is
/// said.
public func localizedNoun(_ noun: String) -> String {
  switch UserLanguage.current {
  case .english: noun
  case .french: French.nouns[noun]?.one ?? noun
  }
}

/// A noun in the plural, as ``localizedNoun(_:)`` in the singular.
public func localizedPlural(of noun: String) -> String {
  switch UserLanguage.current {
  case .english: EnglishNoun.plural(of: noun)
  case .french: French.plural(of: noun)
  }
}

/// The name of a metric of trainings, in the language that is spoken now; what somebody else named keeps its name.
public func localizedMetric(_ name: String) -> String {
  switch name {
  case "loss": localized("loss")
  case "accuracy": localized("accuracy")
  case "val_loss": localized("val_loss")
  case "val_accuracy": localized("val_accuracy")
  default: name
  }
}

/// The headline of an error, in the language that is spoken now.
///
/// - Parameters:
///   - code: its stable name, `unknown-option`.
///   - english: the headline in English.
public func localizedTitle(of code: String, english: String) -> String {
  switch UserLanguage.current {
  case .english: english
  case .french: French.titles[code]?.uppercased() ?? english
  }
}

/// What a term of the glossary means, in the language that is spoken now.
///
/// - Parameters:
///   - term: its English name, `learning rate`.
///   - english: the meaning in English.
public func localizedMeaning(of term: String, english: String) -> String {
  switch UserLanguage.current {
  case .english: english
  case .french: French.meanings[term]?.withFixedSpaces ?? english
  }
}

extension [String] {
  /// `a`, `a and b`, `a, b and c`, in the language that is spoken now.
  public var localizedList: String {
    guard let last, count > 1 else { return joined() }
    return localized("\(dropLast().joined(separator: ", ")) and \(last)")
  }
}

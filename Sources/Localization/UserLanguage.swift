/// The languages that the program speaks to its user. The commands that a user types are English in all of them.
///
/// ```swift
/// let line = UserLanguage.french.speaking { localized("\(4, "row")") }  // "4 lignes"
/// ```
public enum UserLanguage: Sendable {
  case english, french

  /// The language of what is said now: that of the notebook that runs, else that of the user's locale.
  ///
  /// It belongs to the task or thread, as ``speaking(_:)`` sets it, so that two notebooks of one process may each have
  /// their own. Work that is handed to a queue takes it along.
  @TaskLocal public static var current = UserLanguage.english

  /// The language of a tag as a notebook's header has it, `fr` or `fr-CA`; English where it is no other that is known.
  public init(tag: String) {
    let language = tag.lowercased().prefix { $0.isLetter }
    self = ["fr", "fra", "fre", "french"].contains(language) ? .french : .english
  }

  /// The language of the locale: of `LC_ALL`, `LC_MESSAGES` and `LANG` the first that is set, as POSIX has it.
  ///
  /// - Parameter environment: the environment's variables.
  public init(environment: [String: String]) {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    self.init(tag: locale ?? "")
  }

  /// The tag of the language in HTML, `fr`.
  public var tag: String {
    switch self {
    case .english: "en"
    case .french: "fr"
    }
  }

  /// What stands between the thousands of a large number.
  public var groupSeparator: String {
    switch self {
    case .english: ","
    case .french: "\u{A0}"
    }
  }

  /// Does some work, and whatever is said meanwhile is said in this language.
  public func speaking<Result>(_ work: () throws -> Result) rethrows -> Result {
    try UserLanguage.$current.withValue(self, operation: work)
  }
}

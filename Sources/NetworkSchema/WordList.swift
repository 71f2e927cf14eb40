/// A fixed set of words, and what one of them is called.
public struct WordList: Sendable, Hashable {
  /// A word and what it means, in one line.
  public struct Word: Sendable, Hashable {
    /// The word.
    public let name: String
    /// Its meaning.
    public let help: String

    /// Creates a word.
    public init(name: String, help: String) {
      self.name = name
      self.help = help
    }
  }

  /// What one of the words is called: `loss`, `optimizer`. Lists of one noun are the same list, in one catalog or
  /// another.
  public let noun: String
  /// The words, with their meaning.
  public let entries: [Word]

  /// The words alone.
  public var words: [String] { entries.map(\.name) }

  /// Creates a list of words with their meaning.
  public init(_ noun: String, _ entries: KeyValuePairs<String, String>) {
    self.noun = noun
    self.entries = entries.map { Word(name: $0.key, help: $0.value) }
  }

  /// Creates the list of some kinds' names.
  public init(_ noun: String, kinds: [KindSchema]) {
    self.noun = noun
    entries = kinds.map { Word(name: $0.name, help: $0.summary) }
  }
}

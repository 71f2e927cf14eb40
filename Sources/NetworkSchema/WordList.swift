public import Foundations

/// A fixed set of words, and what one of them is called.
public struct WordList: Sendable, Hashable {
  /// A word and what it means, in one line.
  public struct Word: Sendable, Hashable {
    /// The word.
    public let name: String
    /// Its meaning.
    public let help: String
  }

  /// What one of the words is called: `loss`, `optimizer`.
  public let noun: String
  /// The code of the mistake that gives a word which is none of them.
  public let unknown: ErrorCode
  /// The family whose names the words are; nil for words of the language alone.
  public let family: KindFamily?
  /// The words, with their meaning.
  public let entries: [Word]

  /// The words alone.
  public var words: [String] { entries.map(\.name) }
}

extension WordList {
  /// Creates a list of words with their meaning.
  public init(_ noun: String, unknown: ErrorCode, _ entries: KeyValuePairs<String, String>) {
    self.init(
      noun: noun, unknown: unknown, family: nil, entries: entries.map { Word(name: $0.key, help: $0.value) })
  }
}

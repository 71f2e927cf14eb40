import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

/// Texts cut into tokens.
@Suite struct TextDatasetTests {
  @Test func charactersAreThoseOfAReader() throws {
    let vocabulary = Vocabulary(of: "né\r\nb a\n", unit: .char)
    #expect(vocabulary.tokens == ["\n", " ", "a", "b", "n", "é"])
    let numbers = try vocabulary.encode("né\nab", of: "it")
    #expect(numbers == [4, 5, 0, 2, 3])
    #expect(vocabulary.decode(numbers) == "né\nab")
  }

  @Test func wordsStandByThemselves() throws {
    let text = "Don't stop, \"now\" (or then).\nWell... 3 cats?"
    let tokens = Vocabulary.cut(text, into: .word)
    #expect(
      tokens == [
        "Don't", "stop", ",", "\"", "now", "\"", "(", "or", "then", ")", ".", "\n", "Well", ".", ".", ".",
        "3", "cats", "?",
      ])
    let vocabulary = Vocabulary(of: text, unit: .word)
    let back = vocabulary.decode(try vocabulary.encode("stop, now (or then).\nWell", of: "it"))
    #expect(back == "stop, now (or then).\nWell")
  }

  @Test func windowsFollowEachOtherAndSoDoTargets() throws {
    let text = try Dataset(name: "t", text: "abcabcab", unit: .char, window: 3)
    #expect(text.rows == 2 && text.inputShape == [3] && text.targetWidth == 3)
    #expect(text.inputs == [0, 1, 2, 0, 1, 2] && text.targets == [1, 2, 0, 1, 2, 0])
    #expect(text.vocabulary?.tokens == ["a", "b", "c"])
    let short = try Dataset(name: "t", text: "abcab", unit: .char)
    #expect(short.rows == 1 && short.inputs == [0, 1, 2, 0])
    let part = short.selecting(rows: [0], name: "part")
    #expect(part.vocabulary == text.vocabulary)
  }

  @Test func whatIsTooShortIsRefused() {
    expectError(.emptyFile) { _ = try Dataset(name: "t", text: "a", unit: .char) }
    expectError(.emptyFile) { _ = try Dataset(name: "t", text: "", unit: .word) }
    expectError(.badWindow) { _ = try Dataset(name: "t", text: "abc", unit: .char, window: 3) }
  }

  @Test func aSecondTextGetsTheNumbersOfTheFirst() throws {
    let first = try Dataset(name: "a", text: "abcd", unit: .char)
    let vocabulary = try #require(first.vocabulary)
    let second = try Dataset(name: "b", text: "dbdb", unit: .char, window: 3).renumbered(by: vocabulary)
    #expect(second.inputs == [3, 1, 3] && second.targets == [1, 3, 1] && second.vocabulary == vocabulary)
    expectError(.unknownToken) {
      _ = try Dataset(name: "b", text: "dxd", unit: .char).renumbered(by: vocabulary)
    }
    expectError(.unknownToken) {
      _ = try Dataset(name: "b", text: "a b", unit: .word).renumbered(by: vocabulary)
    }
    expectError(.unknownToken) { _ = try vocabulary.encode("A", of: "it") }
    // A row that was split off has no need of tokens that only others have.
    let parts = try Dataset(name: "c", text: "ababxx", unit: .char, window: 2)
    let part = parts.selecting(rows: [0], name: "c")
    #expect(try part.renumbered(by: vocabulary).inputs == [0, 1])
  }

  @Test func whatIsKeptIsHeldAgainstTheVocabulary() throws {
    #expect(Vocabulary(unit: .char, tokens: []) == nil)
    #expect(Vocabulary(unit: .char, tokens: ["a", "a"]) == nil)
    let vocabulary = try #require(Vocabulary(unit: .char, tokens: ["a", "b"]))
    expectError(.badState) {
      _ = try Dataset(
        name: "t", rows: 1, storage: .doubles([2]), inputColumns: DataColumn.numbers("x", 1), inputShape: [1],
        targets: [0], targetColumns: DataColumn.numbers("y", 1), filledPlaces: [], notes: [],
        vocabulary: vocabulary)
    }
  }
}

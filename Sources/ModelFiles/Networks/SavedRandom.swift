public import Foundations
public import NeuralEngine

/// Where a session's random stream stood.
public struct SavedRandom: Sendable, Equatable {
  /// The seed that the stream started from.
  public var seed: UInt64
  /// Where it stood.
  public var position: RandomStream.State

  private static let metadataKey = "random"

  /// Creates what is saved.
  public init(seed: UInt64, position: RandomStream.State) {
    self.seed = seed
    self.position = position
  }

  /// Puts it into a file's metadata.
  public func store(in file: inout ArrayFile) throws(CodedError) {
    file.metadata[SavedRandom.metadataKey] = try recordText(
      RandomRecord(
        seed: String(seed, radix: 16), words: position.words.map { String($0, radix: 16) },
        spareNormal: position.spareNormal))
  }

  /// Takes it out of a file's metadata; nil where there is none.
  ///
  /// - Parameter path: what messages call the file.
  /// - Throws: `bad-model-file`.
  public init?(from file: ArrayFile, at path: String) throws(CodedError) {
    guard let text = file.metadata[SavedRandom.metadataKey] else { return nil }
    let reading = RecordReading(file: path)
    let record = try reading.record(RandomRecord.self, text, SavedRandom.metadataKey)
    let words = record.words.compactMap { UInt64($0, radix: 16) }
    position = RandomStream.State(words: words, spareNormal: record.spareNormal)
    guard let seed = UInt64(record.seed, radix: 16), words.count == record.words.count,
      RandomStream(position) != nil
    else { throw reading.bad("the state of its random numbers is invalid") }
    self.seed = seed
  }
}

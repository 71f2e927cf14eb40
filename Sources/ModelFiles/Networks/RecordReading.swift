package import FoundationEssentials
package import Foundations
package import JSON
import NeuralEngine

/// Reads records out of a file, and says what is wrong with them.
package struct RecordReading: Sendable {
  private let refusal: @Sendable (String) -> CodedError

  /// Creates a reading.
  ///
  /// - Parameter refusal: makes an error of the reason why the file is refused, which names the file and says
  ///   what to do about it.
  package init(_ refusal: @escaping @Sendable (String) -> CodedError) { self.refusal = refusal }

  /// The reading of a model file, by what messages call it.
  init(file: String) { self.init { .badModelFile(file, $0) } }

  /// The error for a file that is damaged, or was made to do harm.
  package func bad(_ reason: String) -> CodedError { refusal(reason) }

  /// A record out of the JSON in a file's metadata.
  func record<Record: Decodable>(
    _: Record.Type, _ text: String, _ what: String, migrate: ((JSONValue) -> JSONValue)? = nil
  ) throws(CodedError) -> Record {
    try record(Record.self, Data(text.utf8), JSONDecoder(), "the metadata `\(what)`", migrate: migrate)
  }

  /// A record out of JSON.
  ///
  /// - Parameters:
  ///   - what: what messages call the JSON.
  ///   - migrate: makes of what an earlier version of nbs wrote what this one would have written.
  package func record<Record: Decodable>(
    _: Record.Type, _ bytes: Data, _ decoder: JSONDecoder, _ what: String,
    migrate: ((JSONValue) -> JSONValue)? = nil
  ) throws(CodedError) -> Record {
    // Of two members of the same name, one would be taken without a word.
    let json: JSONValue
    do throws(JSONError) { json = try JSONReader.document(Array(bytes)) } catch {
      throw bad("\(what) is not JSON: expected \(error.message) at byte \(error.offset)")
    }
    if let name = json.repeatedName { throw bad("\(what) has \(name.asName) twice") }
    let present = migrate.map { Data($0(json).compact.utf8) } ?? bytes
    do { return try decoder.decode(Record.self, from: present) } catch {
      throw bad("\(what) \(RecordReading.words(for: error))")
    }
  }

  private static func words(for error: any Error) -> String {
    func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
      (context.codingPath + (key.map { [$0] } ?? [])).map { key in
        key.intValue.map { "[\($0)]" } ?? "." + key.stringValue
      }.joined().dropFirst().description
    }
    return switch error {
    case DecodingError.keyNotFound(let key, let context): "lacks `\(path(context, key))`"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      "has an invalid value at `\(path(context))`"
    default: "cannot be read"
    }
  }

  /// One of the engine's words by its name.
  package func word<Word: RawRepresentable<String>>(
    _ text: String, as: Word.Type, _ what: String
  ) throws(CodedError) -> Word {
    guard let word = Word(rawValue: text) else { throw bad("the \(what) is unknown: \(text.asName)") }
    return word
  }

  /// An array of a file.
  package func array(_ name: String, in file: ArrayFile) throws(CodedError) -> StoredArray {
    guard let array = file[name] else { throw bad("it has no array \(name.asName)") }
    return array
  }

  /// Does what may find that parts of a network do not fit together.
  package func telling<Result>(_ body: () throws(CodedError) -> Result) throws(CodedError) -> Result {
    do throws(CodedError) { return try body() } catch {
      throw bad("its network cannot be built. \(error.message)".withoutFullStop)
    }
  }

  /// Names stand in commands and in messages, so they are what the language takes for a name.
  package func checkName(_ name: String) throws(CodedError) {
    let isWord = name.unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        ? scalar == "_" || Character(scalar).isLetter || Character(scalar).isNumber
        : scalar.properties.isXIDContinue || scalar.properties.isEmojiPresentation
    }
    guard isWord, let first = name.unicodeScalars.first, !("0"..."9").contains(first) else {
      throw bad("\(name.asName) is not a name: names consist of letters, digits and _")
    }
  }
}

extension JSONValue {
  /// A name that stands twice in one object, here or further in.
  fileprivate var repeatedName: String? {
    switch self {
    case .array(let items): return items.lazy.compactMap(\.repeatedName).first
    case .object(let members):
      var seen: Set<String> = []
      for member in members {
        if !seen.insert(member.key).inserted { return member.key }
        if let name = member.value.repeatedName { return name }
      }
      return nil
    default: return nil
    }
  }
}

/// A record as JSON on one line, members sorted: the same network gives the same bytes.
func recordText(_ record: some Encodable) throws(CodedError) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do { return String(decoding: try encoder.encode(record), as: UTF8.self) } catch {
    throw CodedError(.notFinite, "An option of the network is not finite, so it cannot be saved.")
  }
}

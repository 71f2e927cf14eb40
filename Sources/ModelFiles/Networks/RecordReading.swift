import FoundationEssentials
import JSON
import NeuralEngine

/// Reads records out of a file's metadata, and says what is wrong with them.
struct RecordReading {
  /// What a message calls the file.
  let file: String

  func bad(_ reason: String) -> EngineError { .badModelFile(file, reason) }

  /// A record out of a JSON text.
  func record<Record: Decodable>(_: Record.Type, _ text: String, _ what: String) throws(EngineError) -> Record
  {
    // Of two members of the same name, one would be taken without a word.
    let json: JSONValue
    do throws(JSONError) { json = try JSONReader.document(Array(text.utf8)) } catch {
      throw bad("the metadata `\(what)` is no JSON: expected \(error.message) at byte \(error.offset)")
    }
    if let name = json.repeatedName { throw bad("the metadata `\(what)` has \(name.asName) twice") }
    do { return try JSONDecoder().decode(Record.self, from: Data(text.utf8)) } catch {
      throw bad("the metadata `\(what)` \(RecordReading.words(for: error))")
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
      "holds something unfit at `\(path(context))`"
    default: "cannot be read"
    }
  }

  /// One of the engine's words by its name.
  func word<Word: RawRepresentable<String>>(
    _ text: String, as: Word.Type, _ what: String
  ) throws(EngineError) -> Word {
    guard let word = Word(rawValue: text) else { throw bad("the \(what) is not known here: \(text.asName)") }
    return word
  }

  /// Names stand in commands and in messages, so they are what the language takes for a name.
  func checkName(_ name: String) throws(EngineError) {
    let isWord =
      name.first.map { $0.isLetter || $0 == "_" } == true && name.count <= 200
      && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    guard isWord else { throw bad("\(name.asName) is no name: letters, digits and _ make one") }
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
func recordText(_ record: some Encodable) throws(EngineError) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do { return String(decoding: try encoder.encode(record), as: UTF8.self) } catch {
    throw EngineError("not-finite", "A setting of the network is no finite number, so it cannot be saved.")
  }
}

package import Foundations
import JSON
import NeuralEngine

/// Reads the header of a safetensors file and checks that what it claims is one sound division of the bytes that
/// follow it.
struct HeaderReader {
  /// An array as the header describes it.
  struct Entry {
    let name: String
    let element: StoredArray.Element
    let shape: [Int]
    /// Its bytes, counted from the end of the header.
    let range: Range<Int>
  }

  /// What a message calls the file.
  let file: String
  /// How many bytes follow the header.
  let dataSize: Int

  func read(_ bytes: [UInt8]) throws(CodedError) -> (metadata: [String: String], entries: [Entry]) {
    var metadata: [String: String] = [:]
    var entries: [Entry] = []
    for member in try members(of: try json(bytes), "the header") {
      if member.key == ArrayFile.metadataKey {
        metadata = try texts(member.value)
      } else {
        entries.append(try entry(member))
      }
    }
    // Zero bytes at the same place are in any order.
    entries.sort {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    try checkCover(entries)
    return (metadata, entries)
  }

  private func json(_ bytes: [UInt8]) throws(CodedError) -> JSONValue {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw bad("its header is not UTF-8") }
    do throws(JSONError) { return try JSONReader.document(bytes) } catch {
      throw bad("its header is not JSON: expected \(error.message) at byte \(error.offset)")
    }
  }

  /// The members of an object, no name twice.
  private func members(of value: JSONValue, _ what: String) throws(CodedError) -> [JSONValue.Member] {
    guard let members = value.members else { throw bad("\(what) is not a JSON object") }
    var seen: Set<String> = []
    for member in members where !seen.insert(member.key).inserted {
      throw bad("\(what) has \(member.key.asName) twice")
    }
    return members
  }

  private func texts(_ value: JSONValue) throws(CodedError) -> [String: String] {
    var texts: [String: String] = [:]
    for member in try members(of: value, "the metadata") {
      guard let text = member.value.string else {
        throw bad("the metadata \(member.key.asName) is not a text")
      }
      texts[member.key] = text
    }
    return texts
  }

  private func entry(_ member: JSONValue.Member) throws(CodedError) -> Entry {
    let name = member.key.asName
    _ = try members(of: member.value, name)
    guard let type = member.value["dtype"]?.string else { throw bad("\(name) has no dtype") }
    guard let element = StoredArray.Element(rawValue: type) else {
      let known = StoredArray.Element.allCases.map(\.rawValue).joined(separator: ", ")
      throw bad("\(name) is of the type \(type.asName), and only \(known) can be read")
    }
    let shape = try wholeNumbers(member.value["shape"], "the shape of \(name)")
    let offsets = try wholeNumbers(member.value["data_offsets"], "the data_offsets of \(name)")
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= dataSize else {
      throw bad(
        "\(name) should be at the bytes \(offsets.words), and the file has \(dataSize) bytes of arrays")
    }
    let size = try size(shape, element, name)
    guard size == offsets[1] - offsets[0] else {
      throw bad(
        "\(name) of shape \(shape.words) takes \(size) bytes, but \(offsets[1] - offsets[0]) are reserved")
    }
    return Entry(name: member.key, element: element, shape: shape, range: offsets[0]..<offsets[1])
  }

  private func wholeNumbers(_ value: JSONValue?, _ what: String) throws(CodedError) -> [Int] {
    guard let items = value?.array, items.count <= 32 else {
      throw bad("\(what) is not a list of up to 32 numbers")
    }
    var numbers: [Int] = []
    for item in items {
      guard let number = item.int, number >= 0 else {
        throw bad("\(what) contains something other than integers of 0 or more")
      }
      numbers.append(number)
    }
    return numbers
  }

  private func size(
    _ shape: [Int], _ element: StoredArray.Element, _ name: String
  ) throws(CodedError) -> Int {
    var size = element.width
    // A 0 among the lengths must not hide that the others are absurd.
    for length in shape where length > 0 {
      let (product, overflows) = size.multipliedReportingOverflow(by: length)
      guard !overflows else { throw bad("\(name) of shape \(shape.words) is larger than any file") }
      size = product
    }
    return shape.contains(0) ? 0 : size
  }

  /// Every byte belongs to one array: a gap could hide anything, and an overlap is a trap for whoever writes.
  private func checkCover(_ entries: [Entry]) throws(CodedError) {
    var end = 0
    for entry in entries {
      guard entry.range.lowerBound == end else {
        let what = entry.range.lowerBound < end ? "overlaps the array before it" : "leaves a gap before it"
        throw bad("\(entry.name.asName) \(what)")
      }
      end = entry.range.upperBound
    }
    guard end == dataSize else {
      throw bad("the arrays take \(end) bytes, but \(dataSize) follow the header")
    }
  }

  private func bad(_ reason: String) -> CodedError { .badModelFile(file, reason) }
}

extension CodedError {
  /// A file that is damaged, or was made to do harm.
  package static func badModelFile(_ file: String, _ reason: String) -> CodedError {
    CodedError(
      .badModelFile,
      "`\(file)` is not a valid model file: \(reason). Save it again, or copy it again from its source.")
  }
}

extension String {
  /// A name out of a file, safe to show: short, and without characters that a terminal would obey.
  package var asName: String {
    let shown = String(prefix(60).unicodeScalars.map { $0.isLegible ? Character($0) : "\u{FFFD}" })
    return "`\(shown)\(shown.utf8.count < utf8.count && count > 60 ? "…" : "")`"
  }
}

extension Unicode.Scalar {
  fileprivate var isLegible: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
    default: true
    }
  }
}

extension [Int] {
  /// `[2, 3]`
  fileprivate var words: String { "[" + map(String.init).joined(separator: ", ") + "]" }
}

import JSON

extension ArrayFile {
  /// The name under which the header keeps texts; no array can be called that.
  static let metadataKey = "__metadata__"

  /// What a header says of an array.
  struct Entry {
    let name: String
    let element: StoredArray.Element
    let shape: [Int]
    let byteCount: Int

    init(_ name: String, _ element: StoredArray.Element, _ shape: [Int], _ byteCount: Int) {
      self.name = name
      self.element = element
      self.shape = shape
      self.byteCount = byteCount
    }
  }

  /// What stands before the arrays, its length included.
  func header(of entries: [Entry]) -> [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      let texts = metadata.map { JSONValue.Member($0.key, .string($0.value)) }
      members.append(.init(ArrayFile.metadataKey, .object(texts.sortedByKey)))
    }
    var end = 0
    for entry in entries {
      members.append(.init(entry.name, entry.json(from: end)))
      end += entry.byteCount
    }
    var text = Array(JSONValue.object(members).compact.utf8)
    // The arrays begin at a multiple of eight, so that a reader may map the file and use them in place.
    text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }
}

extension ArrayFile.Entry {
  fileprivate func json(from start: Int) -> JSONValue {
    .members([
      "dtype": .string(element.rawValue), "shape": .array(shape.map { .number(String($0)) }),
      "data_offsets": .array([start, start + byteCount].map { .number(String($0)) }),
    ])
  }
}

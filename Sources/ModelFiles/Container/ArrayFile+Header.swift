import JSON

extension ArrayFile {
  /// The name under which the header keeps texts; no array can be called that.
  static let metadataKey = "__metadata__"

  /// What stands before the arrays, its length included.
  func header(of arrays: [StoredArray]) -> [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      let texts = metadata.map { JSONValue.Member($0.key, .string($0.value)) }
      members.append(.init(ArrayFile.metadataKey, .object(texts.sortedByKey)))
    }
    var end = 0
    for array in arrays {
      members.append(.init(array.name, array.entry(from: end)))
      end += array.bytes.count
    }
    var text = Array(JSONValue.object(members).compact.utf8)
    // The arrays begin at a multiple of eight, so that a reader may map the file and use them in place.
    text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }
}

extension StoredArray {
  fileprivate func entry(from start: Int) -> JSONValue {
    .object([
      .init("dtype", .string(element.rawValue)),
      .init("shape", .array(shape.map { .number(String($0)) })),
      .init("data_offsets", .array([start, start + bytes.count].map { .number(String($0)) })),
    ])
  }
}

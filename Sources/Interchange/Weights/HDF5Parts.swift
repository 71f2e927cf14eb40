internal import Foundations
internal import ModelFiles

/// The messages of an object's header, of either version.
struct HDF5Header {
  let file: HDF5Bytes

  /// The most messages of an object, and the most stretches that they lie in.
  private static let most = 4096

  func messages(_ place: Int) throws(CodedError) -> [HDF5Message] {
    let isNewer = try file.slice(place, 4).elementsEqual("OHDR".utf8)
    return isNewer ? try newer(place) : try older(place)
  }

  private func older(_ place: Int) throws(CodedError) -> [HDF5Message] {
    guard try file.number(place, 1) == 1 else { throw file.bad("there is no header at byte \(place)") }
    return try messages(in: (place + 16, try file.number(place + 8, 4)), head: 8, isNewer: false)
  }

  private func newer(_ place: Int) throws(CodedError) -> [HDF5Message] {
    let flags = try file.number(place + 5, 1)
    var start = place + 6
    if flags & 32 != 0 { start += 16 }
    if flags & 16 != 0 { start += 4 }
    let width = 1 << (flags & 3)
    let first = (start: start + width, count: try file.number(start, width))
    return try messages(in: first, head: flags & 4 != 0 ? 6 : 4, isNewer: true)
  }

  /// The messages of a stretch, and of those that it leads to.
  ///
  /// - Parameter head: how many bytes stand before what a message holds: its type, its length, its flags and others.
  private func messages(
    in first: (start: Int, count: Int), head: Int, isNewer: Bool
  ) throws(CodedError) -> [HDF5Message] {
    var blocks = [first]
    var result: [HDF5Message] = []
    var number = 0
    let width = isNewer ? 1 : 2
    while number < blocks.count {
      let block = blocks[number]
      number += 1
      _ = try file.slice(block.start, block.count)
      var start = block.start
      while start + head <= block.start + block.count {
        let message = HDF5Message(
          type: try file.number(start, width), start: start + head,
          count: try file.number(start + width, 2))
        let flags = try file.number(start + width + 2, 1)
        try add(message, flags: flags, to: &result, &blocks, isNewer: isNewer)
        start += head + message.count
      }
    }
    return result
  }

  /// Adds a message, or the stretch where more of them stand.
  private func add(
    _ message: HDF5Message, flags: Int, to result: inout [HDF5Message],
    _ blocks: inout [(start: Int, count: Int)], isNewer: Bool
  ) throws(CodedError) {
    _ = try file.slice(message.start, message.count)
    guard result.count < HDF5Header.most, blocks.count < HDF5Header.most else {
      throw file.bad("a header has no end")
    }
    if message.type == 0x10 {
      let (start, count) = (try file.number(message.start, 8), try file.number(message.start + 8, 8))
      if isNewer {
        try file.expect("OCHK", at: start)
        guard count >= 8 else { throw file.bad("a header is damaged") }
        blocks.append((start + 4, count - 8))
      } else {
        blocks.append((start, count))
      }
    } else if flags & 2 == 0 {
      result.append(message)
    } else if [0x01, 0x03, 0x08].contains(message.type) {
      throw file.foreign("a type that several arrays share")
    }
  }
}

/// The names of a group's members.
struct HDF5Heap {
  private let file: HDF5Bytes
  private let start: Int
  private let end: Int

  init(_ file: HDF5Bytes, _ place: Int) throws(CodedError) {
    try file.expect("HEAP", at: place)
    self.file = file
    let size = try file.number(place + 8, 8)
    start = try file.number(place + 24, 8)
    end = try file.slice(start, size).endIndex
  }

  func text(_ offset: Int) throws(CodedError) -> String {
    guard offset <= end - start else { throw file.bad("a name lies outside of its heap") }
    return try file.text(start + offset, before: end)
  }
}

/// The lengths of an array's axes.
struct HDF5Shape {
  let file: HDF5Bytes

  func lengths(_ message: HDF5Message) throws(CodedError) -> [Int] {
    let version = try file.number(message.start, 1)
    let axes = try file.number(message.start + 1, 1)
    guard [1, 2].contains(version), axes <= 32 else { throw file.bad("an array has \(axes) axes") }
    let start = message.start + (version == 1 ? 8 : 4)
    var lengths: [Int] = []
    for axis in 0..<axes { lengths.append(try file.number(start + 8 * axis, 8)) }
    return lengths
  }
}

/// A type of numbers.
struct HDF5Number {
  private let element: StoredArray.Element
  private let isBigEndian: Bool
  var width: Int { element.width }

  /// - Returns: nil for what is no number.
  init?(_ file: HDF5Bytes, _ message: HDF5Message) throws(CodedError) {
    let kind = try file.number(message.start, 1) & 15
    let flags = try file.number(message.start + 1, 1)
    let width = try file.number(message.start + 4, 4)
    isBigEndian = flags & 1 == 1
    switch (kind, width) {
    case (1, 8): element = .float64
    case (1, 4): element = .float32
    case (1, 2):
      // Five bits of exponent, or the eight of the half of a 32-bit number.
      element = try file.number(message.start + 13, 1) == 5 ? .float16 : .bfloat16
    case (0, 1): element = flags & 8 == 0 ? .uint8 : .int8
    case (0, 2): element = flags & 8 == 0 ? .uint16 : .int16
    case (0, 4): element = flags & 8 == 0 ? .uint32 : .int32
    case (0, 8): element = flags & 8 == 0 ? .uint64 : .int64
    default: return nil
    }
  }

  /// An array of such numbers.
  func array(_ name: String, _ shape: [Int], _ bytes: ArraySlice<UInt8>) -> StoredArray {
    var bytes = Array(bytes)
    if isBigEndian {
      for start in stride(from: 0, to: bytes.count, by: width) { bytes[start..<start + width].reverse() }
    }
    return StoredArray(name: name, element: element, shape: shape, bytes: bytes)
  }
}

/// Texts that describe an object.
struct HDF5Attribute {
  let file: HDF5Bytes

  /// A text of any length, as h5py writes it; nil where there is none of the name.
  func text(_ name: String, among messages: [HDF5Message]) throws(CodedError) -> String? {
    for message in messages where message.type == 0x0C {
      let version = try file.number(message.start, 1)
      let sizes = (
        name: try file.number(message.start + 2, 2), type: try file.number(message.start + 4, 2),
        space: try file.number(message.start + 6, 2)
      )
      func padded(_ size: Int) -> Int { version == 1 ? (size + 7) / 8 * 8 : size }
      let start = message.start + (version == 3 ? 9 : 8)
      guard try file.text(start, before: start + sizes.name) == name else { continue }
      let type = start + padded(sizes.name)
      // Class 9 has any length, and lies in a heap: its length, the heap's place, its number there.
      guard try file.number(type, 1) & 15 == 9 else { return nil }
      let data = type + padded(sizes.type) + padded(sizes.space)
      return try heaped(
        length: try file.number(data, 4), heap: try file.number(data + 4, 8),
        number: try file.number(data + 12, 4))
    }
    return nil
  }

  private func heaped(length: Int, heap: Int, number: Int) throws(CodedError) -> String? {
    try file.expect("GCOL", at: heap)
    let size = try file.number(heap + 8, 8)
    let end = try file.slice(heap, size).endIndex
    var place = heap + 16
    while place + 16 <= end {
      let own = try file.number(place, 2)
      let size = try file.number(place + 8, 8)
      if own == 0 { return nil }
      if own == number {
        guard length <= size else { throw file.bad("a text is longer than its place") }
        return String(decoding: try file.slice(place + 16, length), as: UTF8.self)
      }
      guard size <= end - place else { throw file.bad("a heap is damaged") }
      place += 16 + (size + 7) / 8 * 8
    }
    return nil
  }
}

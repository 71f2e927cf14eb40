internal import Foundations
internal import ModelFiles

/// The arrays of numbers in an HDF5 file, by their paths, and the names that Keras gives its layers there.
///
/// This reads what Keras writes, by the format's specification (HDF Group, "HDF5 File Format Specification Version 3.0"):
/// groups by symbol tables or link messages, and arrays that lie in one piece. The format's own library could read the rest,
/// but a damaged file can end the process in it: of 2,000 files with a few changed bytes, two did in version 1.10.8.
/// Nothing outside the file is ever opened.
struct HDF5File: Sendable {
  /// How an HDF5 file begins.
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  /// Arrays by their paths, `layers/dense/vars/0`.
  private(set) var arrays: [StoredArray] = []
  /// What the attribute `name` of a group says, by the group's path.
  private(set) var names: [String: String] = [:]

  /// Reads all arrays.
  ///
  /// - Throws: `bad-model-file`, or `not-a-model-file` for what Keras does not write.
  init(_ bytes: [UInt8], named file: String) throws(CodedError) {
    var walk = HDF5Walk(HDF5Bytes(bytes: bytes, file: file))
    try walk.read()
    arrays = walk.arrays
    names = walk.names
  }
}

/// The bytes of a file, which are read at places that the file itself names: each is checked.
struct HDF5Bytes {
  let bytes: [UInt8]
  /// What messages call the file.
  let file: String

  func bad(_ reason: String) -> CodedError { .badModelFile(file, reason) }

  /// The error for a part of the format that Keras does not use.
  func foreign(_ what: String) -> CodedError {
    CodedError(
      .notAModelFile,
      "`\(file.shownName)` has \(what), which Keras does not write, so it is not read here. Save it in Keras: "
        + "model.save_weights(\"m.weights.h5\")")
  }

  /// A number of up to eight bytes, little-endian.
  func number(_ place: Int, _ width: Int) throws(CodedError) -> Int {
    try check(place, width)
    let word = (0..<width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[place + $1]) }
    // What is added to a place of this size, or to a length, still has room.
    guard word < 1 << 48 else { throw bad("a number at byte \(place) is too large") }
    return Int(word)
  }

  /// An address; nil for the one that stands for nothing.
  func address(_ place: Int) throws(CodedError) -> Int? {
    try check(place, 8)
    if bytes[place..<place + 8].allSatisfy({ $0 == 0xFF }) { return nil }
    return try number(place, 8)
  }

  func slice(_ place: Int, _ count: Int) throws(CodedError) -> ArraySlice<UInt8> {
    try check(place, count)
    return bytes[place..<place + count]
  }

  /// Refuses a part that does not begin with the letters that it should.
  func expect(_ letters: String, at place: Int) throws(CodedError) {
    guard try slice(place, 4).elementsEqual(letters.utf8) else {
      throw bad("there is no \(letters) at byte \(place)")
    }
  }

  /// A text that ends with a zero byte.
  func text(_ place: Int, before end: Int) throws(CodedError) -> String {
    try check(place, 0)
    let end = min(end, bytes.count)
    guard place < end, let stop = bytes[place..<end].firstIndex(of: 0) else {
      throw bad("a name at byte \(place) has no end")
    }
    return String(decoding: bytes[place..<stop], as: UTF8.self)
  }

  private func check(_ place: Int, _ count: Int) throws(CodedError) {
    guard place >= 0, count >= 0, place <= bytes.count, count <= bytes.count - place else {
      throw bad("it refers to byte \(place), and it has \(bytes.count)")
    }
  }
}

/// A message of an object's header: what it says of the object, and where.
struct HDF5Message {
  let type: Int
  let start: Int
  let count: Int
}

/// Goes through groups and arrays.
private struct HDF5Walk {
  let file: HDF5Bytes
  private(set) var arrays: [StoredArray] = []
  private(set) var names: [String: String] = [:]
  private var objects = 0
  /// How many bytes the arrays have taken by now; several names may lead to the same ones.
  private var taken = 0

  /// The most groups and arrays, and how deep groups may stand in each other.
  private static let mostObjects = 50_000
  private static let deepest = 40

  init(_ file: HDF5Bytes) { self.file = file }

  mutating func read() throws(CodedError) {
    guard file.bytes.starts(with: HDF5File.signature) else { throw file.bad("it is no HDF5 file") }
    let version = try file.number(8, 1)
    switch version {
    case 0, 1:
      guard try file.number(13, 1) == 8, try file.number(14, 1) == 8 else {
        throw file.foreign("addresses of other than 64 bits")
      }
      let base = version == 0 ? 24 : 28
      guard try file.number(base, 8) == 0 else { throw file.foreign("something before its beginning") }
      try object(try file.number(base + 40, 8), path: "", depth: 0)
    case 2, 3:
      guard try file.number(9, 1) == 8, try file.number(10, 1) == 8, try file.number(12, 8) == 0 else {
        throw file.foreign("addresses of other than 64 bits")
      }
      try object(try file.number(36, 8), path: "", depth: 0)
    default: throw file.foreign("version \(version) of HDF5")
    }
  }

  private mutating func object(_ place: Int, path: String, depth: Int) throws(CodedError) {
    guard depth < HDF5Walk.deepest else { throw file.bad("its groups stand in each other without an end") }
    objects += 1
    guard objects <= HDF5Walk.mostObjects else {
      throw file.bad("it has more than \(HDF5Walk.mostObjects) groups and arrays")
    }
    let messages = try HDF5Header(file: file).messages(place)
    if messages.contains(where: { $0.type == 0x08 }) { return try array(messages, path) }
    if let name = try HDF5Attribute(file: file).text("name", among: messages) { names[path] = name }
    for message in messages {
      switch message.type {
      case 0x11:
        let table = try file.number(message.start, 8)
        let heap = try HDF5Heap(file, try file.number(message.start + 8, 8))
        try branch(table, heap, path, depth, level: nil)
      case 0x06: try link(message, path, depth)
      case 0x02:
        let ordered = try file.number(message.start + 1, 1) & 1 == 1
        if try file.address(message.start + (ordered ? 10 : 2)) != nil {
          throw file.foreign("a group with its links in a heap")
        }
      default: break
      }
    }
  }

  // MARK: Groups

  /// A node of the tree that a symbol table is.
  ///
  /// - Parameter level: what the node above says of it.
  private mutating func branch(
    _ place: Int, _ heap: HDF5Heap, _ path: String, _ depth: Int, level: Int?
  ) throws(CodedError) {
    try file.expect("TREE", at: place)
    let own = try file.number(place + 5, 1)
    guard try file.number(place + 4, 1) == 0, level.map({ $0 == own }) ?? (own < 8) else {
      throw file.bad("the group \(path.asName) has a damaged tree")
    }
    for child in 0..<(try file.number(place + 6, 2)) {
      let target = try file.number(place + 24 + 16 * child + 8, 8)
      if own > 0 {
        try branch(target, heap, path, depth, level: own - 1)
      } else {
        try leaf(target, heap, path, depth)
      }
    }
  }

  private mutating func leaf(_ place: Int, _ heap: HDF5Heap, _ path: String, _ depth: Int) throws(CodedError)
  {
    try file.expect("SNOD", at: place)
    for number in 0..<(try file.number(place + 6, 2)) {
      let entry = place + 8 + 40 * number
      let member = joined(path, try heap.text(try file.number(entry, 8)))
      // What is remembered of a soft link is where it leads.
      guard try file.number(entry + 16, 4) != 2 else { throw elsewhere(member) }
      try object(try file.number(entry + 8, 8), path: member, depth: depth + 1)
    }
  }

  private mutating func link(_ message: HDF5Message, _ path: String, _ depth: Int) throws(CodedError) {
    let flags = try file.number(message.start + 1, 1)
    var place = message.start + 2
    var kind = 0
    if flags & 8 != 0 {
      kind = try file.number(place, 1)
      place += 1
    }
    if flags & 4 != 0 { place += 8 }
    if flags & 16 != 0 { place += 1 }
    let width = 1 << (flags & 3)
    let length = try file.number(place, width)
    let name = try file.slice(place + width, length)
    let member = joined(path, String(decoding: name, as: UTF8.self))
    guard kind == 0 else { throw elsewhere(member) }
    try object(try file.number(place + width + length, 8), path: member, depth: depth + 1)
  }

  private func joined(_ path: String, _ name: String) -> String { path.isEmpty ? name : path + "/" + name }

  private func elsewhere(_ member: String) -> CodedError {
    file.bad("\(member.asName) is a link to another place, which is not followed")
  }

  // MARK: Arrays

  private mutating func array(_ messages: [HDF5Message], _ path: String) throws(CodedError) {
    func message(_ type: Int) -> HDF5Message? { messages.first { $0.type == type } }
    guard let space = message(0x01), let type = message(0x03), let layout = message(0x08) else {
      throw file.bad("\(path.asName) is not described")
    }
    // Texts and records are no weights.
    guard let number = try HDF5Number(file, type) else { return }
    guard message(0x07) == nil else {
      throw file.bad("the numbers of \(path.asName) lie in another file, which is not read")
    }
    let shape = try HDF5Shape(file: file).lengths(space)
    var size = number.width
    for length in shape {
      let (product, overflows) = size.multipliedReportingOverflow(by: length)
      guard !overflows, product <= file.bytes.count else {
        throw file.bad(
          "\(path.asName) would have \(shape.map(String.init).joined(separator: " x ")) numbers, which a file of its size does not "
            + "hold")
      }
      size = product
    }
    taken += size
    guard taken <= 4 * file.bytes.count else { throw file.bad("it names the same numbers again and again") }
    let bytes = try place(of: layout, size, path)
    arrays.append(number.array(path, shape, bytes))
  }

  /// The bytes of an array.
  private func place(of layout: HDF5Message, _ size: Int, _ path: String) throws(CodedError) -> ArraySlice<
    UInt8
  > {
    guard try file.number(layout.start, 1) >= 3 else { throw file.foreign("a layout of an early version") }
    switch try file.number(layout.start + 1, 1) {
    case 0:
      guard try file.number(layout.start + 2, 2) == size else { throw file.bad("\(path.asName) is cut off") }
      return try file.slice(layout.start + 4, size)
    case 1:
      // What was never written is 0.
      guard let start = try file.address(layout.start + 2) else {
        return [UInt8](repeating: 0, count: size)[...]
      }
      return try file.slice(start, size)
    case 2: throw file.foreign("an array in chunks, \(path.asName)")
    default: throw file.bad("the numbers of \(path.asName) lie in another file, which is not read")
    }
  }
}

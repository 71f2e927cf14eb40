public import Foundations
import NeuralEngine

/// What a safetensors file holds: arrays by name and texts by name (github.com/huggingface/safetensors).
///
/// The format is eight bytes with the length of a header, the header as JSON, and the arrays one after the other
/// without gaps. It holds no code, so reading a stranger's file is safe.
///
/// ```swift
/// var file = ArrayFile()
/// file.add(StoredArray("hid/bias", shape: [2], [0.5, -1]))
/// try file.write(to: path)
/// let bias = try ArrayFile.read(path)["hid/bias"]?.doubles  // 0.5, -1
/// ```
public struct ArrayFile: Sendable, Equatable {
  /// The arrays.
  public private(set) var arrays: [StoredArray] = []
  /// Texts about them: the header's `__metadata__`.
  public var metadata: [String: String] = [:]
  private var places: [String: Int] = [:]

  /// Creates a file with nothing in it.
  public init() {}

  /// The array of a name.
  public subscript(_ name: String) -> StoredArray? { places[name].map { arrays[$0] } }

  /// Adds an array, in place of one of the same name.
  public mutating func add(_ array: StoredArray) {
    if let place = places[array.name] {
      arrays[place] = array
    } else {
      places[array.name] = arrays.count
      arrays.append(array)
    }
  }

  /// Reads a file whole; nothing of a file that is damaged is given out.
  ///
  /// - Throws: `no-such-file`, `not-a-file`, `unreadable-file`, `empty-file`, `not-a-model-file`, `truncated-file`,
  ///   `bad-model-file` or `too-large`.
  public static func read(_ path: String) throws(CodedError) -> ArrayFile {
    try ArrayFileReader(path).read()
  }

  /// Reads a file whose bytes are there already.
  ///
  /// - Parameter name: what messages call it.
  /// - Throws: `empty-file`, `not-a-model-file`, `truncated-file`, `bad-model-file` or `too-large`.
  public static func read(_ bytes: [UInt8], called name: String) throws(CodedError) -> ArrayFile {
    try ArrayFileReader(bytes, called: name).read()
  }

  /// Writes the file whole or not at all: what was there before stays until all is safely on the disk.
  ///
  /// - Throws: `unwritable-file` or `disk-full`.
  public func write(to path: String) throws(CodedError) {
    // As the format's own library does: wide numbers first, so that each stands at a multiple of its size.
    let sorted = arrays.enumerated().sorted { a, b in
      (b.element.element.width, a.offset) < (a.element.element.width, b.offset)
    }.map(\.element)
    let entries = sorted.map { Entry($0.name, $0.element, $0.shape, $0.bytes.count) }
    try AtomicFile.write([header(of: entries)] + sorted.map(\.bytes), to: path)
  }
}

import ModelFiles
import NeuralEngine

/// The arrays of a session's file, by number: the description of the session says which is which.
struct NumberBlocks {
  private(set) var file = ArrayFile()
  private var count = 0

  /// An empty set, to write.
  init() {}

  /// The arrays of a file.
  init(_ file: ArrayFile) { self.file = file }

  /// Puts numbers away, and says where.
  mutating func add(_ values: [Double], as precision: Precision = .double) -> Int {
    file.add(StoredArray(name(count), shape: [values.count], values, as: precision))
    count += 1
    return count - 1
  }

  mutating func add(bytes: [UInt8]) -> Int {
    file.add(StoredArray(name(count), shape: [bytes.count], bytes: bytes))
    count += 1
    return count - 1
  }

  func doubles(_ number: Int) throws -> [Double] { try array(number).doubles }

  func bytes(_ number: Int) throws -> [UInt8] {
    let array = try array(number)
    guard array.element == .uint8 else { throw SessionFile.damaged("array \(number) holds no bytes") }
    return array.bytes
  }

  private func array(_ number: Int) throws -> StoredArray {
    guard let array = file[name(number)] else { throw SessionFile.damaged("array \(number) is missing") }
    return array
  }

  private func name(_ number: Int) -> String { "a\(number)" }
}

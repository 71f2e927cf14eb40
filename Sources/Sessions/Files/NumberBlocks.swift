import ModelFiles
import NeuralEngine

/// The arrays of a session's file, by number: the description of the session says which is which.
struct NumberBlocks {
  /// The file. What is added to it by name keeps away from the names of numbers: `a0`, `a1`, ...
  var file = ArrayFile()
  private var count = 0

  /// An empty set, to write.
  init() {}

  /// The arrays of a file.
  init(_ file: ArrayFile) { self.file = file }

  /// Puts numbers away, and says where.
  mutating func add(_ values: [Double], shape: [Int]? = nil, as precision: Precision = .double) -> Int {
    add { StoredArray($0, shape: shape ?? [values.count], values, as: precision) }
  }

  mutating func add(bytes: [UInt8]) -> Int {
    add { StoredArray($0, shape: [bytes.count], bytes: bytes) }
  }

  /// Puts the array away that `make` makes under the name it is given.
  mutating func add(_ make: (String) -> StoredArray) -> Int {
    file.add(make(name(count)))
    count += 1
    return count - 1
  }

  func doubles(_ number: Int) throws(EngineError) -> [Double] { try array(number).doubles }

  func bytes(_ number: Int) throws(EngineError) -> [UInt8] {
    let array = try array(number)
    guard array.element == .uint8 else { throw SessionFile.damaged("array \(number) holds no bytes") }
    return array.bytes
  }

  func array(_ number: Int) throws(EngineError) -> StoredArray {
    try SessionFile.reading.array(name(number), in: file)
  }

  private func name(_ number: Int) -> String { "a\(number)" }
}

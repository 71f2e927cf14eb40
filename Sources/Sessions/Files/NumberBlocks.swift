import Foundations
import ModelFiles
import NeuralEngine

/// The arrays of a session's file, by number: the description of the session says which is which.
struct NumberBlocks {
  /// The file. What is added to it by name keeps away from the names of numbers: `a0`, `a1`, ...
  var file = ArrayFile()
  /// The files of the arrays that are kept apart, by the arrays' names.
  private(set) var files: [String: String] = [:]
  private var count = 0
  /// Arrays that are in already. They are held, so that no other takes their place in memory meanwhile.
  private var known: [SteadyArray.Identity: (number: Int, owner: Any)] = [:]
  private let store: (any ArrayStore)?
  private let apart: ApartArrays?

  /// An empty set, to write.
  ///
  /// - Parameter store: takes large arrays; nil where all are to be in one file.
  init(store: (any ArrayStore)? = nil) {
    self.store = store
    apart = nil
  }

  /// The arrays of a file, and those that are kept apart from it.
  init(_ file: ArrayFile, _ apart: ApartArrays? = nil) {
    self.file = file
    self.apart = apart
    store = nil
  }
}

// MARK: - Writing

extension NumberBlocks {
  /// Puts numbers away that were made for the file, and says where.
  mutating func add(_ values: [Double], shape: [Int]?) -> Int {
    add { StoredArray($0, shape: shape ?? [values.count], values) }
  }

  /// Puts numbers away that the session holds: once, whoever else has them too.
  mutating func add(_ array: SteadyArray) -> Int {
    if let known = known[array.identity] { return known.number }
    let number: Int
    if let path = store?.file(for: array) {
      number = count
      files[name(number)] = path
      count += 1
    } else {
      let content = array.content()
      number = add { StoredArray($0, shape: [content.count], content) }
    }
    known[array.identity] = (number, array.owner)
    return number
  }

  /// Puts the array away that `make` makes under the name it is given.
  mutating func add(_ make: (String) -> StoredArray) -> Int {
    file.add(make(name(count)))
    count += 1
    return count - 1
  }

  private func name(_ number: Int) -> String { "a\(number)" }
}

// MARK: - Reading

extension NumberBlocks {
  func doubles(_ number: Int) throws(CodedError) -> [Double] { try array(number).doubles }

  func bytes(_ number: Int) throws(CodedError) -> [UInt8] {
    let array = try array(number)
    guard array.element == .uint8 else { throw SessionFile.damaged("array \(number) holds no bytes") }
    return array.bytes
  }

  /// Whole numbers, none negative.
  func places(_ number: Int) throws(CodedError) -> [Int] {
    let array = try array(number)
    let places = array.doubles.compactMap { Int(exactly: $0) }
    guard array.element == .int64, places.count == array.count, places.allSatisfy({ $0 >= 0 }) else {
      throw SessionFile.damaged("array \(number) holds no places")
    }
    return places
  }

  func array(_ number: Int) throws(CodedError) -> StoredArray {
    if let array = try apart?.array(name(number)) { return array }
    return try SessionFile.reading.array(name(number), in: file)
  }

  /// What `make` makes of arrays; nil where one of them is lost, which is noted down for `name`.
  func unlessLost<Result>(
    _ name: String, _ part: ApartArrays.Part, _ make: () throws -> Result
  ) throws -> Result? {
    do { return try make() } catch {
      guard let apart, let loss = error as? CodedError, loss.code == .lostArray else { throw error }
      apart.losses.append(ApartArrays.Loss(name: name, part: part, reason: loss.message))
      return nil
    }
  }
}

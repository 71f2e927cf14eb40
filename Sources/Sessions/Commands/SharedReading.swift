import DataFiles
import Datasets
import Diagnostics
import Foundation
import Foundations
import ModelFiles
import NeuralEngine

/// What the first process of a machine reads for all of them.
protocol HandedOut {
  /// What describes it; the arrays that it is made of are added to `arrays`.
  func described(_ arrays: inout HandedArrays) throws -> Data
  init(_ description: Data, _ arrays: HandedArrays) throws
}

/// Arrays that go from one process of a machine to the others.
struct HandedArrays {
  private var contents: [ArrayContent] = []

  /// What is told of an array before it is handed out.
  fileprivate struct Heading: Codable {
    enum Kind: String, Codable { case doubles, integers, bytes }

    var kind: Kind
    var count: Int

    init(_ content: ArrayContent) {
      count = content.count
      switch content {
      case .doubles: kind = .doubles
      case .integers: kind = .integers
      case .bytes: kind = .bytes
      }
    }
  }

  init() {}

  fileprivate var headings: [Heading] { contents.map(Heading.init) }

  /// Takes arrays in, as the first process hands them out.
  fileprivate init(_ headings: [Heading], from group: any ProcessGroup) {
    contents = headings.map { heading in
      switch heading.kind {
      case .doubles: .doubles(HandedArrays.taken(heading.count, from: group), as: .double)
      case .integers: .integers(HandedArrays.taken(heading.count, from: group))
      case .bytes: .bytes(HandedArrays.taken(heading.count, from: group))
      }
    }
  }

  private static func taken<Number: BitwiseCopyable>(
    _ count: Int, from group: any ProcessGroup
  ) -> [Number] {
    guard count > 0 else { return [] }
    // Memory that nobody has written to takes none: the pages of a large array come from the first process.
    return [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      group.handOut(
        UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[..<(count * MemoryLayout<Number>.stride)]))
      initialized = count
    }
  }

  /// Hands the arrays out; only this process may hold them meanwhile.
  fileprivate func handOut(to group: any ProcessGroup) {
    func give<Number: BitwiseCopyable>(_ numbers: [Number]) {
      guard !numbers.isEmpty else { return }
      // The pages may be moved, and hold the same bytes all the time.
      numbers.withUnsafeBytes { group.handOut(UnsafeMutableRawBufferPointer(mutating: $0)) }
    }
    for content in contents {
      switch content {
      case .doubles(let values, _): give(values)
      case .integers(let values): give(values)
      case .bytes(let values): give(values)
      }
    }
  }
}

extension HandedArrays: NumberedArrays {
  mutating func add(_ values: [Double]) -> Int { add(.doubles(values, as: .double)) }

  mutating func add(_ array: SteadyArray) -> Int { add(array.content()) }

  private mutating func add(_ content: ArrayContent) -> Int {
    contents.append(content)
    return contents.count - 1
  }

  func doubles(_ number: Int) throws -> [Double] {
    guard contents.indices.contains(number), case .doubles(let values, _) = contents[number] else {
      throw HandedArrays.torn
    }
    return values
  }

  func bytes(_ number: Int) throws -> [UInt8] {
    guard contents.indices.contains(number), case .bytes(let values) = contents[number] else {
      throw HandedArrays.torn
    }
    return values
  }

  func places(_ number: Int) throws -> [Int] {
    guard contents.indices.contains(number), case .integers(let values) = contents[number] else {
      throw HandedArrays.torn
    }
    return values
  }

  fileprivate static let torn = CodedError(
    .internalError, "What another process of this machine has read did not arrive whole.")
}

extension DatasetParts: HandedOut {
  private struct Description: Codable {
    var train: StoredTable
    var validate: StoredTable?
    var test: StoredTable?
  }

  func described(_ arrays: inout HandedArrays) throws -> Data {
    try JSONEncoder().encode(
      Description(
        train: StoredTable(train, &arrays), validate: validate.map { StoredTable($0, &arrays) },
        test: test.map { StoredTable($0, &arrays) }))
  }

  init(_ description: Data, _ arrays: HandedArrays) throws {
    let parts = try JSONDecoder().decode(Description.self, from: description)
    self.init(
      train: try parts.train.dataset(arrays), validate: try parts.validate?.dataset(arrays),
      test: try parts.test?.dataset(arrays))
  }
}

extension String: HandedOut {
  func described(_ arrays: inout HandedArrays) throws -> Data {
    _ = arrays.add(SteadyArray(.bytes(Array(utf8))))
    return Data()
  }

  init(_ description: Data, _ arrays: HandedArrays) throws {
    self.init(decoding: try arrays.bytes(0), as: UTF8.self)
  }
}

extension WebFile.Copy: HandedOut {
  func described(_ arrays: inout HandedArrays) throws -> Data {
    try JSONEncoder().encode([path, checksum])
  }

  init(_ description: Data, _ arrays: HandedArrays) throws {
    let words = try JSONDecoder().decode([String].self, from: description)
    guard words.count == 2 else { throw HandedArrays.torn }
    self.init(path: words[0], checksum: words[1])
  }
}

extension Session {
  /// Whether it was read, or why not; and what it is made of.
  private struct Letter: Codable {
    var failure: Diagnostic?
    var description = Data()
    var arrays: [HandedArrays.Heading] = []
  }

  /// Reads files. Of processes that share a run, the first of each machine reads them, and the others get from it what it has
  /// read, or why it could not.
  func readingOnce<Read: HandedOut>(_ read: () throws(CodedError) -> Read) throws(CodedError) -> Read {
    guard let group = state.options.execution.processes.group, group.neighbours.count > 1 else {
      return try read()
    }
    do {
      return try group.readsForNeighbours ? handingOut(to: group, read) : Session.taken(from: group)
    } catch {
      throw (error as? CodedError) ?? HandedArrays.torn
    }
  }

  private func handingOut<Read: HandedOut>(
    to group: any ProcessGroup, _ read: () throws(CodedError) -> Read
  ) throws -> Read {
    var (letter, arrays) = (Letter(), HandedArrays())
    let result: Result<Read, CodedError>
    do throws(CodedError) { result = .success(try read()) } catch { result = .failure(error) }
    switch result {
    case .success(let read):
      letter.description = try read.described(&arrays)
      letter.arrays = arrays.headings
    case .failure(let error):
      // The first process alone is interrupted, and leaves the others.
      if interruption.isRequested { throw error }
      letter.failure = Diagnostic(error)
    }
    var bytes = [UInt8](try JSONEncoder().encode(letter))
    var size = UInt64(bytes.count)
    withUnsafeMutableBytes(of: &size) { group.handOut($0) }
    bytes.withUnsafeMutableBytes { group.handOut($0) }
    arrays.handOut(to: group)
    return try result.get()
  }

  private static func taken<Read: HandedOut>(from group: any ProcessGroup) throws -> Read {
    var size: UInt64 = 0
    withUnsafeMutableBytes(of: &size) { group.handOut($0) }
    var bytes = [UInt8](repeating: 0, count: Int(size))
    bytes.withUnsafeMutableBytes { group.handOut($0) }
    let letter = try JSONDecoder().decode(Letter.self, from: Data(bytes))
    if let failure = letter.failure {
      throw CodedError(failure.code, failure.message, suggestion: failure.suggestion)
    }
    return try Read(letter.description, HandedArrays(letter.arrays, from: group))
  }
}

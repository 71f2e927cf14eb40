import Testing

@testable import NeuralEngine

/// Messages that are larger than a library can count.
@Suite struct ProcessMessageTests {
  @Test(arguments: [0, 1, 1 << 30])
  func whatCanBeCountedStaysWhole(bytes: Int) {
    #expect(ProcessMessage.parts(of: bytes) == [0..<bytes])
  }

  @Test(arguments: [(1 << 30) + 1, (1 << 31) - 1, 1 << 31, 1 << 32, 5 << 30, (5 << 30) + 7])
  func whatIsLargerIsCut(bytes: Int) {
    let parts = ProcessMessage.parts(of: bytes)
    #expect(parts.count == (bytes + (1 << 30) - 1) >> 30)
    #expect(parts.first?.lowerBound == 0)
    #expect(parts.last?.upperBound == bytes)
    #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(parts.allSatisfy { !$0.isEmpty && Int32(exactly: $0.count) != nil })
  }

  @Test func partsFollowEachOtherInMemory() throws {
    // Nothing is read there.
    let memory = try #require(UnsafeMutableRawPointer(bitPattern: 1 << 16))
    let parts = ProcessMessage(process: 3, memory: memory, bytes: (2 << 30) + 5).parts
    #expect(parts.map(\.process) == [3, 3, 3])
    let most = 1 << 30
    #expect(parts.map { $0.memory - memory } == [0, most, 2 * most])
    #expect(parts.map(\.bytes) == [most, most, 5])
  }
}

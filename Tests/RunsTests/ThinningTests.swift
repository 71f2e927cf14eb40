import Outputs
import Testing

@testable import Runs

@Suite struct ThinningTests {
  @Test func strideDoublesWithTheSteps() {
    let expected = [1: 1, 1024: 1, 1025: 2, 2048: 2, 2049: 4, 4096: 4, 4097: 8, 1 << 30: 1 << 20]
    for (step, stride) in expected { #expect(Thinning.stride(at: step) == stride, "step \(step)") }
  }

  @Test func whatIsKeptDoesNotDependOnTheBatches() {
    func kept(_ ranges: [ClosedRange<Int>]) -> [Int] {
      ranges.flatMap { range in
        Thinning.kept(of: range).flatMap { Array(stride(from: $0.first, through: $0.last, by: $0.stride)) }
      }
    }
    let whole = kept([1...9000])
    #expect(whole == (1...9000).filter { $0.isMultiple(of: Thinning.stride(at: $0)) })
    #expect(kept([1...1, 2...1023, 1024...1025, 1026...5000, 5001...9000]) == whole)
    #expect(whole.count == 1024 + 512 + 512 + 512 + 50)
  }

  @Test func aBatchKnowsItsLeastAndGreatestNumbers() {
    let values: [Double] = [3, .nan, -.infinity, 1, .infinity, 2]
    let batch = MetricBatch(subject: nil, name: "x", steps: 11...16) { values[$0 - 11] }
    #expect(batch.last == 2)
    #expect(batch.greatest == 3)
    #expect(batch.least == 1)
    let none = MetricBatch(subject: nil, name: "x", steps: 1...1) { _ in .nan }
    #expect(none.least == nil && none.greatest == nil)
  }

  @Test func numbersComeBackBitForBit() {
    let values = [0, -0.0, 1.5, .infinity, .leastNonzeroMagnitude, .pi]
    #expect(PackedNumbers.unpack(PackedNumbers.pack(values)).map(\.bitPattern) == values.map(\.bitPattern))
    #expect(PackedNumbers.unpack(PackedNumbers.pack(values).dropLast()).count == values.count - 1)
  }
}

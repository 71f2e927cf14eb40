import Foundations
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets
@testable import NeuralEngine

@Suite struct PreparationTests {
  private func data() throws -> Dataset { try table("a,b,c,y\n1,5,-8,10\n2,5,4,20\n3,5,0,60\n") }

  @Test func scalesAsPublished() throws {
    let data = try data()
    let zscore = try Preparation.fitted(to: data, .zscore)
    let scaled = zscore.apply(to: data)
    #expect(abs(scaled.inputs[0] + 1.5.squareRoot()) < 1e-12)
    #expect([1, 4, 7].allSatisfy { scaled.inputs[$0] == 0 })
    #expect(zscore.constant == ["b"])
    #expect(
      try Preparation.fitted(to: data, .minmax).apply(to: data).inputs == [
        0, 0, 0, 0.5, 0, 1, 1, 0, 8.0 / 12,
      ])
    #expect(
      try Preparation.fitted(to: data, .max).apply(to: data).inputs == [
        1.0 / 3, 1, -1, 2.0 / 3, 1, 0.5, 1, 1, 0,
      ])
    #expect(try Preparation.fitted(to: data, .max).apply(to: data).targets == [1.0 / 6, 1.0 / 3, 1])
  }

  @Test(arguments: [Scaling.zscore, .minmax, .max, .divide(255)])
  func undoGivesTheOwnUnits(scaling: Scaling) throws {
    let data = try data()
    let preparation = try Preparation.fitted(to: data, scaling, scalesTargets: true)
    let scaled = preparation.apply(to: data)
    for (a, b) in zip(preparation.undo(inputs: scaled.inputs), data.inputs) { #expect(abs(a - b) < 1e-12) }
    for (a, b) in zip(preparation.undo(targets: scaled.targets), data.targets) { #expect(abs(a - b) < 1e-12) }
    #expect(preparation.apply(toInputs: Array(data.inputs(ofRow: 1))) == Array(scaled.inputs(ofRow: 1)))
  }

  @Test func onlyTheTrainingPartIsLookedAt() throws {
    var random = RandomStream(seed: 1)
    let parts = try table("a,y\n1,0\n3,1\n2,0\n1000,1\n").split(
      SplitOptions(test: 0.25, shuffle: false), random: &random)
    let preparation = try Preparation.fitted(to: parts.train, .minmax)
    let scaled = preparation.apply(to: parts)
    #expect(scaled.train.inputs == [0, 1, 0.5])
    #expect(scaled.test?.inputs == [499.5])
  }

  @Test func classesAndSharesAreNotScaled() throws {
    let iris = try #require(try BuiltInSets.load("iris"))
    #expect(try Preparation.fitted(to: iris, .zscore).targets == nil)
    #expect(try Preparation.fitted(to: table("a,y\n1,0\n2,1\n"), .zscore).targets == nil)
    #expect(try Preparation.fitted(to: data(), .divide(2)).targets == nil)
    expectError(.badDivisor) { _ = try Preparation.fitted(to: iris, .divide(0)) }
  }

  @Test(arguments: [Scaling.zscore, .minmax, .max, .divide(16)])
  func imagesStayBytes(scaling: Scaling) throws {
    let digits = try #require(try BuiltInSets.load("digits")).selecting(rows: Array(0..<100), name: "d")
    let preparation = try Preparation.fitted(to: digits, scaling)
    let scaled = preparation.apply(to: digits)
    guard case .bytes = scaled.storage else { return #expect(Bool(false)) }
    let expected = preparation.apply(toInputs: digits.inputs)
    for (a, b) in zip(scaled.inputs, expected) { #expect(abs(a - b) < 1e-12) }
    let samples = Samples(scaled.examples, .double)
    var row = [Double](repeating: 0, count: 64)
    samples.copyInputs(row: 7, from: 0, count: 64, to: &row)
    for (a, b) in zip(row, scaled.inputs(ofRow: 7)) { #expect(abs(a - b) < 1e-12) }
    // Twice is a scale on a scale.
    let twice = try Preparation.fitted(to: scaled, .minmax).apply(to: scaled)
    #expect(twice.inputs.allSatisfy { $0 > -1e-12 && $0 < 1 + 1e-12 })
  }
}

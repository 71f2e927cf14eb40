import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite struct GeneratorTests {
  @Test(arguments: Generators.names)
  func sameSeedSameData(name: String) throws {
    func make(_ seed: UInt64) throws -> Dataset {
      var random = RandomStream(seed: seed)
      return try #require(try Generators.make(name, count: 60, random: &random))
    }
    let one = try make(1)
    #expect(one == (try make(1)))
    #expect(one != (try make(2)))
    let data = try make(3)
    #expect(data.rows == 60)
    #expect(data.inputs.allSatisfy { $0.isFinite })
    #expect(data.inputShape.reduce(1, *) == data.inputWidth)
    if let classes = data.classes { #expect(Set(data.classOfRow ?? []).count == classes.count) }
  }

  @Test func withoutNoiseShapesAreExact() throws {
    var random = RandomStream(seed: 1)
    let circles = try #require(try Generators.make("circles", count: 100, noise: 0, random: &random))
    for row in 0..<100 {
      let point = Array(circles.inputs(ofRow: row))
      let radius = (point[0] * point[0] + point[1] * point[1]).squareRoot()
      let expected = circles.targets[row] == 0 ? 0.5 : 1
      #expect(abs(radius - expected) < 1e-12)
    }
    let plane = try #require(try Generators.make("plane", count: 10, noise: 0, random: &random))
    for row in 0..<10 {
      let expected = plane.inputs(ofRow: row).reduce(0, +) / 10
      #expect(abs(expected - plane.targets[row]) < 1e-12)
    }
  }

  @Test func rangesAreChecked() {
    var random = RandomStream(seed: 1)
    for count in [0, -5, 1, 1 << 62] {
      expectError(.badCount) { _ = try Generators.make("spiral", count: count, random: &random) }
    }
    for noise in [-1, 11, Double.nan, .infinity] {
      expectError(.badNoise) { _ = try Generators.make("moons", noise: noise, random: &random) }
    }
  }

  @Test func shapesForConvolutions() throws {
    var random = RandomStream(seed: 1)
    #expect(try Generators.make("signals", count: 20, random: &random)?.inputShape == [40, 1])
    #expect(try Generators.make("volumes", count: 20, random: &random)?.inputShape == [8, 8, 8, 1])
    #expect(try Generators.make("nothing", random: &random) == nil)
  }
}

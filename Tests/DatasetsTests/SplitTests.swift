import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite struct SplitTests {
  /// Rows that are known by their one input.
  private func numbered(_ rows: Int, classes: [Int]) -> Dataset {
    Dataset(
      name: "n", rows: rows, storage: .doubles((0..<rows).map(Double.init)), inputColumns: [DataColumn("x")],
      targets: (0..<rows).map { Double(classes[$0 % classes.count]) },
      targetColumns: [DataColumn("y", levels: (0...(classes.max() ?? 0)).map { "c\($0)" })])
  }

  @Test func nothingIsLostAndNothingLeaks() throws {
    var random = RandomStream(seed: 4)
    for round in 0..<100 {
      let rows = 20 + random.below(200)
      let data = numbered(rows, classes: [0, 1, 1, 2, 2, 2])
      let options = SplitOptions(
        test: 0.1 + 0.3 * random.uniform(), validate: round % 2 == 0 ? 0 : 0.2, stratify: true,
        shuffle: round % 3 > 0)
      let parts = try data.split(options, random: &random)
      let seen = parts.named.flatMap { $0.data.inputs }
      #expect(seen.sorted() == data.inputs)
      for (_, part) in parts.named {
        #expect((0..<part.rows).allSatisfy { part.targets[$0] == data.targets[Int(part.inputs[$0])] })
        #expect(part.classes == data.classes)
      }
    }
  }

  @Test func classesKeepTheirShares() throws {
    var random = RandomStream(seed: 4)
    let iris = try #require(try BuiltInSets.load("iris"))
    let parts = try iris.split(SplitOptions(test: 0.2, validate: 0.1), random: &random)
    #expect(parts.counts.map(\.rows) == [105, 15, 30])
    #expect(parts.counts.map { $0.classes?.map(\.rows) } == [[35, 35, 35], [5, 5, 5], [10, 10, 10]])
    #expect(parts.test?.name == "iris.test")
  }

  @Test func sameSeedSameParts() throws {
    let data = numbered(50, classes: [0, 1])
    var a = RandomStream(seed: 9)
    var b = RandomStream(seed: 9)
    #expect(try data.split(random: &a) == data.split(random: &b))
  }

  @Test func withoutShuffleTheEndIsTheTest() throws {
    var random = RandomStream(seed: 9)
    let data = try table("a,b\n1,5\n2,6\n3,7\n4,8\n5,9\n")
    let parts = try data.split(SplitOptions(test: 0.4, shuffle: false), random: &random)
    #expect(parts.train.inputs == [1, 2, 3])
    #expect(parts.test?.inputs == [4, 5])
  }

  @Test func sharesAndClassesAreChecked() throws {
    var random = RandomStream(seed: 9)
    let data = numbered(10, classes: [0, 1])
    for (test, validate) in [(-0.1, 0.0), (1, 0), (0.6, 0.5), (0, 0), (.nan, 0)] {
      expectError(.badShare) {
        _ = try data.split(SplitOptions(test: test, validate: validate), random: &random)
      }
    }
    expectError(.emptyPart, saying: ["test part"]) {
      _ = try data.split(SplitOptions(test: 0.01), random: &random)
    }
    expectError(.emptyPart, saying: ["train part"]) {
      _ = try data.split(SplitOptions(test: 0.99), random: &random)
    }
    var labels = [Int](repeating: 0, count: 20)
    labels[3] = 1
    expectError(.missingClass, saying: ["`c1`", "1 row"]) {
      _ = try numbered(20, classes: labels).split(random: &random)
    }
    // Asked for, a part may lack a class that has no row for each.
    labels[17] = 1
    let tiny = try numbered(20, classes: labels).split(
      SplitOptions(test: 0.2, validate: 0.2, stratify: false), random: &random)
    #expect(!tiny.missingClasses.isEmpty && tiny.missingClasses.allSatisfy { $0.name == "c1" })
    let sorted = numbered(10, classes: [0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
    expectError(.missingClass, saying: ["test", "`c0`", "stratify"]) {
      _ = try sorted.split(SplitOptions(shuffle: false), random: &random)
    }
    expectError(.noClasses) {
      _ = try table("a,b\n1,5\n2,6\n3,7\n4,8\n").split(
        SplitOptions(test: 0.5, stratify: true), random: &random)
    }
  }

  @Test func meansComeFromTheTrainingPartOnly() throws {
    var random = RandomStream(seed: 9)
    let text = "a,b\n1,1\n,2\n3,3\n100,4\n"
    let data = try table(text, ReadOptions(missing: .mean))
    let mean = 104.0 / 3
    #expect(abs(data.inputs[1] - mean) < 1e-12)
    let parts = try data.split(SplitOptions(test: 0.25, shuffle: false), random: &random)
    #expect(parts.train.inputs == [1, 2, 3])
    #expect(parts.test?.inputs == [100])
  }

  @Test func setsThatComeDividedKeepTheirTestPart() throws {
    var random = RandomStream(seed: 9)
    let parts = DatasetParts(train: numbered(40, classes: [0, 1]), test: numbered(10, classes: [0, 1]))
    let divided = try parts.split(SplitOptions(test: 0, validate: 0.25), random: &random)
    #expect(divided.counts.map(\.rows) == [30, 10, 10])
    expectError(.alreadyDivided) { _ = try parts.split(SplitOptions(test: 0.2), random: &random) }
  }
}

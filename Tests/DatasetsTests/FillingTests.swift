import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

/// What stands in for missing values, against pandas (`Fixtures/filling.py`).
@Suite struct FillingTests {
  private struct Filled: Decodable {
    let csv: String
    let age: [String: [Double]]
    let height: [String: [Double]]
    let city: [String: [String]]
    let shares: [String: Double]
    let train_median: Double
  }

  private static let filled = Result {
    try JSONDecoder().decode(Filled.self, from: Data(contentsOf: URL(filePath: fixture("filling.json"))))
  }

  private func read(_ change: (inout ReadOptions) -> Void) throws -> Dataset {
    var options = ReadOptions()
    change(&options)
    return try table(Self.filled.get().csv, options)
  }

  private func numbers(_ set: Dataset, _ column: String) throws -> [Double] {
    try #require(set.cells(ofColumn: column)).compactMap {
      if case .number(let number) = $0 { number } else { nil }
    }
  }

  private func words(_ set: Dataset, _ column: String) throws -> [String] {
    try #require(set.cells(ofColumn: column)).compactMap {
      if case .word(let word) = $0 { word } else { nil }
    }
  }

  private func agree(_ own: [Double], _ peer: [Double]?) -> Bool {
    guard let peer, own.count == peer.count else { return false }
    return zip(own, peer).allSatisfy { abs($0 - $1) < 1e-12 }
  }

  @Test(arguments: [MissingPolicy.mean, .median, .mode]) func allColumns(policy: MissingPolicy) throws {
    let set = try read { $0.missing = policy }
    let peer = try Self.filled.get()
    #expect(agree(try numbers(set, "age"), peer.age[policy.rawValue]))
    #expect(agree(try numbers(set, "height"), peer.height[policy.rawValue]))
    // Of categories the commonest, or with the mean the share of each.
    if policy == .mean {
      let shares = peer.shares.sorted { $0.key < $1.key }.map(\.value)
      #expect(agree(Array(set.inputs(ofRow: 1).suffix(3)), shares))
    } else {
      #expect(try words(set, "city") == peer.city["mode"])
    }
    #expect(set.inputColumns.map(\.missing) == [2, 2, 2])
  }

  @Test func singleColumns() throws {
    let set = try read {
      $0.fill = ["age": .value("-1"), "height": .median, "city": .value("unknown")]
    }
    let peer = try Self.filled.get()
    #expect(agree(try numbers(set, "age"), peer.age["value"]))
    #expect(agree(try numbers(set, "height"), peer.height["median"]))
    #expect(try words(set, "city") == peer.city["value"])
    #expect(set.inputColumns[2].levels == ["Oslo", "Paris", "Rome", "unknown"])
    #expect(
      set.notes.contains {
        $0.contains("`age` by -1, `height` by its median, `city` by the category `unknown`")
      }, "\(set.notes)")
  }

  /// Rows are dropped for the columns alone that nothing is filled into.
  @Test func someAreFilledAndOthersDropped() throws {
    let set = try read {
      $0.missing = .drop
      $0.fill = ["age": .value("0"), "city": .mode]
    }
    #expect(set.targets == [0, 1, 3, 4, 5, 7] && set.inputColumns.map(\.missing) == [2, 2, 2])
    #expect(try numbers(set, "age") == [31, 0, 28, 28, 0, 39])
  }

  @Test func anInputSaysWhereAValueWasMissing() throws {
    let set = try read {
      $0.missing = .mean
      $0.fill = ["age": .value("0")]
      $0.indicators = ["age", "city"]
    }
    #expect(set.inputColumns.map(\.name) == ["age", "height", "city", "age_missing", "city_missing"])
    #expect(try numbers(set, "age_missing") == [0, 1, 0, 0, 0, 1, 0, 0])
    #expect(try numbers(set, "city_missing") == [0, 1, 0, 0, 0, 0, 0, 1])
  }

  /// A statistic is that of the training part, whatever the others hold; a value stays.
  @Test func theTrainingPartDecides() throws {
    let set = try read {
      $0.missing = .mode
      $0.fill = ["age": .median, "height": .value("9")]
    }
    var random = RandomStream(seed: 1)
    var options = SplitOptions(test: 0.5, shuffle: false)
    options.stratify = false
    let parts = try set.split(options, random: &random)
    let test = try #require(parts.test)
    let peer = try Self.filled.get()
    #expect(try numbers(test, "age") == [28, peer.train_median, 60, 39])
    #expect(try numbers(test, "height") == [1.72, 1.81, 9, 1.6])
    // The commonest of Oslo, nothing, Rome and Oslo.
    #expect(try words(test, "city") == ["Paris", "Rome", "Oslo", "Oslo"])
  }

  @Test func theNetworksTableDecides() throws {
    let schema = DataSchema(of: try read { $0.missing = .median })
    let other = try table(
      "age,height,city,y\n,1.5,Rome,1\n99,,,2\n3,1.6,Oslo,3\n", ReadOptions(missing: .mean))
    let matched = try schema.match(other, for: "n")
    let peer = try Self.filled.get()
    #expect(try numbers(matched.data, "age")[0] == peer.age["median"]?[1])
    #expect(try numbers(matched.data, "height")[1] == peer.height["median"]?[2])
    #expect(try words(matched.data, "city")[1] == "Oslo")
    #expect(matched.note?.contains("missing values replaced") == true)
    // What the reader filled in as a value of his own stays.
    var options = ReadOptions(missing: .mean)
    options.fill = ["age": .value("50")]
    let own = try table("age,height,city,y\n,1.5,Rome,1\n99,1.6,Oslo,2\n", options)
    #expect(try numbers(try schema.match(own, for: "n").data, "age") == [50, 99])
  }

  /// What stands in for a step is told from the training windows alone, and is the same in all of them.
  @Test(arguments: [(MissingPolicy.mean, 7.0), (.median, 3), (.mode, 3)])
  func windowsHaveTheStatisticOfTheTrainingPart(policy: MissingPolicy, expected: Double) throws {
    let values = ["3", "", "3", "15", "100", "200", "300", "400", "500"]
    let csv = "x,y\n" + values.enumerated().map { "\($1),\($0)\n" }.joined()
    let set = try table(csv, ReadOptions(missing: policy)).series(
      SeriesOptions(window: SeriesWindow(steps: 1)))
    var options = SplitOptions(test: 0.5)
    options.byTime = true
    var random = RandomStream(seed: 1)
    // The training windows are those that are over before the first of the others: the first three rows.
    let train = try set.split(options, random: &random).train
    #expect(train.rows == 3, "\(train.rows)")
    #expect(train.inputs(ofRow: 1).first == 3)
    let fold = Fold(training: [0, 1, 2, 3], testing: [4, 5])
    #expect(set.parts(of: fold).training.inputs(ofRow: 1).first == expected)
    // Both windows that have the step.
    let wide = try table(csv, ReadOptions(missing: policy)).series(
      SeriesOptions(window: SeriesWindow(steps: 2)))
    let parts = wide.parts(of: Fold(training: [0, 1], testing: [4]))
    let first = Array(parts.training.inputs(ofRow: 0))
    #expect(first == [3, 0, 3, 1] && Array(parts.training.inputs(ofRow: 1)) == [3, 1, 3, 2])
  }

  @Test func categoriesInWindowsAreFilledAsAWhole() throws {
    let csv = "city,y\nOslo,1\n,2\nOslo,3\nRome,4\nRome,5\nRome,6\n"
    let set = try table(csv, ReadOptions(missing: .mode)).series(
      SeriesOptions(window: SeriesWindow(steps: 1)))
    let training = set.parts(of: Fold(training: [0, 1, 2], testing: [4])).training
    #expect(Array(training.inputs(ofRow: 1)) == [1, 0, 2])
  }

  @Test func whatCannotBeFilledInIsRefused() throws {
    expectError(.badOption, saying: ["`city`", "fill={city: mode}"]) {
      _ = try read { $0.fill = ["city": .median] }
    }
    expectError(.badOption, saying: ["`age`", "fill={age: median}"]) {
      _ = try read { $0.fill = ["age": .value("unknown")] }
    }
    expectError(.unusedOption, saying: ["the target"]) { _ = try read { $0.fill = ["y": .mean] } }
    expectError(.unknownColumn, saying: ["`cty`"]) { _ = try read { $0.fill = ["cty": .mean] } }
    expectError(.unusedOption, saying: ["missing=mean"]) { _ = try read { $0.indicators = ["age"] } }
    expectError(.missingValue, saying: ["fill={city: unknown}"]) { _ = try read { $0.fill = ["age": .mean] } }
    expectError(.emptyColumn) { _ = try table("a,b,y\n1,,1\n2,,2\n", ReadOptions(missing: .median)) }
  }

  /// A category that a table calls `other` takes no words that it does not have.
  @Test func otherIsAWordLikeAnyOther() throws {
    let plain = DataSchema(of: try table("city,y\nOslo,1\nother,2\nRome,3\n"))
    let fresh = try table("city,y\nParis,1\nOslo,2\n")
    expectError(.unknownCategory, saying: ["Row 1", "`Paris`"]) { _ = try plain.match(fresh, for: "n") }
    let grouping = DataSchema(of: try table("city,y\nOslo,1\nOslo,2\nRome,3\n", ReadOptions(rare: 2)))
    #expect(try words(try grouping.match(fresh, for: "n").data, "city") == ["other", "Oslo"])
  }

  @Test func namesThatComeAgainAreSaid() throws {
    let set = try table(" a ,b,a,\n1,2,3,4\n5,6,7,8\n")
    #expect(set.inputColumns.map(\.name) == ["a", "b", "a_2"] && set.targetNames == ["column4"])
    #expect(set.notes[0].contains("names that come again: a as a_2") && !set.notes[0].contains("column4 as"))
    #expect(try !table("a,b\n1,2\n").notes[0].contains("come again"))
  }

  @Test func columnsGetOtherNames() throws {
    let set = try read {
      $0.missing = .mean
      $0.renamed = ["height": "size", "y": "place"]
      $0.targets = ["size"]
      $0.missing = .drop
    }
    #expect(set.inputColumns.map(\.name) == ["age", "city", "place"] && set.targetNames == ["size"])
    let named = try set.renaming(["place": "number", "size": "tall"])
    #expect(named.inputNames.last == "number" && named.targetNames == ["tall"])
    #expect(named.inputs == set.inputs && named.targets == set.targets)
    expectError(.repeatedColumn, saying: ["`age`"]) { _ = try set.renaming(["place": "age"]) }
    expectError(.unknownColumn, saying: ["`plac`"]) { _ = try set.renaming(["plac": "a"]) }
  }
}

/// A target of which the logarithm is learned.
@Suite struct TargetTransformTests {
  private func homes(_ target: String, prices: [Double] = [100, 200, 400, 800]) throws -> Dataset {
    let rows = prices.enumerated().map { "\($0),\($1)\n" }.joined()
    return try table("area,price\n" + rows, ReadOptions(targets: [target]))
  }

  @Test func theTableKeepsItsPrices() throws {
    let set = try homes("log(price)")
    #expect(set.targets == [100, 200, 400, 800] && set.targetNames == ["price"])
    #expect(set.targetColumns[0].transform == .log && set.notes[0].contains("learned as its log"))
    #expect(try homes("price").targetColumns[0].transform == nil)
    // A column may be called so.
    let named = try table("a,log(b)\n1,2\n3,-4\n", ReadOptions(targets: ["log(b)"]))
    #expect(named.targetNames == ["log(b)"] && named.targetColumns[0].transform == nil)
  }

  /// The scale is that of the logarithms: their mean is 0 and their deviation 1.
  @Test func theScaleIsThatOfLogarithms() throws {
    let set = try homes("log(price)")
    let plain = try #require(Preparation(transformsOf: set))
    #expect(!plain.scalesInputs && plain.transformsTargets)
    #expect(zip(plain.apply(to: set).targets, set.targets).allSatisfy { abs($0 - log($1)) < 1e-12 })
    let scaled = try Preparation.fitted(to: set, .zscore)
    let logarithms = scaled.apply(to: set).targets
    #expect(abs(logarithms.reduce(0, +)) < 1e-12)
    let variance = logarithms.reduce(0) { $0 + $1 * $1 } / 4
    #expect(abs(variance - 1) < 1e-12)
    #expect(zip(scaled.undo(targets: logarithms), set.targets).allSatisfy { abs($0 - $1) < 1e-9 })
    let one = try Preparation.fitted(to: homes("log1p(price)", prices: [0, 1, 3, 7]), .minmax)
    #expect(one.undo(targets: one.apply(toTargets: [0, 7])).map { $0.rounded() } == [0, 7])
  }

  @Test func whatHasNoLogarithmIsRefused() throws {
    expectError(.badTarget, saying: ["row 2", "target=\"log1p(price)\""]) {
      _ = try homes("log(price)", prices: [1, 0, 2])
    }
    expectError(.badTarget, saying: ["row 1", "-3", "target=price"]) {
      _ = try homes("log1p(price)", prices: [-3, 0, 2])
    }
    expectError(.badTarget, saying: ["categorical"]) {
      _ = try table("a,b\n1,x\n2,y\n", ReadOptions(targets: ["log(b)"]))
    }
  }
}

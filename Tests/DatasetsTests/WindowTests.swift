import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite("Windows over a series")
struct WindowTests {
  private func series(_ rows: Int, targets: Bool = false) throws -> Dataset {
    try Dataset(
      name: "s", inputs: (0..<rows).map { [Double($0)] },
      targets: (0..<rows).map { targets ? [100 + Double($0)] : [] })
  }

  /// As `sliding_window_view` of NumPy cuts them.
  @Test(arguments: [(2, 1), (3, 2), (1, 4)])
  func eachHasItsStepsAndALaterTarget(_ steps: Int, _ ahead: Int) throws {
    let windows = try series(8).windows(SeriesWindow(steps: steps, ahead: ahead))
    #expect(windows.rows == 8 - steps - ahead + 1)
    #expect(windows.inputShape == [steps, 1])
    for row in 0..<windows.rows {
      #expect(Array(windows.inputs(ofRow: row)) == (row..<row + steps).map(Double.init))
      #expect(Array(windows.targets(ofRow: row)) == [Double(row + steps - 1 + ahead)])
    }
    #expect(windows.inputNames.last == "x t")
    #expect(windows.targetNames == ["x"])
  }

  @Test func theTargetsPastIsAFeature() throws {
    let windows = try series(4, targets: true).windows(SeriesWindow(steps: 2))
    #expect(windows.inputNames == ["x t-1", "y t-1", "x t", "y t"])
    #expect(windows.inputs == [0, 100, 1, 101, 1, 101, 2, 102])
    #expect(windows.targets == [102, 103])
  }

  @Test func classesAreTargetsAlone() throws {
    let days = Dataset(
      name: "days", rows: 3, storage: .doubles([1, 2, 3]), inputColumns: [DataColumn("t")],
      targets: [0, 1, 1], targetColumns: [DataColumn("weather", levels: ["dry", "wet"])])
    let windows = try days.windows(SeriesWindow(steps: 1))
    #expect(windows.inputs == [1, 2] && windows.targets == [1, 1])
    #expect(windows.classes == ["dry", "wet"])
  }

  @Test func whatCannotBeCutIsRefused() throws {
    let short = #expect(throws: CodedError.self) { try series(5).windows(SeriesWindow(steps: 5)) }
    #expect(short?.code == .badWindow && short?.message.contains("at least 6 steps") == true)
    let twice = try series(9).windows(SeriesWindow(steps: 2))
    let error = #expect(throws: CodedError.self) { try twice.windows(SeriesWindow(steps: 2)) }
    #expect(error?.code == .badWindow)
  }

  /// No step that a part is tested on, as input or as target, is in a part before it.
  @Test(arguments: [(1, 1), (3, 1), (4, 3)])
  func aCutInTimeIsClean(_ steps: Int, _ ahead: Int) throws {
    let windows = try series(60).windows(SeriesWindow(steps: steps, ahead: ahead))
    var random = RandomStream(seed: 1)
    var options = SplitOptions(test: 0.2, validate: 0.2)
    options.byTime = true
    let parts = try windows.split(options, random: &random)
    let (validate, test) = (try #require(parts.validate), try #require(parts.test))
    for (before, after) in [(parts.train, validate), (validate, test)] {
      let last = try #require((before.inputs + before.targets).max())
      let first = try #require((after.inputs + after.targets).min())
      #expect(last < first)
    }
    #expect(test.targets.last == 59)
  }

  @Test func aSeriesTooShortToCutIsRefused() throws {
    let windows = try series(12).windows(SeriesWindow(steps: 6))
    var random = RandomStream(seed: 1)
    var options = SplitOptions(test: 0.5)
    options.byTime = true
    let error = #expect(throws: CodedError.self) { try windows.split(options, random: &random) }
    #expect(error?.code == .emptyPart)
  }

  /// A feature keeps its scale through a window: its course would be bent otherwise.
  @Test func allStepsHaveOneScale() throws {
    let windows = try series(20, targets: true).windows(SeriesWindow(steps: 3))
    let preparation = try Preparation.fitted(to: windows, .zscore)
    #expect(preparation.inputs.count == 6)
    #expect(preparation.inputs[0] == preparation.inputs[2] && preparation.inputs[1] == preparation.inputs[5])
    #expect(preparation.inputs[0] != preparation.inputs[1])
  }

  @Test func airPassengersAreThoseOfTheBook() throws {
    let air = try #require(try BuiltInSets.load("air_passengers"))
    // The mean of R's `AirPassengers`.
    #expect(air.rows == 144 && air.inputs.reduce(0, +) == 40_363)
    #expect(air.inputs.first == 112 && air.inputs.max() == 622)
  }
}

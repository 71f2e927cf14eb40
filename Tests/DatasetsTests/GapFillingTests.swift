import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

/// Rows that are put into gaps in time, against pandas (`Fixtures/gaps.py`).
@Suite struct GapFillingTests {
  private struct PeerGaps: Decodable {
    let freq: String
    let times: [String]
    let values: [Double]
    let all: [Double]
    let linear: [Double]
    let previous: [Double]

    static func read() throws -> [PeerGaps] {
      let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/gaps.json")
      return try JSONDecoder().decode([PeerGaps].self, from: Data(contentsOf: file))
    }
  }

  private func read(
    _ csv: String, _ gaps: GapPolicy, window: Int? = 1, series: String? = nil, target: [String] = [],
    dates: [DatePart] = []
  ) throws -> Dataset {
    var reading = ReadOptions(targets: target)
    (reading.order, reading.series) = ("day", series)
    var options = SeriesOptions(order: "day", series: series, window: window.map { SeriesWindow(steps: $0) })
    options.gaps = gaps
    return try table(csv, reading).telling(dates, order: "day").series(options)
  }

  @Test func rowsAreThoseOfPandas() throws {
    for peer in try PeerGaps.read() {
      let csv = "day,y\n" + zip(peer.times, peer.values).map { "\($0),\($1)\n" }.joined()
      for (policy, values) in [(GapPolicy.linear, peer.linear), (.previous, peer.previous)] {
        let set = try read(csv, policy)
        // Windows of one step, each with the next row as its target.
        let found = set.inputs + set.targets.suffix(1)
        #expect(found.count == values.count, "\(peer.freq)")
        #expect(zip(found, values).allSatisfy { abs($0 - $1) < 1e-9 }, "\(peer.freq) \(policy)")
        let times = try #require(set.times)
        #expect(times.map(\.first) + times.suffix(1).map(\.last) == peer.all, "\(peer.freq)")
      }
    }
  }

  @Test func wordsDatesAndSeriesAreKept() throws {
    let csv = """
      day,who,mood,y
      2024-01-01,a,good,1
      2024-01-02,a,bad,2
      2024-01-05,a,good,8
      2024-01-01,b,bad,5
      2024-01-02,b,good,6

      """
    let set = try read(csv, .linear, window: nil, series: "who", target: ["y"], dates: [.weekday])
    #expect(set.steps?.lengths == [5, 2])
    #expect(set.targets == [1, 2, 4, 6, 8, 5, 6])
    #expect(set.inputNames == ["day_weekday_sin", "day_weekday_cos", "mood=bad", "mood=good"])
    let bad = (0..<7).map { set.inputs[$0 * 4 + 2] }
    #expect(bad == [0, 1, 1, 1, 0, 1, 0])
    // 4 January 2024 was a Thursday.
    #expect(abs(set.inputs[3 * 4] - sin(2 * Double.pi * 3 / 7)) < 1e-12)
    let label = try #require(set.labelColumns.first { $0.role == .order })
    #expect(
      label.textsOfSteps?[0] == ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"])
    #expect(set.notes.contains { $0.contains("2 rows missing") && $0.contains("filled in between") })
    let classes = try read(csv, .linear, window: nil, series: "who", target: ["mood"])
    #expect(classes.targets == [1, 0, 0, 0, 1, 0, 1])
  }

  /// Dates of new rows and of old ones are of one format, which can be read again.
  @Test func datesAreOfOneFormat() throws {
    let csv = """
      day,who,a,y
      29/5/2024,p,1,1
      30/5/2024,p,2,2
      31/5/2024,p,3,3
      1/6/2024,p,4,4
      3/6/2024,p,6,6
      29/5/2024,q,1,5
      30/5/2024,q,2,6

      """
    let set = try read(csv, .previous, window: nil, series: "who", target: ["y"])
    let label = try #require(set.labelColumns.first { $0.role == .order })
    #expect(
      label.textsOfSteps?[0] == [
        "2024-05-29", "2024-05-30", "2024-05-31", "2024-06-01", "2024-06-02", "2024-06-03",
      ])
    #expect(label.isDate)
    let windows = try read(csv, .previous, series: "who", target: ["y"])
    let times = try windows.columnTimes(of: "day")
    #expect(times?.times.count == windows.rows)
  }

  @Test func fractionsOfSecondsAreKept() throws {
    let csv = """
      day,who,a,y
      2024-05-31T12:00:00.5,p,1,1
      2024-05-31T12:00:01,p,2,2
      2024-05-31T12:00:01.5,p,3,3
      2024-05-31T12:00:02.5,p,5,5
      2024-05-31T12:00:00.5,q,1,5
      2024-05-31T12:00:01,q,2,6

      """
    let set = try read(csv, .linear, window: nil, series: "who", target: ["y"])
    let label = try #require(set.labelColumns.first { $0.role == .order })
    #expect(
      label.textsOfSteps?[0] == [
        "2024-05-31T12:00:00.5", "2024-05-31T12:00:01", "2024-05-31T12:00:01.5", "2024-05-31T12:00:02",
        "2024-05-31T12:00:02.5",
      ])
    #expect(set.targets == [1, 2, 3, 4, 5, 5, 6])
  }

  /// Whether a value was missing is so or not.
  @Test func flagsAreThoseOfTheRowBefore() throws {
    let csv = """
      day,who,a,y
      2024-01-01,p,1,1
      2024-01-02,p,,2
      2024-01-05,p,4,8
      2024-01-01,q,5,5
      2024-01-02,q,6,6

      """
    var reading = ReadOptions(targets: ["y"])
    (reading.order, reading.series) = ("day", "who")
    reading.fill = ["a": .mean]
    reading.indicators = ["a"]
    var options = SeriesOptions(order: "day", series: "who")
    options.gaps = .linear
    let set = try table(csv, reading).series(options)
    #expect(set.inputNames == ["a", "a_missing"])
    let flags = (0..<7).map { set.inputs[$0 * 2 + 1] }
    #expect(flags == [0, 1, 1, 1, 0, 0, 0])
    #expect(set.inputColumns.map(\.isIndicator) == [false, true])
  }

  /// A column is no flag for being called like one: its numbers are between those on both sides.
  @Test func anInputOfSuchANameIsFilledAsAnyOther() throws {
    let csv = """
      day,who,a,a_missing,y
      2024-01-01,p,1,0,1
      2024-01-02,p,2,0,2
      2024-01-05,p,4,1,8

      """
    var reading = ReadOptions(targets: ["y"])
    (reading.order, reading.series) = ("day", "who")
    var options = SeriesOptions(order: "day", series: "who")
    options.gaps = .linear
    let set = try table(csv, reading).series(options)
    #expect(set.inputNames == ["a", "a_missing"])
    let numbers = (0..<5).map { set.inputs[$0 * 2 + 1] }
    #expect(zip(numbers, [0, 0, 1.0 / 3, 2.0 / 3, 1]).allSatisfy { abs($0 - $1) < 1e-12 }, "\(numbers)")
  }

  /// A gap of centuries is filled for seconds.
  @Test(arguments: [GapPolicy.linear, .previous])
  func fillingStopsWhenItIsAskedTo(policy: GapPolicy) throws {
    let csv = "day,y\n1001-01-01,1\n1001-01-02,2\n1001-01-03,3\n9001-01-04,4\n"
    let start = ContinuousClock.now
    Cancellation.asking({ true }) {
      expectError(.interrupted, saying: ["`day`"]) { _ = try read(csv, policy) }
    }
    #expect(ContinuousClock.now - start < .seconds(10))
  }

  @Test func gapsBeyondMemoryAreRefused() {
    let csv = "day,y\n1,1\n2,2\n3,3\n900000000000000,4\n"
    expectError(.tooLarge, saying: ["gaps"]) { _ = try read(csv, .previous) }
  }
}

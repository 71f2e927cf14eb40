import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

/// Tables in the order of time: sorted, cut into windows, divided, against pandas (`Fixtures/times.py`).
@Suite struct SeriesTests {
  /// Reads a table with a column of times, and one of names, apart.
  private func read(_ csv: String, _ options: SeriesOptions, target: [String]? = nil) throws(CodedError)
    -> Dataset
  {
    var reading = ReadOptions(targets: target ?? (options.window == nil ? nil : []))
    (reading.order, reading.series) = (options.order, options.series)
    return try table(csv, reading).series(options)
  }

  private func notes(_ set: Dataset) -> String { set.notes.dropFirst().joined(separator: "\n") }

  @Test func rowsAreSorted() throws {
    let csv = "day,a,y\n2.5.2024,2,20\n1.5.2024,1,10\n10.5.2024,3,30\n"
    let set = try read(csv, SeriesOptions(order: "day"))
    #expect(set.inputs == [1, 2, 3] && set.targets == [10, 20, 30])
    #expect(set.inputNames == ["a"])
    #expect(set.labelColumns.first?.texts == ["1.5.2024", "2.5.2024", "10.5.2024"])
    #expect(notes(set).contains("have been sorted"))
    #expect(
      try notes(
        read(
          csv.replacing("10.5", with: "1.6").replacing("2.5.2024,2,20\n", with: ""),
          SeriesOptions(order: "day"))
      ).isEmpty)
    // Numbers by size, and days of eight digits as days.
    #expect(try read("t,a,y\n10,1,1\n9,2,2\n", SeriesOptions(order: "t")).inputs == [2, 1])
    let compact = try read("t,a,y\n20240302,1,1\n20240229,2,2\n", SeriesOptions(order: "t"))
    #expect(compact.times?.map { $0.first } == [1_709_164_800, 1_709_337_600])
    #expect(try read("t;a;y\n1,5;1;1\n0,5;2;2\n", SeriesOptions(order: "t")).inputs == [2, 1])
  }

  /// Also of a table that has only been made here, whose columns are inputs.
  @Test func anyColumnMaySayTheOrder() throws {
    let set = try Dataset(name: "s", inputs: [[2, 20], [1, 10], [3, 30]], targets: [[5], [4], [6]])
    let series = try set.series(SeriesOptions(order: "x1"))
    #expect(series.inputs == [10, 20, 30] && series.targets == [4, 5, 6])
    expectError(.badValue, saying: ["target"]) { _ = try set.series(SeriesOptions(order: "y")) }
    expectError(.unknownColumn, saying: ["`x3`"]) { _ = try set.series(SeriesOptions(order: "x3")) }
  }

  @Test func windowsWithinGroupsAreThoseOfPandas() throws {
    let peer = try PeerTimes.read()
    var options = SeriesOptions(order: "date", series: "customer")
    options.window = SeriesWindow(steps: peer.steps, ahead: peer.ahead)
    let set = try read(peer.csv, options, target: ["amount"])
    #expect(set.rows == peer.windows.count)
    #expect(set.inputNames.prefix(2) == ["price t-2", "amount t-2"])
    let customers = try #require(set.labelColumns.first { $0.role == .series }).texts
    let dates = try #require(set.labelColumns.first { $0.role == .order }).texts
    for (row, window) in peer.windows.enumerated() {
      #expect(Array(set.inputs(ofRow: row)) == window.inputs)
      #expect(Array(set.targets(ofRow: row)) == [window.target])
      #expect(customers[row] == window.customer && dates[row] == window.date)
      let amounts = window.inputs.indices.filter { $0 % 2 == 1 }.map {
        set.inputs(ofRow: row)[row * set.inputWidth + $0]
      }
      #expect(abs(amounts.reduce(0, +) / Double(peer.steps) - window.mean) < 1e-9)
    }
    #expect(notes(set).contains("1 of 3 series has fewer than 5 rows and is left out: `Bob`"))
  }

  @Test func aWindowLongerThanAllSeriesIsRefused() {
    let csv = "t,who,y\n1,a,1\n2,a,2\n1,b,3\n2,b,4\n3,b,5\n"
    expectError(.badWindow, saying: ["at least 4 rows in a series", "`t` has 3"]) {
      _ = try read(csv, SeriesOptions(order: "t", series: "who", window: SeriesWindow(steps: 3)))
    }
    expectError(.badWindow, saying: ["has 5"]) {
      _ = try read(
        "t,y\n1,1\n2,2\n3,3\n4,4\n5,5\n", SeriesOptions(order: "t", window: SeriesWindow(steps: 5)))
    }
  }

  // MARK: Gaps

  @Test func gapsAreThoseOfPandas() throws {
    for gaps in try PeerTimes.read().gaps {
      let csv = "day,y\n" + gaps.times.enumerated().map { "\($1),\($0)\n" }.joined()
      let told = try read(csv, SeriesOptions(order: "day", window: SeriesWindow(steps: 2)))
      #expect(
        notes(told).contains(
          "2 gaps in `day` (\(gaps.words)), \(gaps.missing) rows missing, the first after `\(gaps.before_first)`"
        ),
        "\(gaps.freq): \(notes(told))")
      #expect(told.rows == gaps.times.count - 2)
      var options = SeriesOptions(order: "day", window: SeriesWindow(steps: 2))
      options.gaps = .split
      let split = try read(csv, options)
      #expect(split.rows == gaps.times.count - 3 * 2, "\(gaps.freq)")
      options.gaps = .error
      expectError(.gapInTime, saying: [gaps.before_first, "gaps=split"]) { _ = try read(csv, options) }
    }
  }

  @Test func noGapIsToldWhereThereIsNone() throws {
    // Fridays and Mondays follow each other where there are no rows at weekends.
    let days = ["2024-05-30", "2024-05-31", "2024-06-03", "2024-06-04", "2024-06-05"]
    for texts in [
      days, ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"], ["1949", "1950", "1951"],
      ["0.5", "0.75", "1"],
    ] {
      let csv = "day,y\n" + texts.enumerated().map { "\($1),\($0)\n" }.joined()
      #expect(
        try notes(read(csv, SeriesOptions(order: "day", window: SeriesWindow(steps: 1)))).isEmpty, "\(texts)")
    }
  }

  @Test func unevenTimesAreTold() throws {
    let csv = "day,y\n2024-05-01,1\n2024-05-02,2\n2024-05-12,3\n2024-05-17,4\n2024-05-30,5\n"
    var options = SeriesOptions(order: "day", window: SeriesWindow(steps: 1))
    #expect(try notes(read(csv, options)).contains("not equally spaced"))
    options.gaps = .split
    expectError(.gapInTime, saying: ["not equally spaced"]) { _ = try read(csv, options) }
  }

  /// Tiny steps, and then many that are longer beyond measure.
  @Test func gapsWithoutNumberAreTold() throws {
    let small = (0..<10_002).map { "\($0)e-300" }
    let csv = "t,y\n" + (small + (1...10_000).map(String.init)).map { "\($0),1\n" }.joined()
    let set = try read(csv, SeriesOptions(order: "t", window: SeriesWindow(steps: 1)))
    #expect(notes(set).contains("10000 gaps"), "\(notes(set))")
  }

  @Test func momentsBeyondTimeHaveADay() {
    #expect(Moment(shown: 86_400 * 2.5).dayNumber == 2 && Moment(shown: -1).dayNumber == -1)
    #expect(Moment(shown: 1e300).dayNumber > 0 && Moment(shown: -1e300).dayNumber < 0)
  }

  /// A day of 25 hours, and rows a little early or late.
  @Test func unsteadyClocksMakeNoGaps() throws {
    let times = [0.0, 10, 20, 31, 41, 50, 60, 70, 85, 95]
    let csv = "t,y\n" + times.map { "\($0),1\n" }.joined()
    let set = try read(csv, SeriesOptions(order: "t", window: SeriesWindow(steps: 1)))
    #expect(
      notes(set).contains("a gap in `t` (a row every 10), 1 row missing, after `70.0`")
        && !notes(set).contains("sooner"), "\(notes(set))")
  }

  @Test func stretchesTooShortAreTold() throws {
    let csv = "t,y\n" + [1, 2, 3, 4, 7, 8, 20, 21, 22, 23].map { "\($0),\($0)\n" }.joined()
    var options = SeriesOptions(order: "t", window: SeriesWindow(steps: 2))
    options.gaps = .split
    let set = try read(csv, options)
    #expect(set.targets == [3, 4, 22, 23])
    #expect(
      notes(set).contains("1 of 3 stretches between gaps has fewer than 3 rows and is left out (2 rows)"))
  }

  // MARK: Bad input

  @Test func duplicatesAreRefusedWhereStepsCount() throws {
    let csv = "day,who,y\n2024-05-01,a,1\n2024-05-02,a,2\n2024-05-01,b,3\n"
    expectError(.duplicateTime, saying: ["Rows 1 and 3 of `t`", "`2024-05-01` in `day`", "by="]) {
      _ = try read(csv, SeriesOptions(order: "day", window: SeriesWindow(steps: 1)))
    }
    let apart = SeriesOptions(order: "day", series: "who", window: SeriesWindow(steps: 1))
    #expect(try read(csv, apart).rows == 1)
    expectError(.duplicateTime, saying: ["Rows 1 and 2", "of `a`"]) {
      _ = try read(csv.replacing("05-02", with: "05-01"), apart)
    }
    // Rows that are no steps may well be of one time.
    #expect(try read("day,a,y\n2024-05-01,1,2\n2024-05-01,2,3\n", SeriesOptions(order: "day")).rows == 2)
  }

  @Test func rowsWithoutATimeAreRefusedOrDropped() throws {
    let csv = "day,a,y\n2024-05-01,1,2\n,2,3\n2024-05-02,3,4\n"
    expectError(.missingValue, saying: ["Row 2", "`day`", "missing=drop"]) {
      _ = try read(csv, SeriesOptions(order: "day"))
    }
    var options = SeriesOptions(order: "day")
    options.dropsMissing = true
    #expect(try read(csv, options).rows == 2)
  }

  @Test func namesMustRepeat() {
    let csv = "day,amount,y\n1,1.5,2\n2,2.5,3\n3,1.5,4\n"
    expectError(.badValue, saying: ["by=amount", "measurements", "1.5"]) {
      _ = try read(csv, SeriesOptions(order: "day", series: "amount", window: SeriesWindow(steps: 1)))
    }
    expectError(.badValue, saying: ["no two rows"]) {
      _ = try read(
        "day,who,y\n1,a,2\n2,b,3\n",
        SeriesOptions(order: "day", series: "who", window: SeriesWindow(steps: 1)))
    }
    expectError(.badDate, saying: ["order=who", "`a`"]) {
      _ = try read("day,who,y\n1,a,2\n2,b,3\n", SeriesOptions(order: "who"))
    }
    expectError(.unknownColumn, saying: ["`dya`", "`day`"]) {
      _ = try read("day,a,y\n1,a,2\n", SeriesOptions(order: "dya"))
    }
  }

  @Test func aDayThatThereIsNotIsNamed() {
    let days = [20_240_227, 20_240_228, 20_240_229, 20_240_230, 20_240_301]
    let csv = "day,a,y\n" + days.map { "\($0),1,2\n" }.joined()
    expectError(.badDate, saying: ["`day` in row 4 of `t`", "`20240230`"]) {
      _ = try read(csv, SeriesOptions(order: "day"))
    }
    expectError(.badDate, saying: ["has `inf`"]) {
      _ = try read("t,a,y\n1,1,2\n2,1,3\ninf,1,4\n", SeriesOptions(order: "t"))
    }
  }

  /// New customers, of whom there is a row each.
  @Test func aRowForEachSeriesIsTold() throws {
    let csv = "who,a,y\nz,1,2\nq,2,3\n"
    let set = try read(csv, SeriesOptions(series: "who"), target: ["y"])
    #expect(set.rows == 2 && set.steps?.lengths == [1, 1])
    #expect(notes(set).contains("each series has one row"), "\(notes(set))")
  }

  @Test func optionsThatSayNothing() throws {
    var gaps = SeriesOptions(window: SeriesWindow(steps: 1))
    gaps.gaps = .split
    expectError(.unusedOption, saying: ["order="]) { _ = try read("a,y\n1,2\n2,3\n", gaps) }
    gaps = SeriesOptions(order: "a")
    gaps.gaps = .split
    expectError(.unusedOption, saying: ["window="]) { _ = try read("a,b,y\n1,2,2\n2,3,3\n", gaps) }
    var images = ReadOptions()
    images.order = "x1"
    expectError(.unusedOption, saying: ["`order=`"]) {
      _ = try DatasetFile.read(fixture("idx"), name: "i", options: images)
    }
    expectError(.unusedOption, saying: ["`order=`", "IDX"]) {
      _ = try DatasetFile.read(fixture("shorts.idx"), name: "i", options: images)
    }
    expectError(.noFeatures, saying: ["window=1."]) {
      _ = try read("day,y\n1,2\n2,3\n", SeriesOptions(order: "day"))
    }
    // What was asked for already is not advised.
    expectError(.noFeatures, saying: ["where all of them are numbers."]) {
      _ = try read(
        "day,y\n1,a\n2,b\n3,a\n", SeriesOptions(order: "day", window: SeriesWindow(steps: 1)), target: ["y"])
    }
  }

  /// The word after words, where no target is named.
  @Test func theNextWordIsAClass() throws {
    let set = try read(
      "day,y\n1,a\n2,c\n3,b\n4,a\n", SeriesOptions(order: "day", window: SeriesWindow(steps: 2)))
    #expect(set.inputShape == [2, 3])
    #expect(set.inputs(ofRow: 0) == [1, 0, 0, 0, 0, 1])
    #expect(set.targetColumns == [DataColumn("y", levels: ["a", "b", "c"])])
    #expect(set.targets(ofRow: 0) == [1] && set.targets(ofRow: 1) == [0])
  }

  // MARK: Dividing

  private func split(_ set: Dataset, test: Double, validate: Double = 0) throws -> DatasetParts {
    var options = SplitOptions(test: test, validate: validate)
    options.byTime = true
    var random = RandomStream(seed: 1)
    return try set.split(options, random: &random)
  }

  /// No window of one customer has a step that lies behind the cut of another.
  @Test func aCutIsCleanAcrossSeries() throws {
    let peer = try PeerTimes.read()
    var options = SeriesOptions(order: "date", series: "customer")
    options.window = SeriesWindow(steps: 2)
    let parts = try split(read(peer.csv, options, target: ["amount"]), test: 0.3)
    let (train, test) = (try #require(parts.train.times), try #require(parts.test?.times))
    let (last, first) = (try #require(train.map(\.last).max()), try #require(test.map(\.first).min()))
    #expect(last < first)
  }

  @Test func rowsOfOneTimeStayTogether() throws {
    let csv = "day,a,y\n" + (0..<20).map { "2024-05-\(String($0 / 4 + 10)),\($0),\($0)\n" }.joined()
    let parts = try split(read(csv, SeriesOptions(order: "day")), test: 0.25)
    #expect(parts.test?.targets == (16..<20).map(Double.init) && parts.train.rows == 16)
    let wide = try split(read(csv, SeriesOptions(order: "day")), test: 0.35)
    #expect(wide.test?.rows == 8)
  }

  @Test func seriesWithoutTimesHaveNoCut() throws {
    let csv = "who,y\na,1\na,2\na,3\nb,1\nb,2\nb,3\n"
    let set = try read(csv, SeriesOptions(series: "who", window: SeriesWindow(steps: 1)))
    #expect(set.rows == 4)
    expectError(.badOption, saying: ["order="]) { _ = try split(set, test: 0.5) }
    expectError(.badOption, saying: ["ordered=true", "order="]) {
      var random = RandomStream(seed: 1)
      _ = try set.folds(2, .ordered, random: &random, shuffles: false)
    }
  }

  @Test func aCutThatNothingLiesBeforeIsRefused() throws {
    let one = try read("day,a,y\n2024-05-01,1,2\n2024-05-01,2,3\n", SeriesOptions(order: "day"))
    expectError(.emptyPart, saying: ["are of one time"]) { _ = try split(one, test: 0.5) }
    let csv = "day,who,a,y\n1,p,1,2\n9,p,2,3\n1,q,3,4\n9,q,4,5\n"
    let long = try read(csv, SeriesOptions(order: "day", series: "who"), target: ["y"])
    expectError(.emptyPart, saying: ["Every series of `t` reaches across"]) {
      _ = try split(long, test: 0.5)
    }
  }

  /// Each fold is tested on what comes after its training rows, and no window is in both.
  @Test func foldsInTimeAreClean() throws {
    let csv = "day,y\n" + (1...30).map { "\($0),\($0)\n" }.joined()
    let set = try read(csv, SeriesOptions(order: "day", window: SeriesWindow(steps: 3)))
    var random = RandomStream(seed: 1)
    let times = try #require(set.times)
    for fold in try set.folds(4, .ordered, random: &random, shuffles: false) {
      #expect(
        try #require(fold.training.map { times[$0].last }.max()) < #require(
          fold.testing.map { times[$0].first }.min()))
    }
  }

  @Test func weekdaysCountOnlyWhereThereAreNoOthers() throws {
    let times = ["2024-05-31", "2024-06-01", "2024-06-03"].map {
      Double(DateText($0)?.moment(.ymd)?.shown ?? 0)
    }
    let spacing = try #require(TimeSpacing(of: [times], areDates: true))
    #expect(spacing.unit == .second && spacing.gaps(in: times, from: 0).gaps == [.init(row: 1, missing: 1)])
  }
}

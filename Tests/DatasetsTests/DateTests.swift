import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

/// What pandas makes of dates, gaps and groups (`Fixtures/times.py`).
struct PeerTimes: Decodable {
  struct Date: Decodable {
    let text: String
    let order: String
    let seconds: Double
  }
  struct Gaps: Decodable {
    let freq: String
    let words: String
    let times: [String]
    let missing: Int
    let before_first: String
  }
  struct Window: Decodable {
    let customer: String
    let inputs: [Double]
    let target: Double
    let date: String
    let mean: Double
  }
  let dates: [Date]
  let moments: [String]
  let years: [Double]
  let parts: [String: [[Double]]]
  let gaps: [Gaps]
  let csv: String
  let steps: Int
  let ahead: Int
  let windows: [Window]

  private static let shared = Result {
    try JSONDecoder().decode(PeerTimes.self, from: Data(contentsOf: URL(filePath: fixture("times.json"))))
  }

  static func read() throws -> PeerTimes { try shared.get() }
}

/// Dates as texts and as numbers.
@Suite struct DateTests {
  @Test func daysAreCountedOverTwoEras() throws {
    var number = try #require(CivilDay(year: 1599, month: 12, day: 31)).number
    for year in 1600...2400 {
      for month in 1...12 {
        for day in 1...31 {
          guard let date = CivilDay(year: year, month: month, day: day) else {
            #expect(day > 28, "\(year)-\(month)-\(day)")
            continue
          }
          number += 1
          guard date.number == number, CivilDay(number: number) == date else {
            Issue.record("\(year)-\(month)-\(day) is day \(date.number) and not \(number)")
            return
          }
        }
      }
    }
    #expect(CivilDay(number: 0) == CivilDay(year: 1970, month: 1, day: 1))
    // 29 November 2026 was a Sunday, 1 January 1970 a Thursday.
    #expect(CivilDay(year: 2026, month: 11, day: 29)?.weekday == 6 && CivilDay(number: 0).weekday == 3)
    #expect(CivilDay(number: -4).weekday == 6)
    #expect(
      CivilDay(year: 1900, month: 2, day: 29) == nil
        && CivilDay(year: 2000, month: 2, day: 29)?.dayOfYear == 60)
  }

  @Test func textsAreThePointsInTimeOfPandas() throws {
    for date in try PeerTimes.read().dates {
      let order = try #require(DateOrder(rawValue: date.order))
      let moment = try #require(DateText(date.text)?.moment(order), "\(date.text)")
      #expect(moment.instant == date.seconds, "\(date.text)")
    }
  }

  @Test(arguments: [
    "2024-13-01", "31.02.2024", "2024-02-30", "1.2.3", "10-12", "1999-20", "2024.05", "12:60", "25:00", "3:2",
    "13:00 PM", "0:30 AM",
    "2024-05-31 12", "2024-05-31T12:30:99", "2024-05-31T12:30+99:00", "May 5", "Mayday 5, 2024",
    "31 Foo 2024", "may", "", "-", "::",
    "2024-05-31-01", "31.5", "123.4.2024", "1/2/20245", "٣١.٥.٢٠٢٤", "2024-05-31 12:30 12:30", "5", "1e5",
    "T", "12:3", "1:30 XM",
  ])
  func whatIsNoDate(text: String) { #expect(DateText(text) == nil) }

  @Test func everyTextIsReadWithoutATrap() {
    var random = RandomStream(seed: 4)
    let alphabet = Array("0123456789-/.:, TZ+aAmMpPJunMay")
    for _ in 0..<20_000 {
      let text = String(
        (0..<Int(random.next() % 24)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] })
      _ = DateText(text)?.orders
      _ = DateText(compact: text)
    }
    #expect(DateText(String(repeating: "1-", count: 100_000)) == nil)
  }

  private func column(_ texts: [String], _ order: DateOrder? = nil) throws(CodedError) -> [Moment?] {
    try DateColumn(texts.map { Substring($0) }, name: "when", of: "t", order: order).moments
  }

  /// The day of the month of the first of some dates.
  private func firstDay(_ texts: [String], _ order: DateOrder? = nil) throws -> Int {
    try CivilDay(number: #require(column(texts, order)[0]).dayNumber).day
  }

  @Test func valuesTellTheDayFromTheMonth() throws {
    #expect(try firstDay(["1/2/2024", "13/2/2024"]) == 1)
    #expect(try firstDay(["1/2/2024", "2/13/2024"]) == 2)
    #expect(try firstDay(["01.02.2024", "02.02.2024"]) == 1)
    #expect(try firstDay(["1/2/2024", "3/4/2024"], .dmy) == 1)
    #expect(try firstDay(["1/2/2024", "3/4/2024"], .mdy) == 2)
    // In both readings the same.
    #expect(try firstDay(["1/1/2024", "2/2/2024"]) == 1)
    #expect(try firstDay(["24/5/32", "24/6/30"], .dmy) == 24)
    #expect(try column(["", "2024-05-31", "NA"]).map { $0 == nil } == [true, false, true])
  }

  @Test func whatCannotBeToldIsAnError() {
    expectError(.badDate, saying: ["date_format=ymd", "2024-05-31", "date_format=dmy", "2031-05-24"]) {
      _ = try column(["24/5/31", "24/6/30"])
    }
    expectError(
      .badDate,
      saying: ["row 1", "`1/2/2024`", "date_format=dmy", "2024-02-01", "date_format=mdy", "2024-01-02"]
    ) {
      _ = try column(["1/2/2024", "3/4/2024"])
    }
    expectError(.badDate, saying: ["not of one format", "row 2 has `13/1/2024`", "row 3 `1/13/2024`"]) {
      _ = try column(["1/2/2024", "13/1/2024", "1/13/2024"])
    }
    expectError(.badDate, saying: ["row 1 has `2024-05-31`", "row 2 `31.05.2024`"]) {
      _ = try column(["2024-05-31", "31.05.2024"])
    }
    expectError(.badDate, saying: ["`when` in row 2 of `t`", "`31.02.2024`"]) {
      _ = try column(["30.01.2024", "31.02.2024"])
    }
    expectError(.badDate, saying: ["row 2", "date_format=mdy"]) {
      _ = try column(["1/2/2024", "13/2/2024"], .mdy)
    }
  }

  // MARK: Parts

  @Test func partsAreThoseOfPandas() throws {
    let peer = try PeerTimes.read()
    let csv = "when,y\n" + peer.moments.enumerated().map { "\($1),\($0)\n" }.joined()
    var options = ReadOptions()
    options.usesDates = true
    let set = try table(csv, options).telling(DatePart.allCases)
    #expect(set.inputNames.prefix(3) == ["when_year", "when_month_sin", "when_month_cos"])
    #expect(set.inputWidth == 11)
    for part in DatePart.allCases {
      for (place, name) in part.names("when").enumerated() {
        let column = try #require(set.inputNames.firstIndex(of: name))
        let own = (0..<set.rows).map { set.inputs[$0 * set.inputWidth + column] }
        let wanted = part == .year ? peer.years : try #require(peer.parts[part.rawValue])[place]
        #expect(zip(own, wanted).allSatisfy { abs($0 - $1) < 1e-12 }, "\(name)")
      }
    }
    #expect(set.notes.last?.contains("inputs made of `when`") == true)
  }

  @Test func datesAreToldOfAndLeftOut() throws {
    let set = try table("when,at,a,y\n2024-05-31,12:30,1,2\n2024-06-01,12:45,2,3\n2024-06-02,13:00,4,4\n")
    #expect(set.inputNames == ["a"] && set.labelColumns.map(\.name) == ["when", "at"])
    #expect(set.labelColumns.allSatisfy { $0.isDate })
    let note = try #require(set.notes.first)
    #expect(note.contains("dates=[year, month, weekday]") && note.contains("dates=hour"))
    let told = try set.telling([.month, .hour])
    #expect(told.inputNames == ["when_month_sin", "when_month_cos", "at_hour_sin", "at_hour_cos", "a"])
    #expect(told.inputs(ofRow: 2).last == 4)
  }

  @Test func askingForWhatIsNotThere() throws {
    let days = try table("when,a,y\n2024-05-31,1,2\n2024-06-01,2,3\n")
    expectError(.unusedOption, saying: ["dates=hour", "`when`"]) { _ = try days.telling([.hour]) }
    let plain = try table("a,y\n1,2\n2,3\n")
    expectError(.unusedOption, saying: ["no column of dates"]) { _ = try plain.telling([.month]) }
    expectError(.unknownChoice, saying: ["`weekdya`", "`weekday`"]) { _ = try DatePart(named: "weekdya") }
    let taken = try table("when,when_year,y\n2024-05-31,1,2\n2024-06-01,2,3\n")
    expectError(.repeatedColumn, saying: ["rename={when_year: other}"]) { _ = try taken.telling([.year]) }
    let gap = try table("when,a,y\n2024-05-31,1,2\n,2,3\n")
    expectError(.missingValue, saying: ["Row 2", "missing=drop"]) { _ = try gap.telling([.year]) }
    var options = ReadOptions(missing: .drop)
    options.usesDates = true
    #expect(try table("when,a,y\n2024-05-31,1,2\nNA,2,3\n,4,5\n2024-06-01,6,7\n", options).rows == 2)
  }

  @Test func aDateCannotBeATarget() {
    expectError(.dateColumn, saying: ["`y`", "target"]) { _ = try table("a,y\n1,2024-05-31\n2,2024-06-01\n") }
  }

  /// One value among dates that cannot be read is told of when the dates are needed.
  @Test func aMistakeAmongDatesIsNamed() throws {
    var options = ReadOptions()
    options.usesDates = true
    let set = try table("when,a,y\n2024-05-31,1,2\n2024-06-01,2,3\nJune the second,3,4\n", options)
    expectError(.badDate, saying: ["`when` in row 3 of `t`", "`June the second`"]) {
      _ = try set.telling([.year])
    }
  }
}

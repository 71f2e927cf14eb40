import Diagnostics
import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import Datasets
@testable import Sessions

/// Tables of time, as a user types them.
@Suite struct TimeTableTests {
  /// What is forecast is an input too, under the same name, and is not what answers are held against.
  @Test(arguments: ["target=y", "target=z,y", "target=y drop=z"], [1, 3])
  func forecastsAreHeldAgainstWhatLiesAhead(target: String, ahead: Int) throws {
    let folder = try Folder()
    let rows = (0..<24).map { row in
      "2024-03-\(row % 12 + 10),\("ab".dropFirst(row / 12).prefix(1)),\(row * row % 17),\(row % 5)"
    }
    let path = try folder.file("s.csv", "day,who,y,z\n" + rows.joined(separator: "\n") + "\n")
    let bench = Bench()
    #expect(
      bench.run("data s from \"\(path)\" order=day by=who \(target) ahead=\(ahead)"), "\(bench.shown)")
    let cells = """
      prepare s scale=zscore
      net n; layer i sequence len(s.x[0][0]); layer h gru 3 return=all; layer o dense len(s.y[0][0]); connect all
      train s epochs=3
      evaluate s
      p = predict(s.x)
      off = 0
      count = 0
      for i in range(len(s.x)) { off += sum(abs(p[i] - s.y[i])); count += size(s.y[i]) }
      assert abs(mae - off / count) < 0.00001
      """
      .replacing("len(s.x[0][0])", with: target.contains("drop") ? "1" : "2")
      .replacing("len(s.y[0][0])", with: target.contains(",") ? "2" : "1")
    #expect(bench.run(cells), "\(bench.shown)")
  }

  /// What a table knows up to each step is no stand-in for what lies ahead.
  @Test func anInputIsNotTakenForATargetThatIsMissing() throws {
    let folder = try Folder()
    let rows = (10...29).map { "2024-03-\($0),\($0 < 20 ? "a" : "b"),\($0 * $0 % 17),\($0 % 5)\n" }
    let path = try folder.file("s.csv", "day,who,y,z\n" + rows.joined())
    let bench = Bench()
    for target in ["y,z", "z,y", "z"] {
      let name = target.replacing(",", with: "")
      #expect(
        bench.run("data \(name) from \"\(path)\" order=day by=who target=\(target) ahead=1"), "\(bench.shown)"
      )
    }
    #expect(
      bench.run(
        "net n; layer i sequence 2; layer h gru 3 return=all; layer o dense 2; connect all; train yz epochs=2; evaluate yz; a = mae"
      ), "\(bench.shown)")
    // Another order of the same columns is the same table.
    #expect(bench.run("evaluate zy; assert abs(mae - a) < 0.000001"), "\(bench.shown)")
    #expect(!bench.run("evaluate z"), "\(bench.shown)")
  }

  /// Two shops, a row a day, not in order and with two days missing.
  private static let sales: String = {
    var lines: [String] = []
    for (shop, from) in [("Oslo", 1), ("Rome", 3)] {
      for day in from...28 where ![9, 10].contains(day) || shop == "Rome" {
        lines.append("\(day)/2/2024,\(shop),\(day % 7),\(100 + day * 3 + (shop == "Rome" ? 500 : 0))")
      }
    }
    return "date,shop,guests,amount\n" + lines.reversed().joined(separator: "\n") + "\n"
  }()

  private func bench(_ folder: Folder, _ table: String = sales) throws -> Bench {
    _ = try folder.file("sales.csv", table)
    let bench = Bench()
    bench.session.files.notebookFolder = folder.url.path
    return bench
  }

  /// What was shown, without the ends of its lines.
  @Test func fromAFileToAForecast() throws {
    let folder = try Folder()
    let bench = try bench(folder)
    let line =
      "data sales from \"sales.csv\" order=\"date\" by=shop window=5 target=amount dates=month,weekday"
    #expect(bench.run(line), "\(bench.shown)")
    for words in [
      "inputs made of `date`: date_month_sin", "have been sorted",
      "a gap in `date` (a row a day), 2 rows missing, after `8/2/2024` of",
      "gaps=split",
    ] { #expect(bench.said.contains(words), "\(bench.shown)") }
    let sales = try #require(bench.session.state.data["sales"]).set
    #expect(sales.inputShape == [5, 6])
    let names = sales.inputNames.prefix(6).map { String($0.dropLast(4)) }
    #expect(
      names == [
        "date_month_sin", "date_month_cos", "date_weekday_sin", "date_weekday_cos", "guests", "amount",
      ])
    #expect(bench.run("split sales test=25% by=time; prepare sales"), "\(bench.shown)")
    #expect(!bench.said.contains("later"))
    #expect(
      bench.run(
        """
        net n optimizer=adam rate=0.01
        layer i input 5x6
        layer m gru 4
        layer o dense 1
        connect all
        train sales epochs=2
        save predictions "p.csv" data=sales.test columns=[date, shop]
        crossvalidate sales folds=2 by=shop epochs=1
        """), "\(bench.shown)")
    let saved = try String(contentsOf: folder.url.appending(path: "p.csv"), encoding: .utf8).split(
      separator: "\n")
    #expect(saved[0] == "date,shop,predicted" && saved.dropFirst().allSatisfy { $0.contains("/2/2024,") })
  }

  /// The lines of `docs/data.md`, as they stand there.
  @Test func theLinesOfTheManual() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/data.md")
    let page = try #require(
      String(contentsOf: file, encoding: .utf8).components(separatedBy: "## Tables of time").dropFirst().first
    )
    let cell = try #require(
      page.components(separatedBy: "```nbs\n").dropFirst().first?.components(separatedBy: "```").first)
    let folder = try Folder()
    let bench = try bench(folder)
    #expect(cell.contains("by=time") && bench.run(cell), "\(bench.shown)")
  }

  @Test func aRandomSplitOfATableInOrderIsTold() throws {
    let folder = try Folder()
    let bench = try bench(folder)
    #expect(
      bench.run("data sales from \"sales.csv\" order=date target=amount; split sales test=20%"),
      "\(bench.shown)")
    let shown = bench.said
    #expect(shown.contains("in the order of `date`") && shown.contains("split sales test=20% by=time"))
    #expect(bench.run("split sales test=20% by=time") && !bench.said.contains("later"))
    let parts = try #require(bench.session.state.data["sales"]).parts
    let (train, test) = (
      try #require(parts.train.times?.map(\.last).max()), try #require(parts.test?.times?.map(\.first).min())
    )
    #expect(train < test)
  }

  /// The order of an earlier line holds for windows over it.
  @Test func aSetInOrderKeepsItsTimes() throws {
    let folder = try Folder()
    let bench = try bench(folder, "day,amount\n2024-05-03,3\n2024-05-01,1\n2024-05-02,2\n2024-05-07,6\n")
    #expect(
      bench.run("data sales from \"sales.csv\" order=day target=none; data w = sales window=1"),
      "\(bench.shown)")
    #expect(bench.said.contains("gap in `day`"), "\(bench.shown)")
    let windows = try #require(bench.session.state.data["w"]).set
    #expect(windows.inputs == [1, 2, 3] && windows.targets == [2, 3, 6])
  }

  @Test func recordsHaveTimesToo() throws {
    let folder = try Folder()
    let bench = try bench(folder)
    _ = try folder.file(
      "log.jsonl", (1...6).map { "{\"at\": \"2024-05-01T0\(7 - $0):00:00Z\", \"load\": \($0)}\n" }.joined())
    #expect(bench.run("data log from \"log.jsonl\" order=at window=2"), "\(bench.shown)")
    #expect(try #require(bench.session.state.data["log"]).set.targets == [4, 3, 2, 1])
  }

  @Test(arguments: [
    ("order=dat", ErrorCode.unknownColumn), ("order=date by=shp", .unknownColumn),
    ("order=date gaps=split", .unusedOption),
    ("gaps=error window=2", .unusedOption), ("dates=weekdays", .unknownChoice), ("dates=[]", .badOption),
    ("dates=hour", .unusedOption),
    ("date_format=dmy", .unusedOption), ("order=date date_format=mdy", .badDate),
    ("order=date by=date", .badOption),
    ("order=date window=2", .duplicateTime), ("order=date by=shop window=40", .badWindow),
    ("order=date by=shop window=2 gaps=error", .gapInTime),
    ("order=date target=date", .repeatedColumn), ("order=date features=[date, guests]", .repeatedColumn),
    ("gaps=fil", .unknownPolicy),
    ("date_format=ydm", .unknownChoice), ("features=[date] target=amount", .dateColumn),
    ("tokens=char order=date", .unknownOption),
    ("by=guests window=2 order=date ahead=60", .duplicateTime),
  ])
  func whatCannotBe(options: String, code: ErrorCode) throws {
    let folder = try Folder()
    let bench = try bench(folder)
    #expect(!bench.run("data sales from \"sales.csv\" \(options)"), "\(bench.shown)")
    #expect(bench.lastError?.code == code, "\(bench.lastError?.message ?? "")")
    #expect(bench.session.state.data["sales"] == nil)
  }

  /// What an error says to try works when it is typed.
  @Test func theWayOutIsRight() throws {
    let folder = try Folder()
    let bench = try bench(folder, "when,a,y\n1/2/2024,1,2\n3/4/2024,2,3\n5/6/2024,3,5\n")
    #expect(!bench.run("data sales from \"sales.csv\" order=when"))
    let fix = try #require(bench.lastError?.suggestion)
    #expect(bench.run("data sales from \"sales.csv\" order=when \(fix)"), "\(bench.shown)")
    #expect(!bench.run("data sales from \"sales.csv\" features=[when]"))
    let other = try #require(bench.lastError?.suggestion)
    #expect(bench.run("data sales from \"sales.csv\" \(other) date_format=mdy"), "\(bench.shown)")
  }

  @Test func datesAreComparedAsDates() throws {
    let folder = try Folder()
    let bench = try bench(folder, "when,a,y\n10.2.2024,1,2\n5.2.2024,2,3\n1.12.2023,3,5\n13.1.2024,4,6\n")
    func rows(_ options: String) -> [Double]? {
      guard bench.run("data sales from \"sales.csv\" target=y \(options)") else { return nil }
      return bench.session.state.data["sales"]?.set.inputs
    }
    #expect(rows("where when > \"5.2.2024\"") == [1], "\(bench.shown)")
    #expect(rows("where when <= \"2024-02-05\" sort=when") == [3, 4, 2], "\(bench.shown)")
    #expect(rows("where when == \"5.2.2024\"") == [2] && rows("where when != \"05.02.2024\"") == [1, 3, 4])
    #expect(rows("where when > \"soon\"") == nil && bench.lastError?.code == .badDate)
    #expect(bench.lastError?.message.contains("2024-05-31") == true, "\(bench.lastError?.message ?? "")")
  }

  @Test func stepsHaveNoWeights() throws {
    let folder = try Folder()
    let bench = try bench(folder, "who,w,a,y\np,1,1,2\np,2,2,3\nq,1,3,4\nq,2,4,5\n")
    #expect(!bench.run("data sales from \"sales.csv\" by=who target=y weight=w"))
    #expect(bench.lastError?.code == .badWindow, "\(bench.lastError?.message ?? "")")
    #expect(bench.run("data sales from \"sales.csv\" target=y weight=w"), "\(bench.shown)")
  }

  // MARK: Sequences of their own lengths

  @Test func customersAreSequences() throws {
    let folder = try Folder()
    let bench = try bench(folder)
    #expect(
      bench.run("data shops from \"sales.csv\" order=date by=shop target=amount per=series"), "\(bench.shown)"
    )
    #expect(bench.said.contains("2 sequences of 26 steps"), "\(bench.shown)")
    #expect(
      bench.run("data shops from \"sales.csv\" order=date by=shop target=amount ahead=1; show data shops"),
      "\(bench.shown)")
    let shops = try #require(bench.session.state.data["shops"]).set
    #expect(shops.steps?.haveTargets == true && shops.inputNames == ["guests", "amount"])
    #expect(
      !bench.run("data shops from \"sales.csv\" order=date per=step")
        && bench.lastError?.code == .unusedOption)
    #expect(!bench.run("data shops from \"sales.csv\" order=date by=shop window=3 per=step"))
    #expect(bench.lastError?.code == .unusedOption)
  }

  @Test func networksLearnFromCustomers() throws {
    let folder = try Folder()
    let bench = try bench(folder)
    #expect(
      bench.run(
        """
        data shops from "sales.csv" order=date by=shop target=amount per=series dates=weekday
        prepare shops
        net n optimizer=adam rate=0.01
        layer i sequence 3
        layer m gru 3
        layer o dense 1
        connect all
        train shops epochs=2
        save predictions "p.csv"
        """), "\(bench.shown)")
    let saved = try String(contentsOf: folder.url.appending(path: "p.csv"), encoding: .utf8)
      .split(separator: "\n")
    #expect(saved.count == 3 && saved[0] == "date,shop,predicted" && saved[1].hasPrefix("28/2/2024,Rome,"))
    #expect(bench.run("crossvalidate shops folds=2 by=shop epochs=1"), "\(bench.shown)")
    #expect(
      !bench.run(
        "data shops from \"sales.csv\" order=date by=shop target=amount per=step dates=weekday; evaluate shops"
      ),
      "the network has one answer, and each step a target")
  }

  @Test func recordsWithListsAreSequences() throws {
    let folder = try Folder()
    let bench = try bench(folder)
    _ = try folder.file(
      "walks.jsonl", "{\"x\": [1, 2, 3], \"y\": \"up\"}\n{\"x\": [5, 4], \"y\": \"down\"}\n")
    #expect(bench.run("data walks from \"walks.jsonl\"; show data walks"), "\(bench.shown)")
    #expect(
      bench.said.contains("2 sequences of 2 to 3 steps, 1 number a step, a target each"), "\(bench.shown)")
    #expect(bench.said.contains("5 steps of walks.jsonl"), "\(bench.shown)")
  }

  @Test func linesAndLengths() throws {
    let folder = try Folder()
    let bench = try bench(folder)
    _ = try folder.file("names.txt", "anna\nbo\n")
    #expect(bench.run("data names from \"names.txt\" tokens=char lines=true"), "\(bench.shown)")
    #expect(bench.said.contains("2 sequences of 3 to 5 steps"), "\(bench.shown)")
    #expect(!bench.run("data names from \"names.txt\" tokens=char lines=true window=3"))
    #expect(bench.lastError?.code == .badWindow)
    #expect(!bench.run("data names from \"names.txt\" lines=true") && bench.lastError?.code == .unusedOption)
    #expect(bench.run("data bits from parity n=50 steps=9 shortest=2; split bits test=20%"), "\(bench.shown)")
    let bits = try #require(bench.session.state.data["bits"])
    #expect(bits.set.lengthRange.map { $0.lowerBound >= 2 && $0.upperBound <= 9 } == true)
    #expect(bits.parts.test?.steps != nil)
    #expect(!bench.run("data spots from moons shortest=2") && bench.lastError?.code == .unknownOption)
  }
}

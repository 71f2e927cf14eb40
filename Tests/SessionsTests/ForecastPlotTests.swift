import Diagnostics
import Foundation
import Foundations
import Sessions
import Testing

/// `plot forecast D`: predictions against the truth, with the cut between the parts.
@Suite struct ForecastPlotTests {
  private func bench(_ cells: String...) -> Bench {
    let bench = Bench()
    for cell in cells { #expect(bench.run(cell), "\(bench.shown)") }
    return bench
  }

  private static let network = """
    net n
    layer i input 3x1
    layer m gru 2
    layer o dense 1
    connect all
    """

  @Test func aSeriesWithDatesNamesItsCut() {
    let bench = bench(
      "data air from air_passengers order=month window=3; split air test=25% by=time; prepare air",
      Self.network, "train air epochs=1 batch=16", "plot forecast air")
    for words in [
      "forecast of passengers by n on air", ": end of air.train",
      "air.train ends at 1957-10, air.test begins at 1958-02",
      "* truth", "o forecast", "month from 1949-04 to 1960-12",
    ] { #expect(bench.said.contains(words), "\(words): \(bench.shown)") }
    // A part alone has no cut.
    #expect(bench.run("plot forecast air.test") && !bench.said.contains("end of"))
    // Parts that are one after the other have a cut each.
    #expect(bench.run("split air test=20% validate=20% by=time; plot forecast air"))
    #expect(
      bench.said.contains("air.train ends at") && bench.said.contains("air.validate ends at"),
      "\(bench.shown)")
    // Those of a random split have none.
    #expect(bench.run("split air test=20%; plot forecast air") && !bench.said.contains("end of"))
  }

  @Test func aSeriesWithoutTimesIsInItsOrder() {
    let bench = bench(
      "xs = linspace(0, 9, n=40); data waves = sin(xs) window=3; split waves test=25% by=time", Self.network,
      "train waves epochs=1", "plot forecast waves")
    #expect(bench.said.contains("waves.train ends at"), "\(bench.shown)")
    #expect(bench.run("split waves test=25%; plot forecast waves") && !bench.said.contains("ends at"))
  }

  @Test func ofSeveralSeriesOneIsShown() throws {
    let folder = try Folder()
    var lines = ["day,shop,sold"]
    for day in 1...20 {
      for shop in ["Oslo", "Rome"] { lines.append("2024-03-\(day < 10 ? "0" : "")\(day),\(shop),\(day)") }
    }
    _ = try folder.file("sales.csv", lines.joined(separator: "\n") + "\n")
    let bench = Bench()
    bench.session.files.notebookFolder = folder.url.path
    #expect(
      bench.run(
        "data sales from \"sales.csv\" order=day by=shop window=3 target=sold; split sales test=25% by=time"),
      "\(bench.shown)")
    #expect(
      bench.run(Self.network) && bench.run("train sales epochs=1; plot forecast sales"), "\(bench.shown)")
    #expect(
      bench.said.contains("shop Oslo") && bench.said.contains("sales.train ends at"), "\(bench.shown)")
    #expect(bench.run("plot forecast sales series=\"Rome\" target=sold") && bench.said.contains("shop Rome"))
    #expect(!bench.run("plot forecast sales series=\"Bonn\"") && bench.lastError?.code == .badValue)
    #expect(bench.lastError?.message.contains("\"Oslo\", \"Rome\"") == true)
    #expect(!bench.run("plot forecast sales target=day") && bench.lastError?.code == .unknownColumn)
  }

  @Test func whatIsNoForecastIsRefused() {
    let bench = bench(
      "data iris; net n; layer i input 4; layer o dense 3 softmax; connect all; train iris epochs=1")
    #expect(!bench.run("plot forecast iris") && bench.lastError?.code == .nothingToPlot)
    #expect(bench.lastError?.suggestion == "plot confusion iris")
    #expect(
      bench.run(
        "data pairs = [[1], [2], [3], [4]] -> [[2], [4], [6], [8]]; net l; layer i input 1; layer o dense 1; connect all; train pairs epochs=1"
      ), "\(bench.shown)")
    #expect(bench.run("plot forecast pairs"), "\(bench.shown)")
    #expect(!bench.run("plot forecast pairs series=\"a\"") && bench.lastError?.code == .badOption)
  }
}

import Foundation
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite struct ColumnSummaryTests {
  private struct Known: Decodable {
    let distinct: Int
    let most: Int
    let histogram: [Int]
    let correlation: Double?
  }

  /// Held against pandas, NumPy and SciPy.
  @Test(arguments: ["insurance.csv", "iris.data"]) func summariesAsOthersGiveThem(file: String)
    throws
  {
    let known = try #require(
      JSONDecoder().decode([String: [Known]].self, from: Data(bytes(of: fixture("summaries.json"))))[file])
    let summaries = try DatasetFile.read(fixture("wild/\(file)"), name: "t").train.summaries()
    #expect(summaries.count == known.count)
    for (summary, known) in zip(summaries, known) {
      #expect(summary.distinct == known.distinct, "\(summary.name)")
      #expect((summary.commonest.first?.rows ?? 1) == known.most, "\(summary.name)")
      if !known.histogram.isEmpty { #expect(summary.histogram == known.histogram, "\(summary.name)") }
      #expect((summary.correlation == nil) == (known.correlation == nil), "\(summary.name)")
      #expect(abs((summary.correlation ?? 0) - (known.correlation ?? 0)) < 1e-9, "\(summary.name)")
    }
  }

  @Test func constantColumnsSayNothing() throws {
    let summaries = try table("a,b\n1,1\n1,2\n1,3\n").summaries()
    #expect(summaries[0].correlation == nil && summaries[0].histogram.isEmpty)
    #expect(summaries[0].commonest == [ColumnSummary.Count(value: .number(1), rows: 3)])
    #expect(summaries[1].commonest.isEmpty)
  }

  @Test func imagesHaveNoSummaries() throws {
    #expect(try #require(try BuiltInSets.load("digits")).summaries().isEmpty)
  }
}

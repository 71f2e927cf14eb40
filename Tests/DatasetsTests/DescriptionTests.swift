import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite struct DescriptionTests {
  @Test func tablesAreDescribed() throws {
    let data = try table("a,k,b\n1.5,x,yes\n,y,no\n4.5,x,yes\n", ReadOptions(missing: .mean))
    let description = data.description(firstRows: 2)
    #expect(description.columns.map(\.name) == ["a", "k", "b"])
    #expect(description.columns[0].range == 1.5...4.5)
    #expect(description.columns[0].missing == 1)
    #expect(description.columns[1].kind == .words(["x", "y"]))
    #expect(description.classes?.map(\.rows) == [1, 2])
    #expect(
      description.firstRows == [
        [.number(1.5), .word("x"), .word("yes")], [.number(3), .word("y"), .word("no")],
      ])
    #expect(description.headings == ["a", "k", "b"])
  }

  @Test func equalNumbersHaveNoDeviation() throws {
    let data = try table("a,b\n" + String(repeating: "0.9321,1\n", count: 1000))
    let column = data.description().columns[0]
    #expect(column.mean == 0.9321 && column.deviation == 0)
  }

  @Test func imagesAreDescribedAsPixels() throws {
    let description = try #require(try BuiltInSets.load("digits")).description()
    #expect(description.columns.map(\.name) == ["pixels", "digit"])
    #expect(description.columns[0].range == 0...16)
    #expect(abs((description.columns[0].mean ?? 0) - 4.884164579855) < 1e-9)
    #expect(abs((description.columns[0].deviation ?? 0) - 6.016787) < 1e-5)
  }
}

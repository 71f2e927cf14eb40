import Datasets
import Diagnostics
import Foundation
import Foundations
import Testing

@testable import Sessions

/// Rows and columns that are chosen from a table that is there.
@Suite struct RowArgumentTests {
  private func bench() throws -> Bench {
    let bench = Bench()
    let folder = try Folder()
    _ = try folder.file(
      "t.csv", "id,city,width,height,price\n1,Oslo,2,3,5\n2,Rome,4,5,9\n3,Oslo,6,1,7\n4,Bergen,1,1,3\n")
    bench.session.files.notebookFolder = folder.url.path
    bench.folder = folder
    #expect(bench.run("data t from \"t.csv\" drop=id"), "\(bench.shown)")
    return bench
  }

  @Test(arguments: [
    ("where price > 4", [5.0, 9, 7]), ("where city == \"Oslo\"", [5, 7]), ("where city != \"Oslo\"", [9, 3]),
    ("where price > 4 and not city == \"Rome\"", [5, 7]), ("where width < 2 or height == 5", [9, 3]),
    ("where id >= 3", [7, 3]), ("where price > limit", [9, 7]), ("sort=price", [3, 5, 7, 9]),
    ("where=\"price > 4\" sort=width", [5, 9, 7]), ("sample=4", [5, 9, 7, 3]), ("", [5, 9, 7, 3]),
  ])
  func rows(clause: String, prices: [Double]) throws {
    let bench = try bench()
    #expect(bench.run("limit = 6\ndata s = t \(clause)"), "\(bench.shown)")
    let set = try #require(bench.session.state.data["s"]).set
    #expect(set.targets == prices && set.name == "s" && set.targetNames == ["price"])
    #expect(try #require(bench.session.state.data["t"]).set.rows == 4)
  }

  @Test func aColumnIsMadeOfOthers() throws {
    let bench = try bench()
    #expect(bench.run("data s = t with area = width * height where area > 5"), "\(bench.shown)")
    let set = try #require(bench.session.state.data["s"]).set
    #expect(set.inputColumns.map(\.name) == ["city", "width", "height", "area"])
    #expect(set.targets == [5, 9, 7] && set.inputs(ofRow: 1).last == 20)
    #expect(set.labelColumns[0].texts == ["1", "2", "3"])
    #expect(!bench.run("data s = t with width = height * 2"))
    #expect(bench.lastError?.code == .repeatedColumn)
    #expect(!bench.run("data s = t with area = width / 0"))
    #expect(bench.lastError?.code == .notFinite)
  }

  @Test func fromAFileWithItsAccount() throws {
    let bench = try bench()
    #expect(bench.run("data s from \"t.csv\" where width > 1 sort=price"), "\(bench.shown)")
    #expect(bench.shown.contains("4 rows of t.csv") && bench.shown.contains("3 of 4 rows kept"))
    #expect(try #require(bench.session.state.data["s"]).set.targets == [5, 7, 9])
  }

  @Test func tablesAreJoinedByNames() throws {
    let bench = try bench()
    _ = try #require(bench.folder).file("u.csv", "price,height,city,width\n11,2,Paris,8\n")
    #expect(
      bench.run("data u from \"u.csv\" target=price\ndata both = t + u\nprint both.y"), "\(bench.shown)")
    let set = try #require(bench.session.state.data["both"]).set
    #expect(set.rows == 5 && set.targets == [5, 9, 7, 3, 11])
    #expect(set.inputColumns[0].levels == ["Bergen", "Oslo", "Paris", "Rome"])
    #expect(Array(set.inputs(ofRow: 4)) == [0, 0, 1, 0, 8, 2])
    #expect(bench.run("data again = t where price > 4\ndata again = again where price > 6"))
    #expect(try #require(bench.session.state.data["again"]).set.targets == [9, 7])
  }

  @Test(
    arguments: [
      ("where pricee > 4", ErrorCode.unknownColumn, "price"),
      ("where city == \"Olso\"", .unknownCategory, "\"Oslo\""),
      ("where price > 400", .noRows, nil), ("sort=widht", .unknownColumn, "width"),
      ("sample=9", .badValue, "sample=4"),
    ] as [(String, ErrorCode, String?)])
  func whatIsNotThereIsNamed(clause: String, code: ErrorCode, suggestion: String?) throws {
    let bench = try bench()
    #expect(!bench.run("data s = t \(clause)"))
    #expect(bench.lastError?.code == code && bench.lastError?.suggestion == suggestion, "\(bench.shown)")
  }
}

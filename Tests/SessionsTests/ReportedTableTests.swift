import Diagnostics
import Foundation
import Outputs
import Sessions
import Testing

/// Tables that people have had trouble with elsewhere, and what is right for them.
@Suite struct ReportedTableTests {
  private static func bench(_ files: [String: String]) throws -> Bench {
    let bench = Bench()
    let folder = try Folder()
    for (name, text) in files { _ = try folder.file(name, text) }
    bench.folder = folder
    bench.session.files.notebookFolder = folder.url.path
    return bench
  }

  @Test func aSplitOfATinyClassSaysHowItIsMade() throws {
    let rows =
      (0..<40).map { "\($0),\($0 % 7),\($0.isMultiple(of: 2) ? "a" : "b")" } + ["1,2,rare", "2,3,rare"]
    let bench = try Self.bench(["t.csv": "x,y,kind\n" + rows.joined(separator: "\n") + "\n"])
    #expect(bench.run("data t from \"t.csv\""))
    #expect(!bench.run("split t test=20% validate=20%"))
    #expect(bench.lastError?.message.contains("stratify=false") == true)
    #expect(bench.run("split t test=20% validate=20% stratify=false"))
  }

  @Test func anArrayIsNoNetworkToSave() throws {
    let bench = try Self.bench([:])
    #expect(
      bench.run(
        "data xor; net n; layer i input 2; layer o dense 1 sigmoid; connect all; train xor; p = predict(xor.x)"
      ))
    #expect(!bench.run("save p \"predictions.csv\""))
    let line = try #require(bench.lastError?.suggestion)
    #expect(bench.run(line), "\(line): \(bench.shown)")
  }

  @Test(arguments: [
    ("A,B,C\n1,4,7,\n2,5,8,\n3,6,9,\n", "A B C", [1, 4, 2, 5, 3, 6], [7, 8, 9]),
    ("dec,int,total\n0, 5, 20, \n0, 6,33\n1, 7,65\n", "dec int total", [0, 5, 0, 6, 1, 7], [20, 33, 65]),
    (
      "\"id\",\"r\",\"t\",\n8421,17.9,10.4,\n8423,11.2,14.1,\n", "id r t", [8421, 17.9, 8423, 11.2],
      [10.4, 14.1]
    ),
    (
      "\"id\",\"r\",\"t\",\n8421,17.9,10.4\n8423,11.2,14.1\n", "id r t", [8421, 17.9, 8423, 11.2],
      [10.4, 14.1]
    ),
    (
      "w;price\n1,25;1.299,99\n0,50;899,50\n2,75;12.450,00\n", "w price", [1.25, 0.5, 2.75],
      [1299.99, 899.5, 12450]
    ),
    (
      "size,sales\n12,\"1,234\"\n15,\"2,345\"\n18,\"12,001\"\n", "size sales", [12, 15, 18],
      [1234, 2345, 12001]
    ),
    ("size,sales\n12,899\n15,\"2,345\"\n18,\"12,001\"\n", "size sales", [12, 15, 18], [899, 2345, 12001]),
    ("size;price\n1,5;3,25\n2,5;4,75\n", "size price", [1.5, 2.5], [3.25, 4.75]),
    ("size,price\n10,$1200.50\n12,$1300\n", "size price", [10, 12], [1200.5, 1300]),
    ("share,score\n12%,3\n15%,4\n", "share score", [0.12, 0.15], [3, 4]),
    ("\u{FEFF}a,b\n1,2\n3,4\n", "a b", [1, 3], [2, 4]), ("a,b\r1,2\r3,4\r", "a b", [1, 3], [2, 4]),
    ("# made by tool\n# units: cm\nx,y\n1,2\n2,3\n", "x y", [1, 2], [2, 3]),
    (
      "My survey 2020,,\n,,\nage,height,grade\n10,140,4\n11,145,5\n", "age height grade", [10, 140, 11, 145],
      [4, 5]
    ),
    (" 0.1  18.0  24.0\n 0.2   0.0  21.6\n", "column1 column2 column3", [0.1, 18, 0.2, 0], [24, 21.6]),
    (
      "15.26\t14.84\t1\n14.88\t\t14.57\t2\n", "column1 column2 column3", [15.26, 14.84, 14.88, 14.57], [1, 2]
    ),
    ("a b y\n1 2 3\n2 3 5\n", "a b y", [1, 2, 2, 3], [3, 5]),
    ("a|b|y\n1|2|3\n2|3|5\n", "a b y", [1, 2, 2, 3], [3, 5]),
    ("a:b:y\n1:2:3\n2:3:5\n", "a b y", [1, 2, 2, 3], [3, 5]),
    ("x,x,y\n1,2,3\n2,3,4\n", "x x_2 y", [1, 2, 2, 3], [3, 4]),
  ]) func filesAsTheyCome(text: String, names: String, inputs: [Double], targets: [Double]) throws {
    let bench = try Self.bench(["t.csv": text])
    #expect(bench.run("data t from \"t.csv\""), "\(bench.shown)")
    #expect(
      bench.run(
        "assert max(abs(t.x - reshape(\(inputs), \(targets.count), \(inputs.count / targets.count)))) < 1e-9")
    )
    #expect(
      bench.run("assert max(abs(reshape(t.y, \(targets.count)) - \(targets))) < 1e-9"), "\(bench.shown)")
    let words = names.split(separator: " ").joined(separator: "  ")
    #expect(bench.run("show data t"))
    let heading = bench.shown.split(separator: "\n").first { $0.hasPrefix("row ") } ?? ""
    #expect(heading.split(separator: " ").dropFirst().joined(separator: "  ") == words, "\(bench.shown)")
  }

  @Test(arguments: [
    ("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", "pointer of Git LFS"),
    ("<!DOCTYPE html><html><body>no</body></html>", "web page"),
    ("a,b\n1,2\n<<<<<<< HEAD\n3,4\n=======\n", "merge conflict"), ("SQLite format 3\u{0}", "SQLite"),
    ("x,y\n1,a\n2,a\n3,a\n", "Every row"), ("x,y\n1,2\n2,4\n3,6\nTotal,12\n", "`Total`"),
  ]) func whatIsNoTableIsSaid(text: String, words: String) throws {
    let bench = try Self.bench(["t.csv": text])
    #expect(!bench.run("data t from \"t.csv\""))
    #expect(bench.lastError?.message.contains(words) == true, "\(bench.shown)")
  }

  /// Whole numbers may be classes or amounts: both lines are there to be typed.
  @Test(arguments: ["", "prepare t\n"]) func classesOrAmountsIsAQuestion(preparing: String) throws {
    let bench = try Self.bench([:])
    #expect(
      bench.run(
        "data t { 1 2 -> 1; 2 3 -> 2; 3 1 -> 3; 4 4 -> 2 }\n\(preparing)net n; layer i input 2; layer o dense 1 sigmoid; connect all"
      ))
    #expect(!bench.run("train t"))
    let message = try #require(bench.lastError?.message)
    #expect(message.contains("is 1, 2, 3"))
    let lines = message.split(separator: "`").map(String.init).filter { $0.hasPrefix("delete o") }
    #expect(lines.count == 2)
    for line in lines { #expect(bench.run(line + "\ntrain t epochs=1"), "\(line): \(bench.shown)") }
  }

  @Test func channelsComeLast() throws {
    let bench = try Self.bench([:])
    let start = "data digits; net n; layer i input 1x8x8; layer c conv2d 4 "
    let end = " relu; layer f flatten; layer o dense 10 softmax; connect all"
    #expect(!bench.run(start + "3x3" + end))
    #expect(bench.lastError?.suggestion == "layer i input 8x8x1")
    #expect(bench.run(start + "1x3" + end))
    #expect(!bench.run("train digits epochs=1"))
    #expect(bench.lastError?.suggestion == "layer i input 8x8x1")
    // Pictures stored channel by channel, read as three rows.
    let ran = bench.run(
      """
      x = rand(12, 3, 6, 6)
      data pics = x -> [0,1,0,1,0,1,0,1,0,1,0,1]
      net m; layer i2 input 3x6x6; layer c2 conv2d 4 3x3 relu; layer f2 flatten; layer o2 dense 1 sigmoid; connect all
      train pics epochs=1
      """)
    let shown = bench.said
    #expect(ran && shown.contains("transpose(x, axes=[0, 2, 3, 1])"), "\(bench.shown)")
  }
}

import NeuralEngine
import Testing

@testable import Datasets

@Suite struct CSVErrorTests {
  @Test func everyMistakeIsNamed() {
    let cases: [(code: String, says: [String], text: String)] = [
      ("empty-file", ["empty"], ""),
      ("no-rows", ["header but no rows"], "a,b\n"),
      ("no-rows", [], "\n\n"),
      ("ragged-row", ["Line 3", "1 field", "has 2"], "a,b\n1,2\n3\n"),
      ("ragged-row", ["Line 3", "3 fields"], "a,b\n1,2\n3,4,5\n"),
      ("unclosed-quote", ["line 2"], "a,b\n\"1,2\n3,4\n"),
      ("stray-quote", ["line 2"], "a,b\n\"1\"x,2\n3,4\n"),
      (
        "not-a-number", ["Line", "`a`", "line 4", "`oops`"].suffix(3).map { $0 },
        "a,b\n1,2\n3,4\noops,6\n7,8\n"
      ),
      ("missing-value", ["Line 3", "`b`"], "a,b,c\n1,2,3\n4,,6\n"),
      ("date-column", ["`day`", "2024-05-31", "year"], "day,b\n2024-05-31,1\n2024-06-01,2\n"),
      ("date-column", ["31.5.2024"], "day,b\n31.5.2024,1\n1.6.2024,2\n"),
      ("date-column", ["12:30"], "t,b\n12:30,1\n13:45,2\n"),
      ("decimal-comma", ["decimal=\",\""], "a;b\n1,5;2\n2,5;3\n"),
      ("number-too-large", ["1e999"], "a,b\n1e999,2\n3,4\n"),
      ("one-class", ["`yes`", "`b`"], "a,b\n1,yes\n2,yes\n"),
      ("too-many-words", ["`name`", "features="], "name,b\n" + (0...1000).map { "n\($0),\($0)\n" }.joined()),
      ("not-a-number", ["`x`"], "a,b\n1,x\n2,3\n3,4\n"),
    ]
    for (code, says, text) in cases { expectError(code, saying: says) { _ = try table(text) } }
  }

  @Test func lineNumbersCountQuotedLines() {
    let text = "word,b\n\"two\nlines\",1\nx,2\ny,oops\nz,4\n"
    expectError("not-a-number", saying: ["line 5", "`b`"]) { _ = try table(text) }
  }

  @Test func mistakesFarDownAreNamedToo() {
    var text = "a,b\n"
    for row in 0..<300_000 { text += "\(row),1\n" }
    expectError("not-a-number", saying: ["line 300002"]) { _ = try table(text + "x,1\n") }
    expectError("ragged-row", saying: ["Line 300002"]) { _ = try table(text + "5\n") }
    expectError("nul-byte", saying: ["Line 300003"]) { _ = try table(text + "5,1\n\0,1\n") }
  }

  @Test func encodings() {
    expectError("nul-byte", saying: ["Line 2"]) { _ = try table("a,b\n1,\02\n") }
    expectError("bad-encoding", saying: ["Line 2", "iconv"]) {
      _ = try read(Array("a,b\nm".utf8) + [0xFC] + Array("ller,1\nx,2\n".utf8))
    }
    expectError("bad-encoding", saying: ["UTF-16"]) {
      _ = try DatasetFile.read(fixture("utf16.csv"), name: "u")
    }
  }

  @Test func optionsAreChecked() {
    let text = "height,age,b\n1,2,3\n4,5,6\n"
    expectError("unknown-column", saying: ["`heigth`", "`height`"]) {
      _ = try table(text, ReadOptions(targets: ["heigth"]))
    }
    expectError("unknown-column") { _ = try table(text, ReadOptions(words: ["no"])) }
    expectError("too-many-features", saying: ["1 to 2"]) {
      _ = try table(text, ReadOptions(features: .first(9)))
    }
    expectError("repeated-column") { _ = try table(text, ReadOptions(features: .names(["age", "age"]))) }
    expectError("bad-delimiter") { _ = try table(text, ReadOptions(delimiter: "1")) }
    expectError("no-features") { _ = try table(text, ReadOptions(targets: ["height", "age", "b"])) }
    expectError("missing-target", saying: ["target"]) {
      _ = try table("a,b\n1,2\n2,\n", ReadOptions(missing: .mean))
    }
    expectError("empty-column", saying: ["`a`"]) {
      _ = try table("a,b\n,2\n,3\n", ReadOptions(missing: .mean))
    }
    expectError("no-rows", saying: ["missing=drop"]) {
      _ = try table("a,b\n,2\n,3\n", ReadOptions(missing: .drop))
    }
    expectError("word-targets") { _ = try table("a,b,c\n1,x,1\n2,y,2\n", ReadOptions(targets: ["b", "c"])) }
    expectError("too-large") {
      _ = try table("a,b\n1,2\n2,3\n", ReadOptions(memoryLimit: 16))
    }
  }

  @Test func filesThatAreNoTables() throws {
    expectError("no-such-file", saying: ["nowhere.csv"]) {
      _ = try DatasetFile.read("nowhere.csv", name: "n")
    }
    expectError("not-data", saying: ["PNG"]) {
      _ = try DatasetFile.read(fixture("shapes/circle/0.png"), name: "n")
    }
    expectError("not-a-file") { _ = try DatasetFile.read("/dev/null", name: "n") }
    expectError("not-data", saying: ["Parquet"]) { _ = try read(Array("PAR1xxxx".utf8)) }
  }

  @Test func anUnclosedQuoteTakesBoundedMemory() throws {
    let buffer = CSVBuffer(
      PlainStream(ByteFile(name: "f", bytes: [UInt8](repeating: UInt8(ascii: "x"), count: 100_000))),
      capacity: 1000,
      longestRow: 5000)
    expectError("row-too-long", saying: ["quote"]) { for _ in 0..<1000 { try buffer.refill() } }
  }
}

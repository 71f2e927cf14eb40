import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite struct CSVErrorTests {
  @Test func everyMistakeIsNamed() {
    let cases: [(code: ErrorCode, says: [String], text: String)] = [
      (.emptyFile, ["empty"], ""),
      (.noRows, ["header but no rows"], "a,b\n"),
      (.noRows, [], "\n\n"),
      (.raggedRow, ["Line 3", "1 field", "has 2"], "a,b\n1,2\n3\n"),
      (.raggedRow, ["Line 3", "3 fields"], "a,b\n1,2\n3,4,5\n"),
      (.unclosedQuote, ["line 2"], "a,b\n\"1,2\n3,4\n"),
      (.strayQuote, ["line 2"], "a,b\n\"1\"x,2\n3,4\n"),
      (
        .notANumber, ["Line", "`a`", "line 4", "`oops`"].suffix(3).map { $0 },
        "a,b\n1,2\n3,4\noops,6\n7,8\n"
      ),
      (.missingValue, ["Line 3", "`b`"], "a,b,c\n1,2,3\n4,,6\n"),
      (.dateColumn, ["`day`", "dates=[year, month, weekday]"], "day,b\n2024-05-31,1\n2024-06-01,2\n"),
      (.dateColumn, ["`day`"], "day,b\n31.5.2024,1\n1.6.2024,2\n"),
      (.dateColumn, ["dates=hour"], "t,b\n12:30,1\n13:45,2\n"),
      (.notANumber, ["`a`", "line 4", "`2024-05-31`"], "a,b\n1,2\n3,4\n2024-05-31,6\n7,8\n"),
      (.decimalComma, ["decimal=\",\""], "a;b\n1,5;2.5\n2,5;3.5\n"),
      (.numberTooLarge, ["1e999"], "a,b\n1e999,2\n3,4\n"),
      (.oneClass, ["`yes`", "`b`"], "a,b\n1,yes\n2,yes\n"),
      (.tooManyWords, ["`name`", "drop=name"], "name,b\n" + (0...1000).map { "n\($0),\($0)\n" }.joined()),
      (.notANumber, ["`x`"], "a,b\n1,x\n2,3\n3,4\n"),
    ]
    for (code, says, text) in cases { expectError(code, saying: says) { _ = try table(text) } }
  }

  @Test func lineNumbersCountQuotedLines() {
    let text = "word,b\n\"two\nlines\",1\nx,2\ny,oops\nz,4\n"
    expectError(.notANumber, saying: ["line 5", "`b`"]) { _ = try table(text) }
  }

  @Test func mistakesFarDownAreNamedToo() {
    var text = "a,b\n"
    for row in 0..<300_000 { text += "\(row),1\n" }
    expectError(.notANumber, saying: ["line 300002"]) { _ = try table(text + "x,1\n") }
    expectError(.raggedRow, saying: ["Line 300002"]) { _ = try table(text + "5\n") }
    expectError(.nulByte, saying: ["Line 300003"]) { _ = try table(text + "5,1\n\0,1\n") }
  }

  @Test func encodings() {
    expectError(.nulByte, saying: ["Line 2"]) { _ = try table("a,b\n1,\02\n") }
    expectError(.badEncoding, saying: ["Line 2", "iconv"]) {
      _ = try read(Array("a,b\nm".utf8) + [0xFC] + Array("ller,1\nx,2\n".utf8))
    }
    expectError(.badEncoding, saying: ["UTF-16"]) {
      _ = try DatasetFile.read(fixture("utf16.csv"), name: "u")
    }
  }

  @Test func optionsAreChecked() {
    let text = "height,age,b\n1,2,3\n4,5,6\n"
    expectError(.unknownColumn, saying: ["`heigth`", "`height`"]) {
      _ = try table(text, ReadOptions(targets: ["heigth"]))
    }
    expectError(.unknownColumn) { _ = try table(text, ReadOptions(words: ["no"])) }
    expectError(.tooManyFeatures, saying: ["1 to 2"]) {
      _ = try table(text, ReadOptions(features: .first(9)))
    }
    expectError(.repeatedColumn) { _ = try table(text, ReadOptions(features: .names(["age", "age"]))) }
    expectError(.badDelimiter) { _ = try table(text, ReadOptions(delimiter: "1")) }
    expectError(.noFeatures) { _ = try table(text, ReadOptions(targets: ["height", "age", "b"])) }
    expectError(.missingTarget, saying: ["target"]) {
      _ = try table("a,b\n1,2\n2,\n", ReadOptions(missing: .mean))
    }
    expectError(.emptyColumn, saying: ["`a`"]) {
      _ = try table("a,b\n,2\n,3\n", ReadOptions(missing: .mean))
    }
    expectError(.noRows, saying: ["missing=drop"]) {
      _ = try table("a,b\n,2\n,3\n", ReadOptions(missing: .drop))
    }
    expectError(.tooLarge) {
      _ = try table("a,b\n1,2\n2,3\n", ReadOptions(memoryLimit: 16))
    }
  }

  @Test func filesThatAreNoTables() throws {
    expectError(.noSuchFile, saying: ["nowhere.csv"]) {
      _ = try DatasetFile.read("nowhere.csv", name: "n")
    }
    expectError(.notData, saying: ["PNG"]) {
      _ = try DatasetFile.read(fixture("shapes/circle/0.png"), name: "n")
    }
    expectError(.notAFile) { _ = try DatasetFile.read("/dev/null", name: "n") }
    expectError(.notData, saying: ["Parquet"]) { _ = try read(Array("PAR1xxxx".utf8)) }
  }

  @Test func anUnclosedQuoteTakesBoundedMemory() throws {
    let buffer = CSVBuffer(
      PlainStream(ByteFile(name: "f", bytes: [UInt8](repeating: UInt8(ascii: "x"), count: 100_000))),
      capacity: 1000,
      longestRow: 5000)
    expectError(.rowTooLong, saying: ["quote"]) { for _ in 0..<1000 { try buffer.refill() } }
  }
}

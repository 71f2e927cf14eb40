import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

/// Tables as people have them: separators, marks, headers, and what stands around them.
@Suite struct CSVDialectTests {
  @Test(arguments: [
    "a b y\n1 2 3\n2 3 5\n4 5 9\n", "a|b|y\n1|2|3\n2|3|5\n4|5|9\n", "a:b:y\n1:2:3\n2:3:5\n4:5:9\n",
    "  a   b   y  \n  1   2\t3\n 2 \t3   5 \n4   5   9",
    "# made by a tool\n# units: cm\n\na,b,y\n1,2,3\n2,3,5\n4,5,9\n",
    "# a b y\n1 2 3\n2 3 5\n4 5 9\n", "#a,b,y\n1,2,3\n2,3,5\n4,5,9\n",
    "My survey 2020,,\n,,\na,b,y\n1,2,3\n2,3,5\n4,5,9\n",
    "My survey\n\na,b,y\n1,2,3\n2,3,5\n4,5,9\n", "a,b,y\n1,2,3,\n2,3,5,\n4,5,9,\n",
    "a,b,y,\n1,2,3\n2,3,5\n4,5,9\n",
    "a,b,y,\n1,2,3,\n2,3,5,\n4,5,9,\n", "a,b,y\n1, 2, 3, \n2,3,5\n4,5,9\n",
    "\"a \",' b',y\n1,2,3\n2,3,5\n4,5,9\n",
    "a,b,y\r1,2,3\r2,3,5\r4,5,9\r", "\"a\" \"b\" \"y\"\n\"r1\" 1 2 3\n\"r2\" 2 3 5\n\"r3\" 4 5 9\n",
  ])
  func manySpellingsOfOneTable(text: String) throws {
    let data = try table(text)
    if text.contains("r1") {
      // R's names of rows are a column of their own.
      #expect(data.inputColumns.map(\.name) == ["column1", "a", "b"])
      return
    }
    #expect(data.inputs == [1, 2, 2, 3, 4, 5])
    #expect(data.targets == [3, 5, 9])
    #expect(data.inputNames == (text.contains("' b'") ? ["a", "' b'"] : ["a", "b"]))
    #expect(data.targetNames == ["y"])
  }

  @Test(arguments: [
    (" 0.1  18.0  2.3  24.0\n 0.2   0.0  7.1  21.6\n 0.3   0.0  7.1  34.7\n", [24.0, 21.6, 34.7]),
    ("15.26\t14.84\t1\n14.88\t14.57\t\t1\n13.2\t13.66\t2\n14.1\t\t14.2\t2\n", [1, 1, 2, 2]),
  ])
  func runsOfBlanks(text: String, targets: [Double]) throws {
    #expect(try table(text).targets == targets)
  }

  @Test func blanksWithinQuotesAndUnknownValues() throws {
    let cars = """
      18.0   8   307.0   130.0   70  1\t"red wagon"
      15.0   8   350.0   165.0   70  1\t"blue wagon"
      31.0   4   120.0   ?       75  2\t"small car"

      """
    let data = try table(cars, ReadOptions(targets: ["column1"], missing: .drop))
    #expect(data.rows == 2 && data.targets == [18, 15])
    #expect(data.inputColumns.last?.levels == ["blue wagon", "red wagon"])
    expectError(.missingValue, saying: ["Line 3", "`column4`"]) { _ = try table(cars) }
    expectError(.raggedRow, saying: ["Line 2"]) {
      _ = try table("1 2 3\n4 5\n6 7 8\n9 1 2\n", ReadOptions(missing: .mean, delimiter: " "))
    }
  }

  @Test(arguments: [
    ("p;q\n1,5;3,25\n2,5;4,75\n3,5;6,10\n", [3.25, 4.75, 6.1], "decimal comma"),
    ("p;q\n1,25;1.299,99\n0,50;899,50\n2,75;12.450,00\n", [1299.99, 899.5, 12450], "between thousands"),
    ("p;q\n1,5;1 299,99\n2,5;12 450,00\n", [1299.99, 12450], "between thousands"),
    ("p,q\n12,\"1,234\"\n15,\"2,345\"\n18,\"12,001\"\n", [1234, 2345, 12001], "between thousands"),
    ("p,q\n12,899\n15,\"2,345\"\n18,\"12,001\"\n", [899, 2345, 12001], "between thousands"),
    ("p,q\n12,\"1,234,567.5\"\n15,1\n", [1_234_567.5, 1], "between thousands"),
    ("p,q\n10,$1200.50\n12,$1300\n15,-$5\n", [1200.5, 1300, -5], "currency"),
    ("p,q\n10,3 €\n12,4 €\n", [3, 4], "currency"),
    ("p,q\n10,12%\n12,15 %\n", [0.12, 0.15], "12% read as 0.12"),
    ("p,q\n10,(5)\n12,7\n", [-5, 7], "(5) read as -5"),
    ("p;q\n1;1,234\n2;2,500\n", [1.234, 2.5], "decimal comma"),
    ("p;q\n1;1,234\n2;2,500\n", [1.234, 2.5], "`1,234` read with a decimal comma"),
    ("p;q\n1;1.234\n2;2.500\n", [1.234, 2.5], "if that parts thousands, say decimal=\",\""),
    ("p,q\n1,1'234\n2,12'500\n", [1234, 12500], "between thousands"),
  ])
  func marksInNumbers(text: String, targets: [Double], said: String) throws {
    let data = try table(text)
    #expect(data.targets == targets)
    #expect(data.notes[0].contains(said), "\(data.notes)")
  }

  @Test func marksAreNotSeenWhereThereAreNone() throws {
    for text in [
      "1,23", "12,3456", "1,2,3", "abc", "", "-", "$", "%", "()", "1.2.3", "5-3", "(5", "2020-01-01", "$$5",
    ] {
      #expect(DecoratedNumber(text, decimal: ".") == nil, "\(text)")
    }
    // Asked for, the comma is what it is said to be.
    let asked = try table("p,q\n12,899\n15,\"2,345\"\n", ReadOptions(decimal: ","))
    #expect(asked.targets == [899, 2.345])
  }

  @Test func separatorsWithinQuotesDoNotCount() throws {
    let data = try table("1.5,\"Main St; 5\",10\n2.5,\"Park Av; 7\",11\n3.5,\"Side St; 9\",12\n")
    #expect(data.targets == [10, 11, 12])
    #expect(data.inputColumns.count == 2)
  }

  @Test func headersWithNamesThatRepeat() throws {
    #expect(try table("q,q,q,label\n1,2,3,a\n4,5,6,b\n").inputNames == ["q", "q_2", "q_3"])
    #expect(try table("x,x,y\n1,2,3\n2,3,4\n").inputNames == ["x", "x_2"])
    #expect(try table(",0,1,2\n0,5,6,7\n1,8,9,1\n").targetNames == ["2"])
    #expect(
      try table("country,2010,2011\nFrance,1,2\nSpain,3,4\n", ReadOptions(header: true)).targetNames == [
        "2011"
      ])
    expectError(.notANumber, saying: ["header=true"]) {
      _ = try table("2010,total\n3,x\n1,2\n3,4\n5,6\n")
    }
  }

  @Test func singleQuotesHoldWords() throws {
    let data = try table("id,colour,y\n1,'dark, red',3\n2,'blue',4\n")
    #expect(data.inputColumns[1].levels == ["blue", "dark, red"])
    #expect(try table("name,y\nO'Neil,3\nbob,4\n").inputColumns[0].levels == ["O'Neil", "bob"])
  }

  @Test(arguments: [
    ("<!DOCTYPE html>\n<html><body>data</body></html>", "web page"), ("  <html>\n", "web page"),
    ("version https://git-lfs.github.com/spec/v1\noid sha256:4d\n", "git lfs pull"),
    ("a,b\n<<<<<<< HEAD\n1,2\n=======\n3,4\n>>>>>>> x\n", "Line 2"), ("SQLite format 3\0\u{10}\0", "SQLite"),
    ("@relation iris\n@data\n1,2\n", "Weka"),
  ])
  func whatIsNoTableIsSaidToBe(text: String, said: String) {
    expectError(.notData, saying: [said]) { _ = try table(text) }
  }

  @Test func theAccountSaysWhatWasFound() throws {
    let data = try table(
      "# by hand\nid;city;km;price\n1;Oslo;5,5;3\n2;Rome;6,5;4\n3;Oslo;;5\n",
      ReadOptions(targets: ["price"], dropped: ["id"], missing: .mean))
    #expect(
      data.notes == [
        "3 rows of file, semicolon-separated, header, decimal comma; target price (number); inputs: 1 numeric, 1 categorical (city 2); left out: id; 1 line that begins with # skipped",
        "missing values replaced by the column mean",
      ])
    let classes = try table("1,2,a\n3,4,b\n")
    #expect(
      classes.notes == [
        "2 rows of file, comma-separated, no header; target column3 (2 classes); inputs: 2 numeric"
      ])
  }

  @Test func columnsThatTeachNothingAreNoticed() throws {
    func rows(_ row: (Int) -> String) -> String {
      "Id,x,name,leak,kind\n" + (0..<20).map { row($0) + "\n" }.joined()
    }
    let data = try table(
      rows { "\($0 + 1),\($0 * 7 % 20),n\($0),\($0 % 2 == 0 ? 5 : 9),\($0 % 2 == 0 ? "a" : "b")" })
    let note = try #require(data.notes.last)
    #expect(
      note.contains(
        "`Id` only numbers the rows; `name` has a text of its own in most rows; `leak` tells the target exactly"
      ))
    #expect(note.contains("drop=[Id, name, leak]"))
    let dropped = try table(
      rows { "\($0 + 1),\($0 * 7 % 20),n\($0),\($0 % 2 == 0 ? 5 : 9),\($0 % 2 == 0 ? "a" : "b")" },
      ReadOptions(dropped: ["Id", "name", "leak"]))
    #expect(dropped.inputNames == ["x"] && dropped.notes.count == 1)
    // What may well be learned from is left alone.
    let sound = try table("x,y\n" + (0..<20).map { "\($0 * 7 % 20),\($0 * $0)\n" }.joined())
    #expect(sound.notes.count == 1)
    let same = try table("x,y\n" + (0..<20).map { "\($0 * 7 % 20),\($0 * 7 % 20 * 2 + 1)\n" }.joined())
    #expect(same.notes.count == 2 && same.notes[1].contains("`x` tells the target exactly"))
  }

  @Test func rareCategoriesBecomeOne() throws {
    let text = "k,c\nred,1\nblue,2\nred,3\ngreen,4\n"
    let data = try table(text, ReadOptions(rare: 2))
    #expect(data.inputColumns[0].levels == ["other", "red"])
    #expect(data.inputs == [0, 1, 1, 0, 0, 1, 1, 0])
    #expect(data.notes.last?.contains("`other`") == true)
    // Without a rare one there is a place for those to come.
    #expect(
      try table(text, ReadOptions(rare: 1)).inputColumns[0].levels == ["blue", "green", "other", "red"])
  }

  @Test func rowsThatAreLeftOutLeaveNoWords() throws {
    let data = try table("k,a,c\nred,1,x\nblue,,y\ngreen,3,z\nred,4,x\n", ReadOptions(missing: .drop))
    #expect(data.inputColumns[0].levels == ["green", "red"] && data.classes == ["x", "z"])
    #expect(data.inputColumns.map(\.missing) == [0, 1])
  }

  @Test func aBlankLineIsNoRow() throws {
    let data = try table("a\n1\n\n3\n\n", ReadOptions(missing: .mean))
    #expect(data.inputs == [1, 3])
  }

  @Test func optionsThatSayNothingAreRefused() throws {
    let idx: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4]
    expectError(.unusedOption, saying: ["`missing=`", "IDX", "target="]) {
      _ = try read(idx, options: ReadOptions(missing: .drop))
    }
    let folder = TemporaryFolder()
    try folder.write(idx, to: "pictures.idx")
    try folder.write([0, 0, 8, 1, 0, 0, 0, 2, 1, 0], to: "answers.idx")
    let data = try DatasetFile.read(
      folder.path + "/pictures.idx", name: "m", options: ReadOptions(targets: ["answers.idx"])
    ).train
    #expect(data.targets == [1, 0] && data.classes == ["0", "1"])
    #expect(data.notes == ["2 rows of 1x2 in pictures.idx; targets: 2 numbers in answers.idx"])
    expectError(.noSuchFile, saying: ["file of its labels"]) {
      _ = try DatasetFile.read(folder.path + "/pictures.idx", name: "m", options: ReadOptions(targets: ["y"]))
    }
    expectError(.unusedOption, saying: ["`separator=`", ".npy"]) {
      _ = try DatasetFile.read(fixture("f8.npy"), name: "m", options: ReadOptions(delimiter: ";"))
    }
    expectError(.unusedOption, saying: ["folder"]) {
      _ = try DatasetFile.read(fixture("shapes"), name: "m", options: ReadOptions(targets: ["y"]))
    }
  }
}

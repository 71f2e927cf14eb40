import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite struct CSVTests {
  @Test func theLastColumnIsTheTarget() throws {
    let data = try table("a,b,c\n1,2,3\n4,5,6\n")
    #expect(data.inputNames == ["a", "b"])
    #expect(data.targetNames == ["c"])
    #expect(data.inputs == [1, 2, 4, 5])
    #expect(data.targets == [3, 6])
    #expect(data.inputShape == [2])
  }

  @Test(arguments: [
    "a,b\r\n1,2\r\n3,4\r\n", "a,b\n1,2\n3,4", "a\tb\n1\t2\n3\t4\n", "a;b\n1;2\n3;4\n", "a,b\r1,2\r3,4\r",
    "\u{FEFF}a,b\n1,2\n\n3,4\n\n", " a , b \n 1 , 2 \n 3 , 4 \n", "\"a\",\"b\"\n\"1\",\"2\"\n3,\"4\"",
    "a,b\n1,2\n3,4\r\n",
  ])
  func manySpellingsOfOneTable(text: String) throws {
    let data = try table(text)
    #expect(data.inputNames == ["a"])
    #expect(data.inputs == [1, 3])
    #expect(data.targets == [2, 4])
  }

  @Test func withoutHeaderColumnsAreNumbered() throws {
    let data = try table("1,2\n3,4\n")
    #expect(data.inputNames == ["column1"])
    #expect(data.targetNames == ["column2"])
    #expect(try table("1,2\n3,4\n", ReadOptions(header: true)).rows == 1)
  }

  @Test func headersOfTablesOfWords() throws {
    #expect(try table("colour,size\nred,big\nblue,small\n").inputNames == ["colour=blue", "colour=red"])
    let bare = try table("red,big\nblue,small\nred,small\n")
    #expect(bare.rows == 3)
  }

  @Test func wordsBecomeColumnsAndClasses() throws {
    let data = try table("colour,size,kind\nred,2,b\nblue,3,a\nred,4,b\n")
    #expect(data.inputNames == ["colour=blue", "colour=red", "size"])
    #expect(data.inputs == [0, 1, 2, 1, 0, 3, 0, 1, 4])
    #expect(data.classes == ["a", "b"])
    #expect(data.targets == [1, 0, 1])
    #expect(data.inputColumns[0].levels == ["blue", "red"])
  }

  @Test func numbersThatAreWordsWhenAsked() throws {
    let data = try table("zip,y\n10,1\n9,2\n10,3\n", ReadOptions(words: ["zip"]))
    #expect(data.inputNames == ["zip=9", "zip=10"])
    #expect(data.inputs == [0, 1, 1, 0, 0, 1])
  }

  @Test func columnsAreChosenByName() throws {
    let text = "a,b,c,d\n1,2,3,4\n5,6,7,8\n"
    let data = try table(text, ReadOptions(targets: ["a", "c"], features: .names(["D"])))
    #expect(data.inputNames == ["d"])
    #expect(data.targets == [1, 3, 5, 7])
    #expect(try table(text, ReadOptions(features: .first(2))).inputNames == ["a", "b"])
    #expect(try table(text, ReadOptions(targets: [])).targetNames.isEmpty)
  }

  @Test func quotedFieldsHoldAnything() throws {
    let text = "a,b,c\n\"x,1\",\"say \"\"hi\"\"\",1\n\"two\nlines\",y,2\n\"x,1\",y,3\n"
    let data = try table(text)
    #expect(data.inputColumns[0].levels == ["two\nlines", "x,1"])
    #expect(data.inputColumns[1].levels == ["say \"hi\"", "y"])
    #expect(data.targets == [1, 2, 3])
  }

  @Test func missingValuesByPolicy() throws {
    let text = "a,k,b\n1,x,1\n,y,2\n5,NA,3\n6,x,4\n"
    expectError(.missingValue, saying: ["Line 3", "`a`"]) { _ = try table(text) }
    let dropped = try table(text, ReadOptions(missing: .drop))
    #expect(dropped.targets == [1, 4])
    #expect(dropped.notes.dropFirst() == ["2 rows with missing values dropped"])
    let filled = try table(text, ReadOptions(missing: .mean))
    let (most, least) = (2.0 / 3, 1.0 / 3)
    #expect(filled.inputs == [1, 1, 0, 4, 0, 1, 5, most, least, 6, 1, 0])
    #expect(filled.inputColumns.map(\.missing) == [1, 1])
  }

  @Test func manyRowsInSmallStretches() throws {
    // Rows break across the buffer's stretches at every place.
    var text = "a,word,b\n"
    for row in 0..<60_000 { text += "\(row).25,\"w\(row % 3)\",\(row * 2)\n" }
    #expect(text.utf8.count > 1 << 20)
    let data = try table(text)
    #expect(data.rows == 60_000)
    let inputs = data.inputs
    for row in 0..<60_000 where inputs[row * 4] != Double(row) + 0.25 || data.targets[row] != Double(row * 2)
    {
      Issue.record("row \(row) was misread")
      return
    }
  }

  @Test func aRowLongerThanTheBuffer() throws {
    let word = String(repeating: "w", count: 3 << 20)
    let data = try table("a,b\n\"\(word)\",1\nshort,2\n")
    #expect(data.rows == 2)
  }

  @Test func lastIdenticalNamesGetNumbers() throws {
    #expect(try table("a,a,b\n1,2,3\n4,5,6\n").inputNames == ["a", "a_2"])
  }

  // MARK: - Files of other programs

  @Test func pandasWithQuotesAndMissing() throws {
    let options = ReadOptions(features: .names(["age", "colour"]), missing: .drop)
    let data = try DatasetFile.read(fixture("pandas.csv"), name: "p", options: options).train
    #expect(data.targets == [1200.5, 900.25, 3100.75])
    // A word whose only row is left out is none of the table's.
    #expect(data.inputNames == ["age", "colour=green", "colour=red"])
  }

  @Test func pandasIndexIsLeftOut() throws {
    let options = ReadOptions(missing: .drop)
    let data = try DatasetFile.read(fixture("pandas_index.csv"), name: "p", options: options).train
    #expect(data.rows == 3)
    #expect(data.notes.count == 2 && data.notes[0].contains("left out: column 1"))
    #expect(data.inputColumns.map(\.name) == ["age", "colour"])
  }

  @Test(arguments: ["german.csv", "pandas.tsv", "windows.csv"])
  func dialects(name: String) throws {
    let data = try DatasetFile.read(fixture(name), name: "p").train
    #expect(data.inputs == [31, 45, 28, 60])
    #expect(data.targets == [1200.5, 0, 900.25, 3100.75])
  }

  @Test(arguments: ["wine.csv", "wine.csv.gz"])
  func wineOfScikitLearn(name: String) throws {
    let data = try DatasetFile.read(fixture(name), name: "wine").train
    #expect(data.rows == 15)
    #expect(data.inputWidth == 13)
    #expect(data.inputs(ofRow: 0).first == 14.23)
    #expect(data.classes == ["class_0", "class_1", "class_2"])
  }
}

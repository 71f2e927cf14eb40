import Foundations
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

@Suite struct RecordTests {
  private func records(_ text: String, _ options: ReadOptions = ReadOptions()) throws(CodedError) -> Dataset {
    try read(Array(text.utf8), options: options).train
  }

  /// The forms that pandas, jq and web services write the same table in.
  @Test(arguments: [
    #"[{"age": 4, "city": "Oslo", "price": 8.5}, {"age": 2, "city": "Rome", "price": 10}, {"age": 7, "city": "Oslo", "price": 5}]"#,
    "{\"age\": 4, \"city\": \"Oslo\", \"price\": 8.5}\n{\"age\": 2, \"city\": \"Rome\", \"price\": 10}\n\n"
      + "{\"age\": 7, \"city\": \"Oslo\", \"price\": 5}\n",
    #"{"age": [4, 2, 7], "city": ["Oslo", "Rome", "Oslo"], "price": [8.5, 10, 5]}"#,
    #"{"age": {"0": 4, "1": 2, "2": 7}, "city": {"0": "Oslo", "1": "Rome", "2": "Oslo"}, "price": {"0": 8.5, "1": 10, "2": 5}}"#,
    "\n [\n  {\"age\": 4,\n   \"city\": \"Oslo\", \"price\": 85e-1},\n  {\"city\": \"Rome\", \"price\": 10, \"age\": 2},\n  "
      + "{\"age\": 7, \"city\": \"Oslo\", \"price\": 5}]\n",
  ]) func allFormsAreTheSameTable(text: String) throws {
    let data = try records(text)
    #expect(data.inputNames == ["age", "city=Oslo", "city=Rome"])
    #expect(data.inputs == [4, 1, 0, 2, 0, 1, 7, 1, 0])
    #expect(data.targetNames == ["price"] && data.targets == [8.5, 10, 5])
    #expect(
      data.notes.first
        == "3 records of file; target price (number); inputs: 1 numeric, 1 categorical (city 2)")
  }

  @Test func objectsWithinARecordAreColumns() throws {
    let data = try records(
      #"[{"a": {"b": 1, "c": {"d": "x, \"y\""}}, "t": true}, {"a": {"b": 2, "c": {"d": "z"}}, "t": false}]"#)
    #expect(data.inputNames == ["a.b", #"a.c.d=x, "y""#, "a.c.d=z"])
    #expect(data.classes == ["false", "true"] && data.targets == [1, 0])
  }

  @Test func whatIsMissingIsSaidByItsRecord() throws {
    let text = #"{"a": 1, "b": 2}"# + "\n" + #"{"a": null, "b": 3}"# + "\n" + #"{"b": 4}"#
    expectError(.missingValue, saying: ["Record 2 of `file`", "missing=drop"]) { _ = try records(text) }
    #expect(try records(text, ReadOptions(missing: .drop)).rows == 1)
    #expect(try records(text, ReadOptions(missing: .mean)).inputs == [1, 1, 1])
    expectError(.notANumber, saying: ["record 4"]) {
      _ = try records(#"[{"a":1,"b":1},{"a":2,"b":1},{"a":3,"b":1},{"a":"x","b":1}]"#)
    }
  }

  /// What is said once of a record stands at each of its steps.
  @Test func longTextsBesideListsAreRefused() {
    let text =
      "[{\"about\": \"\(String(repeating: "a", count: 2000))\", \"x\": [\(String(repeating: "1, ", count: 4000))2], \"y\": 1}]"
    var options = ReadOptions()
    options.memoryLimit = 1 << 20
    expectError(.tooLarge, saying: ["once of a record"]) { _ = try records(text, options) }
  }

  @Test func whatIsNoTableIsRefused() {
    for (text, part) in [
      ("[{\"a\": 1, \"b\": 2},\n {\"a\": 1, ", "Line 2"), ("{\"a\": 1, \"b\": 2}\n{\"a\": }\n", "Record 2"),
      ("[{\"a\": 1}, 3]", "for each row"),
    ] {
      expectError(.badJSON, saying: [part]) { _ = try records(text) }
    }
    expectError(.unusedOption, saying: ["separator"]) {
      _ = try records(#"{"a": 1, "b": 2}"#, ReadOptions(delimiter: ";"))
    }
  }
}

import Testing

@testable import JSON

@Suite("JSON")
struct JSONTests {
  @Test(
    "Values keep order, digits and letters",
    arguments: [
      "null", "true", "-0.50e+3", "\"a\\\"\\\\\\n\\t\\u0001é/\"", "[]", "{}",
      "[1, [2], {\"b\": 1, \"a\": {}}]",
      "123456789012345678901234567890", "1e999", "{\"a\": 1, \"a\": 2}",
    ])
  func mirror(text: String) throws {
    #expect(JSONReader.document(text)?.compact == text)
  }

  @Test(
    "What is no JSON",
    arguments: [
      "", " ", "nul", "01", "1.", ".5", "+1", "1e", "-", "\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u+123\"",
      "\"\n\"",
      "[1,]", "[1 2]", "{\"a\"}", "{a: 1}", "{\"a\": 1,}", "[1] 2", "NaN", "'a'", "[", "{\"a\":",
    ])
  func refused(text: String) { #expect(JSONReader.document(text) == nil) }

  @Test(
    "Escapes",
    arguments: [
      ("\"\\u00e9\\ud83d\\ude00\\/\"", "é😀/"), ("\"\\ud83d\"", "\u{FFFD}"),
      ("\"\\ud83d\\u0041\"", "\u{FFFD}A"),
      ("\"\\ude00x\"", "\u{FFFD}x"), ("\"\\b\\f\\r\\u0000\"", "\u{8}\u{C}\r\0"),
    ])
  func escapes(text: String, expected: String) {
    #expect(JSONReader.document(text)?.string.map { Array($0.utf8) } == Array(expected.utf8))
  }

  @Test("Equal is what means the same")
  func equality() {
    #expect(
      JSONReader.document("{\"a\": 1e-3, \"b\": [1]}") == JSONReader.document("{\"b\":[1.0],\"a\":0.001}"))
    #expect(JSONReader.document("[1, 2]") != JSONReader.document("[2, 1]"))
    #expect(JSONValue.string("\u{E9}") != "e\u{301}")
    #expect(JSONValue.number("1") != "1")
  }

  @Test("Indented as Jupyter does it")
  func indented() {
    let value = JSONReader.document("{\"b\": [], \"a\": [1, {\"c\": {}}]}")
    #expect(value?.indented() == "{\n \"a\": [\n  1,\n  {\n   \"c\": {}\n  }\n ],\n \"b\": []\n}")
  }
}

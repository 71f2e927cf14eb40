import Diagnostics
import Foundations
import Testing

@testable import Language

@Suite struct ParameterTests {
  private func declared(_ source: String, isTagged: Bool = false) -> [Parameter] {
    let (result, _) = Checker.check(
      SourceText(source, name: "test"), names: KnownNames(), declaresParameters: isTagged)
    #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
    return result.program.parameters
  }

  @Test func aTaggedCellIsReadAsPythonsIs() {
    let source =
      "# ours\nepochs = 20\nquiet = False\nlimit = None\nname = 'xor'\nsizes = [1, -2]\nx = epochs + 1\n"
    let found = declared(source, isTagged: true)
    #expect(found.map(\.name.name) == ["epochs", "quiet", "limit", "name", "sizes"])
    #expect(
      found.map(\.defaultValue) == [
        .number(20), .boolean(false), .none, .text("xor"), .list([.number(1), .number(-2)]),
      ])
    #expect(declared("epochs = 20").isEmpty, "in other cells it is an assignment")
  }

  @Test(arguments: [
    ("a = 1", "2", Literal.number(2)), ("a = 1", "-2.5e3", .number(-2500)), ("a = 1", "20%", .number(0.2)),
    ("a = 1", "20_000", .number(20000)), ("a = 1", "500ms", .number(0.5)), ("a = 1", "true", nil),
    ("a = 1", "two", nil),
    ("a = 1", "", nil), ("a = 1", "1 + 1", nil), ("a = 1", "1\n2", nil), ("a = 1", "1e999", nil),
    ("a = 1", "[1", nil),
    ("a = true", "False", .boolean(false)), ("a = true", "0", nil), ("a = \"x\"", "20", .text("20")),
    ("a = \"x\"", "", .text("")), ("a = \"x\"", "\"q\"", .text("\"q\"")), ("a = [1]", "[]", .list([])),
    ("a = [1]", "1", nil), ("a = None", "3", .number(3)), ("a = None", "some words", .text("some words")),
    ("a = None", "None", Literal.none), ("a = 2 min=1 max=3", "3", .number(3)),
    ("a = 2 min=1 max=3", "3.1", nil),
    ("a = 2 min=1", "0", nil),
  ])
  func valuesAreReadByTheKindOfTheDefault(declaration: String, text: String, expected: Literal?) throws {
    let parameter = try #require(declared("param " + declaration).first)
    let value = parameter.value(spelled: text)
    #expect((parameter.mistake(in: value) == nil ? value : nil) == expected)
  }

  @Test func laterListsWinAndOneListGivesANameOnce() {
    let parameters = declared("param a = 1; param b = 2")
    func given(_ name: String, _ text: String) -> GivenParameter {
      GivenParameter(name: name, value: .spelled(text), origin: "-p")
    }
    let values = ParameterValues(
      [[given("a", "3"), given("b", "4")], [given("a", "5")]], declared: parameters, notebook: "x.nbs")
    #expect(values.values == ["a": .number(5), "b": .number(4)])
    #expect(values.diagnostics.isEmpty)
    let wrong = ParameterValues(
      [[given("a", "3"), given("a", "3"), given("bb", "1"), given("b", "x")]], declared: parameters,
      notebook: "x.nbs")
    #expect(wrong.diagnostics.map(\.code) == [.repeatedParameter, .unknownParameter, .badParameter])
    #expect(wrong.diagnostics[1].suggestion == "b")
  }
}

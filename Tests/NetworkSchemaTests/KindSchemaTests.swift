import NetworkSchema
import Testing

@Suite struct KindSchemaTests {
  private let kind = KindSchema(
    "blur", "softens",
    options: [
      .required("window", .sizes(2), "how large"),
      .positional("strength", .number(.fraction), default: .number(0.5), "how much"),
      .named("rounds", .integer(1...9), default: .integer(2), "how often"),
      .named("edge", .word(.paddings), default: .word("same"), "what happens there"),
      .named("wraps", .boolean, default: .boolean(false), "whether it goes round"),
      .named("stride", .sizes(2), defaultText: "the window's size", "how far it moves"),
    ])

  @Test func completingFillsInTheDefaultsAndLeavesWhatIsGiven() {
    let completed = kind.completed(OptionValues(["window": .sizes([3]), "rounds": .integer(5)]))
    #expect(
      completed.values == [
        "window": .sizes([3]), "strength": .number(0.5), "rounds": .integer(5), "edge": .word("same"),
        "wraps": .boolean(false),
      ])
  }

  @Test(
    "Values that fit",
    arguments: [
      ["window": .sizes([3, 3])], ["window": .sizes([1]), "strength": .integer(0)],
      ["window": .sizes([3]), "rounds": .integer(9), "edge": .word("valid"), "wraps": .boolean(true)],
    ] as [[String: OptionValue]])
  func fitting(values: [String: OptionValue]) throws { try kind.check(OptionValues(values)) }

  @Test(
    "Values that do not",
    arguments: [
      ([:], "`blur` needs its `window`: how large."),
      (
        ["window": .sizes([3]), "width": .integer(1)],
        "`blur` has no option `width`. It takes window, strength, rounds, edge, wraps, stride."
      ),
      (
        ["window": .integer(3)],
        "`window` takes integers, 1 or more, joined by x: 5 or 5x5, not 3: how large."
      ),
      (
        ["window": .sizes([3, 0])],
        "`window` takes integers, 1 or more, joined by x: 5 or 5x5, not 3x0: how large."
      ),
      (
        ["window": .sizes([1, 1, 1])],
        "`window` takes integers, 1 or more, joined by x: 5 or 5x5, not 1x1x1: how large."
      ),
      (
        ["window": .sizes([3]), "strength": .number(1)],
        "`strength` takes a number from 0 to below 1, not 1: how much."
      ),
      (
        ["window": .sizes([3]), "strength": .number(.nan)],
        "`strength` takes a number from 0 to below 1, not nan: how much."
      ),
      (
        ["window": .sizes([3]), "rounds": .number(2)],
        "`rounds` takes an integer from 1 to 9, not 2: how often."
      ),
      (
        ["window": .sizes([3]), "rounds": .integer(10)],
        "`rounds` takes an integer from 1 to 9, not 10: how often."
      ),
      (
        ["window": .sizes([3]), "edge": .word("some")],
        "`edge` takes one of valid, same, not some: what happens there."
      ),
      (
        ["window": .sizes([3]), "wraps": .word("true")],
        "`wraps` takes `true` or `false`, not true: whether it goes round."
      ),
    ] as [([String: OptionValue], String)])
  func unfit(values: [String: OptionValue], message: String) {
    let violation = #expect(throws: SchemaViolation.self) { try kind.check(OptionValues(values)) }
    #expect(violation?.message == message)
  }

  @Test func oneSizeStandsForAllAxes() throws {
    let values = OptionValues(["kernel": .sizes([3]), "stride": .sizes([1, 2])])
    #expect(try values.sizes("kernel", axes: 3) == [3, 3, 3])
    #expect(try values.sizes("stride", axes: 2) == [1, 2])
    #expect(try values.sizes("dilation", axes: 2) == nil)
    let violation = #expect(throws: SchemaViolation.self) { try values.sizes("stride", axes: 3) }
    #expect(
      violation?.message
        == "`stride` needs 3 numbers here, or one for all axes, but 1x2 has 2: 1x1x1")
    #expect(violation?.suggestion == "1x1x1")
    #expect(violation?.option == "stride")
  }

  @Test func valuesOfAnotherTypeAreNotThere() {
    let values = OptionValues(["a": .integer(3), "b": .number(0.5), "c": .word("x"), "d": .boolean(true)])
    #expect(values.integer("a") == 3 && values.number("a") == 3)
    #expect(values.number("b") == 0.5 && values.integer("b") == nil)
    #expect(values.word("c") == "x" && values.boolean("c") == nil)
    #expect(values.boolean("d") == true && values.sizes("d") == nil)
  }

  @Test func valuesAreWrittenAsTheLanguageReadsThem() {
    #expect(OptionValue.number(1e-7).text == "1e-7")
    #expect(OptionValue.number(0.001).text == "0.001")
    #expect(OptionValue.number(1e-12).text == "1e-12")
    #expect(OptionValue.number(2).text == "2")
    #expect(OptionValue.sizes([5, 5]).text == "5x5")
  }
}

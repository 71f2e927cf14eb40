import Diagnostics
import Foundations
import NetworkSchema
import Testing

@testable import Language

/// What the catalog of kinds makes of the command table.
@Suite struct CatalogTests {
  private let names = KnownNames(data: ["xor", "and"], networks: ["solver"])

  private static let gain = KindSchema(
    "gain", "multiplies by a number",
    options: [
      .required("factor", .number(.positive), "what to multiply by"),
      .named("squash", .word(.activations), default: .word("linear"), "what is done then"),
    ],
    examples: ["layer loud gain 2"], details: "A gain learns nothing.")

  /// A catalog with a kind of layer, an activation, an optimizer and a metric that nbs itself does not have.
  private var extended: NetworkCatalog {
    var catalog = NetworkCatalog.standard
    catalog.layers.append(Self.gain)
    catalog.activations.append(KindSchema("cube", "the sum cubed"))
    catalog.optimizers.append(
      KindSchema(
        "lion", "steps by the sign alone",
        options: [.named("sharpness", .number(.fraction), default: .number(0.3), "how sharp")]))
    catalog.trainingMetrics.append(KindSchema("surprise", "e to the loss"))
    return catalog
  }

  private func check(_ text: String) -> [Diagnostic] {
    Checker.check(SourceText(text, name: "test"), names: names).result.diagnostics
  }

  private func words(_ text: String) -> [String] { Completer.complete(text, names: names).words }

  @Test func aRegisteredKindIsExplained() throws {
    try NetworkCatalog.$current.withValue(extended) {
      let topic = try #require(HelpTopic.find("gain"))
      #expect(topic.usage == "layer NAME gain FACTOR squash=")
      #expect(topic.summary == "multiplies by a number")
      #expect(topic.details.hasPrefix("A gain learns nothing.\n"))
      #expect(topic.entries.map(\.word) == ["factor", "squash"])
      #expect(topic.entries[1].value == "linear")
      #expect(topic.entries[1].help.hasSuffix("step, cube"))
      #expect(topic.examples == ["layer loud gain 2"])
      #expect(HelpTopic.find("layer")?.entries.contains { $0.word == "gain" } == true)
      #expect(HelpTopic.find("lion")?.entries.map(\.word) == ["sharpness"])
      #expect(HelpTopic.find("surprise")?.usage == "surprise (metric)")
      #expect(Set(HelpTopic.all).isSuperset(of: ["gain", "cube", "lion", "sharpness", "surprise"]))
    }
    #expect(HelpTopic.find("gain") == nil)
  }

  @Test(
    "A registered kind is completed",
    arguments: [
      ("layer z ga", ["gain"]), ("layer z gain 2 sq", ["squash="]), ("layer z gain 2 squash=c", ["cube"]),
      ("layer z dense 3 cu", ["cube"]), ("train xor optimizer=li", ["lion"]),
      ("train xor sha", ["sharpness="]), ("help surp", ["surprise"]),
    ])
  func completion(text: String, expected: [String]) {
    NetworkCatalog.$current.withValue(extended) { #expect(words(text) == expected) }
    #expect(words(text) == [])
  }

  @Test(
    "A registered kind is checked",
    arguments: [
      ("layer z gain 2", []), ("layer z gain 2 squash=cube", []), ("layer z dense 3 cube", []),
      ("layer z gain", [.missingArgument]), ("layer z gain -2", [.badValue]),
      ("layer z gain 2 squash=cub", [.unknownActivation]), ("layer z gain 2 bias=true", [.unknownOption]),
      ("train xor optimizer=lion sharpness=0.5", []), ("train xor sharpness=1", [.badValue]),
      ("train xor until surprise<2", []), ("train xor\nprint surprise", []),
    ] as [(String, [ErrorCode])])
  func checking(text: String, expected: [ErrorCode]) {
    NetworkCatalog.$current.withValue(extended) { #expect(check(text).map(\.code) == expected) }
    #expect(!check(text).isEmpty, "without the catalog it is unknown")
  }

  private static let examples =
    (NetworkCatalog.standard.layers + KindFamily.allCases.flatMap { NetworkCatalog.standard[$0] })
    .flatMap(\.examples)

  @Test("Examples can be typed", arguments: examples)
  func examplesAreSound(example: String) {
    #expect(check(example) == [])
  }

  @Test func everyLayerAndEveryOptimizerHasAnExample() {
    let catalog = NetworkCatalog.standard
    for kind in catalog.layers + catalog.optimizers { #expect(!kind.examples.isEmpty, "\(kind)") }
  }

  @Test(
    "Options of several kinds say whose they are",
    arguments: [
      ("rate", "sgd 0.01; perceptron 1; others 0.001", "the learning rate"),
      ("momentum", "0", "for sgd: the fraction of the last step that is added to the next"),
      ("beta1", "0.9", "for adam, adamw, nadam: the decay rate of the running mean of the gradient"),
      (
        "rho", "rmsprop 0.9; adadelta 0.95",
        "for rmsprop, adadelta: the decay rate of the running mean of squared gradients"
      ),
      ("epsilon", "1e-7", "for all but sgd, perceptron: a small number that prevents division by zero"),
      (
        "weight_decay", "0.004",
        "for adamw: the weight decay, multiplied by the learning rate at each step"
      ),
      (
        "decay", "step, plateau 0.1; exponential 0.96; cosine 0",
        "for all but constant, warmup: the factor of the learning rate"
      ),
    ])
  func sharedOptions(name: String, value: String, help: String) throws {
    let slot = try #require(CommandTable.command("train")?.options.first { $0.name == name })
    #expect(slot.defaultText == value)
    #expect(slot.help == help)
  }

  @Test func aSharedOptionTakesWhatAnyOfItsKindsTakes() {
    #expect(check("train xor schedule=cosine decay=0") == [])
    #expect(check("train xor decay=1").map(\.code) == [.badValue])
  }

  @Test(
    "Words of old and of other libraries",
    arguments: [
      ("layer d dropout share=0.5", "rate"), ("layer d dropout 0.5 p=0.5", "rate"),
      ("layer e embedding 5 2 words=5", "vocabulary"), ("layer e embedding 5 2 width=2", "dimension"),
    ])
  func renamed(text: String, name: String) {
    let expected = "is called `\(name)` here, and is positional: write it without `\(name)=`."
    #expect(check(text).map(\.code) == [.unknownOption])
    #expect(check(text).first?.message.hasSuffix(expected) == true)
  }
}

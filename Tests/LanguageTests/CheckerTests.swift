import Diagnostics
import Foundations
import Testing

@testable import Language

@Suite struct CheckerTests {
  private let names = KnownNames(
    data: ["xor"], networks: ["solver"], layers: ["inp", "hid"], variables: ["a", "total"],
    builtins: ["sqrt", "sum"])

  private func codes(_ text: String) -> [ErrorCode] {
    Checker.check(SourceText(text, name: "test"), names: names).result.diagnostics.map(\.code)
  }

  @Test(
    arguments: [
      ("train xor epochs=5", []), ("train xr", [.unknownData]), ("train xor epoch=5", [.unknownOption]),
      ("train xor epochs=0", [.badValue]), ("train xor epochs=a", []),
      ("train xor epochs=b", [.badValue]),
      ("train xor epochs=1 epochs=2", [.repeatedOption]), ("train xor.test", []),
      ("train xor until los<1", [.unknownMetric]), ("summary until loss<1", [.unexpectedArgument]),
      ("layer z dens 3", [.unknownKind]), ("layer z dense", [.missingArgument]),
      ("layer z dense 3 sigmod", [.unknownActivation]), ("show weights hid", []), ("show xor", []),
      ("show weights hd", [.unknownLayer]), ("b", [.unknownName]), ("foo(1)", [.unknownFunction]),
      ("sqrt(a)", []), ("train = 3", [.reservedWord]), ("repeat 3 as train { }", [.reservedWord]),
      ("data t { 0 1; 0 }", [.raggedTable]), ("data t { }", [.emptyTable]), ("help epochs", []),
      ("help nothing", [.unknownTopic]), ("print", [.missingArgument]), ("seed -1", [.badValue]),
    ] as [(String, [ErrorCode])])
  func oneStatement(text: String, expected: [ErrorCode]) {
    #expect(codes(text) == expected)
  }

  @Test func statementsKnowWhatThoseBeforeThemMake() {
    #expect(codes("data t { 0 -> 1 }\ntrain t") == [])
    #expect(codes("b = 1\nb + 1") == [])
    #expect(codes("train xor\nprint loss") == [])
    #expect(codes("for row in a { c = row }\nc") == [])
    #expect(codes("def f(x) = x + later\nf(1)") == [])
    #expect(codes("record e = 1\nplot series e") == [])
  }

  @Test func atMostFiveMistakes() {
    let text = Array(repeating: "train nothing", count: 20).joined(separator: "\n")
    #expect(codes(text).count == Checker.maximumErrors)
  }

  @Test func aBlankIsToldAndNothingElse() {
    for text in ["layer z dense ___", "a + ___", "b = ___(3", "train nothing ___", "____"] {
      #expect(codes(text) == [.unfilledBlank], "\(text)")
    }
    #expect(codes("print ___ + ___") == [.unfilledBlank, .unfilledBlank])
    #expect(codes("# ___\nprint \"___\"") == [] && codes("a_ = 1; __b = 2") == [])
    #expect(codes("c = ___\nc") == [.unfilledBlank])
  }

  @Test func aLineThatCannotBeReadIsReportedOnce() {
    for text in ["a $ b", "5 % 2", "a = 3 && 4", "print “hi”", "a → b", "a = $"] {
      #expect(codes(text) == [.unexpectedCharacter], "\(text)")
    }
    #expect(codes("a = $\ntrain nothing") == [.unexpectedCharacter, .unknownData])
  }
}

@Suite struct CompletionTests {
  private let names = KnownNames(
    data: ["xor", "iris"], networks: ["solver"], layers: ["inp", "hid", "out"],
    variables: ["total", "rate1"],
    builtins: ["sqrt", "sum"], series: ["errors"])

  private func words(_ text: String) -> [String] { Completer.complete(text, names: names).words }

  @Test(
    arguments: [
      ("tra", ["train"]), ("su", ["sum", "summary"]), ("train ", ["iris", "xor"]), ("train x", ["xor"]),
      ("train xor ep", ["epochs=", "epsilon="]), ("train xor epochs=5 ep", ["epsilon="]),
      ("train xor optimizer=a", ["adadelta", "adagrad", "adam", "adamw"]),
      ("train xor optimizer=adam b", ["batch=", "beta1=", "beta2="]), ("train xor optimizer=adam mom", []),
      ("train xor mom", ["momentum="]), ("net a schedule=warmup d", []),
      ("net a schedule=step d", ["decay="]),
      ("train xor loss=ms", ["mse"]), ("train xor un", ["until"]), ("layer z de", ["dense"]),
      ("layer z dense 3 s", ["selu", "sigmoid", "softmax", "softplus", "step"]),
      ("layer z dense 3 relu b", ["bias=", "bias_init="]),
      ("connect inp -> h", ["hid"]), ("connect al", ["all"]),
      ("plot lo", ["loss"]), ("plot b", ["boundary"]),
      ("plot series ", ["errors"]), ("plot boundary ", ["iris", "xor"]), ("print tot", ["total"]),
      ("a = sq", ["sqrt"]), ("repeat 3 { tra", ["train"]), ("a = 1; tra", ["train"]),
      ("a = 1\ntra", ["train"]),
      ("show w", ["weights"]), ("show weights h", ["hid"]), ("delete so", ["solver"]), ("net s", ["solver"]),
      ("help gra", ["grad", "gradient", "gradient_descent"]), ("train xor shuffle=", ["false", "true"]),
      ("zzz", []),
    ] as [(String, [String])])
  func bySlot(text: String, expected: [String]) {
    #expect(words(text) == expected)
  }

  @Test func filesInsideQuotes() {
    var names = names
    names.builtInData = ["iris", "moons"]
    #expect(Completer.complete("data ir", names: names).words == ["iris"])
    #expect(Completer.complete("data ", names: names).words.contains("moons"))
    #expect(Completer.complete("data t fr", names: names).words == ["from"])
    #expect(Completer.complete("data t from mo", names: names).words == ["moons"])
    #expect(words("train xor until lo") == ["loss"])
    #expect(words("train xor epochs=3 until acc") == ["accuracy"])
    #expect(words("grad L w") == ["wrt"])
    #expect(words("g = grad sum(L ^ 2) w") == ["wrt"])
    #expect(!words("grad L + w").contains("wrt"))
    #expect(Completer.complete("data t from \"peo", names: names).wantsFile)
    #expect(!Completer.complete("data t from \"peo\" ", names: names).wantsFile)
    #expect(!Completer.complete("a # \"", names: names).wantsFile)
  }

  @Test func thereIsAlwaysAVerbAtTheStart() {
    #expect(Set(words("")).isSuperset(of: Verb.allCases.map(\.rawValue)))
  }
}

import Diagnostics
import Testing

@testable import Language

@Suite struct CheckerTests {
  private let names = KnownNames(
    data: ["xor"], networks: ["solver"], layers: ["inp", "hid"], variables: ["a", "total"],
    builtins: ["sqrt", "sum"])

  private func codes(_ text: String) -> [String] {
    Checker.check(SourceText(text, name: "test"), names: names).result.diagnostics.map(\.code)
  }

  @Test(
    arguments: [
      ("train xor epochs=5", []), ("train xr", ["unknown-data"]), ("train xor epoch=5", ["unknown-option"]),
      ("train xor epochs=0", ["bad-value"]), ("train xor epochs=a", []),
      ("train xor epochs=b", ["bad-value"]),
      ("train xor epochs=1 epochs=2", ["repeated-option"]), ("train xor.test", []),
      ("train xor until los<1", ["unknown-figure"]), ("summary until loss<1", ["unexpected-argument"]),
      ("layer z dens 3", ["unknown-kind"]), ("layer z dense", ["missing-argument"]),
      ("layer z dense 3 sigmod", ["unknown-activation"]), ("show weights hid", []), ("show xor", []),
      ("show weights hd", ["unknown-layer"]), ("b", ["unknown-name"]), ("foo(1)", ["unknown-function"]),
      ("sqrt(a)", []), ("train = 3", ["reserved-word"]), ("repeat 3 as train { }", ["reserved-word"]),
      ("data t { 0 1; 0 }", ["ragged-table"]), ("data t { }", ["empty-table"]), ("help epochs", []),
      ("help nothing", ["unknown-topic"]), ("print", ["missing-argument"]), ("seed -1", ["bad-value"]),
    ] as [(String, [String])])
  func oneStatement(text: String, expected: [String]) {
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

  @Test func aLineThatCannotBeReadIsReportedOnce() {
    for text in ["a $ b", "5 % 2", "a = 3 && 4", "print “hi”", "a → b", "a = $"] {
      #expect(codes(text) == ["unexpected-character"], "\(text)")
    }
    #expect(codes("a = $\ntrain nothing") == ["unexpected-character", "unknown-data"])
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
      ("layer z dense 3 relu b", ["bias="]),
      ("connect inp -> h", ["hid"]), ("connect al", ["all"]),
      ("plot lo", ["loss"]), ("plot b", ["boundary"]),
      ("plot series ", ["errors"]), ("plot boundary ", ["iris", "xor"]), ("print tot", ["total"]),
      ("a = sq", ["sqrt"]), ("repeat 3 { tra", ["train"]), ("a = 1; tra", ["train"]),
      ("a = 1\ntra", ["train"]),
      ("show w", ["weights"]), ("show weights h", ["hid"]), ("delete so", ["solver"]), ("net s", ["solver"]),
      ("help gra", ["grad"]), ("train xor shuffle=", ["false", "true"]), ("zzz", []),
    ] as [(String, [String])])
  func bySlot(text: String, expected: [String]) {
    #expect(words(text) == expected)
  }

  @Test func filesInsideQuotes() {
    #expect(Completer.complete("data t from \"peo", names: names).wantsFile)
    #expect(!Completer.complete("data t from \"peo\" ", names: names).wantsFile)
    #expect(!Completer.complete("a # \"", names: names).wantsFile)
  }

  @Test func thereIsAlwaysAVerbAtTheStart() {
    #expect(Set(words("")).isSuperset(of: Verb.allCases.map(\.rawValue)))
  }
}

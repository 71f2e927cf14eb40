import Diagnostics
import Language
import Testing

/// What a cell reads, defines and changes.
@Suite struct CellEffectsTests {
  private func effects(
    of source: String, functions: [String: CellEffects] = [:], _ location: SourceLocation = #_sourceLocation
  ) -> CellEffects {
    let names = KnownNames(
      data: ["xor"], networks: ["solver"], layers: ["hid"], variables: ["a", "b", "f", "W"],
      builtins: ["sum", "rand"])
    let (result, _) = Checker.check(SourceText(source, name: "test"), names: names)
    #expect(result.diagnostics.isEmpty, sourceLocation: location)
    return CellEffects(of: result.program, names: names, current: "solver", functions: functions)
  }

  @Test(
    "Reads and writes",
    arguments: [
      ("c = a + b", "a b", "c", ""), ("a = a + 1", "a", "", "a"), ("a += 1", "a", "", "a"),
      ("a[0] = b", "a b", "", "a"), ("c = 1; d = c", "", "c d", ""), ("a = 1; a = a + 1", "", "a", ""),
      ("repeat a as i { c = i }", "a", "c i", ""), ("for r in W { b += sum(r) }", "W b", "r", "b"),
      ("if a > 0 { c = b } else { c = W }", "W a b", "c", ""), ("c, d = b", "b", "c d", ""),
      ("hid.weights = W", "W solver", "", "solver"), ("c = hid.weights", "solver", "c", ""),
      ("layer more dense 2", "solver", "", "solver"), ("net other; layer x input 2", "", "other", ""),
      ("net solver", "", "", ""), ("data new = W", "W", "new", ""), ("data xor { 0 -> 1 }", "", "xor", ""),
      ("delete a", "a", "", "a"),
      ("predict xor", "solver xor", "", "accuracy loss solver val_accuracy val_loss"),
      ("grad sum(W) wrt W", "W", "", ""), ("show data xor", "solver xor", "", ""),
      ("print a, b", "a b", "", ""),
    ])
  func names(source: String, reads: String, definitions: String, updates: String) {
    let effects = effects(of: source)
    func words(_ resources: Set<CellEffects.Resource>) -> String {
      resources.compactMap { if case .name(let name) = $0 { name } else { nil } }.sorted().joined(
        separator: " ")
    }
    #expect(words(effects.reads) == reads)
    #expect(words(effects.definitions) == definitions)
    #expect(words(effects.updates) == updates)
  }

  @Test("A function's reads count where it is called, not where it is defined")
  func functions() {
    let definition = effects(of: "def f(x) = x * a")
    #expect(definition.reads.isEmpty)
    #expect(definition.definitions == [.name("f")])
    let call = effects(of: "c = f(b)", functions: definition.functions)
    #expect(call.reads == [.name("f"), .name("a"), .name("b")])
  }

  @Test("A function's own names stay inside")
  func locals() {
    let effects = effects(of: "def g(x) { y = x + a; y[0] = 1; y }")
    #expect(effects.functions["g"]?.reads == [.name("a")])
    #expect(effects.functions["g"]?.writes == [])
  }

  @Test("Random numbers and series", arguments: ["c = rand(3)", "train xor", "reset weights", "split xor"])
  func random(source: String) {
    #expect(effects(of: source).writes.contains(.random))
  }

  @Test("A series is added to")
  func series() {
    let effects = effects(of: "record loss = a")
    #expect(effects.updates == [.series("loss")])
    #expect(effects.reads == [.name("a")])
  }
}

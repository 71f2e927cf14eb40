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
      builtins: ["sum", "rand", "predict", "activate"], current: "solver", functions: functions)
    let (result, _) = Checker.check(SourceText(source, name: "test"), names: names)
    #expect(result.diagnostics.isEmpty, sourceLocation: location)
    return result.effects
  }

  /// What a call of a function does that a cell defines.
  private func call(of name: String, definedBy source: String) -> CellEffects? {
    let names = KnownNames(variables: ["a"], builtins: ["sum"])
    return Checker.check(SourceText(source, name: "test"), names: names).result.names.functions[name]
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
      ("predict xor", "solver xor", "", ""),
      ("evaluate xor", "solver xor", "", "accuracy loss val_accuracy val_loss"),
      ("train xor", "solver xor", "", "accuracy loss solver val_accuracy val_loss"),
      ("c = predict(W)", "W solver", "c", ""), ("c = activate(W)", "W solver", "c", "solver"),
      ("def f(x) { c = x; g(x) }\ndef g(x) { W[0] = x }\nf(a)", "a", "f g", ""),
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
  func functions() throws {
    let definition = effects(of: "def f(x) = x * a")
    #expect(definition.reads.isEmpty)
    #expect(definition.definitions == [.name("f")])
    let known = try #require(self.call(of: "f", definedBy: "def f(x) = x * a"))
    let call = effects(of: "c = f(b)", functions: ["f": known])
    #expect(call.reads == [.name("f"), .name("a"), .name("b")])
  }

  @Test(
    "A function's own names stay inside, wherever its body assigns them",
    arguments: [
      "def g(x) { y = x + a; y[0] = 1; y }", "def g(x) { z = y + a; y = x }", "def g(x) { y += a; y = x }",
    ])
  func locals(source: String) {
    let call = call(of: "g", definedBy: source)
    #expect(call?.reads == [.name("a")])
    #expect(call?.writes == [])
  }

  @Test("A value's sources, and what a cell leaves behind")
  func sources() {
    let loop = effects(of: "repeat 10 { c = W ^ 2; d = c + b; W -= 0.1 * grad d wrt W }")
    #expect(loop.sources[.name("d")] == [.name("c"), .name("W"), .name("b")])
    #expect(loop.overtaken == [.name("c"), .name("d")])
    let step = effects(of: "W -= a; c = W ^ 2")
    #expect(step.overtaken == [])
    let gradient = effects(of: "c = grad sum(a * hid.weights) wrt hid.weights, W").gradients
    #expect(gradient.first?.loss == [.name("a"), .name("solver")])
    #expect(gradient.first?.variables == [.name("solver"), .name("W")])
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

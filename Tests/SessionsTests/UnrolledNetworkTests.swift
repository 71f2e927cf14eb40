import Diagnostics
import Foundations
import Sessions
import Testing

/// `plot network steps=3`.
@Suite struct UnrolledNetworkTests {
  private func bench(_ cells: String...) -> Bench {
    let bench = Bench()
    for cell in cells { #expect(bench.run(cell), "\(bench.shown)") }
    return bench
  }

  @Test func aRecurrentLayerGoesOnFromItsState() {
    let bench = bench(
      "net m; layer x sequence 2; layer h lstm 4; layer y dense 1; connect all; plot network steps=3")
    #expect(
      bench.said.contains(
        "Graph of the network m over 3 steps: x (sequence 2), h (lstm 4) and y (dense 1); within a step: x -> h and h -> y (at the last step); "
          + "between steps: h -> h (state)."), "\(bench.shown)")
    for step in 0..<3 { #expect(bench.shown.contains("step \(step)")) }
    // A layer that answers each step has a box for each.
    #expect(bench.shown.matches(of: /dense 1/).count == 2)
    #expect(bench.run("layer h lstm 4 return=all; plot network steps=3"))
    #expect(bench.shown.matches(of: /dense 1/).count == 4, "\(bench.shown)")
  }

  @Test func bothDirectionsAreRowsOfTheirOwn() {
    let bench = bench(
      "net m; layer x input 5x2; layer h gru 4 bidirectional=concat; layer y dense 1; connect all",
      "plot network steps=2")
    #expect(bench.said.contains("h forward (gru 4), h backward (gru 4)"), "\(bench.shown)")
    #expect(
      bench.said.contains(
        "between steps: h forward -> h forward (state) and h backward -> h backward (state)"))
    #expect(bench.shown.contains("<") && bench.shown.contains(">"))
  }

  @Test func edgesWithMemoryAndGates() {
    let bench = bench(
      """
      net m
      layer x input 6x2
      layer g dense 3 sigmoid
      layer c dense 3
      layer y dense 1
      connect x -> c -> y
      connect x -> g
      connect x -> y delay=2
      connect c -> c type=carry
      gate g on c -> c
      plot network steps=3
      """)
    #expect(
      bench.said.contains("between steps: x -> y (delay 2) and c -> c (carry); gates: g -> c (on c -> c)"),
      "\(bench.shown)")
  }

  @Test func underAnOnlineRuleEachRowIsAStep() {
    let bench = bench(
      "net a rule=synaptic; layer x input 2; layer h dense 3 sigmoid; layer y dense 1 sigmoid; connect x -> h -> y",
      "connect h -> h delay=1; plot network steps=3")
    #expect(bench.said.contains("between steps: h -> h (delay 1)"), "\(bench.shown)")
  }

  @Test func whatCannotBeUnrolledIsRefused() {
    let bench = bench("data xor; net a; layer i input 2; layer o dense 1 sigmoid; connect all")
    #expect(!bench.run("plot network steps=3") && bench.lastError?.code == .needsSteps)
    #expect(bench.run("plot network"))
    #expect(bench.run("net b; layer i input 3x2; layer h rnn 2; connect all; plot network steps=3"))
    #expect(!bench.run("plot network steps=4") && bench.lastError?.code == .badValue)
    #expect(bench.lastError?.suggestion == "steps=3")
    #expect(!bench.run("plot network steps=2 units=true") && bench.lastError?.code == .badOption)
    #expect(!bench.run("plot network xor steps=2") && bench.lastError?.code == .badOption)
    #expect(!bench.run("plot network steps=1") && !bench.run("plot network steps=100"))
    #expect(bench.run("layer loose dense 2"))
    #expect(!bench.run("plot network steps=2") && bench.lastError?.code == .incompleteNetwork)
  }
}

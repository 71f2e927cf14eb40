import Diagnostics
import Foundations
import Sessions
import Testing

/// What is said where data and a network that reads sequences do not fit, and what fits although it is scaled by columns.
@Suite struct SequenceAdviceTests {
  private func bench(_ cells: String...) -> Bench {
    let bench = Bench()
    for cell in cells { #expect(bench.run(cell), "\(bench.shown)") }
    return bench
  }

  private func message(_ bench: Bench, _ cell: String) -> String {
    bench.run(cell) ? "" : bench.lastError?.message ?? ""
  }

  @Test func stepsOfRowsAreScaledTogether() {
    let rest = "layer y dense 1; connect all; train e epochs=1; evaluate e; predict e"
    let bench = bench(
      "data e from parity n=6 steps=4; prepare e; net p; layer x sequence 1; layer h rnn 2 return=all; \(rest)",
      "data e from adding n=6 steps=6; prepare e; net a; layer x sequence 2; layer h rnn 2; \(rest)",
      """
      data z = [[[1], [2.5]], [[3], [4]], [[5], [7]]] -> [[1, 0.5], [0, 1], [1, 1]]
      prepare z
      net k
      layer x sequence 1
      layer h rnn 2 return=all
      layer y dense 1
      connect all
      train z epochs=1
      """)
    #expect(bench.lastError == nil, "\(bench.shown)")
  }

  @Test func widthsAreComparedBeforeScales() {
    let bench = bench(
      "data e = [[[1, 2, 0, 4], [3, 4, 1, 1], [5, 6, 2, 9]], [[5, 1, 3, 2], [7, 9, 8, 8]]] -> [0, 1]; prepare e",
      "net n; layer x sequence 3; layer h rnn 2; layer y dense 1; connect all")
    #expect(message(bench, "train e epochs=1").hasPrefix("A step of `e` has 4 numbers, but `x` takes 3."))
    #expect(bench.run("data a from adding n=6 steps=6; prepare a"), "\(bench.shown)")
    #expect(message(bench, "train a epochs=1").hasPrefix("A step of `a` has 2 numbers, but `x` takes 3."))
  }

  @Test func adviceDoesNotGoInCircles() {
    let online = bench(
      "data s = [[1, 2, 3], [4, 5]] -> [0, 1]",
      "net q rule=lstm_g; layer x input 1; layer y dense 1; connect all")
    #expect(message(online, "train s epochs=1").contains("Give their steps one by one"))
    let two = bench(
      "data s = [[1, 2, 3], [4, 5]] -> [[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 1]]]",
      "net n; layer x sequence 1; layer h rnn 2; layer a dense 1; layer b dense 1; connect x -> h -> {a b}")
    let said = message(two, "train s epochs=1")
    #expect(said.contains("Define `h` (rnn) with return=all"), "\(said)")
    #expect(
      two.run("delete h; layer h rnn 2 return=all; connect x -> h -> {a b}; train s epochs=1"), "\(two.shown)"
    )
    #expect(
      two.run(
        "net m; layer x sequence 1; layer h rnn 2 return=all; layer l rnn 2; layer a dense 1; layer b dense 1"
      ))
    #expect(two.run("connect x -> h -> a; connect h -> l -> b"))
    #expect(message(two, "train s epochs=1").contains("`a` answers each step of a sequence and `b` each row"))
    let stateful = bench(
      "data d { 0 1 -> 1; 1 0 -> 0; 0 1 -> 1; 1 1 -> 0 }",
      "net n; layer x input 2x1; layer h lstm 2 stateful=true; layer y dense 1 sigmoid; connect all")
    #expect(
      stateful.run("crossvalidate d folds=2 ordered=true { reset weights; train d epochs=1 batch=1 }"),
      "\(stateful.shown)")
  }

  @Test func arraysOfOtherShapesAreRefused() {
    let bench = bench("net n; layer x sequence 3; layer h rnn 2; layer y dense 1; connect all")
    #expect(message(bench, "predict []").contains("has no steps"))
    #expect(message(bench, "predict [[1], [2], [3]]").contains("an array of steps x 3"))
    #expect(message(bench, "predict [[1, 2, 3], [4, 5, 6]]").isEmpty)
    #expect(bench.run("data s = [[1, 2, 3], [4, 5, 6, 7]] -> [0, 1]"), "\(bench.shown)")
    #expect(message(bench, "predict(s.x)").contains("this is an array of 3x1"))
    #expect(
      bench.run("net m; layer x input 2x1; layer h rnn 2; layer y dense 1; connect all"), "\(bench.shown)")
    #expect(message(bench, "predict s.x").contains("a list of 2 arrays of 3 to 4 x 1"))
  }
}

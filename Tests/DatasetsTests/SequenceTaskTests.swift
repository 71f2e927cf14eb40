import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

/// Tasks over time: what is wanted follows from what is given, by a rule that is worked out here another way.
@Suite struct SequenceTaskTests {
  private func made(_ name: String, count: Int = 40, steps: Int? = nil, delay: Int? = nil) throws -> Dataset {
    var random = RandomStream(seed: 5)
    return try #require(
      try Generators.make(name, count: count, steps: steps, delay: delay, random: &random))
  }

  /// The steps of a row, each a list of features.
  private func steps(_ set: Dataset, _ row: Int) -> [[Double]] {
    let features = set.inputShape[1]
    let inputs = Array(set.inputs(ofRow: row))
    return (0..<set.inputShape[0]).map { Array(inputs[$0 * features..<($0 + 1) * features]) }
  }

  @Test func sizes() throws {
    let expected = [
      "echo": ([20, 1], 20), "parity": ([10, 1], 10), "adding": ([50, 2], 1), "reber": ([24, 7], 24),
      "dsr": ([24, 10], 24), "timing": ([40, 2], 40),
    ]
    #expect(Set(SequenceTasks.names) == Set(expected.keys))
    for (name, (shape, targets)) in expected {
      let set = try made(name)
      #expect(set.inputShape == shape && set.targetWidth == targets && set.rows == 40, "\(name)")
      #expect(Generators.makesSequences(name))
    }
    #expect(!Generators.makesSequences("spiral"))
  }

  @Test func echoIsTheInputOfEarlier() throws {
    for delay in [1, 4] {
      let set = try made("echo", steps: 9, delay: delay)
      for row in 0..<set.rows {
        let (bits, wanted) = (Array(set.inputs(ofRow: row)), Array(set.targets(ofRow: row)))
        let late = [Double](repeating: 0, count: delay) + bits.dropLast(delay)
        #expect(wanted == late)
        #expect(bits.allSatisfy { $0 == 0 || $0 == 1 })
      }
      #expect(Set(set.inputs).count == 2)
    }
  }

  @Test func parityIsTheSumModuloTwo() throws {
    let set = try made("parity")
    for row in 0..<set.rows {
      for (step, wanted) in set.targets(ofRow: row).enumerated() {
        let sum = set.inputs(ofRow: row).prefix(step + 1).reduce(0, +)
        #expect(wanted == sum.truncatingRemainder(dividingBy: 2))
      }
    }
  }

  @Test(arguments: [6, 12, 50]) func addingAddsWhatIsMarked(_ length: Int) throws {
    let set = try made("adding", count: 200, steps: length)
    var marksOfFirst: Set<Double> = []
    for row in 0..<set.rows {
      let steps = steps(set, row)
      let marked = steps.indices.filter { steps[$0][1] == 1 }
      #expect(steps[0][1] == -1 && steps[length - 1][1] == -1)
      // One that stands at the first step counts as 0 and keeps its -1.
      #expect(marked.count == 2 || marked.count == 1)
      #expect(marked.allSatisfy { $0 < max(10, length / 2 - 1) })
      let sum = marked.reduce(0) { $0 + steps[$1][0] }
      #expect(abs(set.targets(ofRow: row)[row] - (0.5 + sum / 4)) < 1e-15)
      marksOfFirst.insert(Double(marked.count))
    }
    #expect(marksOfFirst.contains(2))
  }

  /// Each symbol is one that the grammar allows, and the last but one of a string is its second.
  @Test func reberFollowsTheGrammar() throws {
    // Which symbols may follow which state: the grammar as a table of words, from A. Reber's figure.
    let arrows = ["0B1", "1T2", "1P3", "2S2", "2X4", "3T3", "3V5", "4X3", "4S6", "5P4", "5V6", "6E7"].map(
      Array.init)
    var random = RandomStream(seed: 2)
    var lengths: Set<Int> = []
    for _ in 0..<200 {
      let text = SequenceTasks.embeddedString(&random)
      lengths.insert(text.count)
      #expect(text.first == "B" && text.last == "E")
      #expect(text[1] == text[text.count - 2] && "TP".contains(text[1]))
      var state: Character = "0"
      for symbol in text[2..<text.count - 2] {
        let arrow = try #require(arrows.first { $0[0] == state && $0[1] == symbol })
        state = arrow[2]
      }
      #expect(state == "7")
    }
    #expect(lengths.count > 5 && lengths.min() == 9)
    let set = try made("reber")
    for row in 0..<set.rows {
      let places = steps(set, row).map { $0.firstIndex(of: 1) ?? -1 }
      #expect(SequenceTasks.symbols[places[0]] == "B")
      #expect(places.dropFirst().map(Double.init) == Array(set.targets(ofRow: row).dropLast()))
    }
  }

  @Test func recallAsksForTheTargetsInTheirOrder() throws {
    let set = try made("dsr", count: 100)
    for row in 0..<set.rows {
      let symbols = steps(set, row).map { $0.firstIndex(of: 1) ?? -1 }
      #expect(symbols.suffix(2) == [0, 1])
      let targets = symbols.filter { [2, 4, 7, 8].contains($0) }
      #expect(targets.count == 2)
      #expect(symbols.dropLast(2).allSatisfy { $0 > 1 })
      let wanted = Array(set.targets(ofRow: row))
      #expect(wanted.dropLast(2).allSatisfy { $0 == 0 })
      let classes = targets.map { Double([2, 4, 7, 8].firstIndex(of: $0) ?? -1) + 1 }
      #expect(Array(wanted.suffix(2)) == classes)
    }
  }

  @Test func timingAnswersForAsLongAsItIsTold() throws {
    let set = try made("timing", count: 60, steps: 100)
    #expect(Set(set.targets) == [0, 0.5])
    for row in 0..<set.rows {
      let steps = steps(set, row)
      let wanted = Array(set.targets(ofRow: row))
      let pulses = steps.indices.filter { steps[$0][0] == 1 } + [steps.count]
      #expect(pulses[0] == 0)
      for (pulse, next) in zip(pulses, pulses.dropFirst()) {
        let told = Int((20 * steps[pulse][1]).rounded())
        for step in pulse..<next { #expect(wanted[step] == (step <= pulse + told ? 0.5 : 0)) }
      }
    }
  }

  @Test func whatCannotBeMadeIsRefused() throws {
    for (name, steps, delay) in [("adding", 5, nil), ("dsr", 3, nil), ("echo", 5, 5), ("echo", 5, 0)]
      as [(String, Int, Int?)]
    {
      expectError(.badCount) { _ = try made(name, steps: steps, delay: delay) }
    }
    expectError(.badCount) { _ = try made("parity", count: 1) }
    expectError(.badCount) { _ = try made("parity", count: 50_000_000, steps: 10) }
  }
}

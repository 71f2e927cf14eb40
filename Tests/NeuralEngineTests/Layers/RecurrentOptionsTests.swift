import Foundation
import Foundations
import Testing

@testable import NeuralEngine

/// Dropout, truncated gradients and carried state of recurrent layers against Keras and PyTorch
/// (`Fixtures/recurrent_options.py`), and by themselves.
@Suite struct RecurrentOptionsTests {
  struct Figures: Decodable {
    let steps: Int
    let features: Int
    let inputs: [Double]
    let targets: [Double]
    let parameters: [Double]
    let answers: [Double]
    let losses: [Double]
    let gradient: [Double]
    let after: [Double]

    var rows: Int { inputs.count / (steps * features) }
    var examples: Examples { Examples(name: "rows", rows: rows, inputs: inputs, targets: targets) }
  }

  private static let figures: [String: Figures] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/recurrent_options.json")
    guard let data = try? Data(contentsOf: file) else { return [:] }
    return (try? JSONDecoder().decode([String: Figures].self, from: data)) ?? [:]
  }()

  private static let cells: [RecurrentCell] = [.rnn, .lstm, .gru]

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }

  // MARK: - Dropout

  private static func dropout() throws -> [String: NetworkGraph] {
    var graphs: [String: NetworkGraph] = [
      "gru both, no bias": try sequence(
        [5, 3],
        .recurrent(
          .gru, units: 4, returnsAll: true, hasBias: false, dropout: 0.25, recurrentDropout: 0.5)),
      "lstm both, two directions": try sequence(
        [5, 3],
        .recurrent(
          .lstm, units: 4, returnsAll: true, bidirectional: .concat, dropout: 0.25, recurrentDropout: 0.5)),
    ]
    for cell in cells {
      for (name, rates) in [("dropout", (0.4, 0)), ("recurrent dropout", (0, 0.5)), ("both", (0.25, 0.5))] {
        graphs["\(cell.rawValue) \(name)"] = try sequence(
          [5, 3],
          .recurrent(cell, units: 4, returnsAll: true, dropout: rates.0, recurrentDropout: rates.1))
      }
    }
    return graphs
  }

  private func bench(
    _ graph: NetworkGraph, _ figures: Figures, _ precision: Precision = .double, isTraining: Bool = true,
    instructions: InstructionSet = .current, threads: Int = 1
  ) throws -> Bench {
    let bench = try Bench(
      graph, .mse, figures.examples, capacity: figures.rows, precision, isTraining: isTraining,
      instructions: instructions, threads: threads)
    bench.parameters.values.doubles = figures.parameters
    bench.load(0..<figures.rows)
    return bench
  }

  @Test(arguments: Precision.allCases)
  func withTheSameMasksKerasComputesTheSame(_ precision: Precision) throws {
    let tolerance = precision == .double ? 1e-12 : 1e-5
    for (name, graph) in try Self.dropout() {
      let figures = try #require(Self.figures[name])
      let bench = try bench(graph, figures, precision)
      let gradient = bench.gradient(rows: 3, scale: 1 / 3)
      #expect(Self.distance(gradient, figures.gradient) < tolerance, "\(name)")
      #expect(abs(bench.loss(rows: 3) / 3 - figures.losses[0]) < tolerance, "\(name)")
      // Nothing is dropped from answers.
      let network = try Network(graph, precision)
      for slice in try ParameterLayout(graph).slices {
        try network.setParameters(slice.key, to: Array(figures.parameters[slice.range]))
      }
      #expect(Self.distance(try network.predict(figures.examples), figures.answers) < tolerance, "\(name)")
    }
  }

  @Test func gradientsWithMasksAgreeWithDifferences() throws {
    for (name, graph) in try Self.dropout() {
      let bench = try bench(graph, try #require(Self.figures[name]))
      let differences = bench.differences(rows: 3, scale: 1)
      #expect(Self.distance(bench.gradient(rows: 3, scale: 1), differences) < 1e-8, "\(name)")
    }
  }

  @Test func theSameIsDroppedOnEveryProcessorAndByAnyNumberOfThreads() throws {
    let graph = try sequence(
      [4, 3], .recurrent(.gru, units: 5, returnsAll: true, dropout: 0.3, recurrentDropout: 0.3),
      .recurrent(.lstm, units: 4, recurrentDropout: 0.5), .dense(2))
    let rows = try randomExamples(for: graph, .mse, rows: 150)
    func gradient(_ instructions: InstructionSet, _ threads: Int) throws -> [Double] {
      let bench = try Bench(
        graph, .mse, rows, capacity: 150, isTraining: true, instructions: instructions, threads: threads)
      bench.load(0..<150)
      return bench.gradient(rows: 150, scale: 1)
    }
    let first = try gradient(.current, 1)
    #expect(first.contains { $0 != 0 })
    for instructions in InstructionSet.allCases where instructions.isSupported {
      for threads in [1, 3] { #expect(try gradient(instructions, threads) == first) }
    }
  }

  @Test func aSequenceDropsTheSameAtEachStepAndOthersDropOthers() throws {
    // With a layer that passes on what it reads, what it answers shows what was dropped.
    let graph = try sequence(
      [6, 1],
      .recurrent(
        .rnn, units: 1, activation: .linear, returnsAll: true, hasBias: false, dropout: 0.4))
    let ones = Examples(
      name: "ones", rows: 500, inputs: [Double](repeating: 1, count: 3000),
      targets: [Double](repeating: 0, count: 3000))
    let bench = try Bench(graph, .mse, ones, capacity: 500, isTraining: true)
    bench.parameters.values.doubles = [1, 0]
    bench.load(0..<500)
    _ = bench.loss(rows: 500)
    let answers = bench.outputs(rows: 500)
    let rows = (0..<500).map { Array(answers[6 * $0..<6 * $0 + 6]) }
    #expect(rows.allSatisfy { Set($0).count == 1 })
    let dropped = rows.count { $0[0] == 0 }
    #expect((150...250).contains(dropped))
    #expect(rows.allSatisfy { $0[0] == 0 || abs($0[0] - 1 / 0.6) < 1e-12 })
    bench.key = 12
    _ = bench.loss(rows: 500)
    #expect(bench.outputs(rows: 500) != answers)
  }

  @Test func aTrainingThatIsRepeatedDropsTheSame() throws {
    let graph = try sequence(
      [4, 2], .recurrent(.lstm, units: 3, dropout: 0.2, recurrentDropout: 0.2), .dense(1))
    let rows = try randomExamples(for: graph, .mse, rows: 12)
    let options = TrainingOptions(epochs: 3, batchSize: 4, loss: .mse, optimizer: .adam, rate: 0.01)
    let networks = try ([1, 1, 2] as [UInt64]).map { seed in
      let network = try Network(graph)
      try network.train(rows, options, seed: seed)
      return network.values
    }
    #expect(networks[0] == networks[1])
    #expect(networks[0] != networks[2])
  }

  // MARK: - Truncation

  @Test(arguments: Precision.allCases)
  func truncatedGradientsAreThoseOfADetachedState(_ precision: Precision) throws {
    let tolerance = precision == .double ? 1e-12 : 1e-5
    for cell in Self.cells {
      for length in [1, 3, 7, 9] {
        for returnsAll in [true, false] {
          let name = "\(cell.rawValue) truncate \(length)\(returnsAll ? "" : ", last")"
          let figures = try #require(Self.figures[name])
          let graph = try sequence(
            [7, 2], .recurrent(cell, units: 3, returnsAll: returnsAll, truncation: length))
          let bench = try bench(graph, figures, precision)
          let gradient = bench.gradient(rows: 3, scale: 1 / 3)
          #expect(Self.distance(gradient, figures.gradient) < tolerance, "\(name)")
          #expect(Self.distance(bench.outputs(rows: 3), figures.answers) < tolerance, "\(name)")
        }
      }
    }
  }

  // MARK: - Carried state

  private func stateful(_ cell: RecurrentCell, _ precision: Precision = .double) throws -> Network {
    let graph = try sequence(
      [4, 2], .recurrent(cell, units: 3, returnsAll: true, isStateful: true), .dense(1))
    let network = try Network(graph, precision)
    let figures = try #require(Self.figures["\(cell.rawValue) stateful"])
    for slice in try ParameterLayout(graph).slices {
      try network.setParameters(slice.key, to: Array(figures.parameters[slice.range]))
    }
    return network
  }

  private func options(batch: Int, epochs: Int = 3) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, batchSize: batch, loss: .mse, optimizer: .sgd(), rate: 0.1, shuffles: false)
  }

  @Test(arguments: [RecurrentCell.rnn, .lstm, .gru], Precision.allCases)
  func batchesGoOnFromEachOtherAsKerassDo(_ cell: RecurrentCell, _ precision: Precision) throws {
    let tolerance = precision == .double ? 1e-12 : 1e-5
    let figures = try #require(Self.figures["\(cell.rawValue) stateful"])
    let network = try stateful(cell, precision)
    let result = try network.train(figures.examples, options(batch: 2), seed: 1)
    #expect(Self.distance(result.history.recent.map(\.loss), figures.losses) < tolerance)
    #expect(Self.distance(network.values, figures.after) < tolerance)
    // Answers are those to one stream of rows, and begin anew with each command.
    for _ in 0..<2 {
      #expect(Self.distance(try network.predict(figures.examples), figures.answers) < tolerance)
    }
    let squares = zip(figures.answers, figures.targets).map { ($0 - $1) * ($0 - $1) }
    let loss = squares.reduce(0, +) / Double(squares.count)
    #expect(abs(try network.evaluate(figures.examples, loss: .mse).loss - loss) < tolerance)
  }

  @Test func aStreamOfRowsIsOneLongSequence() throws {
    let figures = try #require(Self.figures["lstm stateful"])
    let whole = try Network(
      try sequence([24, 2], .recurrent(.lstm, units: 3, returnsAll: true), .dense(1)))
    for slice in try ParameterLayout(whole.graph).slices {
      try whole.setParameters(slice.key, to: Array(figures.parameters[slice.range]))
    }
    let one = Examples(name: "x", rows: 1, inputs: figures.inputs)
    let rows = Examples(name: "x", rows: 6, inputs: figures.inputs)
    #expect(try whole.predict(one) == stateful(.lstm).predict(rows))
  }

  @Test func trainingsOfAStateThatIsCarriedHaveTheSameBitsByAnyNumberOfThreads() throws {
    let graph = try sequence([3, 2], .recurrent(.gru, units: 4, isStateful: true), .dense(1))
    let rows = try randomExamples(for: graph, .mse, rows: 192)
    let values = try [1, 3].map { threads in
      let network = Network(name: "net")
      try network.edit { $0 = graph }
      var random = RandomStream(seed: 1)
      try network.prepare(ExecutionOptions(.double, threads: threads), random: &random)
      try network.train(rows, options(batch: 96), seed: 1)
      return network.values
    }
    #expect(values[0] == values[1])
  }

  @Test func rowsStayInOrder() throws {
    let network = try stateful(.gru)
    let rows = try #require(Self.figures["gru stateful"]).examples
    func refusal(_ change: (inout TrainingOptions) -> Void) -> String? {
      var options = options(batch: 2)
      change(&options)
      do {
        try network.train(rows, options, seed: 1)
        return nil
      } catch { return "\(error)" }
    }
    #expect(refusal { $0.shuffles = true }?.contains("shuffle=false") == true)
    #expect(refusal { $0.batchSize = 4 }?.contains("batch=3") == true)
    #expect(refusal { $0.validationFraction = 0.5 }?.contains("validate=") == true)
    #expect(refusal { $0.batchSize = 6 } == nil)
    #expect(throws: CodedError.self) {
      try network.differentiate(rows, outputGradients: [Double](repeating: 1, count: 24))
    }
  }

  @Test func whatHasNoMeaningIsRefused() throws {
    func refusal(_ kind: Layer.Kind) -> String? {
      do {
        _ = try sequence([4, 2], kind)
        return nil
      } catch { return "\(error)" }
    }
    #expect(refusal(.recurrent(.lstm, units: 2, dropout: 1))?.contains("below 1") == true)
    #expect(refusal(.recurrent(.lstm, units: 2, recurrentDropout: -0.1))?.contains("at least 0") == true)
    for (isReversed, merge) in [(true, nil), (false, Merge.concat)] {
      #expect(
        refusal(
          .recurrent(.gru, units: 2, isReversed: isReversed, bidirectional: merge, truncation: 2))?
          .contains("truncate=") == true)
      #expect(
        refusal(
          .recurrent(.gru, units: 2, isReversed: isReversed, bidirectional: merge, isStateful: true))?
          .contains("stateful=") == true)
    }
  }
}

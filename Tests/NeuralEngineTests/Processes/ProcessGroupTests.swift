import Foundations
import NetworkSchema
import TestSupport
import Testing

@testable import NeuralEngine

/// Several processes come to the bits of one.
@Suite struct ProcessGroupTests {
  /// What a training and an evaluation came to.
  private struct Outcome: Equatable, Sendable {
    var losses: [UInt64] = []
    var weights: [UInt64] = []
    var evaluated: [UInt64] = []
    var best: Int?
  }

  private static let graphs: [@Sendable () throws -> NetworkGraph] = [
    {
      try sequence(
        [12, 12, 3], .conv(16, [3, 3], .same, .relu), .pool(.max, [2, 2]), .flatten, .dense(3, .softmax))
    },
    {
      try sequence(
        [8, 8, 4], .conv(8, [3, 3], .same), .batchNorm(BatchNorm()), .dropout(0.3), .globalPool(.avg),
        .dense(3, .softmax))
    },
    { try sequence([64], .dense(128, .relu), .dense(10, .softmax)) },
    {
      try sequence(
        [9, 4], .recurrent(.lstm, units: 40, returnsAll: true), .recurrent(.gru, units: 24),
        .dense(3, .softmax))
    },
    // Too small to be cut: each process computes all of it.
    { try sequence([4], .dense(3, .tanh), .dense(3, .softmax)) },
  ]

  private static func train(_ number: Int, _ group: (any ProcessGroup)?) throws -> Outcome {
    let graph = try graphs[number]()
    let examples = try randomExamples(for: graph, .crossentropy, rows: 150)
    let network = Network(name: "net")
    try network.edit { $0 = graph }
    var random = RandomStream(seed: 5)
    try network.prepare(ExecutionOptions(.single, threads: 1, processes: Processes(group)), random: &random)
    var options = TrainingOptions(epochs: 2, batchSize: 64, loss: .crossentropy, optimizer: .adam, rate: 0.01)
    options.validationFraction = 0.2
    let result = try network.train(examples, options, random: &random)
    let evaluation = try network.evaluate(examples, loss: .crossentropy)
    return Outcome(
      losses: TrainingMetric.standard.flatMap { result.history.values(of: $0) ?? [] }.map(\.bitPattern),
      weights: network.values.map(\.bitPattern),
      evaluated: [evaluation.loss.bitPattern] + evaluation.predictions.outputs.map(\.bitPattern),
      best: result.best?.epoch)
  }

  @Test(arguments: graphs.indices) func anyNumberOfProcessesComesToTheBitsOfOne(_ graph: Int) throws {
    let alone = try Self.train(graph, nil)
    for count in [2, 3, 7] {
      let all = try ThreadGroup().run(count) { try Self.train(graph, $0) }
      #expect(all.count == count)
      for outcome in all { #expect(outcome == alone) }
    }
  }

  @Test func sharesCoverAllShardsAndSpanningSumsAreMadeOnce() throws {
    for shards in 1...17 {
      for count in 2...8 {
        let deals = try ThreadGroup().run(count) { ShardDeal(shards: shards, $0) }
        #expect(deals[0].shares.flatMap { Array($0) } == Array(0..<shards))
        let pairs = ShardTree(shards: shards).pairs
        let made = deals.flatMap(\.own) + deals[0].spanning
        #expect(made.count == pairs.count)
        #expect(pairs.allSatisfy(made.contains))
        // What is left over is what the pairs that span processes add.
        let left = Set(deals[0].partials.joined())
        #expect(Set(deals[0].spanning.flatMap { [$0.left, $0.right] }).isSubset(of: left))
      }
    }
  }

  @Test func aTrainingStopsAtTheSameBatchEverywhere() throws {
    let ends = try ThreadGroup().run(3) { group in
      let graph = try sequence([64], .dense(128, .relu), .dense(10, .softmax))
      let examples = try randomExamples(for: graph, .crossentropy, rows: 256)
      let network = Network(name: "net")
      try network.edit { $0 = graph }
      var random = RandomStream(seed: 5)
      try network.prepare(ExecutionOptions(.single, threads: 1, processes: Processes(group)), random: &random)
      let options = TrainingOptions(
        epochs: 9, batchSize: 128, loss: .crossentropy, optimizer: .sgd(), rate: 0.1)
      var batches = 0
      // Only one of them is asked to stop.
      let control = TrainingControl(
        isInterrupted: { group.rank == 1 && batches >= 5 }, batchEnded: { _, _, _ in batches += 1 })
      let result = try network.train(
        examples, options, control: control,
        random: &random)
      guard case .interrupted = result.end else { return [UInt64]() }
      return [UInt64(batches)] + network.values.map(\.bitPattern)
    }
    #expect(ends[0].first == 5)
    #expect(ends[1] == ends[0])
    #expect(ends[2] == ends[0])
  }

  @Test func processesGatherWhatEachSays() throws {
    let gathered = try ThreadGroup().run(4) { group in
      (
        group.gather(UInt64(group.rank * 10)),
        group.gather([UInt8](repeating: UInt8(group.rank), count: group.rank)),
        group.any(group.rank == 2), group.any(false)
      )
    }
    for (numbers, bytes, isAny, isNone) in gathered {
      #expect(numbers == [0, 10, 20, 30])
      #expect(bytes == [[], [1], [2, 2], [3, 3, 3]])
      #expect(isAny && !isNone)
    }
  }

  @Test func aGroupOfOneIsNone() throws {
    let sole = try ThreadGroup().run(1) { Processes($0).group == nil }
    #expect(sole == [true])
  }
}

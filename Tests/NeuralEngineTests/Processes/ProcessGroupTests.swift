import Foundation
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
    // Large enough that gradients are exchanged while the first layers' are still computed.
    {
      try sequence([64], .dense(600, .relu), .dense(300, .relu), .dense(300, .relu), .dense(3, .softmax))
    },
    {
      try sequence(
        [8, 8, 4], .conv(8, [3, 3], .same), .batchNorm(BatchNorm()), .flatten, .dense(200, .relu),
        .dense(400, .relu), .dense(3, .softmax))
    },
    // Sequences of three lengths, each a plan of its own.
    {
      try anyLength(
        4, [.recurrent(.lstm, units: 40, returnsAll: true), .recurrent(.gru, units: 24), .dense(3, .softmax)])
    },
    // Too small to be cut: each process computes all of it.
    { try sequence([4], .dense(3, .tanh), .dense(3, .softmax)) },
  ]

  private static func train(_ number: Int, _ group: (any ProcessGroup)?) throws -> Outcome {
    let graph = try graphs[number]()
    let examples =
      graph.takesAnyLength
      ? try SequenceNetworkTests.examples(for: graph, (0..<150).map { 8 + $0 % 3 })
      : try randomExamples(for: graph, .crossentropy, rows: 150)
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

  @Test func gradientsOfTheLastLayersAreAddedUpBeforeTheFirstAreComputed() throws {
    func stages(_ graph: NetworkGraph) throws -> [[String]] {
      let layout = try ParameterLayout(graph)
      let plan = try Plan(
        graph, layout, purpose: .training(.loss(.crossentropy), isTraining: true), capacity: 64)
      let stages = GradientStage.stages(of: plan)
      #expect(stages.map(\.number) == Array(stages.indices))
      #expect(stages.map(\.step) == stages.map(\.step).sorted())
      // Every gradient that shards add up is in one of them, and finished there.
      let all = plan.steps.filter { $0.scope == .rows }.flatMap(\.outputs).filter { buffer in
        if case .gradient = plan.buffers[buffer.number].extent { true } else { false }
      }
      #expect(Set(stages.flatMap(\.buffers)) == Set(all))
      for stage in stages {
        for step in plan.steps[(stage.step + 1)...] {
          #expect(Set(step.inputs + step.outputs).isDisjoint(with: stage.buffers))
        }
      }
      return stages.map { $0.buffers.map { plan.buffers[$0.number].name } }
    }
    let large = try stages(Self.graphs[4]())
    #expect(large.count == 3, "\(large)")
    #expect(try stages(Self.graphs[2]()).count == 1)
    #expect(try stages(Self.graphs[5]()).count >= 2)
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

  @Test func theFirstProcessHandsOutWhatItHas() throws {
    let received = try ThreadGroup().run(3) { group in
      (
        group.fromFirst(group.rank == 0 ? [1, 2, 3] : nil), group.fromFirst(group.rank == 0 ? [] : [7]),
        group.fromFirst(group.rank == 0 ? nil : [7]), group.gather("process \(group.rank)")
      )
    }
    for (bytes, empty, none, texts) in received {
      #expect(bytes == [1, 2, 3])
      #expect(empty == [])
      #expect(none == nil)
      #expect(texts == ["process 0", "process 1", "process 2"])
    }
  }

  /// Why a group was abandoned; its processes stay where they are.
  private static func complaints(
    _ count: Int, _ work: @escaping @Sendable (any ProcessGroup) -> Void
  ) -> [String] {
    let group = ThreadGroup()
    Thread.detachNewThread { _ = try? group.run(count) { work($0) } }
    for _ in 0..<10_000 where group.complaints.count < count { Thread.sleep(forTimeInterval: 0.001) }
    return group.complaints
  }

  @Test func whoDiffersIsNamedWithWhat() {
    let versions = Self.complaints(3) { group in
      group.confirm(group.rank == 2 ? "nbs 1.1" : "nbs 1.0") { other, its, first in
        "\(group.name(of: other)) is \(its), \(group.name(of: 0)) is \(first)"
      }
    }
    #expect(Set(versions) == ["process 2 is nbs 1.1, process 0 is nbs 1.0"])
    let weights = Self.complaints(2) { $0.confirm(UInt64($0.rank), "the weights of epoch 3") }
    #expect(
      Set(weights) == [
        "process 1 no longer holds the same as process 0: the weights of epoch 3 differ."
      ])
  }

  @Test func moreProcessesThanShardsAreTold() throws {
    func notes(_ number: Int, _ count: Int) throws -> [String] {
      let group = ThreadGroup()
      _ = try group.run(count) { try Self.train(number, $0) }
      return group.notes
    }
    let small = try notes(Self.graphs.count - 1, 2)
    #expect(small.count == 1 && small[0].hasPrefix("A batch of 64 rows is too little work"), "\(small)")
    let idle = try notes(1, 9)
    #expect(idle.count == 1 && idle[0].hasPrefix("A batch of 64 rows has "), "\(idle)")
    #expect(idle[0].contains("shards for 9 processes: ") && idle[0].hasSuffix("up to 16."), "\(idle)")
    #expect(try notes(1, 2).isEmpty)
  }

  @Test func aGroupOfOneIsNone() throws {
    let sole = try ThreadGroup().run(1) { Processes($0).group == nil }
    #expect(sole == [true])
  }

  /// Messages of any size reach the first process in the order in which each other one sends them.
  @Test func thePostBringsMessagesToTheFirst() throws {
    let sizes = [3, 0, 70_000, 1]
    let all = try ThreadGroup().run(3) { group -> [[UInt8]] in
      let post = ProcessPost(group, channel: 7)
      guard group.rank == 0 else {
        for (place, size) in sizes.enumerated() {
          post.send([UInt8](repeating: UInt8(10 * group.rank + place), count: size))
        }
        post.close()
        return []
      }
      var messages: [[UInt8]] = []
      while !post.isOver { messages += post.arrived() }
      return messages
    }
    for rank in 1...2 {
      let own = all[0].filter { $0.first.map { Int($0) / 10 == rank } ?? false }
      #expect(own == [0, 2, 3].map { [UInt8](repeating: UInt8(10 * rank + $0), count: sizes[$0]) })
    }
    #expect(all[0].count == 8 && all[0].count { $0.isEmpty } == 2)
  }

  /// What the first process of a machine has goes to the others of that machine alone.
  @Test func memoryIsHandedOutOnAMachine() throws {
    let all = try ThreadGroup(machines: [0, 1, 0, 1, 0]).run(5) { group -> [UInt64] in
      var numbers = (0..<4).map { UInt64(100 * group.rank + $0) }
      numbers.withUnsafeMutableBytes { group.handOut($0) }
      return numbers
    }
    #expect(all.map { $0[0] } == [0, 100, 0, 100, 0])
    #expect(all.map { $0[3] } == [3, 103, 3, 103, 3])
  }
}

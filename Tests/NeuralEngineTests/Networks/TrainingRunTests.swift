import Testing

@testable import NeuralEngine

/// What a training promises apart from its arithmetic: chance, stopping, and going on.
@Suite struct TrainingRunTests {
  private func options(
    _ epochs: Int, batch: Int = 2, optimizer: Optimizer = .sgd(), rate: Double = 0.1,
    shuffles: Bool = true
  ) -> TrainingOptions {
    TrainingOptions(
      epochs: epochs, batchSize: batch, loss: .mse, optimizer: optimizer, rate: rate, shuffles: shuffles)
  }

  private func network(_ precision: Precision = .double, seed: UInt64 = 1) throws -> Network {
    try Network(chain([3, 4, 2]), precision, seed: seed)
  }

  private func rows(_ count: Int = 5) throws -> Examples {
    try randomExamples(for: chain([3, 4, 2]), .mse, rows: count)
  }

  @Test(arguments: [1, 2, 7], Precision.allCases)
  func oneSeedFixesARun(_ batch: Int, _ precision: Precision) throws {
    func run(_ seed: UInt64) throws -> ([EpochMetrics], [UInt64]) {
      let network = try network(precision, seed: seed)
      var options = options(4, batch: batch)
      options.validationFraction = 0.2
      let result = try network.train(rows(12), options, seed: seed)
      return (result.history.recent, network.values.map(\.bitPattern))
    }
    let (first, again, other) = (try run(1), try run(1), try run(2))
    #expect(first.0 == again.0 && first.1 == again.1)
    #expect(first.0 != other.0 && first.1 != other.1)
  }

  @Test func shufflingIsAPermutation() throws {
    var random = RandomStream(seed: 3)
    let sorted = Array(0..<100)
    var items = sorted
    random.shuffle(&items)
    let once = items
    random.shuffle(&items)
    #expect(items.sorted() == sorted && once.sorted() == sorted)
    #expect(once != sorted && items != once)
    // Each epoch goes through every row once, whatever the order: their losses before the step add up the same.
    let (shuffled, ordered) = (try network(), try network())
    let first = try shuffled.train(rows(), options(1, batch: 5), seed: 8)
    let second = try ordered.train(rows(), options(1, batch: 5, shuffles: false), seed: 8)
    #expect(abs(first.history.recent[0].loss - second.history.recent[0].loss) < 1e-14)
  }

  @Test func validationRowsAreNotTrainedOn() throws {
    var options = options(2)
    options.validationFraction = 0.25
    let result = try network().train(rows(12), options, seed: 1)
    #expect(result.trainedRows == 9 && result.validationRows == 3)
    #expect(result.history.recent.allSatisfy { $0.validationLoss != nil })
    options.validationFraction = 0.001
    #expect(try network().train(rows(12), options, seed: 1).validationRows == 1)
    options.validationFraction = 0.999
    #expect(try network().train(rows(12), options, seed: 1).trainedRows == 1)
  }

  @Test func untilStops() throws {
    var options = options(50)
    options.stop = StopCondition(.loss, .lessOrEqual, 10)
    let result = try network().train(rows(), options, seed: 1)
    #expect(result.end == .reached(StopCondition(.loss, .lessOrEqual, 10)))
    #expect(result.history.count == 1)
  }

  @Test func patienceStops() throws {
    // A rate this small changes nothing in 32 bits, so that no epoch after the first is better.
    var options = options(50, rate: 1e-30, shuffles: false)
    options.patience = 3
    let result = try network(.single).train(rows(), options, seed: 1)
    #expect(result.end == .ranOutOfPatience)
    #expect(result.history.count == 4)
  }

  @Test(arguments: [1, 2])
  func interruptionKeepsTheWeights(_ batch: Int) throws {
    let (stopped, full) = (try network(), try network())
    // At the first question after the first epoch.
    var isOver = false
    let control = TrainingControl(
      isInterrupted: { isOver },
      epochEnded: { _ in
        isOver = true
        return .max
      })
    let result = try stopped.train(
      rows(), options(9, batch: batch, shuffles: false), seed: 1, control: control)
    #expect(result.end == .interrupted)
    #expect(result.history.count == 1)
    try full.train(rows(), options(1, batch: batch, shuffles: false), seed: 1)
    #expect(stopped.values == full.values)
  }

  @Test func interruptionStopsBetweenBatches() throws {
    let network = try network()
    let before = network.values
    let control = TrainingControl(isInterrupted: { true })
    let result = try network.train(rows(), options(9), seed: 1, control: control)
    #expect(result.end == .interrupted && result.history.isEmpty)
    #expect(network.values == before)
  }

  @Test func everyEpochIsTold() throws {
    var told: [EpochMetrics] = []
    let control = TrainingControl(epochEnded: { history in
      if let last = history.last { told.append(last) }
      #expect(history.count == told.count)
      return history.count + 1
    })
    let result = try network().train(rows(), options(4), seed: 1, control: control)
    #expect(told == result.history.recent && told.count == 4)
  }

  @Test func epochsAreToldThatAreAskedFor() throws {
    var told: [Int] = []
    let control = TrainingControl(epochEnded: { history in
      told.append(history.count)
      return 2 * history.count + 1
    })
    let result = try network().train(rows(), options(20), seed: 1, control: control)
    #expect(told == [1, 3, 7, 15] && result.history.count == 20)
  }

  /// Every batch but an epoch's last, whose end is that of the epoch.
  @Test func batchesAreTold() throws {
    var told: [(batch: Int, count: Int, loss: Double)] = []
    let control = TrainingControl(batchEnded: { told.append(($0, $1, $2)) })
    let result = try network().train(rows(7), options(2, batch: 3), seed: 1, control: control)
    #expect(told.map(\.batch) == [1, 2, 1, 2] && told.allSatisfy { $0.count == 3 && $0.loss > 0 })
    #expect(result.history.count == 2)
    // A chain goes through many rows at a time.
    told = []
    try network().train(rows(2500), options(1, batch: 1), seed: 1, control: control)
    #expect(told.map(\.batch) == [1024, 2048] && told.allSatisfy { $0.count == 2500 && $0.loss > 0 })
  }

  @Test(arguments: gradientOptimizers)
  func secondTrainingGoesOn(_ optimizer: Optimizer) throws {
    let (twice, once) = (try network(), try network())
    let options = options(3, optimizer: optimizer, shuffles: false)
    try twice.train(rows(), options, seed: 1)
    try twice.train(rows(), options, seed: 1)
    var longer = options
    longer.epochs = 6
    try once.train(rows(), longer, seed: 1)
    #expect(twice.values == once.values)
  }

  /// A schedule by the epoch comes to what separate trainings with its rates do, by the quick way and the plain.
  @Test(arguments: [1, 2])
  func schedulesChangeTheRate(_ batch: Int) throws {
    let (scheduled, apart) = (try network(), try network())
    var options = options(4, batch: batch, rate: 0.2, shuffles: false)
    options.schedule = try #require(LearningRateSchedule(named: "step", decay: 0.5, period: 1))
    try scheduled.train(rows(), options, seed: 1)
    options.schedule = .constant
    options.epochs = 1
    for _ in 0..<4 {
      try apart.train(rows(), options, seed: 1)
      options.rate *= 0.5
    }
    #expect(scheduled.values == apart.values)
  }

  @Test(arguments: [1, 5])
  func warmupBeginsAtNothing(_ batch: Int) throws {
    let network = try network()
    let before = network.values
    var options = options(1, batch: batch, shuffles: false)
    options.schedule = try #require(LearningRateSchedule(named: "warmup", period: 1))
    try network.train(rows(), options, seed: 1)
    // One batch is the whole of an epoch of five; of rows of one, only the first step has the rate 0.
    #expect((network.values == before) == (batch == 5))
  }

  @Test func accuracyAsksEveryOutputLayer() throws {
    let graph = try makeGraph(
      [input("x", 2), dense("a", 1, .sigmoid), dense("b", 2, .softmax)],
      [
        Edge(from: "x", to: "a", presetWeights: [10, 0]),
        Edge(from: "x", to: "b", presetWeights: [0, 0, 0, 10]),
      ])
    // By these weights `a` says whether the first input is above 0, and `b` picks its second unit when the second
    // input is. Both are right in the first row, only one in the others.
    let table = Examples(
      name: "rows", rows: 3, inputs: [1, 1, 1, 1, -1, -1], targets: [1, 0, 1, 0, 0, 1, 0, 0, 1])
    let accuracy = try #require(try Network(graph).evaluate(table, loss: .mse).accuracy)
    #expect(abs(accuracy - 1.0 / 3) < 1e-15)
    let graded = Examples(name: "rows", rows: 1, inputs: [1, 1], targets: [1, 0.5, 0.5])
    // Targets of an output that are no classes are neither right nor wrong.
    #expect(try Network(graph).evaluate(graded, loss: .mse).accuracy == 1)
    let amounts = Examples(name: "rows", rows: 1, inputs: [1, 1], targets: [0.3, 0.5, 0.5])
    #expect(try Network(graph).evaluate(amounts, loss: .mse).accuracy == nil)
  }

  /// Hinge parts its classes at 0, and takes 0 and 1 for -1 and 1.
  @Test func hingeCountsItsClasses() throws {
    let graph = try makeGraph(
      [input("x", 1), dense("o", 1, .linear)], [Edge(from: "x", to: "o", presetWeights: [1])])
    let network = try Network(graph)
    for no in [-1.0, 0] {
      let table = Examples(name: "rows", rows: 4, inputs: [0.2, -0.2, 0.8, 0.4], targets: [1, no, 1, no])
      let measured = try network.evaluate(table, loss: .hinge)
      #expect(measured.accuracy == 0.75)
      #expect(abs(measured.loss - (0.8 + 0.8 + 0.2 + 1.4) / 4) < 1e-15)
    }
    let classes = Examples(name: "rows", rows: 1, inputs: [1], targets: [1])
    let fitted = try classes.fitted(to: chain([1, 3], output: .linear), loss: .hinge)
    #expect(fitted.targets == [-1, 1, -1])
  }

  @Test func classNumbersBecomeRows() throws {
    let graph = try chain([2, 3], output: .softmax)
    let numbers = Examples(name: "rows", rows: 3, inputs: [1, 2, 3, 4, 5, 6], targets: [2, 0, 1])
    let fitted = try numbers.fitted(to: graph, loss: .crossentropy)
    #expect(fitted.targets == [0, 0, 1, 1, 0, 0, 0, 1, 0])
    let network = try Network(graph)
    #expect(try network.evaluate(numbers).loss == network.evaluate(fitted).loss)
    #expect(try network.evaluate(numbers).accuracy != nil)
  }
}

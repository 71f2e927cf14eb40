import Foundations
import Synchronization
import Testing

@testable import NeuralEngine

/// Work that takes long asks between its parts whether it is to stop.
@Suite struct CancellationTests {
  /// Something that takes long when it is larger.
  struct Work: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let run: @Sendable () throws -> Void

    static let all = [
      Work("arange") { _ = try Tensor.range(from: 0, to: 5_000_000) },
      Work("sort") { _ = try numbers(9_000_000).sorted() },
      Work("gradient of a sort") {
        let start = try numbers(100_000).stamped(variable: 1)
        _ = try gradients(of: try start.sorted().sum(), withRespectTo: [start])
      },
      Work("a + b") { _ = try numbers(5_000_000) + numbers(5_000_000) },
      Work("exp") { _ = Tensor.unary(.exp, try numbers(5_000_000)) },
      Work("onehot") { _ = try Tensor.zeros([50_000]).oneHot(classes: 100) },
      Work("transpose") { _ = try numbers(5_000_000).reshaped([2500, 2000]).transposed() },
      Work("sum along an axis") { _ = try numbers(5_000_000).reshaped([5000, 1000]).sum(axis: 1) },
      Work("choice without replacement") {
        var stream = RandomStream(seed: 1)
        _ = try Tensor(5_000_000).choice(1, replacing: false, using: &stream)
      },
      Work("gradient of a long computation") {
        let start = Tensor(1).stamped(variable: 1)
        var value = start
        for _ in 0..<1000 { value = try value + Tensor(1) }
        _ = try gradients(of: value, withRespectTo: [start])
      },
      Work("mod") { _ = try Tensor.remainder(numbers(5_000_000), Tensor(0.3)) },
      Work("uniform weights") { _ = try prepared(.glorot, units: 1000) },
      Work("normal weights") { _ = try prepared(.normal, units: 1000) },
      Work("orthogonal weights") { _ = try prepared(.orthogonal, units: 200) },
      Work("a chain of edges") {
        var graph = NetworkGraph()
        try graph.add(Layer(name: "l0", kind: .input(size: 1)))
        for number in 1..<50 {
          try graph.add(Layer(name: "l\(number)", kind: .dense(units: 1, activation: .tanh)))
        }
        try graph.connect((1..<50).map { Edge(from: "l\($0 - 1)", to: "l\($0)") })
      },
    ]

    private init(_ description: String, _ run: @escaping @Sendable () throws -> Void) {
      testDescription = description
      self.run = run
    }

    private static func prepared(_ start: Initializer, units: Int) throws -> Network {
      let network = try Network(weights(start, units: units))
      var random = RandomStream(seed: 3)
      try network.prepare(ExecutionOptions(.single), random: &random)
      return network
    }

    private static func numbers(_ count: Int) throws -> Tensor {
      var stream = RandomStream(seed: 2)
      return try Tensor.uniform([count], using: &stream)
    }
  }

  @Test(arguments: Work.all) func asksAgainAndAgain(_ work: Work) throws {
    let asked = Mutex(0)
    try Cancellation.asking({
      asked.withLock { $0 += 1 }
      return false
    }) { try work.run() }
    #expect(asked.withLock { $0 } >= 2)
  }

  @Test(arguments: Work.all) func endsWhenItIsToStop(_ work: Work) throws {
    let asked = Mutex(0)
    do {
      try Cancellation.asking({
        asked.withLock { count in
          count += 1
          return count > 1
        }
      }) {
        try work.run()
      }
    } catch let error as CodedError {
      #expect(error.code == .interrupted)
    }
    // Threads and halves each ask once more, and then no longer.
    #expect(asked.withLock { $0 } < 20)
  }

  /// The next training begins with the weights that this one would have begun with.
  @Test func weightsThatAreNotDrawnLeaveNetworkAndRandomNumbersAsTheyWere() throws {
    let network = try Network(weights(.glorot, units: 300))
    var random = RandomStream(seed: 3)
    let error = #expect(throws: CodedError.self) {
      try Cancellation.asking({ true }) {
        try network.prepare(ExecutionOptions(.single), random: &random)
      }
    }
    #expect(error?.code == .interrupted)
    #expect(random == RandomStream(seed: 3))
    try network.prepare(ExecutionOptions(.single), random: &random)
    let other = try Network(weights(.glorot, units: 300))
    var again = RandomStream(seed: 3)
    try other.prepare(ExecutionOptions(.single), random: &again)
    #expect(network.state.weights.values == other.state.weights.values)
  }

  @Test func rowsThroughANetworkEndWithAnError() throws {
    let network = try Network(chain([2, 3, 1]), .single)
    let rows = Examples(name: "rows", rows: 2000, inputs: [Double](repeating: 0, count: 4000))
    #expect(try network.predict(rows).count == 2000)
    Cancellation.asking({ true }) {
      let error = #expect(throws: CodedError.self) { try network.predict(rows) }
      #expect(error?.code == .interrupted)
    }
  }
}

/// One layer with as many inputs as units.
private func weights(_ start: Initializer, units: Int) throws -> NetworkGraph {
  try makeGraph(
    [input("x", units), Layer(name: "h", kind: .dense(units: units, activation: .tanh, initializer: start))],
    [Edge(from: "x", to: "h")])
}

import Foundations
import NetworkSchema
import Testing

@testable import NeuralEngine

/// What is seen of recurrent layers in networks that do not go step by step.
@Suite struct LayerMomentsTests {
  private func network(
    _ cell: RecurrentCell, bidirectional: Merge? = nil, isReversed: Bool = false, returnsAll: Bool
  ) throws -> Network {
    try Network(
      makeGraph(
        [
          Layer(name: "x", kind: .input(shape: [5, 2])),
          Layer(
            name: "h",
            kind: .recurrent(
              cell, units: 3, returnsAll: returnsAll, isReversed: isReversed, bidirectional: bidirectional)),
        ], [Edge(from: "x", to: "h")]), .double)
  }

  private static let roles: [(forward: ParameterRole, backward: ParameterRole)] = [
    (.kernel, .backwardKernel), (.recurrent, .backwardRecurrent), (.bias, .backwardBias),
    (.recurrentBias, .backwardRecurrentBias),
  ]

  /// A network of one direction with the weights of one of another's.
  private func single(
    _ cell: RecurrentCell, of both: Network, isBackward: Bool
  ) throws -> Network {
    let single = try network(cell, returnsAll: true)
    let known = both.parameters ?? []
    for (forward, backward) in Self.roles {
      let role = isBackward ? backward : forward
      guard let found = known.first(where: { $0.slice.key == ParameterKey(layer: "h", role: role) }) else {
        continue
      }
      try single.setParameters(ParameterKey(layer: "h", role: forward), to: found.values)
    }
    return single
  }

  private func reversed(_ values: [Double], width: Int) -> [Double] {
    stride(from: values.count - width, through: 0, by: -width).flatMap { values[$0..<$0 + width] }
  }

  private func expectClose(_ a: [Double], _ b: [Double], _ what: String) {
    #expect(a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }, "\(what)")
  }

  private static let cases: [(RecurrentCell, Merge)] = [RecurrentCell.rnn, .lstm, .gru].flatMap { cell in
    [Merge.concat, .add, .mul, .avg].map { (cell, $0) }
  }

  /// Each direction is that of a layer on its own, which goes step by step, over the sequence or over its reverse.
  @Test(arguments: cases, [true, false])
  func bothDirectionsAreThoseOfLayersOnTheirOwn(_ kind: (RecurrentCell, Merge), returnsAll: Bool) throws {
    let (cell, merge) = kind
    let both = try network(cell, bidirectional: merge, returnsAll: returnsAll)
    let inputs = try randomExamples(for: both.graph, .mse, rows: 1, seed: 5).inputs
    let row = Examples(name: "x", rows: 1, inputs: inputs)
    let seen = try both.moments(of: "h", for: row)
    for direction in LayerMoments.Direction.allCases {
      let isBackward = direction == .backward
      let alone = try single(cell, of: both, isBackward: isBackward)
      let read = isBackward ? reversed(inputs, width: 2) : inputs
      let expected = try alone.moments(of: "h", for: Examples(name: "x", rows: 1, inputs: read))
      let found = seen.filter { $0.direction == direction }
      #expect(found.map(\.name) == expected.map(\.name) && found.map(\.part) == expected.map(\.part))
      for (moment, other) in zip(found, expected) {
        #expect(moment.steps == 5)
        expectClose(
          moment.values, isBackward ? reversed(other.values, width: 3) : other.values,
          "\(cell) \(merge) \(moment.name) \(direction)")
      }
    }
    // The two states of a step, or the last that each direction comes to, are what the layer combines.
    let (forward, backward) = (seen[0].values, seen[seen.count / 2].values)
    let given: [Double] = try both.predict(row)
    for unit in 0..<3 {
      let (first, second) =
        returnsAll ? (forward[6 + unit], backward[6 + unit]) : (forward[12 + unit], backward[unit])
      let place = returnsAll ? 2 : 0
      switch merge {
      case .concat:
        #expect(abs(given[place * 6 + unit] - first) < 1e-12)
        #expect(abs(given[place * 6 + 3 + unit] - second) < 1e-12)
      case .add: #expect(abs(given[place * 3 + unit] - (first + second)) < 1e-12)
      case .mul: #expect(abs(given[place * 3 + unit] - first * second) < 1e-12)
      default: #expect(abs(given[place * 3 + unit] - (first + second) / 2) < 1e-12)
      }
    }
  }

  @Test func aReversedLayerIsSeenAtTheStepsThatItReads() throws {
    for cell in [RecurrentCell.rnn, .lstm, .gru] {
      for returnsAll in [true, false] {
        let back = try network(cell, isReversed: true, returnsAll: returnsAll)
        let inputs = try randomExamples(for: back.graph, .mse, rows: 1, seed: 6).inputs
        let seen = try back.moments(of: "h", for: Examples(name: "x", rows: 1, inputs: inputs))
        let alone = try single(cell, of: back, isBackward: false)
        let read = Examples(name: "x", rows: 1, inputs: reversed(inputs, width: 2))
        let expected = try alone.moments(of: "h", for: read)
        #expect(seen.map(\.name) == expected.map(\.name) && seen.allSatisfy { $0.direction == nil })
        for (moment, other) in zip(seen, expected) {
          expectClose(moment.values, reversed(other.values, width: 3), "\(cell) \(moment.name)")
        }
      }
    }
  }

  /// A cell with gates and a carry behind a layer that reads both ways: the sums that it carries are those of its own plan.
  @Test func gatesAndCarriesBehindBothDirections() throws {
    var graph = try makeGraph(
      [
        Layer(name: "x", kind: .input(shape: [4, 2])),
        Layer(name: "b", kind: .recurrent(.gru, units: 2, returnsAll: true, bidirectional: .add)),
        dense("g", 3, .sigmoid), dense("c", 3, .linear), dense("y", 1, .linear),
      ],
      [
        Edge(from: "x", to: "b"), Edge(from: "b", to: "g"), Edge(from: "b", to: "c"),
        Edge(from: "c", to: "y"),
        Edge(from: "c", to: "c", type: .carry),
      ])
    try graph.add(Gate("g", on: "c", to: "c", isOnCarry: true))
    let network = try Network(graph, .double)
    let row = try randomExamples(for: graph, .mse, rows: 1)
    let seen = try network.moments(of: "c", for: row)
    #expect(seen.map(\.name) == ["c", "carried sum", "g on c -> c"])
    #expect(seen.allSatisfy { $0.steps == 4 && $0.values.count == 12 })
    // A linear layer gives the sum that it carries on.
    #expect(seen[0].values == seen[1].values)
    let gates = try network.moments(of: "g", for: row)
    #expect(gates[0].values == seen[2].values)
  }
}

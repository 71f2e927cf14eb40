public import Foundations

/// The optional edges of Synaptic's LSTM.
public struct LSTMPaths: OptionSet, Sendable {
  /// The options as bits.
  public let rawValue: Int
  /// Creates a set of options.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The gates see the cells.
  public static let peepholes = LSTMPaths(rawValue: 1)
  /// The cells of a block see each other as they were at the step before.
  public static let hiddenToHidden = LSTMPaths(rawValue: 2)
  /// The cells see the outputs of the step before.
  public static let outputToHidden = LSTMPaths(rawValue: 4)
  /// The gates see the outputs of the step before.
  public static let outputToGates = LSTMPaths(rawValue: 8)
  /// The outputs see the inputs.
  public static let inputToOutput = LSTMPaths(rawValue: 16)
}

/// The architectures of Synaptic.js 1.1.4 (`Architect`), with names to go on with. Layers stand in the order in which
/// Synaptic computes them; what it sees one step late has a delay.
extension NetworkGraph {
  /// Adds a multilayer perceptron: `inp`, `hid` or `hid1`, `hid2`, ..., and `out`.
  ///
  /// - Parameter sizes: at least two.
  /// - Throws: `duplicate-layer`, `too-large`.
  public mutating func addPerceptron(_ sizes: [Int]) throws(CodedError) {
    let hidden = sizes.count - 2
    let names = ["inp"] + (0..<max(0, hidden)).map { hidden == 1 ? "hid" : "hid\($0 + 1)" } + ["out"]
    for (place, name) in names.enumerated() {
      try add(place == 0 ? .inputs(sizes[0]) : .sigmoid(name, sizes[place]))
    }
    try connect(zip(names, names.dropFirst()).map { Edge(from: $0, to: $1) })
  }

  /// Adds an LSTM with a block, or several, of memory cells: `inp`, `ig`, `fg`, `cell` and `og`, numbered where there are
  /// several blocks, and `out`.
  ///
  /// - Parameter sizes: the inputs, the cells of each block, the outputs.
  /// - Throws: `duplicate-layer`, `too-large`.
  public mutating func addLSTM(_ sizes: [Int], _ paths: LSTMPaths) throws(CodedError) {
    let blocks = sizes.dropFirst().dropLast().enumerated().map { number, cells in
      LSTMBlock(cells: cells, suffix: sizes.count == 3 ? "" : String(number + 1))
    }
    try add(.inputs(sizes[0]))
    for block in blocks {
      try add(.sigmoid(block.inputGate, block.cells, firstBias: 1))
      try add(.sigmoid(block.forgetGate, block.cells, firstBias: 1))
      try add(.sigmoid(block.cell, block.cells))
      try add(.sigmoid(block.outputGate, block.cells, firstBias: 1))
    }
    try add(.sigmoid("out", sizes[sizes.count - 1]))
    var sources = ["inp"]
    for block in blocks {
      try connect(block.edges(from: sources, paths))
      for source in sources { try add(Gate(block.inputGate, on: source, to: block.cell)) }
      try add(Gate(block.forgetGate, on: block.cell, to: block.cell, isOnCarry: true))
      try add(Gate(block.outputGate, on: block.cell, to: "out", at: .output))
      sources = ["inp", block.cell]
    }
    if paths.contains(.inputToOutput) { try connect(Edge(from: "inp", to: "out")) }
  }

  /// Adds a liquid: `inp`, units `h1`, `h2`, ... that are connected and multiplied at random, and `out`.
  ///
  /// - Parameters:
  ///   - connections: how often two hidden units are drawn; a unit with itself is a carry, and a pair that is drawn again
  ///     stays as it is.
  ///   - gates: how often a unit and a connection for it to multiply are drawn; the last one drawn has it.
  /// - Throws: `duplicate-layer`, `too-large`.
  public mutating func addLiquid(
    inputs: Int, hidden: Int, outputs: Int, connections: Int, gates: Int, _ random: inout RandomStream
  ) throws(CodedError) {
    try add(.inputs(inputs))
    let names = (1...hidden).map { "h\($0)" }
    for name in names { try add(.sigmoid(name, 1)) }
    try add(.sigmoid("out", outputs))
    var drawn: [(from: Int, to: Int)] = []
    for _ in 0..<connections {
      let pair = (from: random.below(hidden), to: random.below(hidden))
      if !drawn.contains(where: { $0 == pair }) { drawn.append(pair) }
    }
    var gaters: [Int: Int] = [:]
    for _ in 0..<(drawn.isEmpty ? 0 : gates) {
      let gater = random.below(hidden)
      gaters[random.below(drawn.count)] = gater
    }
    var edges = names.map { Edge(from: "inp", to: $0) }
    for pair in drawn {
      edges.append(
        Edge(
          from: names[pair.from], to: names[pair.to], type: pair.from == pair.to ? .carry : .full,
          delay: pair.from >= pair.to ? 1 : 0))
    }
    try connect(edges + names.map { Edge(from: $0, to: "out") })
    for (place, gater) in gaters.sorted(by: { $0.key < $1.key }) {
      let pair = drawn[place]
      try add(
        Gate(
          names[gater], on: names[pair.from], to: names[pair.to], isOnCarry: pair.from == pair.to,
          delay: gater >= pair.to ? 1 : 0))
    }
  }

  /// Adds what Synaptic calls a Hopfield network: `inp` and `out` of as many units.
  ///
  /// - Throws: `duplicate-layer`, `too-large`.
  public mutating func addHopfield(_ units: Int) throws(CodedError) { try addPerceptron([units, units]) }
}

/// The layers of a block of an LSTM.
private struct LSTMBlock {
  let cells: Int
  let suffix: String

  var inputGate: String { "ig" + suffix }
  var forgetGate: String { "fg" + suffix }
  var cell: String { "cell" + suffix }
  var outputGate: String { "og" + suffix }

  /// The edges into the block and from it, in Synaptic's order.
  func edges(from sources: [String], _ paths: LSTMPaths) -> [Edge] {
    let gates = [inputGate, forgetGate, outputGate]
    var edges = sources.flatMap { source in
      ([cell] + gates).map { Edge(from: source, to: $0) }
    }
    edges += [Edge(from: cell, to: "out"), Edge(from: cell, to: cell, type: .carry)]
    if paths.contains(.hiddenToHidden), cells > 1 { edges.append(Edge(from: cell, to: cell, type: .others)) }
    if paths.contains(.outputToHidden) { edges.append(Edge(from: "out", to: cell, delay: 1)) }
    if paths.contains(.outputToGates) {
      edges += [inputGate, outputGate, forgetGate].map { Edge(from: "out", to: $0, delay: 1) }
    }
    if paths.contains(.peepholes) {
      edges += [
        Edge(from: cell, to: inputGate, delay: 1), Edge(from: cell, to: forgetGate, delay: 1),
        Edge(from: cell, to: outputGate),
      ]
    }
    return edges
  }
}

extension Layer {
  fileprivate static func inputs(_ size: Int) -> Layer { Layer(name: "inp", kind: .input(size: size)) }

  fileprivate static func sigmoid(_ name: String, _ units: Int, firstBias: Double = 0) -> Layer {
    Layer(name: name, kind: .dense(units: units, activation: .sigmoid, firstBias: firstBias))
  }
}

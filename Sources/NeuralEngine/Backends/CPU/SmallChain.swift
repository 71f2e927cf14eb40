internal import CKernels

/// A small chain of dense layers trained in one pass, row by row or a batch at a time, without a call per layer: with a handful of
/// units the calls would cost more than the arithmetic.
///
/// It does the same operations in the same order as the plan it stands for, and gives the same bits.
final class SmallChain: @unchecked Sendable {
  /// Layers wider than this are better served by kernels that use the whole vector unit.
  static let widest = 31
  /// Batches of more rows are as well served by a plan.
  static let mostRows = 128

  private let links: UnsafeMutablePointer<nbs_chain_link>
  private let names: [String]
  private let loss: nbs_loss
  private let isFused: Bool
  private let threshold: Double
  private let kernels: nbs_layer_kernels
  private let precision: Precision
  private let memory: NumberBuffer
  private let input: NumberBuffer
  /// The targets of the row that is learned.
  private let wanted: NumberBuffer
  private let inputWidth: Int
  /// What a batch of so many rows is computed in, from the first such batch on.
  private var scratch: (rows: Int, memory: CPUMemory)?

  /// How many links it has.
  var count: Int { names.count - 1 }

  /// Makes the chain of a graph; nil where it is none.
  ///
  /// - Parameter gradients: where the gradient of a batch goes.
  init?(
    _ graph: NetworkGraph, _ layout: ParameterLayout, _ parameters: NumberBuffer, gradients: NumberBuffer,
    _ signal: ErrorSignal, instructions: InstructionSet = .current
  ) {
    guard !graph.hasMemory, graph.inputs.count == 1, graph.outputs.count == 1, signal.tallies == 0,
      let order = try? graph.sorted(), order.count > 1
    else { return nil }
    var made: [nbs_chain_link] = []
    var names: [String] = []
    for (source, target) in zip(order, order.dropFirst()) {
      guard let link = SmallChain.link(source, target, graph, layout, parameters, gradients) else {
        return nil
      }
      made.append(link)
      names.append(target.name)
    }
    self.names = [order[0].name] + names
    loss = signal.code
    let last = order[order.count - 1]
    isFused = signal.isFused(with: last.activation)
    threshold = if case .loss(let loss) = signal { loss.threshold } else { 0.5 }
    precision = parameters.precision
    kernels = instructions.kernels(precision).pointee.layers
    inputWidth = made[0].inputs
    input = NumberBuffer(inputWidth, precision)
    wanted = NumberBuffer(made[made.count - 1].units, precision)
    memory = NumberBuffer(made.reduce(0) { $0 + 3 * $1.units }, precision)
    var place = 0
    for index in made.indices {
      made[index].outputs = memory.pointer(at: place)
      made[index].preactivations = memory.pointer(at: place + made[index].units)
      made[index].gradient = memory.pointer(at: place + 2 * made[index].units)
      place += 3 * made[index].units
    }
    links = .allocate(capacity: made.count)
    links.initialize(from: made, count: made.count)
  }

  deinit { links.deallocate() }

  private static func link(
    _ source: Layer, _ target: Layer, _ graph: NetworkGraph, _ layout: ParameterLayout,
    _ parameters: NumberBuffer, _ gradients: NumberBuffer
  ) -> nbs_chain_link? {
    let edges = graph.edges(into: target.name)
    guard edges.count == 1, edges[0].source == source.name, edges[0].type == .full, edges[0].merge == nil,
      edges[0].isTrainable, graph.shape(of: source)?.count == 1, target.kind.as(Dense.self) != nil,
      source.isInput || source.isDense,
      let weights = layout.slice(.weights(of: edges[0])),
      let biases = layout.slice(ParameterKey(layer: target.name, role: .bias)),
      max(graph.width(of: source), graph.width(of: target)) <= widest
    else { return nil }
    var link = nbs_chain_link()
    link.inputs = graph.width(of: source)
    link.units = graph.width(of: target)
    link.weights = parameters.pointer(at: weights.offset)
    link.biases = parameters.pointer(at: biases.offset)
    link.weight_gradients = gradients.pointer(at: weights.offset)
    link.bias_gradients = gradients.pointer(at: biases.offset)
    link.activation = target.activation.code
    return link
  }

  /// What came of some rows.
  struct Outcome {
    var loss: Double
    var correct: Int
    /// How many rows were trained on; fewer than asked for when a loss was not finite.
    var rows: Int
  }

  /// Trains on some rows of an order, one step of plain gradient descent a row; nil where the data is kept as bytes.
  func train(
    _ samples: Samples, _ order: RowOrder, _ rows: Range<Int>, rate: Double, countsCorrect: Bool
  ) -> Outcome? {
    guard let numbers = samples.numbers else { return nil }
    let result = kernels.chain_train(
      links, count, loss, isFused, threshold, numbers.inputs, numbers.targets,
      order.pointer + rows.lowerBound, rows.count, rate, countsCorrect)
    return Outcome(loss: result.loss, correct: result.correct, rows: result.rows)
  }

  /// Computes the gradient of some rows of an order; nil where the data is kept as bytes.
  ///
  /// - Parameter scale: what the gradient of the loss is multiplied by.
  func gradient(
    _ samples: Samples, _ order: RowOrder, _ rows: Range<Int>, scale: Double, countsCorrect: Bool
  ) -> Outcome? {
    guard let numbers = samples.numbers else { return nil }
    let result = kernels.chain_gradient(
      links, count, loss, isFused, threshold, numbers.inputs, numbers.targets,
      order.pointer + rows.lowerBound, rows.count, scale, countsCorrect, room(for: rows.count))
    return Outcome(loss: result.loss, correct: result.correct, rows: result.rows)
  }

  private func room(for rows: Int) -> UnsafeMutableRawPointer {
    if let scratch, scratch.rows >= rows { return scratch.memory.pointer }
    let memory = CPUMemory(kernels.chain_scratch(links, count, rows))
    scratch = (rows, memory)
    return memory.pointer
  }

  /// Computes the outputs for a row.
  func predict(_ row: [Double]) {
    input.doubles = row
    kernels.chain_predict(links, count, input.pointer)
  }

  /// Computes the outputs for the same row once more.
  func predictAgain() { kernels.chain_predict(links, count, input.pointer) }

  /// Takes one step of plain gradient descent from the last prediction towards the targets.
  func learn(_ targets: [Double], rate: Double) {
    wanted.doubles = targets
    kernels.chain_learn(links, count, loss, isFused, input.pointer, wanted.pointer, rate)
  }

  /// The outputs of the last prediction.
  var outputs: [Double] { values(of: count - 1) }

  /// The row of the last prediction.
  var inputs: [Double] { input.doubles }

  private func values(of link: Int) -> [Double] {
    var values = [Double](repeating: 0, count: links[link].units)
    kernels.to_doubles(links[link].outputs, &values, values.count)
    return values
  }

  /// The first layer that gave a number that is not finite for a row, the last that was trained on; the last layer where
  /// there is none.
  func firstNonFiniteLayer(_ samples: Samples, row: Int) -> String? {
    if let numbers = samples.numbers,
      !kernels.all_finite(numbers.inputs + row * inputWidth * precision.bytes, inputWidth)
    {
      return names[0]
    }
    let first = (0..<count).first { values(of: $0).contains { !$0.isFinite } }
    return first.map { names[$0 + 1] } ?? names.last
  }
}

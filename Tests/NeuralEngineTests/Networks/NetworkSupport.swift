import Testing

@testable import NeuralEngine

/// The losses, each with the activations that an output layer may have with it.
let lossesAndOutputs: [(loss: Loss, output: Activation)] = [
  (.mse, .linear), (.mse, .sigmoid), (.mse, .tanh), (.mse, .relu), (.mse, .softmax),
  (.bce, .sigmoid), (.bce, .softmax), (.crossentropy, .softmax), (.mse, .softplus), (.mse, .gelu),
  (.mae, .linear), (.huber, .elu), (.hinge, .linear), (.hinge, .selu), (.hinge, .leakyReLU), (.kl, .softmax),
  (.poisson, .softplus), (.poisson, .sigmoid),
]

/// The activations that a gradient goes through.
let smoothActivations = Activation.allCases.filter { $0 != .step }

/// Every optimizer that follows a gradient.
let gradientOptimizers: [OptimizerKind] = [
  .sgd(momentum: 0), .sgd(momentum: 0.9), .sgd(momentum: 0.9, nesterov: true), .adam, .adamw, .nadam,
  .rmsprop,
  .adagrad, .adadelta,
]

func makeGraph(_ layers: [Layer], _ edges: [Edge]) throws(EngineError) -> NetworkGraph {
  var graph = NetworkGraph()
  for layer in layers { try graph.add(layer) }
  // Those into one layer at once, as `connect {a b} -> c` draws them.
  var waiting = edges[...]
  while let next = waiting.first {
    let together = next.merge == nil ? waiting.prefix(1) : waiting.prefix { $0.target == next.target }
    try graph.connect(Array(together))
    waiting = waiting.dropFirst(together.count)
  }
  return graph
}

func input(_ name: String, _ size: Int) -> Layer { Layer(name: name, kind: .input(size: size)) }

func dense(_ name: String, _ units: Int, _ activation: Activation, bias: Bool = true) -> Layer {
  Layer(name: name, kind: .dense(units: units, activation: activation, hasBias: bias))
}

/// Layers l0, l1, l2 ... in a row.
func chain(
  _ widths: [Int], hidden: Activation = .tanh, output: Activation = .sigmoid
) throws(EngineError) -> NetworkGraph {
  var graph = NetworkGraph()
  for (index, width) in widths.enumerated() {
    let activation = index == widths.count - 1 ? output : hidden
    try graph.add(index == 0 ? input("l0", width) : dense("l\(index)", width, activation))
    if index > 0 { try graph.connect(Edge(from: "l\(index - 1)", to: "l\(index)")) }
  }
  return graph
}

extension Network {
  /// A network of a graph with its parameters drawn.
  convenience init(
    _ graph: NetworkGraph, _ precision: Precision = .double, seed: UInt64 = 1
  ) throws(EngineError) {
    self.init(name: "net")
    try edit { $0 = graph }
    var random = RandomStream(seed: seed)
    try prepare(Computing(precision), random: &random)
  }

  /// All parameters, one after the other.
  var values: [Double] { parameters?.flatMap(\.values) ?? [] }

  var isFinite: Bool { values.allSatisfy { $0.isFinite } }

  /// Trains with a stream of its own.
  @discardableResult
  func train(
    _ examples: Examples, _ options: TrainingOptions, seed: UInt64,
    control: TrainingControl = TrainingControl()
  ) throws(EngineError) -> TrainingResult {
    var random = RandomStream(seed: seed)
    return try train(examples, options, control: control, random: &random)
  }
}

extension NetworkGraph {
  /// How many whole numbers an embedding behind an input knows; nil where there is none.
  fileprivate func words(after input: Layer) -> Int? {
    edges.lazy.filter { $0.source == input.name }.compactMap { layer($0.target) }.compactMap { layer in
      if case .embedding(let words, _) = layer.kind { words } else { nil }
    }.first
  }
}

/// Random rows that suit a graph and a loss.
func randomExamples(
  for graph: NetworkGraph, _ loss: Loss, rows: Int, seed: UInt64 = 3
) throws -> Examples {
  var random = RandomStream(seed: seed)
  let columns = graph.inputs.flatMap { [Int?](repeating: graph.words(after: $0), count: graph.width(of: $0)) }
  let inputs = (0..<rows).flatMap { _ in
    columns.map { words in
      words.map { Double(random.below($0)) } ?? random.uniform(from: -1, to: 1)
    }
  }
  var targets: [Double] = []
  for _ in 0..<rows {
    for layer in graph.outputs {
      let row = (0..<graph.width(of: layer)).map { _ in random.uniform(from: 0.05, to: 1) }
      let sum = loss.comparesShares ? row.reduce(0, +) : 1
      for (unit, value) in row.enumerated() {
        // Slopes that are all the same would cancel in a softmax: every other unit has too much.
        switch loss {
        case .hinge: targets.append(unit.isMultiple(of: 2) ? 1 : -1)
        case .mae: targets.append(unit.isMultiple(of: 2) ? value + 1 : value - 1)
        default: targets.append(value / sum)
        }
      }
    }
  }
  return Examples(name: "rows", rows: rows, inputs: inputs, targets: targets)
}

let xor = Examples(name: "xor", rows: 4, inputs: [0, 0, 0, 1, 1, 0, 1, 1], targets: [0, 1, 1, 0])

/// A plan with its parameters and data, for a look at what training does between two steps.
final class Bench<Scalar: EngineScalar> {
  let parameters: Parameters<Scalar>
  let plan: Plan<Scalar>
  let samples: Samples<Scalar>
  /// How many of the kernels are oneDNN's.
  let foreignKernels: Int

  init(
    _ graph: NetworkGraph, _ loss: Loss, _ examples: Examples, capacity: Int, isPerceptron: Bool = false,
    backend: Backend = .auto
  ) throws {
    var random = RandomStream(seed: 7)
    let layout = try ParameterLayout(graph)
    let values = layout.slices.flatMap { slice in
      // Biases other than 0 and scales other than 1, so that a forgotten one shows.
      if slice.start == .zero {
        (0..<slice.count).map { _ in random.uniform(from: -0.5, to: 0.5) }
      } else if slice.isBias {
        (0..<slice.count).map { _ in random.uniform(from: 0.5, to: 1.5) }
      } else {
        slice.start.values(slice.count, using: &random)
      }
    }
    parameters = Parameters(layout, values: values)
    let builder = try PlanBuilder(
      graph, parameters: parameters, capacity: capacity,
      purpose: .training(loss, isPerceptron: isPerceptron), backend: backend)
    foreignKernels = builder.kernels.count {
      $0 is OneDNNConvolution || $0 is OneDNNPool || $0 is OneDNNFullEdge
    }
    plan = Plan(builder)
    samples = Samples(examples)
  }

  func load(_ rows: Range<Int>) {
    Array(rows).withUnsafeBufferPointer { order in
      if let first = order.baseAddress { plan.load(samples, order: first, rows: rows.count) }
    }
  }

  /// Dropout draws the same each time.
  private func forward(_ rows: Int) {
    plan.phase.random = RandomStream(seed: 11)
    plan.forward(rows: rows)
  }

  /// The loss of the rows that were loaded, added up.
  func loss(rows: Int) -> Double {
    forward(rows)
    return plan.loss(rows: rows)
  }

  func gradient(rows: Int, scale: Scalar) -> [Double] {
    forward(rows)
    plan.backward(rows: rows, scale: scale)
    return parameters.gradients.doubles
  }

  /// The gradient by central differences; 0 where training may change nothing.
  func differences(rows: Int, scale: Double) -> [Double] {
    let step: Scalar = 1e-5
    return (0..<parameters.values.count).map { index in
      guard parameters.trainableRanges.contains(where: { $0.contains(index) }) else { return 0 }
      let place = parameters.values.pointer + index
      let value = place.pointee
      place.pointee = value + step
      let high = loss(rows: rows)
      place.pointee = value - step
      let low = loss(rows: rows)
      place.pointee = value
      return scale * (high - low) / Double(2 * step)
    }
  }
}

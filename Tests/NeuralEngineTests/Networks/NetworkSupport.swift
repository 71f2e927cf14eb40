import Foundations
import Testing

@testable public import NeuralEngine

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
let gradientOptimizers: [Optimizer] = [
  .sgd(), .sgd(momentum: 0.9), .sgd(momentum: 0.9, nesterov: true), .adam, .adamw, .nadam,
  .rmsprop,
  .adagrad, .adadelta,
]

/// Keys as files name them: `x->h/weights`, `h/bias`.
extension ParameterKey: ExpressibleByStringLiteral {
  /// The key that a file's name names.
  public init(stringLiteral name: String) {
    guard let key = ParameterKey(name) else { preconditionFailure("\(name) names no parameters") }
    self = key
  }
}

func makeGraph(_ layers: [Layer], _ edges: [Edge]) throws(CodedError) -> NetworkGraph {
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
) throws(CodedError) -> NetworkGraph {
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
  ) throws(CodedError) {
    self.init(name: "net")
    try edit { $0 = graph }
    var random = RandomStream(seed: seed)
    try prepare(ExecutionOptions(precision), random: &random)
  }

  /// All parameters, one after the other.
  var values: [Double] { parameters?.flatMap(\.values) ?? [] }

  var isFinite: Bool { values.allSatisfy { $0.isFinite } }

  /// Trains with a stream of its own.
  @discardableResult
  func train(
    _ examples: Examples, _ options: TrainingOptions, seed: UInt64,
    control: TrainingControl = TrainingControl()
  ) throws(CodedError) -> TrainingResult {
    var random = RandomStream(seed: seed)
    return try train(examples, options, control: control, random: &random)
  }
}

extension NetworkGraph {
  /// How many whole numbers an embedding behind an input knows; nil where there is none.
  fileprivate func words(after input: Layer) -> Int? {
    edges.lazy.filter { $0.source == input.name }.compactMap { layer($0.target) }
      .compactMap { $0.kind.as(Embedding.self)?.vocabulary }.first
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
    // Each step of a sequence has targets of its own.
    for layer in graph.outputs.flatMap({ Array(repeating: $0, count: graph.steps(of: $0)) }) {
      let width = graph.width(of: layer) / graph.steps(of: layer)
      let row = (0..<width).map { _ in random.uniform(from: 0.05, to: 1) }
      let sum = loss.rule.comparesDistributions ? row.reduce(0, +) : 1
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
final class Bench {
  let parameters: ParameterStore
  let execution: CPUExecution
  let samples: Samples
  private let order: RowOrder
  private let source: SampleSource
  private let threads: Int
  /// What dropout draws from.
  var key: UInt64 = 11

  init(
    _ graph: NetworkGraph, _ loss: Loss, _ examples: Examples, capacity: Int,
    _ precision: Precision = .double,
    isTraining: Bool = false, isPerceptron: Bool = false, fusions: Set<Fusion> = Fusion.all,
    instructions: InstructionSet = .current, threads: Int = 1, objective: Objective? = nil
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
    parameters = ParameterStore(layout, values: values, precision)
    let signal: ErrorSignal = isPerceptron ? .perceptron : objective?.signal ?? .loss(loss)
    let plan = try Plan(
      graph, layout, purpose: .training(signal, isTraining: isTraining), capacity: capacity, fusions: fusions)
    execution = CPUExecution(
      plan, CPUBackend(precision, parameters: parameters.values, instructions: instructions),
      gradients: parameters.gradients)
    samples = Samples(examples, precision)
    order = RowOrder(Array(0..<examples.rows))
    source = SampleSource(samples, order, for: plan)
    self.threads = threads
  }

  /// Takes the rows from one on.
  func load(_ rows: Range<Int>) { source.start = rows.lowerBound }

  private func run(_ rows: Int, _ scale: Double) -> Double {
    execution.run(
      BatchNumbers(rows: rows, scale: scale, key: key), source: source, threads: threads) ?? .nan
  }

  /// The loss of the rows that were loaded, added up.
  func loss(rows: Int) -> Double { run(rows, 1) }

  func outputs(rows: Int) -> [Double] { execution.outputs(rows: rows) }

  /// The gradient of the loss times `scale`; 0 where training may change nothing.
  func gradient(rows: Int, scale: Double) -> [Double] {
    _ = run(rows, scale)
    var gradient = parameters.gradients.doubles
    for slice in parameters.layout.slices where !slice.isTrainable {
      for place in slice.range { gradient[place] = 0 }
    }
    return gradient
  }

  /// The gradient by central differences; 0 where training may change nothing.
  func differences(rows: Int, scale: Double) -> [Double] {
    let step = 1e-5
    return (0..<parameters.values.count).map { index in
      guard parameters.layout.trainableRanges.contains(where: { $0.contains(index) }) else { return 0 }
      let value = parameters.values[index]
      parameters.values[index] = value + step
      let high = loss(rows: rows)
      parameters.values[index] = value - step
      let low = loss(rows: rows)
      parameters.values[index] = value
      return scale * (high - low) / (2 * step)
    }
  }
}

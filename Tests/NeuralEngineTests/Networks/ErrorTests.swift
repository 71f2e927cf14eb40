import Foundations
import Testing

@testable import NeuralEngine

/// Every way to be refused: the code, and that the message names what it is about.
@Suite struct ErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let code: ErrorCode
    let words: [String]
    let attempt: @Sendable () throws -> Void
    var testDescription: String { "\(code): \(words.joined(separator: ", "))" }
    init(_ code: ErrorCode, _ words: [String], _ attempt: @escaping @Sendable () throws -> Void) {
      (self.code, self.words, self.attempt) = (code, words, attempt)
    }
  }

  @Test(arguments: graphCases + largeCases + dataCases + useCases + optionCases)
  func isRefused(_ item: Case) throws {
    let error = #expect(throws: CodedError.self) { try item.attempt() }
    #expect(error?.code == item.code)
    let message = error?.message ?? ""
    for word in item.words { #expect(message.contains(word), "`\(word)` is not in: \(message)") }
  }

  private static let pair = [input("x", 2), dense("h", 3, .tanh), dense("o", 1, .sigmoid)]

  private static func connect(_ edges: Edge...) throws { _ = try makeGraph(pair, edges) }

  private static func sort(_ layers: [Layer], _ edges: Edge...) throws {
    _ = try makeGraph(layers, edges).sorted()
  }

  static let graphCases: [Case] = [
    Case(.duplicateLayer, ["`h`", "dense", "3"]) { _ = try makeGraph(pair + [input("h", 1)], []) },
    Case(.badActivation, ["softmax"]) { _ = try makeGraph([dense("o", 1, .softmax)], []) },
    Case(.badValue, ["`h`", "0"]) { _ = try makeGraph([dense("h", 0, .tanh)], []) },
    Case(.badValue, ["`x`", "-2"]) { _ = try makeGraph([input("x", -2)], []) },
    Case(.unknownLayer, ["`q`"]) { try connect(Edge(from: "q", to: "h")) },
    Case(.unknownLayer, ["`q`"]) { try connect(Edge(from: "x", to: "q")) },
    Case(.badEdge, ["`x`", "input"]) { try connect(Edge(from: "h", to: "x")) },
    Case(.duplicateEdge, ["`x`", "`h`"]) {
      try connect(Edge(from: "x", to: "h"), Edge(from: "x", to: "h"))
    },
    Case(.cycle, ["h -> o -> h"]) { try connect(Edge(from: "h", to: "o"), Edge(from: "o", to: "h")) },
    Case(.cycle, ["h -> h"]) { try connect(Edge(from: "h", to: "h")) },
    Case(.shapeMismatch, ["`x`", "2", "`h`", "3", "one"]) {
      try connect(Edge(from: "x", to: "h", type: .one))
    },
    Case(.shapeMismatch, ["x -> h", "3x2", "6", "5"]) {
      try connect(Edge(from: "x", to: "h", presetWeights: [1, 2, 3, 4, 5]))
    },
    Case(.badEdge, ["identity"]) {
      _ = try makeGraph(
        [input("x", 1), dense("h", 1, .tanh)],
        [Edge(from: "x", to: "h", type: .identity, presetWeights: [1])])
    },
    Case(.incompleteNetwork, ["no layers"]) { try sort([]) },
    Case(.incompleteNetwork, ["no input layer"]) { try sort([dense("h", 2, .tanh)]) },
    Case(.incompleteNetwork, ["only inputs"]) { try sort([input("x", 2)]) },
    Case(.incompleteNetwork, ["`o`", "h -> o"]) { try sort(pair, Edge(from: "x", to: "h")) },
    Case(.incompleteNetwork, ["`y`", "nowhere"]) {
      try sort([input("x", 2), input("y", 1), dense("o", 1, .tanh)], Edge(from: "x", to: "o"))
    },
  ]

  /// Sizes that would overflow or take the machine's memory are told before anything is allocated.
  static let largeCases: [Case] = [
    Case(.tooLarge, ["`x`"]) { _ = try makeGraph([input("x", .max)], []) },
    Case(.tooLarge, ["`h`"]) { _ = try makeGraph([dense("h", 1 << 62, .tanh)], []) },
    Case(.tooLarge, ["x -> h"]) {
      let width = MemoryLimit.bytes / 64
      _ = try makeGraph([input("x", width), dense("h", width, .tanh)], [Edge(from: "x", to: "h")])
    },
    Case(.tooLarge, ["parameters"]) {
      _ = try Network(chain([1, MemoryLimit.bytes / 16]), .single)
    },
    Case(.tooLarge, ["rows"]) {
      let graph = try chain([1, 1])
      let layout = try ParameterLayout(graph)
      let plan = try Plan(graph, layout, purpose: .inference, capacity: .max)
      try plan.checkMemory(bytesEach: 4, parameters: layout.count)
    },
  ]

  private static func rows(_ inputs: [Double], _ targets: [Double], count: Int = 1) -> Examples {
    Examples(name: "table", rows: count, inputs: inputs, targets: targets)
  }

  private static func train(
    _ graph: NetworkGraph, _ rows: Examples, _ loss: Loss = .mse,
    _ optimizer: Optimizer = .sgd()
  ) throws {
    let options = TrainingOptions(epochs: 1, batchSize: 1, loss: loss, optimizer: optimizer, rate: 1)
    try Network(graph).train(rows, options, seed: 1)
  }

  static let dataCases: [Case] = [
    Case(.shapeMismatch, ["`table`", "1 input ", "`l0`", "2", "layer l0 input 1"]) {
      try train(chain([2, 1]), rows([1], [1]))
    },
    Case(.shapeMismatch, ["`table`", "2 targets", "`l1`", "3"]) {
      try train(chain([2, 3]), rows([1, 2], [1, 2]))
    },
    Case(.shapeMismatch, ["0 inputs"]) { try train(chain([2, 1]), rows([], [], count: 0)) },
    Case(.noTargets, ["`table`"]) { try train(chain([2, 1]), rows([1, 2], [])) },
    Case(.badLabel, ["Row 2", "class 3", "0 to 2"]) {
      try train(chain([1, 3], output: .softmax), rows([1, 2], [0, 3], count: 2), .crossentropy)
    },
    Case(.badLabel, ["Row 1", "0.5"]) {
      try train(chain([1, 3], output: .softmax), rows([1], [0.5]), .crossentropy)
    },
    Case(.badTarget, ["bce", "`table`", "1.5"]) { try train(chain([1, 1]), rows([1], [1.5]), .bce) },
    Case(.badTarget, ["`table`", "nan"]) { try train(chain([1, 1]), rows([1], [.nan])) },
    Case(.badTarget, ["crossentropy", "row 2", "`l1`", "2"]) {
      try train(chain([1, 2], output: .softmax), rows([1, 2], [0, 1, 1, 1], count: 2), .crossentropy)
    },
    Case(.badTarget, ["crossentropy", "-0.5"]) {
      try train(chain([1, 2], output: .softmax), rows([1], [1.5, -0.5]), .crossentropy)
    },
    Case(.badTarget, ["hinge", "`table`", "0.5"]) {
      try train(chain([1, 1], output: .linear), rows([1, 2], [1, 0.5], count: 2), .hinge)
    },
    Case(.badTarget, ["hinge", "0.0"]) {
      try train(chain([1, 1], output: .linear), rows([1, 2], [-1, 0], count: 2), .hinge)
    },
    Case(.badTarget, ["poisson", "has -1."]) {
      try train(chain([1, 1], output: .softplus), rows([1], [-1]), .poisson)
    },
    Case(.badTarget, ["kl", "row 1", "in all 2."]) {
      try train(chain([1, 2], output: .softmax), rows([1], [1, 1]), .kl)
    },
    Case(.badLabel, ["Row 1", "class 3,"]) {
      try train(chain([1, 3], output: .linear), rows([1], [3]), .hinge)
    },
    Case(.tooFewRows, ["`table`"]) {
      var options = TrainingOptions(epochs: 1, batchSize: 1, loss: .mse, optimizer: .adam, rate: 1)
      options.validationFraction = 0.5
      try Network(chain([1, 1])).train(rows([1], [1]), options, seed: 1)
    },
  ]

  static let useCases: [Case] = [
    Case(.lossMismatch, ["crossentropy", "`l1`", "tanh", "loss=mse"]) {
      try train(chain([1, 1], output: .tanh), rows([1], [1]), .crossentropy)
    },
    Case(.lossMismatch, ["bce", "`l1`", "linear"]) {
      _ = try Network(chain([1, 1], output: .linear)).evaluate(rows([1], [1]), loss: .bce)
    },
    Case(.lossMismatch, ["kl", "`l1`", "sigmoid", "loss=bce"]) {
      try train(chain([1, 1]), rows([1], [1]), .kl)
    },
    Case(.lossMismatch, ["hinge", "`l1`", "sigmoid"]) { try train(chain([1, 1]), rows([1], [1]), .hinge) },
    Case(.lossMismatch, ["poisson", "`l1`", "linear"]) {
      try train(chain([1, 1], output: .linear), rows([1], [1]), .poisson)
    },
    Case(.optimizerMismatch, ["`l1`", "perceptron"]) {
      try train(chain([1, 1]), rows([1], [1]), .mse, .perceptron)
    },
    Case(.optimizerMismatch, ["`l2`", "inputs alone"]) {
      try train(chain([1, 1, 1], hidden: .step, output: .step), rows([1], [1]), .mse, .perceptron)
    },
    Case(.optimizerMismatch, ["`l1`", "step", "adam"]) {
      try train(chain([1, 1], output: .step), rows([1], [1]), .mse, .adam)
    },
    Case(.optimizerMismatch, ["`l1`", "step", "sgd"]) {
      let network = try Network(chain([1, 1], output: .step))
      try network.activate([1])
      try network.propagate([1], rate: nil)
    },
    Case(.incompleteNetwork, ["`net`"]) { _ = try Network(name: "net").predict(rows([1], [])) },
    Case(.unknownParameter, ["`net`", "`l9/bias`"]) {
      try Network(chain([1, 1])).setParameters(ParameterKey(layer: "l9", role: .bias), to: [1])
    },
    Case(.shapeMismatch, ["`l1/bias`", "1", "2"]) {
      try Network(chain([1, 1])).setParameters(ParameterKey(layer: "l1", role: .bias), to: [1, 2])
    },
    Case(.shapeMismatch, ["`l0`", "2", "3"]) { try Network(chain([2, 1])).activate([1, 2, 3]) },
    Case(.shapeMismatch, ["`l0`", "2", "0"]) { try Network(chain([2, 1])).activate([]) },
    Case(.notActivated, ["activate"]) { try Network(chain([1, 1])).propagate([1], rate: 1) },
    Case(.shapeMismatch, ["1 number", "2 are given"]) {
      let network = try Network(chain([1, 1]))
      try network.activate([1])
      try network.propagate([1, 2], rate: nil)
    },
  ]

  private static func bad(_ words: String..., change: @escaping @Sendable (inout TrainingOptions) -> Void)
    -> Case
  {
    Case(.badValue, words) {
      var options = TrainingOptions(epochs: 1, batchSize: 1, loss: .mse, optimizer: .adam, rate: 1)
      change(&options)
      try Network(chain([2, 1])).train(xor, options, seed: 1)
    }
  }

  static let optionCases: [Case] = [
    bad("epochs=0") { $0.epochs = 0 },
    bad("batch=0") { $0.batchSize = 0 },
    bad("rate=-1") { $0.rate = -1 },
    bad("rate=nan") { $0.rate = .nan },
    bad("rate=inf") { $0.rate = .infinity },
    bad("validate=nan") { $0.validationFraction = .nan },
    bad("validate=1") { $0.validationFraction = 1 },
    bad("patience=0") { $0.patience = 0 },
    bad("momentum=1") { $0.optimizer = .sgd(momentum: 1) },
    bad("l1=-1") { $0.regularizer.l1 = -1 },
    bad("l2=nan") { $0.regularizer.l2 = .nan },
    bad("clip=0") { $0.clip = 0 },
    bad("decay=0") { $0.schedule = LearningRateSchedule(named: "step", decay: 0) ?? .constant },
    bad("decay=1") { $0.schedule = LearningRateSchedule(named: "cosine", decay: 1) ?? .constant },
    bad("period=0") { $0.schedule = LearningRateSchedule(named: "step", period: 0) ?? .constant },
  ]

  @Test func aLargeBatchIsOnlyTheData() throws {
    let options = TrainingOptions(epochs: 1, batchSize: .max, loss: .mse, optimizer: .adam, rate: 1)
    #expect(try Network(chain([2, 1])).train(xor, options, seed: 1).history.count == 1)
  }

  @Test func refusalChangesNothing() throws {
    let network = try Network(chain([1, 1]))
    let before = network.values
    #expect(throws: CodedError.self) {
      try network.train(
        Self.rows([1], [1]),
        TrainingOptions(epochs: 1, batchSize: 1, loss: .crossentropy, optimizer: .adam, rate: 1), seed: 1)
    }
    #expect(network.values == before && network.lastTraining == nil)
  }
}

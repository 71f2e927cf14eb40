/// A network's numbers, in one precision: parameters, optimizer and plans. It stands behind a protocol so
/// that ``Network`` need not be generic; every call does enough work to pay for that.
protocol Model: AnyObject {
  var computing: Computing { get }
  var layout: ParameterLayout { get }
  var parameterValues: [Double] { get set }
  /// What the optimizer remembers; one that does not fit the parameters is not taken.
  var optimizerState: OptimizerState { get set }
  func activate(_ inputs: [Double]) throws(EngineError)
  func repeatActivation()
  var activatedInputs: [Double] { get }
  var activatedOutputs: [Double] { get }
  var activatedOutputsAreFinite: Bool { get }
  func propagate(_ targets: [Double], loss: Loss, isPerceptron: Bool, rate: Double) throws(EngineError)
  func predict(_ examples: Examples) throws(EngineError) -> [Double]
  func values(ofLayer name: String, for row: Examples) throws(EngineError) -> [Double]?
  func differentiate(
    _ inputs: [Double], rows: Int, outputGradients: [Double]
  ) throws(EngineError) -> (parameters: [Double], inputs: [Double])
  func evaluate(_ examples: Examples, loss: Loss, penalty: Penalty) throws(EngineError) -> Evaluation
  func train(
    _ examples: Examples, validation: Examples?, _ options: TrainingOptions, control: TrainingControl,
    random: inout RandomStream
  ) throws(EngineError) -> TrainingResult
}

final class TypedModel<Scalar: EngineScalar>: Model {
  let computing: Computing
  private let graph: NetworkGraph
  private let parameters: Parameters<Scalar>
  private var optimizer: Optimizer<Scalar>
  /// Plain gradient descent, for `propagate`.
  private let onlineOptimizer: Optimizer<Scalar>
  /// One row at a time, for `activate` and `propagate`.
  private var online: Plan<Scalar>?
  private var answering: Plan<Scalar>?
  private var training: Plan<Scalar>?

  /// Rows that go through the network at once when it only answers.
  private static var answeringRows: Int { 256 }

  init(_ graph: NetworkGraph, _ layout: ParameterLayout, values: [Double], _ computing: Computing) {
    self.graph = graph
    self.computing = computing
    parameters = Parameters(layout, values: values)
    onlineOptimizer = Optimizer(.sgd(momentum: 0), parameters: parameters)
    optimizer = onlineOptimizer
  }

  var layout: ParameterLayout { parameters.layout }

  var parameterValues: [Double] {
    get { parameters.values.doubles }
    set { parameters.values.doubles = newValue }
  }

  var optimizerState: OptimizerState {
    get { optimizer.state }
    set {
      guard newValue.fits(layout.count) else { return }
      optimizer = Optimizer(newValue, parameters: parameters)
    }
  }

  private func makePlan(rows: Int, _ purpose: Plan<Scalar>.Purpose) throws(EngineError) -> Plan<Scalar> {
    Plan(
      try PlanBuilder(
        graph, parameters: parameters, capacity: rows, purpose: purpose, backend: computing.backend))
  }

  private func trainingPlan(rows: Int, _ purpose: Plan<Scalar>.Purpose) throws(EngineError) -> Plan<Scalar> {
    if let training, training.capacity == rows, training.purpose == purpose { return training }
    let plan = try makePlan(rows: rows, purpose)
    training = plan
    return plan
  }

  func activate(_ inputs: [Double]) throws(EngineError) {
    let plan = try onlinePlan()
    plan.setInputs(inputs)
    answer(plan)
  }

  /// Sends the last row through once more, with the parameters as they are now.
  func repeatActivation() {
    if let online { answer(online) }
  }

  private func answer(_ plan: Plan<Scalar>) {
    if let chain = plan.chain { chain.answer() } else { plan.forward(rows: 1) }
  }

  /// The plan of `activate`; `propagate` replaces it once by one that can train with its loss.
  private func onlinePlan() throws(EngineError) -> Plan<Scalar> {
    if let online { return online }
    let plan = try makePlan(rows: 1, .answering)
    online = plan
    return plan
  }

  var activatedInputs: [Double] { online?.inputValues ?? [] }

  var activatedOutputs: [Double] { online?.outputValues(rows: 1) ?? [] }

  var activatedOutputsAreFinite: Bool { online?.hasFiniteOutputs() ?? false }

  func propagate(_ targets: [Double], loss: Loss, isPerceptron: Bool, rate: Double) throws(EngineError) {
    let purpose = Plan<Scalar>.Purpose.training(loss, isPerceptron: isPerceptron)
    let plan = try onlinePlan()
    guard plan.purpose == purpose else { return try switchOnline(to: purpose, targets, rate: rate) }
    plan.setTargets(targets)
    step(plan, rate: rate)
  }

  /// Repeats the last activation in a plan that can train.
  private func switchOnline(
    to purpose: Plan<Scalar>.Purpose, _ targets: [Double], rate: Double
  ) throws(EngineError) {
    let plan = try makePlan(rows: 1, purpose)
    if let online { plan.setInputs(online.inputValues) }
    online = plan
    plan.forward(rows: 1)
    plan.setTargets(targets)
    step(plan, rate: rate)
  }

  private func step(_ plan: Plan<Scalar>, rate: Double) {
    if let chain = plan.chain { return chain.learn(rate: Scalar(rate)) }
    plan.backward(rows: 1, scale: 1)
    onlineOptimizer.step(rate: Scalar(rate))
  }

  private func answeringPlan() throws(EngineError) -> Plan<Scalar> {
    if let answering { return answering }
    let plan = try makePlan(rows: Self.answeringRows, .answering)
    answering = plan
    return plan
  }

  func predict(_ examples: Examples) throws(EngineError) -> [Double] {
    let plan = try answeringPlan()
    let samples = Samples<Scalar>(examples)
    let rows = examples.rows
    var outputs: [Double] = []
    let order = Array(0..<rows)
    order.withUnsafeBufferPointer { order in
      guard let first = order.baseAddress else { return }
      for start in stride(from: 0, to: rows, by: plan.capacity) {
        let count = min(plan.capacity, rows - start)
        plan.load(samples, order: first + start, rows: count)
        plan.forward(rows: count)
        outputs += plan.outputValues(rows: count)
      }
    }
    return outputs
  }

  func values(ofLayer name: String, for row: Examples) throws(EngineError) -> [Double]? {
    let plan = try answeringPlan()
    withUnsafePointer(to: 0) { plan.load(Samples(row), order: $0, rows: 1) }
    plan.forward(rows: 1)
    return plan.values(ofLayer: name)
  }

  func differentiate(
    _ inputs: [Double], rows: Int, outputGradients: [Double]
  ) throws(EngineError) -> (parameters: [Double], inputs: [Double]) {
    let plan = try makePlan(rows: rows, .differentiating)
    let samples = Samples<Scalar>(Examples(name: "", rows: rows, inputs: inputs))
    Array(0..<rows).withUnsafeBufferPointer { order in
      if let first = order.baseAddress { plan.load(samples, order: first, rows: rows) }
    }
    plan.forward(rows: rows)
    let inputGradients = plan.backward(rows: rows, outputGradients: outputGradients)
    return (parameters.gradients.doubles, inputGradients)
  }

  func evaluate(_ examples: Examples, loss: Loss, penalty: Penalty) throws(EngineError) -> Evaluation {
    let rows = min(examples.rows, Self.answeringRows)
    let plan = try makePlan(rows: rows, .training(loss, isPerceptron: false))
    var outputs: [Double] = []
    outputs.reserveCapacity(examples.targets.count)
    let measured = plan.measure(Samples(examples), rows: Array(0..<examples.rows)) {
      outputs += plan.outputValues(rows: $0)
    }
    let widths = plan.outputWidths
    let areClasses = plan.tellsClasses && examples.targetsAreClasses(widths, loss: loss)
    let answers = Answers(
      outputs: outputs, targets: examples.targets, width: widths.reduce(0, +), areClasses: areClasses,
      middle: loss.middle)
    // Classes told apart by several layers have no one table of right and wrong.
    return Evaluation(
      loss: measured.loss + parameters.cost(penalty), accuracy: areClasses ? measured.accuracy : nil,
      scores: areClasses && widths.count > 1 ? [] : answers.scores)
  }

  func train(
    _ examples: Examples, validation: Examples?, _ options: TrainingOptions, control: TrainingControl,
    random: inout RandomStream
  ) throws(EngineError) -> TrainingResult {
    let purpose = Plan<Scalar>.Purpose.training(options.loss, isPerceptron: options.optimizer == .perceptron)
    let plan = try trainingPlan(rows: min(options.batchSize, examples.rows), purpose)
    if optimizer.kind != options.optimizer {
      optimizer = Optimizer(options.optimizer, parameters: parameters)
    }
    var trainer = try Trainer(
      plan: plan, parameters: parameters, optimizer: optimizer, examples: examples,
      validation: validation, options: options,
      drawsInBatches: graph.layers.contains(where: \.isRandom), control: control, random: &random)
    return trainer.run(random: &random)
  }
}

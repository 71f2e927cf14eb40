import Foundations

/// A network's numbers in one precision: parameters, optimizer, and the plans that have been made for it.
final class Model {
  /// How it is computed; the precision stays.
  var options: ExecutionOptions
  let graph: NetworkGraph
  /// How many numbers a step has, where the graph takes sequences of any length.
  private let stepInputs: Int?
  let parameters: ParameterStore
  private let backend: CPUBackend
  private var updater: ParameterUpdater
  /// Plain gradient descent, for `propagate`.
  private let onlineUpdater: ParameterUpdater
  private var executions = ExecutionCache()
  /// The chains that were asked for, by what they follow; nil for what is none.
  private var chains: [ErrorSignal: SmallChain?] = [:]
  /// The chain of the last step by hand.
  private var online: (settings: OnlineSettings, chain: SmallChain?)?
  /// The network one step at a time, from the first such step on.
  private var stepper: Stepper?
  /// What gave the outputs of the last activation.
  private var activation: Activation?
  /// Whether the last training has come to where it changes parameters, also where it then threw.
  private(set) var hasBegunTraining = false

  private enum Activation {
    case chain(SmallChain)
    case plan(CPUExecution, inputs: [Double])
  }

  /// Rows that go through the network at once when it only predicts. Where state is carried on, they are one after the
  /// other.
  private var inferenceRows: Int { graph.carriesState ? 1 : 256 }
  /// How many go through at once where there are many: shards of more rows share what they read of the weights, and there are
  /// shards for many threads. The answers to a row do not depend on it.
  private func predictionRows(of samples: Samples) -> Int {
    guard !graph.carriesState else { return inferenceRows }
    var rows = inferenceRows
    while rows < samples.rows, rows < 4096, rows * graph.outputWidth < 1 << 21 { rows *= 2 }
    return rows
  }

  init(_ graph: NetworkGraph, _ layout: ParameterLayout, values: [Double], _ options: ExecutionOptions) {
    self.graph = graph
    self.options = options
    stepInputs = graph.takesAnyLength ? graph.inputWidth : nil
    parameters = ParameterStore(layout, values: values, options.precision)
    backend = CPUBackend(
      options.precision, parameters: parameters.values, processes: options.processes)
    onlineUpdater = ParameterUpdater(.sgd(), parameters)
    updater = onlineUpdater
  }

  var layout: ParameterLayout { parameters.layout }

  var parameterValues: [Double] {
    get { parameters.values.doubles }
    set { parameters.values.doubles = newValue }
  }

  /// Adds the parameters to a digest.
  func add(to digest: inout BitDigest) { parameters.values.add(to: &digest) }

  /// The gradient by the parameters that was computed last.
  var gradientValues: [Double] { parameters.gradients.doubles }

  /// What the optimizer remembers; one that does not fit the parameters is not taken.
  var optimizerState: OptimizerState {
    get { updater.state }
    set { if newValue.fits(layout.count) { updater = ParameterUpdater(newValue, parameters) } }
  }

  /// The plan for a purpose and so many rows, made ready.
  ///
  /// - Parameter steps: how many steps the rows have, where the graph takes sequences of any length.
  func execution(
    _ purpose: Plan.Purpose, rows: Int, steps: Int? = nil, keeping: Set<String> = [], rowWeights: Int = 0
  ) throws(CodedError) -> CPUExecution {
    let key = ExecutionCache.Key(
      purpose: purpose, rows: rows, steps: steps, keeping: keeping, rowWeights: rowWeights)
    if let known = executions[key] { return known }
    var graph = self.graph
    if let steps { graph = try graph.filled(steps: steps) }
    let plan = try Plan(
      graph, layout, purpose: purpose, capacity: rows, keeping: keeping, rowWeights: rowWeights)
    try plan.checkMemory(bytesEach: options.precision.bytes, parameters: layout.count)
    executions.makeRoom(for: plan.numbers, isOfSequences: steps != nil)
    let made = CPUExecution(plan, backend, gradients: parameters.gradients)
    executions[key] = made
    return made
  }

  /// A plan made ready that hands states to others.
  func execution(
    of plan: Plan, carrying states: CarriedStates, shardedAs other: Plan
  ) -> CPUExecution {
    var backend = backend
    backend.carried = states
    return CPUExecution(plan, backend, gradients: parameters.gradients, shardedAs: other)
  }

  /// Refuses sequences of which a batch does not fit into memory, or whose longest is too long for the network.
  func check(
    _ steps: SequenceSteps, _ purpose: Plan.Purpose, batch: Int, rowWeights: Int
  ) throws(CodedError) {
    var counts: [Int: Int] = [:]
    for length in steps.lengths { counts[length, default: 0] += 1 }
    var longest = steps.range.upperBound
    var graph = try self.graph.filled(steps: longest)
    if purpose.isDifferentiated, let segment = self.graph.segmentLength, segment < longest {
      (longest, graph) = (segment, try self.graph.ofSegment(steps: segment))
    }
    let plan = try Plan(graph, layout, purpose: purpose, capacity: 1, rowWeights: rowWeights)
    try plan.checkMemory(bytesEach: options.precision.bytes, parameters: layout.count)
    // What a row takes grows with its steps.
    let most =
      counts.map { length, rows in min(length, longest).multipliedOrMost(min(rows, batch)) }.max() ?? 0
    try MemoryLimit.check(
      [(most + longest - 1) / longest, plan.numbersPerRow], bytesEach: options.precision.bytes,
      for: "A batch of sequences of up to \(longest) steps through this network")
  }

  /// The chain of small layers that a network is; nil where it is none.
  private func chain(_ signal: ErrorSignal) -> SmallChain? {
    if graph.takesAnyLength { return nil }
    if let known = chains[signal] { return known }
    let made = SmallChain(graph, layout, parameters.values, gradients: parameters.gradients, signal)
    chains.updateValue(made, forKey: signal)
    return made
  }

  private func chain(_ settings: OnlineSettings) -> SmallChain? {
    if let online, online.settings === settings { return online.chain }
    let chain = chain(settings.signal)
    online = (settings, chain)
    return chain
  }
}

/// The last plans that were made: the same work again compiles nothing.
private struct ExecutionCache {
  struct Key: Hashable {
    let purpose: Plan.Purpose
    let rows: Int
    let steps: Int?
    let keeping: Set<String>
    let rowWeights: Int
  }

  private var entries: [(key: Key, execution: CPUExecution)] = []
  private static var limit: Int { 6 }
  /// Plans for sequences are as many as these have lengths.
  private static var mostLengths: Int { 256 }

  /// Lets go of the plans for sequences that were used longest ago, until there is room for another one.
  ///
  /// - Parameter numbers: how many it holds.
  mutating func makeRoom(for numbers: Int, isOfSequences: Bool) {
    guard isOfSequences else { return }
    let sizes = entries.map { $0.key.steps == nil ? 0 : $0.execution.plan.numbers }
    let kept = PlanRoom.kept(of: sizes, besides: numbers, atMost: ExecutionCache.mostLengths)
    entries.removeLast(entries.count - kept)
  }

  subscript(key: Key) -> CPUExecution? {
    mutating get {
      guard let place = entries.firstIndex(where: { $0.key == key }) else { return nil }
      if place > 0 { entries.insert(entries.remove(at: place), at: 0) }
      return entries[0].execution
    }
    set {
      guard let newValue else { return }
      entries.insert((key, newValue), at: 0)
      let isOver = key.steps == nil && entries.count { $0.key.steps == nil } > ExecutionCache.limit
      if isOver, let last = entries.lastIndex(where: { $0.key.steps == nil }) { entries.remove(at: last) }
    }
  }
}

/// A row at a time.
extension Model {
  /// Sends a row through the network.
  ///
  /// - Throws: `incomplete-network` or `too-large`.
  func activate(_ inputs: [Double], _ settings: OnlineSettings) throws(CodedError) {
    if let chain = chain(settings) {
      chain.predict(inputs)
      activation = .chain(chain)
    } else {
      let steps = steps(of: inputs)
      let execution = try execution(.inference, rows: 1, steps: steps)
      execution.setSteps(execution.plan.inputs, to: inputs, steps)
      _ = execution.run(BatchNumbers(rows: 1), threads: 1)
      activation = .plan(execution, inputs: inputs)
    }
  }

  /// How many steps a row has, where the graph takes sequences of any length.
  private func steps(of inputs: [Double]) -> Int? {
    stepInputs.map { inputs.count / max(1, $0) }
  }

  /// Sends one step of a sequence through the network.
  ///
  /// - Throws: `needs-steps`, `incomplete-network` or `too-large`.
  func step(_ inputs: [Double], from state: StepState?) throws(CodedError) -> StepState {
    if let stepper { return stepper.step(inputs, from: state) }
    let made = try Stepper(graph, layout, backend)
    stepper = made
    return made.step(inputs, from: state)
  }

  /// Sends steps through the network, one after the other from no state.
  ///
  /// - Parameter names: layers, and arrays within layers.
  /// - Returns: for each name what it holds after the steps, one after the other.
  /// - Throws: `needs-steps`, `incomplete-network`, `too-large` or `interrupted`.
  func walk(_ steps: [[Double]], seeing names: [String]) throws(CodedError) -> [[Double]] {
    let stepper = try Stepper(graph, layout, backend, keeping: Set(names))
    var seen = names.map { _ in [Double]() }
    var state: StepState?
    for step in steps {
      if Cancellation.isRequested() {
        throw CodedError(.interrupted, "This was stopped before all steps had gone through the network.")
      }
      state = stepper.step(step, from: state)
      for (place, name) in names.enumerated() { seen[place] += stepper.values(name) }
    }
    return seen
  }

  /// Sends the last row through once more, with the parameters as they are now.
  func repeatActivation() {
    switch activation {
    case .chain(let chain): chain.predictAgain()
    case .plan(let execution, let inputs):
      execution.setSteps(execution.plan.inputs, to: inputs, steps(of: inputs))
      _ = execution.run(BatchNumbers(rows: 1), threads: 1)
    case nil: break
    }
  }

  /// The row of the last activation.
  var activatedInputs: [Double] {
    switch activation {
    case .chain(let chain): chain.inputs
    case .plan(_, let inputs): inputs
    case nil: []
    }
  }

  /// The outputs of the last activation.
  var activatedOutputs: [Double] {
    switch activation {
    case .chain(let chain): chain.outputs
    case .plan(let execution, _): answers(of: execution, rows: 1)
    case nil: []
    }
  }

  /// Takes one step of plain gradient descent from the last activation.
  ///
  /// - Throws: `incomplete-network` or `too-large`.
  func propagate(_ targets: [Double], _ settings: OnlineSettings, rate: Double) throws(CodedError) {
    if let chain = chain(settings) {
      // The activation may have been that of another loss's chain.
      if case .chain(let last) = activation, last !== chain { chain.predict(last.inputs) }
      return chain.learn(targets, rate: rate)
    }
    let steps = steps(of: activatedInputs)
    let execution = try execution(
      .training(settings.signal, isTraining: false), rows: 1, steps: steps)
    execution.setSteps(execution.plan.inputs, to: activatedInputs, steps)
    execution.setSteps(
      execution.plan.targets, to: targets,
      graph.answersEachStep ? targets.count / max(1, graph.outputWidth) : nil)
    _ = execution.run(BatchNumbers(rows: 1), threads: options.threadCount)
    onlineUpdater.step(rate: rate, threads: options.threadCount)
  }
}

/// Many rows at a time.
extension Model {
  /// Sends rows through the network.
  ///
  /// - Returns: rows x output width; of sequences whose steps have answers, steps x output width.
  func predict(_ samples: Samples) throws(CodedError) -> Tensor {
    if samples.steps != nil {
      let answers = try answersByLength(samples, RowOrder(Array(0..<samples.rows)))
      let width = graph.outputWidth
      return Tensor(Dimensions([answers.count / max(1, width), width]), answers)
    }
    let execution = try execution(.inference, rows: predictionRows(of: samples))
    try MemoryLimit.check([samples.rows, graph.outputWidth], bytesEach: 8, for: "The outputs for all rows")
    let outputs = OutputRows(samples.rows, width: graph.outputWidth)
    try run(execution, samples, RowOrder(Array(0..<samples.rows))) { rows, _ in
      outputs.append(rows, of: execution)
    }
    return outputs.tensor
  }

  /// What a layer gives for the first row; nil when there is no such layer.
  func values(ofLayer name: String, for examples: Examples) throws(CodedError) -> [Double]? {
    guard graph.layer(name) != nil else { return nil }
    return try values(of: [name], for: examples)[name]
  }

  /// What layers, and arrays within layers, hold for the first row, by their names; nothing of those that there are not.
  func values(of names: [String], for examples: Examples) throws(CodedError) -> [String: [Double]] {
    let execution = try execution(
      .inference, rows: 1, steps: examples.steps?.length(ofRow: 0), keeping: Set(names))
    try run(execution, Samples(examples, options.precision), RowOrder([0])) { _, _ in }
    return execution.plan.layerValues.mapValues { execution.values($0, rows: 1) }
  }

  /// Runs a plan over rows, as many at a time as it takes; `isDone` is told how many each load had and what they lost.
  ///
  /// - Returns: whether all rows have been gone through.
  func run(
    _ execution: CPUExecution, _ samples: Samples, _ order: RowOrder, isInterrupted: () -> Bool,
    isDone: (Int, Double) -> Void
  ) -> Bool {
    let source = SampleSource(samples, order, for: execution.plan)
    for start in stride(from: 0, to: order.count, by: execution.plan.capacity) {
      source.start = start
      let rows = min(execution.plan.capacity, order.count - start)
      // Processes that share a batch do not ask within it.
      if execution.isShared, isInterrupted() { return false }
      guard
        let loss = execution.run(
          BatchNumbers(rows: rows, isFirst: start == 0), source: source, threads: options.threadCount,
          isInterrupted: isInterrupted)
      else { return false }
      isDone(rows, loss)
    }
    return true
  }

  /// Runs a plan over all rows.
  ///
  /// - Throws: `interrupted`; see ``Cancellation``.
  private func run(
    _ execution: CPUExecution, _ samples: Samples, _ order: RowOrder, isDone: (Int, Double) -> Void
  ) throws(CodedError) {
    guard run(execution, samples, order, isInterrupted: Cancellation.isRequested, isDone: isDone) else {
      throw .stoppedBeforeAllRows
    }
  }

  /// Takes a gradient by the outputs back.
  ///
  /// - Returns: the gradient by the parameters and by the inputs.
  func differentiate(
    _ examples: Examples, outputGradients: [Double]
  ) throws(CodedError) -> (parameters: [Double], inputs: [Double]) {
    if examples.steps != nil {
      return try differentiateByLength(examples, outputGradients: outputGradients)
    }
    let rows = examples.rows
    let execution = try execution(.differentiation, rows: rows)
    let widths = execution.plan.outputs.map { execution.plan.buffers[$0.number].width }
    let whole = widths.reduce(0, +)
    var start = 0
    for (buffer, width) in zip(execution.plan.outputGradients, widths) {
      let part = (0..<rows).flatMap { row in
        let first = row * whole + start
        return outputGradients[first..<first + width]
      }
      execution.set(buffer, to: part)
      start += width
    }
    parameters.gradients.clear()
    try run(execution, Samples(examples, options.precision), RowOrder(Array(0..<rows))) { _, _ in }
    return (parameters.gradients.doubles, execution.inputGradients(rows: rows))
  }

  /// The mean loss and what else can be said of some rows.
  func evaluate(
    _ examples: Examples, _ objective: Objective, regularizer: Regularizer
  ) throws(CodedError) -> Evaluation {
    if examples.steps != nil { return try evaluateByLength(examples, objective, regularizer: regularizer) }
    let execution = try execution(
      .evaluation(objective.signal), rows: min(examples.rows, inferenceRows),
      rowWeights: examples.weights == nil ? 0 : 1)
    var outputs: [Double] = []
    outputs.reserveCapacity(examples.targets.count)
    var totals = RowTotals(graph)
    try run(execution, Samples(examples, options.precision), RowOrder(Array(0..<examples.rows))) {
      rows, lost in
      outputs += execution.outputs(rows: rows)
      totals.take(lost, of: execution, rows: rows)
    }
    var predictions = predictions(outputs, examples.targets, objective)
    predictions.weights = graph.outputSteps == 1 ? examples.weights : nil
    let share =
      examples.weights.flatMap { _ in predictions.accuracy }
      ?? Double(totals.correct) / Double(examples.rows * execution.plan.answersPerRow)
    return evaluation(
      of: predictions, objective, accuracy: share, loss: totals.loss, losses: totals.tallies.map(\.loss),
      over: examples.wholeWeight, cost: parameters.cost(regularizer))
  }

  /// What predictions come to.
  ///
  /// - Parameters:
  ///   - loss: their losses added up, and `losses` those of each of several output layers.
  ///   - rows: how many rows or steps the losses are of.
  ///   - cost: what is added to the mean loss.
  func evaluation(
    of predictions: Predictions, _ objective: Objective, accuracy: Double, loss: Double, losses: [Double],
    over rows: Double, cost: Double = 0
  ) -> Evaluation {
    var evaluation = Evaluation(
      loss: loss / rows + cost, accuracy: predictions.task.isClassification ? accuracy : nil,
      scores: predictions.scores, predictions: predictions)
    guard objective.terms.count > 1 else { return evaluation }
    let parts = zip(graph.split(predictions, objective), zip(objective.terms, losses))
    evaluation.outputs = parts.map { own, term in
      var own = own
      own.weights = predictions.weights
      return OutputEvaluation(
        output: term.0.output,
        evaluation: Evaluation(
          loss: term.1 / rows, accuracy: own.accuracy, scores: own.scores, predictions: own))
    }
    return evaluation
  }

  /// The way batches of rows go: through a small chain where the network is one, and through a plan otherwise.
  private func batches(
    of rows: Int, _ setting: EpochSetting, _ step: TrainingStep, through execution: CPUExecution,
    _ signal: ErrorSignal, rowWeights: Int
  ) -> any EpochPass {
    let sharding = execution.sharding
    guard sharding.shards == 1, sharding.blockRows >= rows, rows <= SmallChain.mostRows, rowWeights == 0,
      setting.data.augmenter == nil, setting.data.samples.numbers != nil, let chain = chain(signal)
    else { return BatchPass(setting, step, through: execution) }
    if ChainPass.isFit(setting, step) { return ChainPass(setting, chain) }
    return ChainBatchPass(setting, step, chain)
  }

  /// Trains the network.
  ///
  /// - Throws: `incomplete-network`, `too-large` or `too-few-rows`; nothing has changed then, unless ``hasBegunTraining`` says so.
  func train(
    _ examples: Examples, validation: Examples?, _ training: TrainingOptions, _ objective: Objective,
    control: TrainingControl, resuming: TrainingProgress?, random: inout RandomStream
  ) throws(CodedError) -> TrainingResult {
    hasBegunTraining = false
    let countsCorrect = PredictionTask(graph, objective, targets: examples.targets).isClassification
    let isValidated = validation != nil || training.validationFraction != nil
    try training.checkMetrics(isValidated: isValidated, countsCorrect: countsCorrect)
    if training.keepsBest(isValidated: isValidated) {
      try MemoryLimit.check(
        [layout.count, 1 + training.optimizer.slots], bytesEach: options.precision.bytes,
        for: "The weights of the best epoch")
    }
    let signal: ErrorSignal = training.optimizer.isPerceptron ? .perceptron : objective.signal
    let batchRows = min(training.batchSize, examples.rows)
    let rowWeights = examples.weightsPerRow
    guard rowWeights <= 1 || rowWeights == graph.outputs.count else {
      throw CodedError(
        .badValue,
        "Each row of `\(examples.name)` has \(rowWeights) weights, but the network has \(graph.outputs.count) outputs."
      )
    }
    if let steps = examples.steps {
      try check(steps, .training(signal, isTraining: true), batch: batchRows, rowWeights: rowWeights)
      if let others = validation?.steps {
        try check(others, .evaluation(objective.signal), batch: 1, rowWeights: 0)
      } else if training.validationFraction != nil || control.watch != nil {
        // What is measured goes through as a whole, also where a training goes in segments.
        try check(steps, .evaluation(objective.signal), batch: 1, rowWeights: 0)
      }
    }
    let execution =
      examples.steps == nil
      ? try execution(.training(signal, isTraining: true), rows: batchRows, rowWeights: rowWeights) : nil
    var updater =
      self.updater.optimizer == training.optimizer
      ? self.updater : ParameterUpdater(training.optimizer, parameters)
    let start = random.position
    let data = try TrainingData(
      examples, validation, share: training.validationFraction, batch: training.batchSize, options.precision,
      random: &random)
    if let group = options.processes.group { data.merge(in: group) }
    let watched = control.watch.map { watchedRows($0, examples, validation, data, objective) }
    let measuring =
      (data.validation == nil && watched == nil) || examples.steps != nil
      ? nil : try self.execution(.evaluation(objective.signal), rows: inferenceRows)
    hasBegunTraining = true
    if let resuming, resuming.last.values.count == layout.count, resuming.last.optimizer.fits(layout.count) {
      parameters.values.doubles = resuming.last.values
      updater = ParameterUpdater(resuming.last.optimizer, parameters)
    }
    self.updater = updater
    let step = TrainingStep(
      parameters: parameters, updater: updater, training, threads: options.threadCount)
    let control = control.agreed(by: options.processes, each: execution?.isShared ?? true ? 1 : 64)
    let setting = EpochSetting(data, training, control, countsCorrect: countsCorrect)
    let sequences: SequenceBatches?
    let pass: any EpochPass
    if let execution {
      options.processes.group?.noteShards(execution.sharding.shards, rows: batchRows)
      sequences = nil
      pass = batches(of: batchRows, setting, step, through: execution, signal, rowWeights: rowWeights)
    } else {
      let batches = SequenceBatches(self, step, signal, data, training, rowWeights: rowWeights)
      sequences = batches
      pass = SequencePass(setting, batches)
    }
    let trainer = Trainer(
      pass, setting, parameters, updater, objective,
      drawsInBatches: graph.layers.contains(where: \.kind.base.drawsInTraining))
    let result = trainer.run(
      measure: { [self] samples, order in
        if let sequences {
          return sequences.noting { () throws(CodedError) in
            try measureByLength(
              objective.signal, samples, order, training.regularizer, watched,
              isInterrupted: control.isInterrupted)
          }
        }
        return measure(measuring, samples, order, control, training.regularizer, watched)
      },
      blame: { [self] in firstNonFiniteLayer(signal, data, $0, sequences, rowWeights) }, start: start,
      resuming: resuming, random: &random)
    if let failure = sequences?.failure { throw failure }
    return result
  }

  /// Trains under an online rule.
  ///
  /// - Returns: how it went, and the network with what it has learned.
  /// - Throws: `too-few-rows`, or what makes the options unfit; nothing has changed then.
  func train(
    _ network: OnlineNetwork, _ examples: Examples, validation: Examples?, _ training: TrainingOptions,
    _ objective: Objective, control: TrainingControl, random: inout RandomStream
  ) throws(CodedError) -> (TrainingResult, OnlineNetwork) {
    let countsCorrect = PredictionTask(graph, objective, targets: examples.targets).isClassification
    try training.checkMetrics(
      isValidated: validation != nil || training.validationFraction != nil, countsCorrect: countsCorrect)
    let start = random.position
    let data = try TrainingData(
      examples, validation, share: training.validationFraction, batch: 1, options.precision, random: &random)
    updater = onlineUpdater
    let rows = OnlineRows(network, examples, parameters, RowMeasure(objective, graph))
    let setting = EpochSetting(
      data, training, control.agreed(by: options.processes, each: 64), countsCorrect: countsCorrect)
    let trainer = Trainer(
      OnlinePass(setting, rows), setting, parameters, updater, objective, drawsInBatches: false)
    let result = trainer.run(
      measure: { _, order in rows.measure(validation ?? examples, order) },
      blame: { [self] _ in rows.network.firstNonFiniteLayer(graph) }, start: start, resuming: nil,
      random: &random)
    return (result, rows.network)
  }

  /// What else can be said of answers that have been computed row by row.
  func evaluate(_ outputs: [Double], _ examples: Examples, _ objective: Objective) -> Evaluation {
    let (measure, width) = (RowMeasure(objective, graph), graph.outputWidth)
    var (total, correct) = (0.0, 0.0)
    var losses = [Double](repeating: 0, count: objective.terms.count)
    for row in 0..<examples.rows {
      let places = row * width..<(row + 1) * width
      let measured = measure(outputs: Array(outputs[places]), targets: Array(examples.targets[places]))
      let weight = examples.weights?[row] ?? 1
      total += weight * measured.loss
      correct += measured.isCorrect ? weight : 0
      for (place, loss) in measured.losses.enumerated() { losses[place] += weight * loss }
    }
    var predictions = predictions(outputs, examples.targets, objective)
    predictions.weights = examples.weights
    let rows = examples.wholeWeight
    return evaluation(
      of: predictions, objective, accuracy: correct / rows, loss: total, losses: losses, over: rows)
  }

  /// Outputs beside their targets, for what can be said of them: an answer a row, or one a step.
  private func predictions(_ outputs: [Double], _ targets: [Double], _ objective: Objective) -> Predictions {
    Predictions(
      outputs: outputs, targets: targets, width: graph.outputWidth / graph.outputSteps,
      task: PredictionTask(graph, objective, targets: targets))
  }

  private func measure(
    _ execution: CPUExecution?, _ samples: Samples, _ order: RowOrder, _ control: TrainingControl,
    _ regularizer: Regularizer, _ watched: WatchedRows?
  ) -> EpochMeasurement? {
    guard let execution else { return nil }
    var totals = RowTotals(graph)
    var outputs: [Double] = []
    outputs.reserveCapacity(watched?.count ?? 0)
    let isWhole = run(execution, samples, order, isInterrupted: control.isInterrupted) { rows, lost in
      totals.take(lost, of: execution, rows: rows)
      if watched != nil { outputs += execution.outputs(rows: rows) }
    }
    guard isWhole else { return nil }
    let rows = Double(order.count)
    let answers = rows * Double(execution.plan.answersPerRow)
    return EpochMeasurement(
      loss: totals.loss / rows + parameters.cost(regularizer), accuracy: Double(totals.correct) / answers,
      watched: watched?.values(outputs) ?? [], tallies: totals.tallies)
  }

  /// The rows that watched metrics are measured on: those kept aside, or else those trained on.
  private func watchedRows(
    _ watch: Watch, _ examples: Examples, _ validation: Examples?, _ data: TrainingData,
    _ objective: Objective
  ) -> WatchedRows {
    var targets = (validation ?? examples).targets
    if validation == nil {
      let order = data.validation?.order ?? data.plainOrder
      targets = examples.targets.rows(
        (0..<order.count).map { order[$0] }, width: graph.outputWidth, steps: examples.steps?.ofTargets)
    }
    // Only the outputs differ from epoch to epoch.
    let known = predictions([], targets, objective)
    return WatchedRows(watch: watch, count: targets.count) { outputs in
      Predictions(outputs: outputs, targets: known.targets, width: known.width, task: known.task)
    }
  }

  /// The name of the first layer, in the order of the computation, that gives a number that is not finite for a batch.
  /// When there is none, the loss itself has grown too large, and the last layer is named.
  private func firstNonFiniteLayer(
    _ signal: ErrorSignal, _ data: TrainingData, _ batch: TrainingBatch, _ sequences: SequenceBatches?,
    _ rowWeights: Int
  ) -> String? {
    let names = (try? graph.sorted())?.map(\.name) ?? []
    let parts =
      sequences?.groups(of: batch).map { ($0.places, Int?.some($0.steps)) }
      ?? [(batch.start..<batch.start + batch.rows, nil)]
    for (places, steps) in parts {
      guard let graph = try? steps.map({ try self.graph.filled(steps: $0) }) ?? self.graph,
        let plan = try? Plan(
          graph, layout, purpose: .training(signal, isTraining: true), capacity: places.count,
          keeping: Set(names), rowWeights: rowWeights),
        // A training in segments goes through sequences that may not fit as a whole.
        (try? plan.checkMemory(bytesEach: options.precision.bytes, parameters: layout.count)) != nil
      else { return names.last }
      let scratch = NumberBuffer(layout.count, options.precision)
      let execution = CPUExecution(plan, backend, gradients: scratch)
      let source = SampleSource(data.samples, data.order, for: plan, data.augmenter)
      source.start = places.lowerBound
      source.epoch = batch.epoch
      var numbers = batch.numbers
      numbers.rows = places.count
      _ = execution.run(numbers, source: source, threads: 1)
      let first = names.first { name in
        plan.layerValues[name].map { execution.values($0, rows: places.count).contains { !$0.isFinite } }
          ?? false
      }
      if let first { return first }
    }
    return names.last
  }
}

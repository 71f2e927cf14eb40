public import Foundations

extension Network {
  /// The loss that a training would use.
  ///
  /// - Throws: `incomplete-network`.
  public func effectiveLoss(_ loss: Loss? = nil) throws(CodedError) -> Loss {
    try effectiveObjective(loss).loss
  }

  /// The loss of each output layer that a training would use, and how much it counts.
  ///
  /// - Parameters:
  ///   - loss: one for all output layers, in place of what the defaults say.
  ///   - defaults: the network's, unless given.
  /// - Throws: `incomplete-network`, `loss-mismatch`, `bad-value`, or `unknown-layer` for an output that there is not.
  public func effectiveObjective(
    _ loss: Loss? = nil, _ defaults: TrainingDefaults? = nil
  ) throws(CodedError) -> Objective {
    _ = try graph.sorted()
    let defaults = defaults ?? self.defaults
    let outputs = graph.outputs
    let names = Set(outputs.map(\.name))
    let given = Set(defaults.outputLosses.keys).union(defaults.lossWeights.keys)
    if let stranger = given.subtracting(names).min() {
      throw CodedError(
        .unknownLayer,
        "`\(stranger)` is no output layer of `\(name)`, and only these have a loss. Its outputs are "
          + "\(outputs.map { "`\($0.name)`" }.joined(separator: ", ")).")
    }
    let objective = Objective(
      outputs.map { layer in
        Objective.Term(
          output: layer.name,
          loss: loss ?? defaults.outputLosses[layer.name] ?? defaults.loss ?? Loss.fitting(layer.activation),
          weight: defaults.lossWeights[layer.name] ?? 1)
      })
    try objective.check(fits: graph)
    return objective
  }

  /// What the outputs are predictions of, with the losses that `train` and `evaluate` take by themselves.
  public var task: PredictionTask {
    PredictionTask(graph, (try? effectiveObjective()) ?? Objective(.mse, for: graph))
  }

  /// The parameters by layer and edge, in the order of the computation; nil while there are none.
  public var parameters: [(slice: ParameterLayout.Slice, values: [Double])]? {
    guard let model else { return nil }
    let values = model.parameterValues
    return model.layout.slices.map { ($0, Array(values[$0.range])) }
  }

  /// Replaces the parameters of a key.
  ///
  /// - Throws: `incomplete-network`, `unknown-parameter` or `shape-mismatch`.
  public func setParameters(_ key: ParameterKey, to values: [Double]) throws(CodedError) {
    let model = try prepared()
    guard let slice = model.layout.slice(key) else {
      throw CodedError(.unknownParameter, "The network `\(name)` has no parameters `\(key)`.")
    }
    guard values.count == slice.count else {
      throw CodedError(
        .shapeMismatch, "`\(key)` has \(slice.count.numbersText), but \(values.count) are given.")
    }
    var all = model.parameterValues
    all.replaceSubrange(slice.range, with: values)
    model.parameterValues = all
    noteChange()
  }

  /// Sends one row through the network. ``outputs`` has the answer.
  ///
  /// - Parameter inputs: one number for each input.
  /// - Throws: `shape-mismatch` or `bad-word`.
  public func activate(_ inputs: [Double]) throws(CodedError) {
    if defaults.rule.isOnline { try readyOnline() }
    if !defaults.rule.isOnline, let stepWidth, inputs.count == stepWidth,
      inputs.count != inputWidth || !graph.takesSequences || takesAnyLength
    {
      return try activateStep(inputs)
    }
    if takesAnyLength, !defaults.rule.isOnline {
      let row = try Examples(name: "activate", rows: 1, inputs: inputs).matched(to: graph)
      try row.checkInputs(of: graph)
    } else if inputs.count != inputWidth || readsWords {
      if let stepWidth, stepWidth != inputWidth, inputs.count != inputWidth, !defaults.rule.isOnline {
        throw CodedError(
          .shapeMismatch,
          "`activate` takes one step, \(stepWidth.numbersText), or a whole sequence, \(inputWidth.numbersText), and these are "
            + "\(inputs.count). `predict` takes several sequences.", suggestion: "predict")
      }
      if inputs.count > inputWidth, inputWidth > 0, inputs.count.isMultiple(of: inputWidth) {
        throw CodedError(
          .shapeMismatch,
          "`activate` takes one row of \(inputWidth) number\(inputWidth == 1 ? "" : "s"), and these are "
            + "\(inputs.count / inputWidth) rows. `predict` takes several.", suggestion: "predict")
      }
      try Examples(name: "activate", rows: 1, inputs: inputs).checkInputs(of: graph)
    }
    answersStep = false
    if online != nil {
      online?.activate(inputs)
      isActivated = true
      return
    }
    let model = try prepared()
    // Where the loss does not fit, what is activated gives the same outputs all the same.
    try model.activate(
      inputs,
      (try? onlineSettings()) ?? OnlineSettings(signal: .loss(.mse), rate: 0, width: graph.outputWidth))
    isActivated = true
    activatedVersion = version
  }

  /// The answer to the last ``activate(_:)``.
  public var outputs: [Double] {
    if answersStep { return steps?.outputs ?? [] }
    return defaults.rule.isOnline ? online?.outputs ?? [] : model?.activatedOutputs ?? []
  }

  /// Takes one step of plain gradient descent (or of the perceptron rule) from the last ``activate(_:)``.
  ///
  /// - Throws: `not-activated`, `shape-mismatch`, or what makes the loss unfit for the network.
  public func propagate(_ targets: [Double], rate: Double?) throws(CodedError) {
    guard !answersStep else {
      throw CodedError(
        .needsSteps,
        "The last `activate` was one step of a sequence, and gradient descent learns from whole ones: "
          + (graph.takesSequences
            ? "activate all \(inputWidth.numbersText) of one, or use `train`."
            : "give the input steps and features, as in layer inp input 30x2, or let each row be a step: net \(name) rule=synaptic")
      )
    }
    guard isActivated else {
      throw CodedError(
        .notActivated, "`propagate` learns from the last `activate`, and there was none: activate [0, 1]")
    }
    if defaults.rule.isOnline {
      try readyOnline()
      try checkTargets(targets, width: online?.outputCount ?? graph.outputWidth)
      let errors = try onlineErrors(targets)
      online?.propagate(errors, rate: rate ?? defaults.rate ?? LearningRule.stepRate)
      return noteLearning()
    }
    let model = try prepared()
    // The gradient is that of the weights as they are now, which need not be those that gave the answer.
    if activatedVersion != version {
      model.repeatActivation()
      activatedVersion = version
    }
    let settings = try onlineSettings()
    try checkTargets(targets, width: answersEachStep ? outputs.count : settings.width)
    noteChange()
    try model.propagate(targets, settings, rate: rate ?? settings.rate)
  }

  /// Refuses targets that nothing can be learned from, and an answer that has grown beyond all numbers.
  ///
  /// - Throws: `shape-mismatch`, `not-finite` or `training-diverged`.
  private func checkTargets(_ targets: [Double], width: Int) throws(CodedError) {
    guard targets.count == width else {
      throw CodedError(
        .shapeMismatch,
        "The network gives \(width) number\(width == 1 ? "" : "s"), but \(targets.count) "
          + "\(targets.count == 1 ? "is" : "are") given as targets.")
    }
    // A NaN would spread to every weight, and there is no way back from it.
    guard targets.allSatisfy(\.isFinite) else {
      throw CodedError(.notFinite, "`propagate` needs targets that are finite numbers.")
    }
    guard outputs.allSatisfy(\.isFinite) else {
      throw CodedError(
        .trainingDiverged,
        "The last `activate` gave no finite number, so there is nothing to learn from it: the weights have grown "
          + "too large. Draw new ones with `reset weights`, and take a smaller rate.",
        suggestion: "reset weights")
    }
  }

  /// How each output should change under an online rule.
  ///
  /// - Throws: what makes the loss unfit for the network, where the rule follows it.
  private func onlineErrors(_ targets: [Double]) throws(CodedError) -> [Double] {
    guard let online else { return [] }
    if online.rule.followsLoss, measureCache == nil {
      measureCache = RowMeasure(try effectiveObjective(), graph)
    }
    return online.errors(measureCache, targets)
  }

  private func onlineSettings() throws(CodedError) -> OnlineSettings {
    if let onlineCache { return onlineCache }
    let optimizer = defaults.optimizer ?? .sgd()
    try checkSteps(optimizer)
    let settings = OnlineSettings(
      signal: optimizer.isPerceptron ? .perceptron : try effectiveObjective().signal,
      rate: defaults.rate ?? optimizer.defaultRate, width: graph.outputWidth)
    onlineCache = settings
    return settings
  }

  /// Sends rows through the network.
  ///
  /// - Parameter inputs: rows x input width.
  /// - Returns: rows x output width; of sequences whose steps have answers, those of all steps one after the other.
  /// - Throws: `shape-mismatch`.
  public func predict(_ examples: Examples) throws(CodedError) -> [Double] {
    let model = try prepared()
    try checkRule(examples)
    let examples = try examples.matched(to: graph)
    try examples.checkInputs(of: graph)
    if goesInOrder { return try answers(inOrder: examples.inputs, rows: examples.rows) }
    return try model.predict(Samples(examples, model.options.precision)).values
  }

  /// How many answers the network gives to each row of examples: one, or one for each step of its output layer.
  ///
  /// - Throws: what a layer finds wrong with a length.
  public func answers(ofRows examples: Examples) throws(CodedError) -> [Int] {
    guard graph.takesAnyLength else { return [Int](repeating: graph.outputSteps, count: examples.rows) }
    let steps = try examples.matched(to: graph).steps
    return try graph.answers(forSteps: steps?.lengths ?? [])
  }

  /// Sends the rows of an array through the network; neither they nor the outputs are copied on the way.
  ///
  /// - Parameter inputs: rows x input width; `name` is what a message calls them.
  /// - Returns: rows x output width, a constant.
  /// - Throws: `shape-mismatch` or `bad-word`.
  public func predict(_ inputs: Tensor, rows: Int, named name: String) throws(CodedError) -> Tensor {
    let model = try prepared()
    if graph.takesAnyLength {
      let sequences = try Examples(name: name, rows: rows, inputs: inputs.values).matched(to: graph)
      try sequences.checkInputs(of: graph)
      return try model.predict(Samples(sequences, model.options.precision))
    }
    if readsWords {
      try Examples(name: name, rows: rows, inputs: inputs.values).checkInputs(of: graph)
    } else {
      try graph.checkInputs(rows == 0 ? 0 : inputs.count / rows, of: name)
    }
    if goesInOrder {
      return Tensor(
        Dimensions([rows, graph.outputWidth]), try answers(inOrder: inputs.values, rows: rows))
    }
    return try model.predict(Samples(inputs, rows: rows, model.options.precision))
  }

  /// What an inner layer gives when one row is sent through the network, as when it answers: dropout passes
  /// everything on, and a batch normalisation uses its running metrics.
  ///
  /// - Parameter row: examples, of which the first counts.
  /// - Returns: the layer's numbers in the order of its shape.
  /// - Throws: `shape-mismatch` or `unknown-layer`.
  public func values(ofLayer layer: String, for row: Examples) throws(CodedError) -> [Double] {
    let model = try prepared()
    let row = try row.matched(to: graph)
    try row.checkInputs(of: graph)
    if goesInOrder, let kind = graph.layer(layer) {
      var values: [Double] = []
      _ = try answers(inOrder: row.inputs, rows: 1) { values = $0.activations(of: kind, graph) }
      return values
    }
    guard let values = try model.values(ofLayer: layer, for: row) else {
      throw CodedError(.unknownLayer, "The network `\(name)` has no layer `\(layer)`.")
    }
    return values
  }

  /// Takes a gradient by the network's answers back through it.
  ///
  /// - Parameters:
  ///   - examples: the rows that were answered.
  ///   - outputGradients: the gradient by the answers, rows x output width.
  /// - Returns: the gradient by the parameters, in the order of ``parameters``, and by the inputs.
  /// - Throws: `incomplete-network`, or `too-large`.
  public func differentiate(
    _ examples: Examples, outputGradients: [Double]
  ) throws(CodedError) -> (parameters: [[Double]], inputs: [Double]) {
    let model = try prepared()
    let examples = try examples.matched(to: graph)
    if goesInOrder {
      throw CodedError(
        .needsSteps,
        "`\(name)` learns online and keeps a state from row to row, so no gradient goes back through it. `propagate` and "
          + "`train` change its weights.")
    }
    if let layer = graph.statefulLayer, examples.rows > 1 {
      throw CodedError(
        .needsSteps,
        "`\(layer.name)` is stateful: what it answers to a row hangs on the rows before, and no gradient goes back through these. "
          + "Differentiate one row, or leave stateful= out.")
    }
    let result = try model.differentiate(examples, outputGradients: outputGradients)
    return (model.layout.slices.map { Array(result.parameters[$0.range]) }, result.inputs)
  }

  /// The mean loss over some rows, with what the weights cost by ``defaults``, and what suits the targets: how well
  /// classes are told apart, or how much of the amounts' spread is explained.
  ///
  /// - Throws: what makes the data or the loss unfit for the network.
  public func evaluate(_ examples: Examples, loss: Loss? = nil) throws(CodedError) -> Evaluation {
    try evaluate(examples, effectiveObjective(loss))
  }

  /// The same, with a loss for each output layer.
  public func evaluate(_ examples: Examples, _ objective: Objective) throws(CodedError) -> Evaluation {
    let model = try prepared()
    try objective.check(fits: graph)
    try checkRule(examples)
    let fitted = try examples.fitted(to: graph, objective)
    let objective = objective.telling(classesOf: fitted.targets, graph)
    if goesInOrder {
      return model.evaluate(
        try answers(inOrder: fitted.inputs, rows: fitted.rows), fitted, objective)
    }
    return try model.evaluate(fitted, objective, regularizer: defaults.regularizer)
  }

  /// Trains the network. Nothing has changed when it throws, but for weights where memory runs out after the training has begun.
  ///
  /// - Parameters:
  ///   - validation: rows to measure on after each epoch, besides any that the options keep aside.
  ///   - resuming: where an earlier training with the same options and data stopped; the random numbers are then those
  ///     that it began with.
  /// - Throws: what makes the options, the data or the loss unfit for the network.
  public func train(
    _ examples: Examples, validation: Examples? = nil, _ options: TrainingOptions,
    control: TrainingControl = TrainingControl(), resuming: TrainingProgress? = nil,
    random: inout RandomStream
  ) throws(CodedError) -> TrainingResult {
    let model = try prepared()
    try options.check()
    var objective = options.objective ?? Objective(options.loss, for: graph)
    try objective.check(fits: graph)
    if defaults.rule.isOnline {
      return try trainOnline(
        examples, validation: validation, options, objective, control: control, resuming: resuming,
        random: &random)
    }
    try checkSteps(options.optimizer)
    try checkCarriedState(options, examples)
    let fitted = try examples.fitted(to: graph, objective)
    objective = objective.telling(classesOf: fitted.targets, graph)
    if options.optimizer.isPerceptron { try fitted.checkStepTargets() }
    let watched = try fit(validation, objective)
    // A measurement after an epoch can fail where memory has run out meanwhile.
    defer {
      if model.hasBegunTraining {
        isActivated = false
        noteChange()
      }
    }
    let result = try model.train(
      fitted, validation: watched, options, objective, control: control, resuming: resuming, random: &random)
    lastTraining = result
    lastTrainingData = examples.name
    return result
  }

  /// Refuses what would part rows from those that they go on from.
  ///
  /// - Throws: `bad-value`.
  private func checkCarriedState(_ options: TrainingOptions, _ examples: Examples) throws(CodedError) {
    let rows = examples.rows
    guard let layer = graph.statefulLayer else { return }
    let reason =
      "`\(layer.name)` is stateful: each row of a batch goes on from the same row of the batch before, so "
    if options.shuffles {
      throw CodedError(
        .badValue, reason + "rows stay in their order. Use shuffle=false.", suggestion: "shuffle=false")
    }
    if options.validationFraction != nil {
      throw CodedError(
        .badValue,
        reason
          + "none of them can be drawn for validation. Leave validate= out, or keep the last ones aside: split \(examples.name) "
          + "validate=20% by=time")
    }
    let batch = options.batchSize
    guard batch < rows ? rows.isMultiple(of: batch) : batch == rows else {
      let fitting = (1...max(1, min(batch, rows))).last { rows.isMultiple(of: $0) } ?? 1
      throw CodedError(
        .badValue,
        reason
          + "all batches have as many, and \(rows) rows are not divided by \(batch). Use batch=\(fitting).",
        suggestion: "batch=\(fitting)")
    }
  }

  private func trainOnline(
    _ examples: Examples, validation: Examples?, _ options: TrainingOptions, _ objective: Objective,
    control: TrainingControl, resuming: TrainingProgress?, random: inout RandomStream
  ) throws(CodedError) -> TrainingResult {
    try checkRule(examples)
    if let validation { try checkRule(validation) }
    try defaults.rule.check(options, isWeighted: examples.weightsPerRow > 0)
    guard resuming == nil, control.checkpoint == nil else {
      throw CodedError(
        .optimizerMismatch,
        "Under rule=\(defaults.rule.rawValue) a training goes on from the network's state, which a checkpoint does not hold. "
          + "Leave checkpoint= and resume= out; a session's file holds it.")
    }
    guard control.watch == nil else {
      throw CodedError(
        .optimizerMismatch,
        "Under rule=\(defaults.rule.rawValue) a training measures loss and accuracy alone. Leave metrics= out; `evaluate` has more."
      )
    }
    guard examples.augmentation == nil else {
      throw CodedError(
        .optimizerMismatch,
        "Under rule=\(defaults.rule.rawValue) rows are the steps of a sequence, and an augmented image or signal is none. "
          + "Take rule=gradient.", suggestion: "rule=gradient")
    }
    let fitted = try examples.fitted(to: graph, objective)
    let objective = objective.telling(classesOf: fitted.targets, graph)
    let watched = try fit(validation, objective)
    try readyOnline()
    let model = try prepared()
    guard let network = online else {
      throw CodedError(.badState, "The network `\(name)` cannot learn online.")
    }
    let (result, learned) = try model.train(
      network, fitted, validation: watched, options, objective, control: control, random: &random)
    // Weights go by the model, which may have those of a better epoch.
    online = learned
    noteChange()
    isActivated = false
    lastTraining = result
    lastTrainingData = examples.name
    return result
  }

  private func fit(_ validation: Examples?, _ objective: Objective) throws(CodedError) -> Examples? {
    guard let validation else { return nil }
    return try validation.fitted(to: graph, objective)
  }

  /// Refuses an optimizer that cannot teach the network's step units, or that needs step units.
  ///
  /// - Throws: `optimizer-mismatch`.
  private func checkSteps(_ optimizer: Optimizer) throws(CodedError) {
    let steps = graph.layers.filter { $0.activation == .step }
    if optimizer.isPerceptron {
      for layer in graph.layers where !layer.isInput {
        let isFedByInputs = graph.edges(into: layer.name).allSatisfy {
          graph.layer($0.source)?.isInput == true
        }
        guard layer.activation == .step, isFedByInputs else {
          throw CodedError(
            .optimizerMismatch,
            "The perceptron rule teaches step units that are fed by inputs alone, and `\(layer.name)` is not "
              + "one. Use optimizer=sgd with a smooth activation, such as sigmoid.",
            suggestion: "optimizer=sgd")
        }
      }
    } else if let layer = steps.first {
      throw CodedError(
        .optimizerMismatch,
        "`\(layer.name)` has the activation step, whose derivative is 0 everywhere, so \(optimizer.name) cannot "
          + "learn through it. Use the perceptron rule, `net \(name) optimizer=perceptron`, or a smooth activation such as "
          + "sigmoid.",
        suggestion: "net \(name) optimizer=perceptron")
    }
  }
}

extension Network {
  /// What one training step, or a prediction, does.
  ///
  /// - Parameter steps: how many steps the rows have, where the network takes sequences of any length.
  /// - Throws: `incomplete-network`, or what makes the loss unfit for the network.
  package func planSummary(
    training: Bool, batch: Int, steps: Int = 1, precision: Precision
  ) throws(CodedError) -> PlanSummary {
    if training, defaults.rule.isOnline {
      throw CodedError(
        .needsSteps,
        "Under rule=\(defaults.rule.rawValue) `\(name)` is computed unit by unit and learns after each row, without a plan."
      )
    }
    let layout = try ParameterLayout(graph)
    let isPerceptron = defaults.optimizer?.isPerceptron ?? false
    let signal: ErrorSignal =
      isPerceptron ? .perceptron : try effectiveObjective().telling(classesOf: [], graph).signal
    let plan = try Plan(
      graph.filled(steps: steps), layout,
      purpose: training ? .training(signal, isTraining: true) : .inference, capacity: batch)
    try plan.checkMemory(bytesEach: precision.bytes, parameters: layout.count)
    return PlanSummary(plan, parameters: layout.count, bytesEach: precision.bytes)
  }
}

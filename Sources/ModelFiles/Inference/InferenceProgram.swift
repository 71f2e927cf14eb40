package import Datasets
package import Foundations
package import NeuralEngine

/// A network as a list of operations, with its numbers and the scales of its data: what every form that leaves nbs is made
/// of. The operations are those of the engine's own plan, so a new kind of layer that is lowered to known ones can leave
/// without a word about it here.
///
/// Buffers hold arrays with the channels last, as everywhere in the engine.
package struct InferenceProgram {
  /// What leaves.
  package let network: SavedNetwork
  /// The operations, none of them fused.
  package let plan: Plan
  /// The layers where data enters, in the order of its columns, and those that give the answer.
  package let inputs: [Layer]
  package let outputs: [Layer]
  /// The scale of each number that it answers; nil where targets stay as they are.
  private let answerScales: [Preparation.Scale]?

  /// Lays out a network.
  ///
  /// - Throws: `incomplete-network`, or `not-finite` for weights that nothing can be computed with.
  package init(_ network: SavedNetwork) throws(CodedError) {
    let graph = network.graph
    if network.defaults.rule.isOnline, graph.hasMemory {
      throw CodedError(
        .noCounterpart,
        "`\(network.name)` keeps what it knows from row to row under its online rule, for which no other format has a form "
          + "here. Save it as \"\(network.name).safetensors\".",
        suggestion: "\(network.name).safetensors")
    }
    if let layer = graph.statefulLayer {
      throw CodedError(
        .noCounterpart,
        "`\(layer.name)` is stateful: each row goes on from the row before, for which no other format has a form here. Save it as "
          + "\"\(network.name).safetensors\".",
        suggestion: "\(network.name).safetensors")
    }
    let layout = try ParameterLayout(graph)
    for slice in layout.slices where !network.learned.values[slice.range].allSatisfy(\.isFinite) {
      throw .notFinite(weightsOf: slice.layer)
    }
    self.network = network
    plan = try Plan(
      graph, layout, purpose: .inference, capacity: 1, keeping: Set(graph.layers.map(\.name)), fusions: [])
    inputs = graph.inputs
    outputs = graph.outputs
    answerScales = network.outputScales
  }

  private init(_ network: SavedNetwork, _ plan: Plan, _ answerScales: [Preparation.Scale]?) {
    self.network = network
    self.answerScales = answerScales
    inputs = network.graph.inputs
    outputs = network.graph.outputs
    self.plan = plan
  }

  /// The same network by another plan.
  package func with(_ plan: Plan) -> InferenceProgram { InferenceProgram(network, plan, answerScales) }

  /// The network as it goes through a sequence one step at a time, from what the steps before have left; nil where it keeps
  /// nothing, looks at several steps at once, or was trained on data that was scaled otherwise at each step.
  package static func oneStep(of network: SavedNetwork) throws(CodedError) -> InferenceProgram? {
    let graph = network.graph
    guard graph.sequenceLength != nil, graph.stepWidth != nil else { return nil }
    let step = try graph.oneStep()
    var network = network
    let layout = try ParameterLayout(graph)
    let plan = try Plan(oneStepOf: step, layout)
    if plan.states.isEmpty { return nil }
    var answers = network.outputScales
    if let all = answers {
      answers = all.ofOneStep(graph.outputs.map { (step.width(of: $0), graph.width(of: $0)) })
      if answers == nil { return nil }
    }
    if let preparation = network.preparation {
      let widths = graph.inputs.map { (step: step.width(of: $0), all: graph.width(of: $0)) }
      guard let inputs = preparation.inputs.ofOneStep(widths) else { return nil }
      network.preparation = Preparation(inputs: inputs)
    }
    network.graph = step
    return InferenceProgram(network, plan, answers)
  }

  /// A buffer's description.
  package func buffer(_ id: BufferID) -> PlanBuffer { plan.buffers[id.number] }

  /// The numbers of a parameter.
  package func parameters(_ id: BufferID) -> [Double] {
    guard case .parameters(let range) = buffer(id).extent else { return [] }
    return Array(network.learned.values[range])
  }

  /// The layer that a step belongs to.
  package func layer(_ step: Step) -> Layer? { network.graph.layer(step.layer) }

  /// The shape that a layer gives.
  package func shape(_ layer: Layer) -> [Int] { network.graph.shape(of: layer) ?? [] }

  /// The scales of an input layer's columns: one for all, one a column, or none where the data is taken as it is.
  package func inputScales(_ number: Int) -> [Preparation.Scale] {
    guard let all = network.preparation?.inputs, all.contains(where: { $0 != Preparation.Scale() }) else {
      return []
    }
    if all.count == 1 { return all }
    let start = inputs[..<number].reduce(0) { $0 + network.graph.width(of: $1) }
    return Array(all[start..<start + network.graph.width(of: inputs[number])])
  }

  /// The scales of an output layer's numbers, a scale a number; none where they are what is asked for.
  package func outputScales(_ number: Int) -> [Preparation.Scale] {
    guard let all = answerScales else { return [] }
    let start = outputs[..<number].reduce(0) { $0 + network.graph.width(of: $1) }
    return Array(all[start..<start + network.graph.width(of: outputs[number])])
  }
}

extension SavedNetwork {
  /// The scale of each number that the network answers; nil where targets stay as they are.
  var outputScales: [Preparation.Scale]? {
    let own = graph.outputs.map { layer in
      Objective.Term(
        output: layer.name,
        loss: defaults.outputLosses[layer.name] ?? defaults.loss ?? Loss.fitting(layer.activation))
    }
    return preparation?.scales(
      ofOutputs: graph, objective ?? Objective(own), targets: schema?.targets ?? [])
  }
}

/// Rows that a network answers, in the user's units: what another form of it is held against.
package struct SampleRows {
  /// How many there are.
  package let count: Int
  /// Rows x columns, numbers that 32 bits hold exactly.
  package let inputs: [Double]
  /// What nbs answers.
  package let outputs: [Double]

  /// Draws rows such as the network was trained on, and lets nbs answer them.
  package init(_ program: InferenceProgram, count: Int) throws(CodedError) {
    let network = program.network
    let graph = network.graph
    var random = RandomStream(seed: 20)
    let vocabularies = program.inputs.map { graph.embeddings(reading: $0.name).map(\.words).min() }
    // Words are whole numbers, and nothing lies beside them.
    let isWord = zip(program.inputs, vocabularies).flatMap { layer, words in
      [Bool](repeating: words != nil, count: graph.width(of: layer))
    }
    func drawn() -> [Double] {
      var row: [Double] = []
      for (number, layer) in program.inputs.enumerated() {
        let scales = program.inputScales(number)
        let words = vocabularies[number]
        for column in 0..<graph.width(of: layer) {
          if let words {
            row.append(Double(random.below(words)))
          } else {
            let scale = scales.isEmpty ? Preparation.Scale() : scales[scales.count == 1 ? 0 : column]
            row.append(Double(Float(scale.undo(random.normal()))))
          }
        }
      }
      return row
    }
    var rows = (0..<count).map { _ in drawn() }
    if graph.layers.contains(where: { $0.activation == .step }) {
      for row in rows.indices {
        var draws = 0
        while draws < SampleRows.mostDraws, try SampleRows.isRounded(rows[row], isWord, by: network) {
          (rows[row], draws) = (drawn(), draws + 1)
        }
      }
    }
    inputs = rows.flatMap { $0 }
    self.count = count
    outputs = try SampleRows.answers(of: network, to: inputs, rows: count)
  }

  /// How often a row is drawn anew.
  private static let mostDraws = 20

  /// Whether the answer to a row hangs on how sums are rounded, as it does where one lies on the threshold of a step: another
  /// program may then answer otherwise, and be right.
  private static func isRounded(
    _ row: [Double], _ isWord: [Bool], by network: SavedNetwork
  ) throws(CodedError) -> Bool {
    let answer = try answers(of: network, to: row, rows: 1)
    func scaled(by factor: Double) -> [Double] {
      zip(row, isWord).map { value, isWord in isWord ? value : value * factor }
    }
    var others = [(network, scaled(by: 1 + 1e-5)), (network, scaled(by: 1 - 1e-5))]
    var exact = network
    exact.learned.precision = network.learned.precision == .single ? .double : .single
    others.append((exact, row))
    for (network, row) in others {
      let other = try answers(of: network, to: row, rows: 1)
      if zip(answer, other).contains(where: { abs($0 - $1) > 1e-3 * max(1, abs($0)) }) { return true }
    }
    return false
  }

  /// What nbs answers to rows in the user's units.
  static func answers(of network: SavedNetwork, to inputs: [Double], rows: Int) throws(CodedError) -> [Double]
  {
    let copy = Network(name: network.name)
    var options = ExecutionOptions()
    options.precision = network.learned.precision
    copy.restore(
      try NetworkState(
        graph: network.graph, defaults: TrainingDefaults(),
        weights: NetworkWeights(
          options: options, values: network.learned.values,
          optimizer: OptimizerState(optimizer: .sgd(), steps: 0, first: [], second: []))))
    let scaled = network.preparation?.apply(toInputs: inputs) ?? inputs
    let outputs = try copy.predict(Examples(name: network.name, rows: rows, inputs: scaled))
    return network.outputScales?.undo(outputs) ?? outputs
  }

  /// How far other answers are from these, against the largest of them or 1.
  package func distance(to others: [Double]) -> Double {
    guard others.count == outputs.count else { return .infinity }
    let scale = outputs.filter(\.isFinite).map(abs).max().map { Swift.max($0, 1) } ?? 1
    return zip(outputs, others).reduce(0) { largest, pair in
      if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return largest }
      let distance = abs(pair.0 - pair.1) / scale
      return distance.isNaN ? .infinity : Swift.max(largest, distance)
    }
  }
}

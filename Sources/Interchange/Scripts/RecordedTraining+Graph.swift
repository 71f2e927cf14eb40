internal import NetworkSchema
internal import NeuralEngine

/// The shape of a network, as far as the programs have a form for it.
extension RecordedTraining {
  /// All layers but the inputs, each behind those that it reads.
  var layers: [Layer] { ((try? graph.sorted()) ?? []).filter { !$0.isInput } }

  /// The layers behind the input, where each has one edge from the one before; nil for another graph.
  var chain: [Layer]? {
    guard let layers = try? graph.sorted(), graph.inputs.count == 1 else { return nil }
    for (before, layer) in zip(layers, layers.dropFirst()) {
      let edges = graph.edges(into: layer.name)
      guard edges.count == 1, edges[0].source == before.name, edges[0].type == .full else { return nil }
    }
    return Array(layers.dropFirst())
  }

  /// What keeps a network from being said by layers that are called with what others give.
  var graphObstacle: String? {
    if graph.outputs.count > 1 { return "it has several outputs" }
    if let edge = graph.edges.first(where: { $0.delay > 0 }) {
      return "the edge \(edge.description) reads an earlier step"
    }
    if let gate = graph.gates.first { return "it has a gate, `\(gate.gater)`" }
    for layer in layers where addsEdges(layer) {
      let edges = graph.edges(into: layer.name)
      if let edge = edges.first(where: { ![.full, .identity].contains($0.type) }) {
        return "the edge \(edge.description) is of type \(edge.type.rawValue)"
      }
      if !edges.contains(where: { $0.type == .full }), layer.kind.base.options.boolean("bias") != false {
        return "`\(layer.name)` adds a bias to numbers that have no weights"
      }
    }
    if let edge = graph.edges.first(where: { $0.hasWeights && !$0.isTrainable }) {
      return "the weights of the edge \(edge.description) are not trained"
    }
    return nil
  }

  /// Whether a layer adds up what its edges bring, each by weights of its own.
  func addsEdges(_ layer: Layer) -> Bool { layer.kindName == "dense" && graph.merge(into: layer) == nil }

  /// The layers that a layer reads, in the order of its edges.
  func sources(of layer: Layer, _ type: EdgeType? = nil) -> [String] {
    graph.edges(into: layer.name).filter { type == nil || $0.type == type }.map(\.source)
  }

  /// The shape that a layer reads: what its edges bring, merged.
  func inputShape(of layer: Layer) -> [Int] {
    if let feed = graph.feed(of: layer) { return feed.shape }
    let shapes = sources(of: layer, .full).compactMap { graph.layer($0) }.compactMap { graph.shape(of: $0) }
    guard let first = shapes.first else { return [] }
    return Array(first.dropLast()) + [shapes.reduce(0) { $0 + ($1.last ?? 0) }]
  }

  /// The columns of an input layer among those of a row; nil where it has all.
  func columns(of input: Layer) -> Range<Int>? {
    guard graph.inputs.count > 1 else { return nil }
    func width(_ layer: Layer) -> Int {
      steps == nil ? graph.width(of: layer) : (graph.shape(of: layer) ?? []).dropFirst().reduce(1, *)
    }
    let start = graph.inputs.prefix { $0.name != input.name }.reduce(0) { $0 + width($1) }
    return start..<start + width(input)
  }

  /// The shape of a row of all inputs. Those of sequences of any length share the numbers of each step.
  var rowShape: [Int] {
    if let inputShape { return inputShape }
    guard let steps else { return [examples.inputWidth] }
    return isRagged
      ? [steps.range.upperBound, examples.inputWidth]
      : steps.rows == 0 ? [] : [steps.length(ofRow: 0), examples.inputWidth / steps.length(ofRow: 0)]
  }

  /// How a part of rows is read: the columns of an input, at all steps.
  func part(of input: Layer, _ columns: Range<Int>) -> String {
    let isOfWords = steps != nil && graph.shape(of: input)?.count == 1
    let places = isOfWords ? "\(columns.lowerBound)" : "\(columns.lowerBound):\(columns.upperBound)"
    return "rows[:, \(steps == nil ? "" : ":, ")\(places)]"
  }

  /// The shape of a row, where it is that of the only input.
  var inputShape: [Int]? {
    graph.inputs.count == 1 ? graph.inputs.first.flatMap { graph.shape(of: $0) } : nil
  }

  /// Whether rows are sequences of lengths of their own.
  var isRagged: Bool { examples.steps != nil }

  /// Whether each step of such sequences has targets.
  var hasTargetSteps: Bool { examples.steps?.haveTargets == true }

  /// Whether Keras has to be told which steps of an input are padding; for words the embedding tells it.
  func isMasked(_ input: Layer) -> Bool { isRagged && graph.shape(of: input)?.count == 2 }

  /// The lengths of an input's axes as a program has them: that of sequences of any length is `free`.
  func lengths(_ shape: [Int], free: String = "None") -> [String] {
    shape.enumerated().map { steps != nil && $0 == 0 ? free : "\($1)" }
  }

  /// The shape of a row of targets: that of the answer, or a class for each of its steps.
  var targetShape: [Int] {
    let shape = graph.outputs.first.flatMap { graph.shape(of: $0) } ?? []
    if shape.count > 1, shape.reduce(1, *) == examples.targetWidth { return shape }
    return [examples.targetWidth]
  }

  /// Whether steps of gradient descent remember those before while the rate changes.
  var hasChangingMomentum: Bool {
    options.schedule != .constant && (options.optimizer.options.number("momentum") ?? 0) != 0
  }

  /// How many batches an epoch has.
  var batches: Int {
    let kept = 1 - (options.validationFraction ?? 0)
    let rows = max(1, Int((Double(examples.rows) * kept).rounded()))
    return (rows + options.batchSize - 1) / max(1, options.batchSize)
  }

  /// The factor and the epochs of its schedule.
  var schedule: (name: String, decay: Double, period: Int) {
    let own = options.schedule
    let usual = own.rule.schema.completed(OptionValues())
    return (
      own.name, own.decay ?? usual.number("decay") ?? 1,
      own.period ?? usual.integer("period") ?? options.epochs
    )
  }
}

public import Foundations

/// Rows of inputs and targets, as the language's side holds them.
public struct Examples: Sendable, Equatable {
  /// What a message calls them: `xor`.
  public let name: String
  /// How many rows there are.
  public let rows: Int
  /// The steps of each row, where rows are sequences of their own lengths; nil where all rows are equally wide.
  public let steps: SequenceSteps?
  /// Rows x input width, row by row, as they are kept; of sequences all steps x features, without padding.
  public let storage: ExampleInputs
  /// Rows x input width, row by row, as doubles; making them of 8-bit images takes eight times the memory.
  public var inputs: [Double] { storage.doubles }
  /// Rows x target width, row by row; empty when there are no targets. Of sequences whose steps have targets, steps x width.
  public let targets: [Double]
  /// How much each row counts in a training; nil where all count alike.
  public private(set) var weights: [Double]?
  /// How much each row counts for each output layer in a training, rows x output layers; nil where it counts alike for all.
  public private(set) var outputWeights: [Double]?
  /// The class of each row, if every batch of a training is to have its share of each; nil where batches are as they fall.
  public private(set) var strata: [Int]?
  /// How a training changes the rows from epoch to epoch; nil where it takes them as they are.
  public private(set) var augmentation: RowAugmentation?
  /// The columns of the targets, as somebody has named them; nil where they go by position.
  public private(set) var targetColumns: [TargetColumn]?
  /// How many inputs a row has, or each step of a sequence.
  public var inputWidth: Int { rows == 0 ? 0 : storage.count / (steps?.count ?? rows) }
  /// How many targets a row has, or each step of a sequence whose steps have targets.
  public var targetWidth: Int { rows == 0 ? 0 : targets.count / targetRows }
  /// How many rows of targets there are: one a row, or one a step.
  public var targetRows: Int { steps?.targetRows ?? rows }
  /// How many steps each row has, where rows are sequences of their own lengths.
  public var lengths: [Int]? { steps?.lengths }

  /// Creates examples; both arrays must hold a whole number of values a row.
  public init(name: String, rows: Int, inputs: [Double], targets: [Double] = []) {
    self.init(name: name, rows: rows, storage: .doubles(inputs), targets: targets)
  }

  /// Creates examples whose inputs may be 8-bit, or whose rows may be sequences of their own lengths.
  public init(
    name: String, rows: Int, storage: ExampleInputs, targets: [Double] = [], steps: SequenceSteps? = nil
  ) {
    precondition(steps.map { $0.rows == rows } ?? true, "steps for each row")
    self.name = name
    self.rows = rows
    self.steps = steps
    self.storage = storage
    self.targets = targets
  }

  /// The same examples, with the names of their targets' columns.
  public func naming(_ columns: [TargetColumn]) -> Examples {
    var made = self
    made.targetColumns = columns
    return made
  }

  /// The same examples with targets that fit a network's outputs: class numbers become one-hot rows for softmax layers and
  /// where hinge is the loss; for hinge, 0 and 1 become -1 and 1.
  ///
  /// - Throws: `shape-mismatch`, `bad-label`, `bad-target` or `no-targets`, naming the data and the layers.
  func fitted(to graph: NetworkGraph, loss: Loss) throws(CodedError) -> Examples {
    try fitted(to: graph, Objective(loss, for: graph))
  }

  /// The same, with a loss for each output layer.
  func fitted(to graph: NetworkGraph, _ objective: Objective) throws(CodedError) -> Examples {
    let loss = objective.loss
    if steps != nil || graph.takesAnyLength {
      let matched = try matched(to: graph)
      if matched.steps != self.steps { return try matched.fitted(to: graph, objective) }
    }
    try checkInputs(of: graph)
    guard !targets.isEmpty else {
      throw CodedError(
        .noTargets, "`\(name)` has inputs only. Give each row its targets behind an arrow: 0 1 -> 1")
    }
    if graph.outputs.count > 1 { return try dealt(to: graph, objective) }
    try checkClassColumns(of: graph)
    try checkAnswers(of: graph)
    let steps = graph.outputSteps
    let width = graph.outputWidth / steps
    if targetWidth == steps, width > 1, graph.outputs.count == 1,
      graph.outputs[0].activation == .softmax || loss == .hinge
    {
      return with(targets: try loss.prepared(try oneHot(targets, width, steps), of: name))
    }
    guard targetWidth == graph.outputWidth else {
      if steps > 1 { throw unfitSteps(steps, width, graph) }
      if let error = unfitRows(width, graph) { throw error }
      let layers = graph.outputs.map { "`\($0.name)`" }.joined(separator: " and ")
      throw CodedError(
        .shapeMismatch,
        "`\(name)` has \(targetWidth) target\(targetWidth == 1 ? "" : "s") a row, but \(layers) "
          + "\(graph.outputs.count == 1 ? "gives" : "give") \(width). Change one of them.")
    }
    let prepared = try loss.prepared(targets, of: name)
    if loss.rule.comparesDistributions {
      try checkDistributions(targets, width, of: graph.outputs[0].name, loss)
    }
    return with(targets: prepared)
  }

  /// The targets of each output layer side by side, as its loss takes them.
  private func dealt(to graph: NetworkGraph, _ objective: Objective) throws(CodedError) -> Examples {
    let columns =
      targetColumns ?? [TargetColumn](repeating: TargetColumn(""), count: targetWidth)
    let assignment = try TargetAssignment(graph, objective, columns, of: name)
    let width = graph.outputWidth
    try checkAnswers(of: graph)
    // A row of targets for each row, or for each step.
    let rows = targetRows
    try MemoryLimit.check([rows, width], bytesEach: 16, for: "The targets of `\(name)` for all outputs")
    var all = [Double](repeating: 0, count: rows * width)
    for (part, term) in zip(assignment.parts, objective.terms) {
      var own: [Double] = []
      own.reserveCapacity(rows * part.columns.count)
      for row in 0..<rows { for column in part.columns { own.append(targets[row * targetWidth + column]) } }
      if part.holdsLabels { own = try oneHot(own, part.units.count, 1) }
      let prepared = try term.loss.prepared(own, of: name)
      if term.loss.rule.comparesDistributions, let layer = graph.layer(part.output) {
        try checkDistributions(own, part.units.count / graph.steps(of: layer), of: part.output, term.loss)
      }
      for row in 0..<rows {
        for (place, unit) in part.units.enumerated() {
          all[row * width + unit] = prepared[row * part.units.count + place]
        }
      }
    }
    return with(targets: all)
  }

  /// Refuses a column of classes beside others for a single output layer, which would take their numbers for amounts.
  private func checkClassColumns(of graph: NetworkGraph) throws(CodedError) {
    guard let columns = targetColumns, columns.count > 1,
      let words = columns.first(where: { $0.classes != nil }), let output = graph.outputs.first
    else { return }
    let sources = graph.edges(into: output.name).map(\.source)
    let count = words.classes ?? 2
    let free =
      graph.layer(words.name) == nil && words.name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    let name = free ? words.name : "classes"
    let line =
      "layer \(name) dense \(count) softmax"
      + (sources.count == 1 ? "; connect \(sources[0]) -> \(name)" : "")
    throw CodedError(
      .wordTargets,
      "`\(words.name)` of `\(self.name)` tells \(count) classes apart, and the other targets are something else, but "
        + "`\(output.name)` is the only output. Give the classes an output layer of their own: \(line)",
      suggestion: line)
  }

  /// An error of a network that gives an answer a row, and of data that has targets for each step of it.
  private func unfitRows(_ width: Int, _ graph: NetworkGraph) -> CodedError? {
    let recurrent = graph.layers.last { $0.kind.as(Recurrent.self)?.returnsAll == false }
    guard let recurrent, let steps = graph.feed(of: recurrent)?.shape.first, steps > 1,
      targetWidth == steps || targetWidth == steps * width
    else { return nil }
    return CodedError(
      .shapeMismatch,
      "`\(name)` has targets for each of \(steps) steps, but `\(recurrent.name)` (\(recurrent.kindName)) gives only what comes "
        + "of the last one. Define it with return=all.", suggestion: "return=all")
  }

  /// An error of a network that gives an answer a step, and of data that has another number of targets.
  private func unfitSteps(_ steps: Int, _ width: Int, _ graph: NetworkGraph) -> CodedError {
    let layer = graph.outputs[0]
    let classes = layer.activation == .softmax ? ", or \(steps) numbers of classes" : ""
    let recurrent = graph.layers.last { $0.kind.as(Recurrent.self)?.returnsAll == true }
    let fix =
      recurrent.map { "For one answer a row, define `\($0.name)` with return=last." }
      ?? "For one answer a row, put a layer before it that makes one row of the sequence, such as a flatten or an lstm."
    return CodedError(
      .shapeMismatch,
      "`\(name)` has \(targetWidth) target\(targetWidth == 1 ? "" : "s") a row, but `\(layer.name)` gives \(steps) steps of "
        + "\(width), which need \(steps * width) targets a row\(classes). \(fix)",
      suggestion: recurrent == nil ? "layer flat flatten" : "return=last")
  }

  private func with(targets: [Double]) -> Examples { with(targets, rows: steps) }

  /// The same numbers, cut into rows in another way.
  package func with(rows steps: SequenceSteps?) -> Examples { with(targets, rows: steps) }

  private func with(_ targets: [Double], rows steps: SequenceSteps?) -> Examples {
    var made = Examples(name: name, rows: rows, storage: storage, targets: targets, steps: steps)
    made.weights = weights
    made.outputWeights = outputWeights
    made.strata = strata
    made.augmentation = augmentation
    let hasSameColumns = targets.count == self.targets.count && made.targetWidth == targetWidth
    made.targetColumns = hasSameColumns ? targetColumns : nil
    return made
  }

  /// The same examples, which a training changes in each epoch. Whatever else reads them takes them as they are.
  public func augmented(by augmentation: RowAugmentation?) -> Examples {
    var made = self
    made.augmentation = augmentation
    return made
  }

  /// The same examples, of which every batch of a training has about the share of each class that all rows have.
  ///
  /// - Parameter strata: the class of each row.
  public func stratified(by strata: [Int]?) -> Examples {
    precondition(strata.map { $0.count == rows } ?? true, "a class for each row")
    var made = self
    made.strata = strata
    return made
  }

  /// The same examples, each row counting as much in a training as its weight says: its loss is multiplied by it, and so
  /// is its part of the gradient; the mean is that over all rows, as Keras takes it.
  ///
  /// - Throws: `bad-value` for another number of weights than rows, for one that is negative or not finite, and where all
  ///   are 0.
  public func weighted(by weights: [Double]) throws(CodedError) -> Examples {
    try checkWeights(weights)
    var made = self
    made.weights = weights
    return made
  }

  /// The same examples, each row counting for each output layer as much as its weight there says: that layer's loss is
  /// multiplied by it.
  ///
  /// - Parameter weights: a list for each output layer, with a weight for each row.
  /// - Throws: `bad-value`, as ``weighted(by:)``.
  public func weighted(byOutput weights: [[Double]]) throws(CodedError) -> Examples {
    for own in weights { try checkWeights(own) }
    var made = self
    made.outputWeights = (0..<rows).flatMap { row in weights.map { $0[row] } }
    return made
  }

  /// How many rows there are, where one that counts twice is two.
  var wholeWeight: Double { weights?.reduce(0, +) ?? Double(rows) }

  /// How many weights a row has in a training.
  var weightsPerRow: Int {
    outputWeights.map { rows == 0 ? 0 : $0.count / rows } ?? (weights == nil ? 0 : 1)
  }

  private func checkWeights(_ weights: [Double]) throws(CodedError) {
    guard weights.count == rows else {
      throw CodedError(
        .badValue, "`\(name)` has \(rows) rows to train on, but there are \(weights.count) weights.")
    }
    if let bad = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw CodedError(
        .badValue,
        "The weight of row \(bad + 1) of `\(name)` is \(weights[bad].brief). A weight is 0 or a number above 0."
      )
    }
    guard weights.contains(where: { $0 > 0 }) else {
      throw CodedError(.badValue, "All weights of `\(name)` are 0, so there is nothing to train on.")
    }
  }

  /// Refuses targets that no step unit gives: Rosenblatt's rule would follow them for ever.
  ///
  /// - Throws: `bad-target`.
  func checkStepTargets() throws(CodedError) {
    guard let bad = targets.first(where: { $0 != 0 && $0 != 1 }) else { return }
    throw CodedError(
      .badTarget,
      "The perceptron rule needs the targets 0 and 1, but `\(name)` has \(bad.brief).")
  }

  /// Refuses rows that are no probabilities: the gradient of crossentropy with softmax counts on it.
  private func checkDistributions(
    _ targets: [Double], _ width: Int, of layer: String, _ loss: Loss
  ) throws(CodedError) {
    let all = targets.count / max(1, targetRows)
    for row in 0..<targetRows {
      for start in stride(from: row * all, to: (row + 1) * all, by: width) {
        let probabilities = targets[start..<start + width]
        let sum = probabilities.reduce(0, +)
        // Thirds that were rounded to two digits are close enough.
        guard probabilities.allSatisfy({ $0 >= 0 }), abs(sum - 1) < 0.02 else {
          throw CodedError(
            .badTarget,
            "\(loss.name) needs targets that are probabilities which add up to 1, but row \(rowOfTarget(row) + 1) of `\(name)` gives "
              + "`\(layer)` \(probabilities.map { formatNumber($0, digits: 4) }.joined(separator: " ")), in all "
              + "\(formatNumber(sum, digits: 4)). "
              + "Use loss=mse, or one sigmoid unit for each target and loss=bce.",
            suggestion: "loss=mse")
        }
      }
    }
  }

  /// Refuses rows that do not fit a network's input layers.
  ///
  /// - Throws: `shape-mismatch`.
  func checkInputs(of graph: NetworkGraph) throws(CodedError) {
    if let steps {
      try checkSteps(steps, of: graph)
    } else {
      try graph.checkInputs(inputWidth, of: name)
    }
    try checkWords(of: graph)
  }

  /// Refuses numbers that an embedding has no row for.
  ///
  /// - Throws: `bad-word`.
  private func checkWords(of graph: NetworkGraph) throws(CodedError) {
    var column = 0
    for layer in graph.inputs {
      let columns = column..<column + graph.width(of: layer)
      column = columns.upperBound
      for (name, words) in graph.embeddings(reading: layer.name) {
        try checkWords(in: columns, from: inputs, name, words)
      }
    }
  }

  private func checkWords(
    in columns: Range<Int>, from values: [Double], _ name: String, _ words: Int
  ) throws(CodedError) {
    for row in 0..<(steps?.count ?? rows) {
      for column in columns {
        let value = values[row * inputWidth + column]
        guard let index = Int(exactly: value), (0..<words).contains(index) else {
          throw CodedError(
            .badWord,
            "Row \((steps?.row(ofStep: row) ?? row) + 1) of `\(self.name)` has \(value.brief), but `\(name)` takes the "
              + "integers 0 to \(words - 1).")
        }
      }
    }
  }

  private func oneHot(_ targets: [Double], _ width: Int, _ steps: Int) throws(CodedError) -> [Double] {
    try MemoryLimit.check([targets.count, width], bytesEach: 16, for: "A column of `\(name)` for each class")
    var rows = [Double](repeating: 0, count: targets.count * width)
    for (row, label) in targets.enumerated() {
      guard let index = Int(exactly: label), (0..<width).contains(index) else {
        throw CodedError(
          .badLabel,
          "Row \(rowOfTarget(row / steps) + 1) of `\(name)` has the class \(label.brief), but the network knows the classes 0 to \(width - 1)."
        )
      }
      rows[row * width + index] = 1
    }
    return rows
  }
}

extension NetworkGraph {
  /// Refuses rows of another width than the input layers take.
  ///
  /// - Throws: `shape-mismatch`, naming the data and the layers.
  func checkInputs(_ width: Int, of name: String) throws(CodedError) {
    guard width != inputWidth || takesAnyLength else { return }
    let layers = inputs.map { "`\($0.name)`" }.joined(separator: " and ")
    throw CodedError(
      .shapeMismatch,
      "`\(name)` has \(width) input\(width == 1 ? "" : "s") a row, but \(layers) "
        + "\(inputs.count == 1 ? "takes" : "take") \(inputWidth). "
        + "Declare it as `layer \(inputs.first?.name ?? "inp") input \(width)`, or change the data."
    )
  }

  /// The embeddings that read a layer's numbers, as they are or under another shape, and how many words each knows.
  package func embeddings(reading name: String) -> [(name: String, words: Int)] {
    edges.filter { $0.source == name }.flatMap { edge -> [(name: String, words: Int)] in
      guard let reader = layer(edge.target) else { return [] }
      if reader.isView { return embeddings(reading: reader.name) }
      return reader.kind.as(Embedding.self).map { [(reader.name, $0.vocabulary)] } ?? []
    }
  }
}

import Datasets
import Diagnostics
import Foundations
import NeuralEngine

/// Data as a network takes it: its columns where the network looks for them, numbers of classes taken for classes.
struct FittedData {
  /// The rows, in the user's own units.
  var parts: DatasetParts
  /// How the columns are to be scaled.
  var preparation: Preparation?
  /// What was done to the columns, for the user.
  var note: String?

  /// The scale of each number that a network answers; nil where targets stay as they are.
  func outputScales(_ graph: NetworkGraph, _ objective: Objective) -> [Preparation.Scale]? {
    preparation?.scales(ofOutputs: graph, objective, targets: parts.train.targetColumns)
  }

  /// The rows on their scale.
  var scaled: DatasetParts { preparation?.apply(to: parts) ?? parts }

  /// The rows to train on, changed from epoch to epoch if they are to be.
  ///
  /// - Parameters:
  ///   - scaled: the rows on their scale.
  ///   - augmentation: what is asked for; nil for none.
  /// - Throws: `wrong-shape` where the rows are neither images nor signals.
  func trainingExamples(_ scaled: Dataset, _ augmentation: Augmentation?) throws(CodedError) -> Examples {
    scaled.examples.augmented(
      by: try augmentation.map { (augmentation) throws(CodedError) in
        try parts.train.augmentation(augmentation, on: preparation)
      })
  }
}

extension Network {
  /// Refuses images whose channels come last for an input layer that expects them first.
  ///
  /// - Throws: `shape-mismatch`.
  func checkOrientation(of set: Dataset) throws(CodedError) {
    guard let input = graph.inputs.first, graph.inputs.count == 1, let shape = graph.shape(of: input),
      shape != set.inputShape, shape.channelsLast == set.inputShape
    else { return }
    let line = "layer \(input.name) input \(set.inputShape.shapeWords)"
    throw CodedError(
      .shapeMismatch,
      "The rows of `\(set.name)` are \(set.inputShape.shapeWords), but `\(input.name)` is \(shape.shapeWords). Channels come last: "
        + line, suggestion: line)
  }
}

extension Network {
  /// Refuses targets beyond 0 and 1 for an output that gives probabilities, in the units that the user knows: whole
  /// numbers may be classes or amounts.
  ///
  /// - Throws: `bad-target`.
  func checkTargets(of set: Dataset, _ loss: Loss) throws(CodedError) {
    guard loss == .bce, graph.outputs.count == 1, set.classes == nil, set.targetWidth == graph.outputWidth,
      let strange = set.targets.first(where: { $0 < 0 || $0 > 1 })
    else { return }
    let output = graph.outputs[0]
    let linear = graph.replacing(output, with: "dense \(graph.outputWidth)")
    let start = "`\(output.name)` gives numbers from 0 to 1, as bce needs them, but "
    let values = Set(set.targets).sorted()
    guard set.targetWidth == 1, values.count <= 20, values.count > 2,
      values.allSatisfy({ $0 == $0.rounded() })
    else {
      throw CodedError(
        .badTarget,
        start
          + "a target of `\(set.name)` is \(strange.brief). Predict amounts with a linear output: "
          + "`\(linear)`", suggestion: linear)
    }
    let shown = values.prefix(6).map { formatNumber($0, digits: 6) }.joined(separator: ", ")
    let classes = graph.replacing(output, with: "dense \(values.count) softmax")
    throw CodedError(
      .badTarget,
      start
        + "`\(set.targetNames[0])` of `\(set.name)` is \(shown)\(values.count > 6 ? ", …" : ""). Are these classes? "
        + "`\(classes)` Are they amounts? `\(linear)`", suggestion: classes)
  }
}

extension Network {
  /// Rows that are all equally wide as sequences, for a network that takes these of any length.
  fileprivate func inSteps(_ parts: DatasetParts) -> DatasetParts {
    guard graph.takesAnyLength else {
      guard parts.train.steps != nil, let length = graph.sequenceLength else { return parts }
      func joined(_ set: Dataset) -> Dataset { set.joiningSteps(length) ?? set }
      return DatasetParts(
        train: joined(parts.train), validate: parts.validate.map(joined), test: parts.test.map(joined))
    }
    let answers = graph.answersEachStep ? graph.outputWidth : nil
    func cut(_ set: Dataset) -> Dataset { set.cut(intoStepsOf: inputWidth, answers: answers) ?? set }
    return DatasetParts(
      train: cut(parts.train), validate: parts.validate.map(cut), test: parts.test.map(cut))
  }

  /// The scale of such rows, by the step.
  ///
  /// - Throws: `shape-mismatch` where it differs from step to step.
  fileprivate func inSteps(_ reference: DataReference, _ set: Dataset) throws(CodedError) -> Preparation? {
    guard let preparation = reference.preparation else { return nil }
    if !graph.takesAnyLength, let length = graph.sequenceLength, preparation.inputs.count > 0,
      set.inputWidth == preparation.inputs.count * length
    {
      return preparation.repeated(
        length, targetsToo: preparation.targets.map { $0.count * length == set.targetWidth } ?? false)
    }
    guard graph.takesAnyLength, set.steps != nil else { return preparation }
    // Steps of another width are refused by the network, in its own words.
    guard set.inputWidth == inputWidth else { return preparation }
    if let scale = preparation.ofSteps(inputWidth, targets: set.targetWidth) { return scale }
    let train = reference.parts.train
    let shape = train.inputShape
    // Columns without names of their own are those of lists, whose steps stand one after the other.
    let isUnnamed = train.inputNames == (0..<train.inputNames.count).map { "x\($0 + 1)" }
    if train.steps == nil, shape.count == 2 || (shape.count == 1 && isUnnamed) {
      if shape.count == 2, shape[1] != inputWidth { throw otherSteps(of: train, width: shape[1]) }
      // All rows, where they were divided later.
      for rows in [train, reference.set] {
        if let scale = try scaleOfSteps(preparation, rows) { return scale }
      }
    }
    throw CodedError(
      .shapeMismatch,
      "`prepare` has scaled each column of `\(set.name)` by itself, and `\(name)` takes sequences, whose steps all have the same scale. "
        + "Give the rows as sequences before they are scaled, with window= or as lists of steps.")
  }

  /// The scale of rows of steps x features that were scaled by their columns, found anew over all steps; nil for one that is no
  /// statistic of them.
  private func scaleOfSteps(_ preparation: Preparation, _ rows: Dataset) throws(CodedError) -> Preparation? {
    guard let scaling = preparation.scaling(of: rows) else { return nil }
    let cut = inSteps(DatasetParts(train: rows)).train
    return try Preparation.fitted(to: cut, scaling, scalesTargets: preparation.targets != nil)
  }

  private func otherSteps(of set: Dataset, width: Int) -> CodedError {
    let input = graph.inputs.first?.name ?? "inp"
    let line = "layer \(input) sequence \(width)"
    let isOne = graph.inputs.count == 1
    let takes = isOne ? "`\(input)` takes" : "the inputs of `\(name)` take"
    return CodedError(
      .shapeMismatch,
      "A step of `\(set.name)` has \(width.numbersText), but \(takes) \(inputWidth). "
        + (isOne ? "Declare it as `\(line)`, or change the data." : "Change the layers, or the data."),
      suggestion: isOne ? line : nil)
  }
}

extension Session {
  /// Brings data into the columns that a network was trained on; a network that has not been trained takes them as they
  /// are. The scale is that of the training, or before any that of the data set itself.
  ///
  /// - Parameter isTraining: whether the network is to be trained on the data, which may then be wholly other data than
  ///   before, and has a scale of its own.
  /// - Throws: `unknown-column`, `unknown-category`, `unknown-class`, or `bad-label`.
  func fitted(
    _ parts: DatasetParts, of reference: DataReference, to network: Network, isTraining: Bool = false,
    order: [DataColumn]? = nil
  ) throws(CodedError) -> FittedData {
    let trained = state.trainedData(of: network)
    let cut = network.inSteps(parts)
    let own = try network.inSteps(reference, cut.train)
    let parts = try renumbered(cut, for: network, isTraining: isTraining)
    let ordered = order.map { DataSchema(inputs: $0, targets: DataSchema(of: parts.train).targets) }
    guard let schema = ordered ?? schema(of: network),
      !isTraining || schema.sharesInputs(with: parts.train)
    else {
      let fitted = try takingTargetsForClasses(parts, of: reference, network)
      let plain = FittedData(
        parts: fitted,
        preparation: scale(
          isTraining || trained == nil ? own : trained?.preparation, for: fitted.train, network))
      try checkTransforms(plain, of: network)
      return plain
    }
    let train = try schema.match(parts.train, for: network.name)
    var fitted = parts
    fitted.train = train.data
    fitted.validate = try parts.validate.map { (part) throws(CodedError) in
      try schema.match(part, for: network.name).data
    }
    fitted.test = try parts.test.map { (part) throws(CodedError) in
      try schema.match(part, for: network.name).data
    }
    if schema.classes == nil { fitted = try takingTargetsForClasses(fitted, of: reference, network) }
    let preparation = isTraining ? own.map(train.match) : trained?.preparation
    let matched = FittedData(
      parts: fitted, preparation: scale(preparation, for: fitted.train, network),
      note: train.note.map { "\(parts.train.name): \($0)" })
    try checkTransforms(matched, of: network)
    return matched
  }

  /// Refuses targets that have no logarithm, where a network has learned that.
  ///
  /// - Throws: `bad-target`.
  func checkTransforms(_ fitted: FittedData, of network: Network) throws(CodedError) {
    guard let scales = fitted.preparation?.targets, fitted.preparation?.transformsTargets == true else {
      return
    }
    for part in [fitted.parts.train, fitted.parts.validate, fitted.parts.test].compactMap(\.self)
    where part.targetWidth == scales.count {
      guard
        let wrong = part.targets.indices.first(where: {
          !scales[$0 % scales.count].apply(part.targets[$0]).isFinite
        })
      else { continue }
      let column = part.targetNames[wrong % scales.count]
      throw CodedError(
        .badTarget,
        "`\(network.name)` has learned the logarithm of `\(column)`, and row \(wrong / scales.count + 1) of `\(part.name)` has "
          + "\(part.targets[wrong].brief) there, which has none. Leave the row out: where \(column) > 0"
      )
    }
  }

  /// One data set, likewise.
  func fitted(_ set: Dataset, of reference: DataReference, to network: Network) throws(CodedError)
    -> FittedData
  {
    try fitted(DatasetParts(train: set), of: reference, to: network)
  }

  /// The inputs of a data set in the columns that a network was trained on, whatever its targets are.
  func fittedInputs(of set: Dataset, to network: Network) throws(CodedError) -> (set: Dataset, note: String?)
  {
    let set = try renumbered(
      network.inSteps(DatasetParts(train: set)), for: network, isTraining: false
    ).train
    guard let schema = schema(of: network) else { return (set, nil) }
    let matched = try schema.match(set, for: network.name, targets: .ignored)
    return (matched.data, matched.note.map { "\(set.name): \($0)" })
  }

  /// Texts with the numbers that their tokens have in the text that a network was trained on. A training may be with
  /// wholly other text.
  ///
  /// - Throws: `unknown-token`.
  private func renumbered(
    _ parts: DatasetParts, for network: Network, isTraining: Bool
  ) throws(CodedError) -> DatasetParts {
    guard let vocabulary = state.trainedData(of: network)?.schema.vocabulary, parts.train.vocabulary != nil
    else { return parts }
    do throws(CodedError) {
      return DatasetParts(
        train: try parts.train.renumbered(by: vocabulary),
        validate: try parts.validate.map { (part) throws(CodedError) in
          try part.renumbered(by: vocabulary)
        },
        test: try parts.test.map { (part) throws(CodedError) in try part.renumbered(by: vocabulary) })
    } catch {
      if isTraining { return parts }
      throw error
    }
  }

  /// The inputs of a data set on the scale that a network takes.
  func scaledInputs(of set: Dataset, of reference: DataReference, to network: Network) throws(CodedError)
    -> Dataset
  {
    let inputs = try fittedInputs(of: set, to: network).set
    let trained = state.trainedData(of: network)
    let preparation = try scale(
      trained == nil ? network.inSteps(reference, inputs) : trained?.preparation, for: inputs,
      network)
    // Rows of another width are refused by the network, and no scale fits them.
    return inputs.inputWidth == network.inputWidth ? preparation?.apply(to: inputs) ?? inputs : inputs
  }

  /// The columns that a network was trained on; nil where there are none, or the network has been changed since.
  func schema(of network: Network) -> DataSchema? {
    guard var schema = state.trainedData(of: network)?.schema,
      schema.inputWidth.map({ $0 == network.inputWidth }) ?? true
    else { return nil }
    // Other outputs tell other classes.
    let width = network.graph.outputWidth
    if width > 1, let classes = schema.classes, classes.count != width {
      schema.targets = schema.targets.map { DataColumn($0.name) }
    }
    return schema
  }

  /// A scale that fits the data. Classes are not scaled, and a network that was edited since may know the scale of other
  /// columns; it refuses rows that do not fit it.
  func scale(_ preparation: Preparation?, for set: Dataset, _ network: Network) -> Preparation? {
    guard var preparation else { return nil }
    if set.classes != nil { preparation.targets = nil }
    if let scales = preparation.targets, scales.count == set.targetWidth, set.targetWidth > 1 {
      let labels = Set(labelColumns(of: set, network).map(\.column))
      preparation.targets = scales.indices.map {
        labels.contains($0) || set.targetColumns[$0].levels != nil ? Preparation.Scale() : scales[$0]
      }
    }
    return preparation.fits(set) ? preparation : nil
  }

  /// The target columns that hold numbers of classes for one of several output layers, and how many classes it tells.
  private func labelColumns(of set: Dataset, _ network: Network) -> [(column: Int, count: Int)] {
    guard network.graph.outputs.count > 1, let objective = try? objective(of: network),
      let assignment = try? TargetAssignment(
        network.graph, objective, set.targetColumns.named, of: set.name)
    else { return [] }
    return assignment.parts.filter(\.holdsLabels).map { ($0.columns[0], $0.units.count) }
  }

  /// Numbers of classes that do not count from 0, such as 1, 2 and 3, as classes, where the network says that it tells
  /// classes apart.
  private func takingTargetsForClasses(
    _ parts: DatasetParts, of reference: DataReference, _ network: Network
  ) throws(CodedError) -> DatasetParts {
    if network.graph.outputs.count > 1 { return takingColumnsForClasses(parts, of: reference, network) }
    guard let count = network.classCount, parts.train.targetWidth == 1, parts.train.classes == nil,
      !parts.train.targets.allSatisfy((0..<count).map(Double.init).contains)
    else { return parts }
    // A part may lack a class that the whole has.
    let whole = parts.train.targetColumns == reference.set.targetColumns ? reference.set : parts.train
    guard let named = whole.takingTargetsForClasses(count) else {
      guard network.graph.outputWidth > 1 else { return parts }
      throw otherClassCount(whole, network, count)
    }
    let schema = DataSchema(of: named)
    return DatasetParts(
      train: schema.withClasses(parts.train) ?? parts.train,
      validate: parts.validate.map { schema.withClasses($0) ?? $0 },
      test: parts.test.map { schema.withClasses($0) ?? $0 })
  }

  /// The same for each of several output layers.
  private func takingColumnsForClasses(
    _ parts: DatasetParts, of reference: DataReference, _ network: Network
  ) -> DatasetParts {
    let train = parts.train
    var counts = [Int?](repeating: nil, count: train.targetWidth)
    for (column, count) in labelColumns(of: train, network) where train.targetColumns[column].levels == nil {
      let values = stride(from: column, to: train.targets.count, by: train.targetWidth).map {
        train.targets[$0]
      }
      if !values.allSatisfy((0..<count).map(Double.init).contains) { counts[column] = count }
    }
    let whole = train.targetColumns == reference.set.targetColumns ? reference.set : train
    guard counts.contains(where: { $0 != nil }), let named = whole.takingTargetsForClasses(counts) else {
      return parts
    }
    let schema = DataSchema(of: named)
    return DatasetParts(
      train: schema.withClasses(train) ?? train,
      validate: parts.validate.map { schema.withClasses($0) ?? $0 },
      test: parts.test.map { schema.withClasses($0) ?? $0 })
  }

  private func otherClassCount(_ set: Dataset, _ network: Network, _ count: Int) -> CodedError {
    let values = Set(set.targets).sorted()
    let shown = values.prefix(6).map { formatNumber($0, digits: 4) }.joined(separator: ", ")
    let isClasses = values.count < 1000 && values.allSatisfy { $0 == $0.rounded() }
    let output = network.graph.replacing(
      network.graph.outputs[0], with: isClasses ? "dense \(values.count) softmax" : "dense 1")
    let remedy =
      "\(isClasses ? "Give it an output for each class" : "Predict an amount with a linear output"): \(output)"
    return CodedError(
      .badLabel,
      "`\(network.name)` tells \(count) classes apart, but `\(set.targetNames[0])` of `\(set.name)` has "
        + "\(values.count) different values: \(shown)\(values.count > 6 ? ", …" : ""). \(remedy)")
  }
}

// MARK: - Single rows

extension Session {
  /// A row of numbers and words, or a list of such rows, as the numbers that a network takes: one value for each column
  /// that it was trained on. Nil for a value without words.
  func encoded(_ value: Value, for network: Network, at span: SourceSpan) throws -> Tensor? {
    guard case .list(let items) = value, let inputs = schema(of: network)?.inputs else { return nil }
    func isWord(_ value: Value) -> Bool { if case .string = value { true } else { false } }
    if items.contains(where: isWord) { return Tensor(try numbers(of: items, inputs, network, at: span)) }
    let rows = items.compactMap { if case .list(let row) = $0 { row } else { nil } }
    guard rows.count == items.count, rows.contains(where: { $0.contains(where: isWord) }) else { return nil }
    let values = try rows.flatMap { try numbers(of: $0, inputs, network, at: span) }
    return try locating(span) { try Tensor(shape: [rows.count, values.count / rows.count], values: values) }
  }

  private func numbers(
    of row: [Value], _ columns: [DataColumn], _ network: Network, at span: SourceSpan
  ) throws -> [Double] {
    guard row.count == columns.count else {
      throw Diagnostic(
        .shapeMismatch,
        "A row for `\(network.name)` has a value for each of its \(columns.count.counted("column")), but this has "
          + "\(row.count): \(columns.prefix(12).map(\.name).joined(separator: ", "))\(columns.count > 12 ? ", …" : "").",
        at: span)
    }
    return try zip(row, columns).flatMap { value, column -> [Double] in
      guard let levels = column.levels else { return [try value.number(at: span)] }
      let word = if case .string(let text) = value { text } else { value.text(digits: 6) }
      guard let place = levels.firstIndex(of: word) ?? column.otherPlace else {
        let known =
          levels.prefix(8).map { "`\($0)`" }.joined(separator: ", ") + (levels.count > 8 ? ", …" : "")
        throw Diagnostic(
          .unknownCategory,
          "`\(network.name)` was not trained on `\(word)` in `\(column.name)`: it knows \(known).", at: span)
      }
      return levels.indices.map { $0 == place ? 1 : 0 }
    }
  }
}

extension NetworkGraph {
  /// The lines to type that put another layer in the place of one.
  func replacing(_ layer: Layer, with kind: String) -> String {
    func list(_ names: [String]) -> String {
      names.count == 1 ? names[0] : "{\(names.joined(separator: " "))}"
    }
    let sources = edges(into: layer.name).map(\.source)
    let targets = edges.filter { $0.source == layer.name }.map(\.target)
    var lines = ["delete \(layer.name)", "layer \(layer.name) \(kind)"]
    if !sources.isEmpty { lines.append("connect \(list(sources)) -> \(layer.name)") }
    if !targets.isEmpty { lines.append("connect \(layer.name) -> \(list(targets))") }
    return lines.joined(separator: "; ")
  }
}

extension Network {
  /// How many classes its last layer or its loss says that it tells apart; nil where its answers may be amounts.
  fileprivate var classCount: Int? {
    guard graph.outputs.count == 1, let loss = try? effectiveLoss() else { return nil }
    let output = graph.outputs[0]
    // A sequence has a target a step, which no column of classes is.
    guard graph.outputSteps == 1 else { return nil }
    if graph.outputWidth > 1 { return output.activation == .softmax ? graph.outputWidth : nil }
    return loss == .bce || output.activation == .step ? 2 : nil
  }
}

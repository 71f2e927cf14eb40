package import Foundations
package import NetworkSchema

/// Goes through a sequence step by step, each step seeing the state that the one before left.
///
/// The formulas, the order of the gates and the first values are Keras 3's (keras/src/layers/rnn): a simple RNN, an LSTM
/// (S. Hochreiter and J. Schmidhuber, 1997; F. Gers et al., 2000) with gates i f g o, a GRU (K. Cho et al., 2014) with gates
/// z r h and `reset_after`. In PyTorch a GRU has the same form, with the gates in the order r z n and z the share of the old
/// state, too.
public struct Recurrent: Sendable, Equatable {
  /// What it does at each step.
  package let cell: RecurrentCell
  /// How many units it has.
  public let units: Int
  package let appliedActivation: Activation
  /// The activation of the gates.
  package let gateActivation: Activation
  /// Whether it gives what it gave at each step, or at the last alone.
  public let returnsAll: Bool
  /// Whether it reads the sequence from its end. Outputs stay at their steps.
  public let isReversed: Bool
  /// How the outputs of a second layer that reads the other way are combined with the first's; nil for one direction.
  public let bidirectional: Merge?
  package let isBiased: Bool
  package let initializer: Initializer
  /// The shares of the inputs and of the states that are set to 0 in training, the same ones at each step of a sequence.
  let dropout: Double
  let recurrentDropout: Double
  /// Over how many steps gradients go back; nil for all.
  let truncation: Int?
  /// Whether a row goes on from the state that the same row of the batch before has left.
  package let isStateful: Bool
}

extension Recurrent: LayerKind {
  private static let cells: [(cell: RecurrentCell, schema: KindSchema)] = [
    (.rnn, .rnn), (.lstm, .lstm), (.gru, .gru),
  ]

  static let entries = cells.map { cell, schema in
    LayerKindEntry(schema) { options, _ in Recurrent(cell, options) }
  }

  private init(_ cell: RecurrentCell, _ options: OptionValues) {
    self.init(
      cell: cell, units: options.required("units"), appliedActivation: Activation(options),
      gateActivation: options.word("recurrent_activation").flatMap(Activation.init(rawValue:)) ?? .sigmoid,
      returnsAll: options.required("return") == "all", isReversed: options.required("reverse"),
      bidirectional: options.word("bidirectional").flatMap(Merge.init(rawValue:)),
      isBiased: options.required("bias"), initializer: Initializer(options),
      dropout: options.required("dropout"), recurrentDropout: options.required("recurrent_dropout"),
      truncation: options.integer("truncate"), isStateful: options.required("stateful"))
  }

  package var schema: KindSchema { Recurrent.cells.first { $0.cell == cell }?.schema ?? .rnn }

  package var options: OptionValues {
    var values: [String: OptionValue] = [
      "units": .integer(units), "activation": .word(appliedActivation.rawValue),
      "return": .word(returnsAll ? "all" : "last"), "reverse": .boolean(isReversed),
      "bidirectional": .word(bidirectional?.rawValue ?? "none"), "bias": .boolean(isBiased),
      "init": .word(initializer.name),
    ]
    // Left out where they say nothing, so that files without them stay what they were.
    if dropout > 0 { values["dropout"] = .number(dropout) }
    if recurrentDropout > 0 { values["recurrent_dropout"] = .number(recurrentDropout) }
    if let truncation { values["truncate"] = .integer(truncation) }
    if isStateful { values["stateful"] = .boolean(true) }
    if cell != .rnn { values["recurrent_activation"] = .word(gateActivation.rawValue) }
    return OptionValues(values)
  }

  package var activation: Activation? { appliedActivation }
  package var hasBias: Bool? { isBiased }

  package func check(named name: String) throws(CodedError) {
    try check(name, [units], "the width")
    for activation in [appliedActivation, gateActivation] where [.softmax, .gelu].contains(activation) {
      throw CodedError(
        .badActivation,
        "`\(name)` would apply \(activation.rawValue), but a recurrent layer takes every activation except gelu and softmax. "
          + "Use tanh, sigmoid or relu.", suggestion: "tanh")
    }
    if isReversed, bidirectional != nil {
      throw CodedError(
        .badValue,
        "`\(name)` reads the sequence both ways with bidirectional=. Leave reverse= out.",
        suggestion: "reverse=false")
    }
    for (option, rate) in [("dropout", dropout), ("recurrent_dropout", recurrentDropout)] {
      try check(name, rate, 0..<1, "\(option)=", "at least 0 and below 1")
    }
    try checkOrder(name)
  }

  /// Refuses what only a layer that reads in the order of time can do.
  private func checkOrder(_ name: String) throws(CodedError) {
    guard isReversed || bidirectional != nil else { return }
    let reading = isReversed ? "reads the sequence from its end" : "reads the sequence both ways"
    let reason = isReversed ? "reverse=" : "bidirectional="
    if let truncation {
      throw CodedError(
        .badValue,
        "`\(name)` \(reading), and truncate=\(truncation) cuts it as time goes, where gradients would go on to later steps. "
          + "Leave truncate= or \(reason) out.")
    }
    if isStateful {
      throw CodedError(
        .badValue,
        "`\(name)` \(reading), so no state is left at its end for the next batch to go on from. Leave stateful= or \(reason) "
          + "out.")
    }
  }

  /// The layer within a segment that its gradients stay in, which begins with the state that the segment before has left.
  var ofSegment: Layer.Kind {
    .recurrent(
      cell, units: units, activation: appliedActivation, gateActivation: gateActivation,
      returnsAll: returnsAll, hasBias: isBiased, initializer: initializer, isStateful: true)
  }

  package var drawsInTraining: Bool { dropout > 0 || recurrentDropout > 0 }

  package func outputShape(_ name: String, of source: Incoming) throws(CodedError) -> [Int] {
    guard source.shape.count == 2, let steps = source.shape.first else { throw needsSequence(name, source) }
    let width = bidirectional == .concat ? 2 * units : units
    return returnsAll ? [steps, width] : [width]
  }

  private func needsSequence(_ name: String, _ source: Incoming) -> CodedError {
    let shape = source.shape
    if shape.count == 1, let kind = source.kind, Recurrent.cells.contains(where: { $0.schema.name == kind }) {
      return CodedError(
        .shapeMismatch,
        "`\(name)` (\(schema.name)) expects a sequence, but `\(source.name)` (\(kind)) returns only the output of its "
          + "last step. Define it with return=all.", suggestion: "return=all")
    }
    let fix =
      shape.count == 1
      ? "\(shape.sizesText)x1" : "\(shape[0])x\(shape.dropFirst().reduce(1) { $0.multipliedOrMost($1) })"
    return CodedError(
      .shapeMismatch,
      "`\(name)` (\(schema.name)) expects a sequence, steps x features such as 30x1, but `\(source.name)` gives "
        + "\(shape.sizesText). Put a reshape between them: layer seq reshape \(fix)",
      suggestion: "layer seq reshape \(fix)")
  }

  package func givesSequence(_ inputs: [Incoming]) -> Bool { returnsAll }
  package var goesByStep: Bool { !isReversed && bidirectional == nil }

  package func kernelShape(_ input: [Int]) -> [Int]? { [cell.gates * units, input.last ?? 0] }

  package func parameters(of layer: Layer, in graph: NetworkGraph) -> [ParameterSpec] {
    guard let input = graph.feed(of: layer)?.shape.last else { return [] }
    let directions: [Direction] = bidirectional == nil ? [.first] : [.first, .second]
    return directions.flatMap { parameters(of: layer, in: graph, input, $0) }
  }

  private func parameters(
    of layer: Layer, in graph: NetworkGraph, _ input: Int, _ direction: Direction
  ) -> [ParameterSpec] {
    let rows = cell.gates * units
    func key(_ role: ParameterRole) -> ParameterKey { ParameterKey(layer: layer.name, role: role) }
    let isTrainable = graph.edges(into: layer.name).allSatisfy(\.isTrainable)
    let kernel =
      direction == .first
      ? .kernel(of: layer, in: graph, shape: [rows, input], initializer, fanIn: input, fanOut: rows)
      : ParameterSpec(
        key: key(direction.kernel), shape: [rows, input], isTrainable: isTrainable,
        start: .drawn(initializer, shape: [rows, input], fanIn: input, fanOut: rows))
    let recurrent = ParameterSpec(
      key: key(direction.recurrent), shape: [rows, units], isTrainable: isTrainable,
      start: .drawn(.orthogonal, shape: [rows, units], fanIn: units, fanOut: rows))
    var biases: [ParameterSpec] = []
    if isBiased {
      biases.append(ParameterSpec(key: key(direction.bias), shape: [rows], isBias: true, start: firstBias))
      if cell == .gru {
        biases.append(
          ParameterSpec(key: key(direction.recurrentBias), shape: [rows], isBias: true, start: .zero))
      }
    }
    return [kernel, recurrent] + biases
  }

  /// An LSTM's forget gate begins with 1, so that it forgets nothing before it has learned to (R. Jozefowicz et al., ICML
  /// 2015).
  private var firstBias: InitialValues {
    guard cell == .lstm else { return .zero }
    return .preset((0..<4 * units).map { (units..<2 * units).contains($0) ? 1 : 0 })
  }

  package func lower(_ layer: Layer, _ lowering: inout Lowering) -> Value {
    let shape = lowering.graph.shape(of: layer) ?? []
    guard let feed = lowering.feed(of: layer), feed.shape.count == 2 else {
      return lowering.array(layer.name, shape)
    }
    guard let bidirectional else {
      return lower(layer, feed, .first, named: layer.name, isReversed: isReversed, &lowering)
    }
    // ``RecurrentArrays`` finds them by these names.
    let forward = lower(
      layer, feed, .first, named: "\(layer.name) forward", isReversed: false, &lowering)
    let backward = lower(
      layer, feed, .second, named: "\(layer.name) backward", isReversed: true, &lowering)
    let result = lowering.array(layer.name, shape)
    lowering.merge([forward, backward], bidirectional, to: result, of: layer)
    return result
  }

  private func lower(
    _ layer: Layer, _ feed: Value, _ direction: Direction, named name: String, isReversed: Bool,
    _ lowering: inout Lowering
  ) -> Value {
    let (steps, width) = (feed.shape[0], cell.gates * units)
    let feed = dropped(feed, &lowering, of: layer)
    let mask = stateMask(named: name, &lowering, of: layer)
    let sums = lowering.biases("sums of \(name)", [steps, width], direction.bias, of: layer)
    let result = lowering.array(name, returnsAll ? [steps, units] : [units])
    guard let kernel = lowering.parameter(direction.kernel, of: layer),
      let recurrent = lowering.parameter(direction.recurrent, of: layer)
    else { return result }
    lowering.emit(
      MatrixProduct(inputWidth: feed.channels, outputWidth: width, places: steps), [feed.buffer, kernel],
      to: [sums.buffer], of: layer, accumulates: true)
    if lowering.isStepwise {
      let h = lowerStep(of: layer, sums, recurrent: recurrent, &lowering)
      return Value(buffer: h.buffer, shape: result.shape)
    }
    let bias = cell == .gru ? lowering.parameter(direction.recurrentBias, of: layer) : nil
    var outputs = [
      result, lowering.array("gates of \(name)", [steps, cell.keptGates * units]),
      lowering.array("states of \(name)", [steps, units]),
    ]
    var recur = Recur(
      cell: cell, steps: steps, units: units, activation: appliedActivation, gateActivation: gateActivation,
      isReversed: isReversed, returnsAll: returnsAll)
    recur.truncation = truncation ?? 0
    (recur.hasBias, recur.isMasked, recur.isCarriedOn) = (bias != nil, mask != nil, isStateful)
    if cell == .lstm { outputs.append(lowering.array("cells of \(name)", [steps, 2 * units])) }
    if recur.keepsStates { outputs.append(lowering.array("states before \(name)'s mask", [steps, units])) }
    if recur.keepsFirstCells { outputs.append(lowering.array("first cells of \(name)", [units])) }
    RecurrentArrays(named: name).expose(outputs, hasCells: cell == .lstm, &lowering)
    lowering.emit(
      recur, [sums.buffer, recurrent] + [bias, mask?.buffer].compactMap(\.self), to: outputs.map(\.buffer),
      of: layer)
    return result
  }

  /// The sequence without the features that a training drops, each at all steps.
  private func dropped(_ feed: Value, _ lowering: inout Lowering, of layer: Layer) -> Value {
    guard dropout > 0 else { return feed }
    // Counted in every plan, so that a layer draws the same in all of them.
    let number = lowering.nextRandomNumber()
    guard lowering.isTraining else { return feed }
    let result = lowering.array("inputs of \(layer.name)", feed.shape)
    lowering.emit(
      DropOut(rate: dropout, width: feed.channels, steps: feed.places, number: number), [feed.buffer],
      to: [result.buffer], of: layer)
    return result
  }

  /// What a training multiplies the state by at each step before R; nil for nothing.
  private func stateMask(named name: String, _ lowering: inout Lowering, of layer: Layer) -> Value? {
    guard recurrentDropout > 0 else { return nil }
    let number = lowering.nextRandomNumber()
    guard lowering.isTraining else { return nil }
    let mask = lowering.array("mask of \(name)", [units])
    lowering.emit(
      DrawMask(rate: recurrentDropout, width: units, number: number), [], to: [mask.buffer], of: layer)
    return mask
  }
}

/// The arrays of one direction of a recurrent layer that can be kept by a name: what it gives, what its gates came to, the
/// state before each step, and an LSTM's cells.
struct RecurrentArrays {
  let given: String
  let gates: String
  let before: String
  let cells: String

  /// Those of a layer that reads a sequence one way.
  init(of layer: Layer) { self.init(named: layer.name) }

  /// Those of a direction of a layer that reads it both ways.
  init(of layer: Layer, isBackward: Bool) {
    self.init(named: "\(layer.name) \(isBackward ? "backward" : "forward")")
  }

  fileprivate init(named name: String) {
    (given, gates, before, cells) = ("\(name)/h", "\(name)/gates", "\(name)/before", "\(name)/cells")
  }

  var all: [String] { [given, gates, before, cells] }

  /// Notes the outputs of a ``Recur``.
  fileprivate func expose(_ outputs: [Value], hasCells: Bool, _ lowering: inout Lowering) {
    for (name, output) in zip([given, gates, before] + (hasCells ? [cells] : []), outputs) {
      lowering.expose(output, as: name)
    }
  }
}

extension NetworkGraph {
  /// A layer that carries its state from batch to batch, if there is one.
  package var statefulLayer: Layer? { layers.first { $0.kind.as(Recurrent.self)?.isStateful == true } }
  /// Whether there is one, so that rows stay in their order.
  public var carriesState: Bool { statefulLayer != nil }
}

/// Which of a recurrent layer's directions parameters belong to.
private enum Direction {
  case first, second

  var kernel: ParameterRole { self == .first ? .kernel : .backwardKernel }
  var recurrent: ParameterRole { self == .first ? .recurrent : .backwardRecurrent }
  var bias: ParameterRole { self == .first ? .bias : .backwardBias }
  var recurrentBias: ParameterRole { self == .first ? .recurrentBias : .backwardRecurrentBias }
}

extension Layer.Kind {
  /// Goes through a sequence step by step.
  package static func recurrent(
    _ cell: RecurrentCell, units: Int, activation: Activation = .tanh, gateActivation: Activation = .sigmoid,
    returnsAll: Bool = false, isReversed: Bool = false, bidirectional: Merge? = nil, hasBias: Bool = true,
    initializer: Initializer = .glorot, dropout: Double = 0, recurrentDropout: Double = 0,
    truncation: Int? = nil, isStateful: Bool = false
  ) -> Self {
    Self(
      Recurrent(
        cell: cell, units: units, appliedActivation: activation, gateActivation: gateActivation,
        returnsAll: returnsAll, isReversed: isReversed, bidirectional: bidirectional, isBiased: hasBias,
        initializer: initializer, dropout: dropout, recurrentDropout: recurrentDropout,
        truncation: truncation, isStateful: isStateful))
  }
}

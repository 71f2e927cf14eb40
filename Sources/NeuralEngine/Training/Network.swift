public import Foundations

/// A network: its graph, its parameters and how it has been trained so far.
///
/// Parameters come into being the first time they are needed, so that the graph may grow and a seed may be
/// set before. When the graph changes later, the parameters that still fit are kept.
///
/// ```swift
/// let network = Network(name: "solver")
/// try network.edit { (graph) throws(CodedError) in
///   try graph.add(Layer(name: "inp", kind: .input(size: 2)))
///   try graph.add(Layer(name: "hid", kind: .dense(units: 3, activation: .tanh)))
///   try graph.add(Layer(name: "out", kind: .dense(units: 1, activation: .sigmoid)))
///   try graph.connect([Edge(from: "inp", to: "hid"), Edge(from: "hid", to: "out")])
/// }
/// var random = RandomStream(seed: 1)
/// try network.prepare(ExecutionOptions(), random: &random)
/// let xor = Examples(name: "xor", rows: 4, inputs: [0, 0, 0, 1, 1, 0, 1, 1], targets: [0, 1, 1, 0])
/// let options = TrainingOptions(epochs: 500, batchSize: 1, loss: .bce, optimizer: .adam, rate: 0.05)
/// _ = try network.train(xor, options, random: &random)
/// let outputs = try network.predict(xor)  // near 0, 1, 1 and 0
/// ```
public final class Network {
  /// The network's name.
  public let name: String
  /// Its layers and edges.
  public private(set) var graph = NetworkGraph() {
    didSet {
      inputWidth = graph.inputWidth
      stepWidth = graph.stepWidth
      takesAnyLength = graph.takesAnyLength
      answersEachStep = takesAnyLength && graph.answersEachStep
      readsWords = graph.inputs.contains { !graph.embeddings(reading: $0.name).isEmpty }
      (onlineCache, measureCache) = (nil, nil)
    }
  }
  /// How many numbers a row of inputs has; asked for at every `activate`.
  public private(set) var inputWidth = 0
  /// Whether it takes sequences of any length, and answers each of their steps.
  private(set) var takesAnyLength = false
  private(set) var answersEachStep = false
  /// Whether a row's numbers stand for words, so that not every number will do.
  private(set) var readsWords = false
  /// What training and propagation use when they are not told otherwise.
  public var defaults = TrainingDefaults() {
    didSet {
      (onlineCache, measureCache) = (nil, nil)
      if defaults.rule != oldValue.rule { leaveRule() }
    }
  }
  /// The result of the last training, if there was one.
  public internal(set) var lastTraining: TrainingResult?
  /// The name of the data that it was last trained on.
  public internal(set) var lastTrainingData: String?

  private var heldModel: Model?
  /// The numbers; nil until they are needed.
  private(set) var model: Model? {
    get {
      settle()
      return heldModel
    }
    set { heldModel = newValue }
  }
  /// The network as an online rule goes through it; nil until it is needed.
  var online: OnlineNetwork?
  /// The version of the parameters that it has, and whether they are still to be written into the model.
  var onlineVersion = -1
  var isOnlineAhead = false
  /// A state that it is to begin with.
  var remembered: OnlineState?
  /// What it knows of the steps before where it goes by gradient descent, and whether its last answer is one to a step.
  var steps: StepState?
  var answersStep = false
  /// How many numbers a step has; nil where it goes through no sequence step by step.
  private(set) var stepWidth: Int?
  /// Parameters by their keys, kept while no model holds them.
  private var kept: [ParameterKey: NetworkWeights.Kept] = [:]
  var isActivated = false
  /// The version of the parameters that gave the last answer.
  var activatedVersion = 0
  /// Stands for the parameters as they are now: whenever one may have changed there is a number that never
  /// was before, and a state that is restored has its number back.
  public private(set) var version = 0
  private var lastVersion = 0
  /// The last copy of the numbers, and the version that it is of.
  private weak var copy: NetworkWeights?
  private var copyVersion = -1
  /// What `activate` and `propagate` go by, kept until the graph or the defaults change.
  var onlineCache: OnlineSettings?
  var measureCache: RowMeasure?

  private(set) var discarded: [String] = []

  /// Creates a network without layers.
  public init(name: String) { self.name = name }

  /// Changes the graph; when `change` throws, nothing has changed.
  public func edit(_ change: (inout NetworkGraph) throws(CodedError) -> Void) throws(CodedError) {
    var edited = graph
    try change(&edited)
    keepParameters()
    for (key, old) in kept where graph.parameterSource(key) != edited.parameterSource(key) {
      kept[key] = nil
      // Who removes a layer knows that its own weights go with it.
      if edited.layer(old.layer) != nil { discard(old.layer) }
    }
    model = nil
    dropOnline()
    isActivated = false
    graph = edited
    noteChange()
  }

  /// Moves the model's parameters aside, so that a new model can take up those that fit it.
  private func keepParameters() {
    guard let model else { return }
    let values = model.parameterValues
    for slice in model.layout.slices {
      kept[slice.key] = NetworkWeights.Kept(
        layer: slice.layer, shape: slice.shape, values: Array(values[slice.range]))
    }
  }

  private func discard(_ layer: String) {
    if lastTraining != nil, !discarded.contains(layer) { discarded.append(layer) }
  }

  /// The layers whose trained weights a change of the network has discarded since this was last asked.
  public func takeDiscarded() -> [String] {
    defer { discarded = [] }
    return discarded
  }

  /// Makes the parameters, unless they are there already in this precision.
  ///
  /// - Throws: `incomplete-network`, `too-large`, or `interrupted`, and then nothing has changed.
  public func prepare(_ options: ExecutionOptions, random: inout RandomStream) throws(CodedError) {
    var options = options
    if defaults.rule.isOnline { options.precision = .double }
    // What was learned online can wait until somebody reads it.
    if let heldModel, heldModel.options.precision == options.precision {
      heldModel.options = options
      return
    }
    try checkRule()
    try checkState()
    let layout = try ParameterLayout(graph)
    // Values, gradients, Adam's two means, the last finite values, and two lists of doubles while they are made.
    try MemoryLimit.check(
      [layout.count], bytesEach: options.precision == .double ? 56 : 32,
      for: "A network of \(layout.count) parameters")
    let before = kept
    keepParameters()
    var values: [Double] = []
    values.reserveCapacity(layout.count)
    var changed: [String] = []
    var drawn = random
    for slice in layout.slices {
      if let old = kept[slice.key], old.shape == slice.shape {
        values += old.values
      } else {
        if kept[slice.key] != nil { changed.append(slice.layer) }
        values += slice.start.values(slice.count, using: &drawn)
      }
      if values.count < slice.range.upperBound || Cancellation.isRequested() {
        kept = before
        throw CodedError(.interrupted, "This was stopped before all weights were drawn.")
      }
    }
    random = drawn
    for layer in changed { discard(layer) }
    kept = [:]
    (online, remembered) = (nil, online?.state ?? remembered)
    isActivated = false
    noteChange()
    // The same network, computed in another way, goes on with what its optimizer knows.
    let known = model.flatMap { $0.layout == layout ? $0.optimizerState : nil }
    let made = Model(graph, layout, values: values, options)
    if let known { made.optimizerState = known }
    model = made
  }

  /// Forgets the parameters and the training, so that the next use draws new ones.
  public func reset() {
    model = nil
    dropOnline()
    noteChange()
    kept = [:]
    discarded = []
    isActivated = false
    lastTraining = nil
    lastTrainingData = nil
  }

  /// Says that a parameter may have changed.
  @inline(__always)
  func noteChange() {
    lastVersion += 1
    version = lastVersion
  }

  /// Adds the parameters, if there are any yet, to a digest.
  public func add(to digest: inout BitDigest) { model?.add(to: &digest) }

  /// Refuses a state that goes on from batch to batch where rows are grouped anew in each by their lengths.
  ///
  /// - Throws: `bad-value`.
  private func checkState() throws(CodedError) {
    guard takesAnyLength, let layer = graph.statefulLayer else { return }
    throw CodedError(
      .badValue,
      "`\(layer.name)` is stateful: each row of a batch goes on from the same row of the batch before, and sequences of any length are "
        + "grouped by their lengths. Leave stateful= out, or give the input a length, as in layer inp input 30x3.",
      suggestion: "stateful=false")
  }

  /// Refuses rows that are whole sequences under an online rule.
  ///
  /// - Throws: `needs-steps`.
  func checkRule(_ examples: Examples) throws(CodedError) {
    guard defaults.rule.isOnline, let steps = examples.steps else { return }
    // Sequences of the one length that the network takes are plain rows.
    if let fixed = graph.sequenceLength, steps.range == fixed...fixed { return }
    throw CodedError(
      .needsSteps,
      "Under rule=\(defaults.rule.rawValue) each row is a step, and the rows of `\(examples.name)` are whole sequences. Give their "
        + "steps one by one, in their order, each a row of \(examples.inputWidth.numbersText).")
  }

  /// Refuses an online rule over sequences of any length.
  ///
  /// - Throws: `needs-steps`.
  func checkRule() throws(CodedError) {
    guard takesAnyLength, defaults.rule.isOnline else { return }
    let input = graph.inputs.first?.name ?? "inp"
    throw CodedError(
      .needsSteps,
      "Under rule=\(defaults.rule.rawValue) each row is a step, and `\(input)` takes whole sequences. Give the data step by step, "
        + "each a row of \(inputWidth.numbersText), and let it take a step: layer \(input) input \(inputWidth)",
      suggestion: "layer \(input) input \(inputWidth)")
  }

  func prepared() throws(CodedError) -> Model {
    try checkRule()
    guard let model else {
      throw CodedError(.incompleteNetwork, "The network `\(name)` has no weights yet.")
    }
    return model
  }
}

extension Network {
  /// A copy of the numbers, shared as long as they stay the same.
  func copiedWeights() -> NetworkWeights {
    if copyVersion == version, let copy { return copy }
    let new = NetworkWeights(
      options: model?.options, values: model?.parameterValues, optimizer: model?.optimizerState,
      kept: kept)
    copy = new
    copyVersion = version
    return new
  }

  /// Takes over graph and numbers; the numbers fit, or are left out.
  func takeUp(_ state: NetworkState) {
    let weights = state.weights
    graph = state.graph
    kept = weights.kept
    discarded = state.discarded
    isActivated = false
    model = nil
    dropOnline()
    if let values = weights.values, let options = weights.options,
      let layout = try? ParameterLayout(graph), layout.count == values.count
    {
      model = Model(graph, layout, values: values, options)
      if let optimizer = weights.optimizer { model?.optimizerState = optimizer }
    }
    if let old = state.version { version = old } else { noteChange() }
    copy = weights
    copyVersion = version
  }

  /// The row that was last activated, if it is what `propagate` would learn from.
  var activation: [Double]? {
    isActivated ? defaults.rule.isOnline ? online?.inputs : model?.activatedInputs : nil
  }
}

/// What training and propagation use when they are not told otherwise.
public struct TrainingDefaults: Sendable, Equatable {
  /// How the network is computed and learns.
  public var rule = LearningRule.gradient
  /// The loss; by the last layer's activation when nil.
  public var loss: Loss?
  /// The losses of single output layers by their names, before ``loss``.
  public var outputLosses: [String: Loss] = [:]
  /// How much the losses of output layers count, by their names; 1 for those that are not named.
  public var lossWeights: [String: Double] = [:]
  /// The optimizer; plain gradient descent when nil.
  public var optimizer: Optimizer?
  /// The rate; the optimizer's own when nil.
  public var rate: Double?
  /// What large weights cost in `train` and `evaluate`.
  public var regularizer = Regularizer()
  /// The longest that a gradient may be in `train`.
  public var clip: Double?
  /// How the rate changes in `train`.
  public var schedule = LearningRateSchedule.constant

  /// Creates defaults; none unless given.
  public init(loss: Loss? = nil, optimizer: Optimizer? = nil, rate: Double? = nil) {
    self.loss = loss
    self.optimizer = optimizer
    self.rate = rate
  }
}

/// What `propagate` needs to know, worked out once and kept until the network changes. It is told from another by its
/// identity, since a step by hand takes less time than a comparison of all that it says.
final class OnlineSettings {
  let signal: ErrorSignal
  let rate: Double
  /// How many targets a row has.
  let width: Int

  init(signal: ErrorSignal, rate: Double, width: Int) {
    self.signal = signal
    self.rate = rate
    self.width = width
  }
}

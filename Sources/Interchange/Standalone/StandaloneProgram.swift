import Datasets
public import Foundations
public import ModelFiles
import NetworkSchema
import NeuralEngine

/// A language in which a network can be a program of its own.
public enum StandaloneLanguage: String, Sendable, CaseIterable {
  case c
  case python = "py"
  case javaScript = "js"
  case swift

  /// What the language is called.
  public var name: String {
    switch self {
    case .c: "C"
    case .python: "Python"
    case .javaScript: "JavaScript"
    case .swift: "Swift"
    }
  }
}

/// A network as the source text of a program: its numbers, functions for the operations that it uses, and the calls of
/// them in order. All languages share the calls; each has its own text for the functions.
public struct StandaloneProgram {
  /// An argument of a call.
  enum Argument: Equatable {
    /// An array that is computed, by its number.
    case buffer(Int)
    /// An array that is kept from one step to the next, by its name.
    case state(String)
    /// An array of constants, by its name.
    case constant(String)
    case integer(Int)
    case number(Double)
    case integers([Int])
    /// A function of one number, by its name.
    case function(String)
    case truth(Bool)
    /// An array that is left out.
    case nothing
  }

  /// A call of a function, in the layer that it belongs to.
  struct Call: Equatable {
    let layer: String
    let function: String
    let arguments: [Argument]
  }

  /// An array of constants.
  struct Constant {
    let name: String
    /// What it is, for a comment.
    let title: String
    let values: [Double]
    /// How many stand on a line.
    let width: Int
    /// Whether 32 bits are too few for it.
    let isExact: Bool
  }

  /// What the network is called, as a name that every language takes.
  private(set) var name = ""
  private(set) var constants: [Constant] = []
  private(set) var calls: [Call] = []
  /// The lengths of the arrays that are computed, by their numbers.
  private(set) var buffers: [Int: Int] = [:]
  private(set) var inputWidth = 0
  private(set) var outputWidth = 0
  private(set) var classes: [String] = []
  private(set) var inputNames: [String] = []
  private(set) var sample: SampleRows
  /// How it goes through a sequence step by step; nil where it does not.
  private(set) var stepping: Stepping?
  /// Whether a whole sequence is answered by its steps too, instead of by calls of its own.
  private(set) var answersByStep = false
  private var names: Set<String> = []

  /// More numbers make a text that no compiler likes.
  private static let mostNumbers = 5_000_000

  /// Makes the program of a network.
  ///
  /// - Throws: `incomplete-network`, `not-finite`, `too-large`, or `no-counterpart`.
  public init(_ network: SavedNetwork) throws(CodedError) {
    guard network.learned.values.count <= StandaloneProgram.mostNumbers else {
      throw CodedError(
        .tooLarge,
        "`\(network.name)` has \(network.learned.values.count) parameters, and a program of more than "
          + "\(StandaloneProgram.mostNumbers) is too long to compile. Save it as \"\(network.name).onnx\".")
    }
    let original = network
    let network = try network.ofFixedLength()
    let program = try InferenceProgram(network)
    sample = try SampleRows(program, count: 10)
    name = network.name.asLayerName
    inputWidth = network.graph.inputWidth
    outputWidth = network.graph.outputWidth
    classes = network.schema?.classes ?? []
    inputNames =
      network.schema?.inputs.map { columns in
        columns.flatMap { column in column.levels?.map { "\(column.name)=\($0)" } ?? [column.name] }
      } ?? []
    if let step = try InferenceProgram.oneStep(of: network) {
      stepping = try Stepping(network, step, firstBuffer: program.plan.buffers.count, &self)
      // Edges from step to step are a loop, and not a line for each of them. A recurrent layer adds in another order where it
      // goes through a whole sequence at once, as nbs answers it.
      answersByStep = network.graph.hasMemory && !program.plan.steps.contains { $0.operation is Recur }
      if answersByStep { return }
    }
    if original.graph.takesAnyLength, stepping == nil {
      throw CodedError(
        .noCounterpart,
        "`\(network.name)` takes sequences of any length, and a program can only go through these step by step, which it cannot: a "
          + "layer looks at several steps at once. Save it as \"\(network.name).onnx\".",
        suggestion: "\(network.name).onnx")
    }
    try addCalls(program)
  }

  /// The calls from the data to the answer.
  private mutating func addCalls(_ program: InferenceProgram) throws(CodedError) {
    convert(
      program.inputs, program.plan.inputs, "read_inputs", scales: program.inputScales,
      "what is taken from each input, and what it is divided by", program)
    for step in program.plan.steps { try add(step, program) }
    for number in program.outputs.indices
    where Set(program.outputScales(number).map(\.transform)).count > 1 {
      throw CodedError(
        .noCounterpart,
        "`\(program.network.name)` has learned the logarithms of some targets and other targets as they are in one layer, which no program "
          + "has a function for. Save it as \"\(program.network.name).onnx\".")
    }
    convert(
      program.outputs, program.plan.outputs, "write_outputs", scales: program.outputScales,
      "what is added to each output, and what it is multiplied by before", program)
  }

  /// Between a row in the units of the data, where layers stand side by side, and the layers' own buffers.
  private mutating func convert(
    _ layers: [Layer], _ places: [BufferID], _ function: String, scales: (Int) -> [Preparation.Scale],
    _ meaning: String, _ program: InferenceProgram
  ) {
    var start = 0
    for (number, layer) in layers.enumerated() {
      let buffer = use(places[number], program)
      let width = program.network.graph.width(of: layer)
      let scales = scales(number)
      let (offsets, divisors) = add(scales, "\(layer.name) - \(meaning)")
      var arguments: [Argument] = [
        .buffer(buffer), .integer(start), .integer(width), offsets, divisors, .integer(scales.count),
      ]
      // What was learned by its logarithm is turned back.
      let transform = function == "write_outputs" ? scales.first?.transform : nil
      if let transform { arguments.append(.number(transform == .log1p ? 1 : 0)) }
      call(layer.name, transform == nil ? function : "write_powers", arguments)
      start += width
    }
  }

  /// How many rows it tests itself on.
  public var testedRows: Int { sample.count }

  /// The program's text.
  public func text(in language: StandaloneLanguage) -> String {
    switch language {
    case .c: CText(program: self).text
    case .python: PythonText(program: self).text
    case .javaScript: JavaScriptText(program: self).text
    case .swift: SwiftText(program: self).text
    }
  }

  // MARK: - Arrays

  /// The number of a buffer, which gets a place.
  private mutating func use(_ id: BufferID, _ program: InferenceProgram) -> Int {
    buffers[firstBuffer + id.number] = program.buffer(id).width
    return firstBuffer + id.number
  }

  /// Where the numbers of buffers begin: those of one step stand behind the others.
  private var firstBuffer = 0

  private mutating func constant(
    _ wanted: String, _ title: String, _ values: [Double], width: Int, isExact: Bool = false
  ) -> Argument {
    let base = wanted.asLayerName
    if let known = constants.first(where: { $0.title == title && $0.values == values }) {
      return .constant(known.name)
    }
    var name = base
    var number = 2
    while !names.insert(name).inserted {
      name = "\(base)_\(number)"
      number += 1
    }
    constants.append(
      Constant(name: name, title: title, values: values, width: max(width, 1), isExact: isExact))
    return .constant(name)
  }

  private mutating func parameter(_ id: BufferID, _ program: InferenceProgram) -> Argument {
    let buffer = program.buffer(id)
    let name = buffer.name.replacingArrow
    let shape = buffer.shape.map(String.init).joined(separator: " x ")
    return constant(
      name, "\(buffer.name), \(shape)", program.parameters(id),
      width: buffer.shape.count > 1 ? buffer.shape.last ?? 1 : buffer.shape.reduce(1, *))
  }

  private mutating func add(_ scales: [Preparation.Scale], _ title: String) -> (
    offsets: Argument, divisors: Argument
  ) {
    if scales.isEmpty { return (.nothing, .nothing) }
    let layer = title.split(separator: " ").first.map(String.init) ?? ""
    return (
      constant("\(layer)_offset", title, scales.map(\.offset), width: scales.count, isExact: true),
      constant("\(layer)_divisor", title + " ", scales.map(\.divisor), width: scales.count, isExact: true)
    )
  }

  private mutating func call(_ layer: String, _ function: String, _ arguments: [Argument]) {
    calls.append(Call(layer: layer, function: function, arguments: arguments))
  }

  // MARK: - Operations

  private mutating func add(_ step: Step, _ program: InferenceProgram) throws(CodedError) {
    let inputs = step.inputs
    func add(_ function: String, _ arguments: [Argument]) { call(step.layer, function, arguments) }
    let y: Argument
    if case .rows = program.buffer(step.outputs[0]).extent {
      y = .buffer(use(step.outputs[0], program))
    } else {
      y = .nothing
    }
    func x(_ number: Int = 0) -> Argument { .buffer(use(inputs[number], program)) }
    func w(_ number: Int) -> Argument { parameter(inputs[number], program) }
    // Products are added to what is there, which is nothing where none have come before.
    let isProduct =
      step.operation is MatrixProduct || step.operation is OthersProduct || step.operation is ScaleColumns
    if isProduct, !step.accumulates {
      add("clear", [y, .integer(program.buffer(step.outputs[0]).width)])
    }
    switch step.operation {
    case let fill as FillRows: add("fill", [y, w(0), .integer(fill.places), .integer(fill.width)])
    case let clear as Clear: add("clear", [y, .integer(clear.width)])
    case let product as MatrixProduct:
      add(
        "add_matrix_product",
        [y, x(), w(1), .integer(product.places), .integer(product.inputWidth), .integer(product.outputWidth)])
    case let product as OthersProduct: add("add_others", [y, x(), w(1), .integer(product.units)])
    case let part as TakeStep:
      add("take_step", [y, x(), .integer(part.width), .integer(part.step)])
    case let scale as ScaleColumns:
      add("add_columns", [y, x(), w(1), .integer(scale.places), .integer(scale.width)])
    case let sum as AddScaled:
      if !step.accumulates { add("clear", [y, .integer(sum.width)]) }
      add("add_scaled", [y, x(), .number(sum.factor), .integer(sum.width)])
    case let combine as Combine:
      add("copy", [y, x(), .integer(combine.width)])
      for number in inputs.indices.dropFirst() {
        add(combine.rule == .product ? "multiply" : "take_larger", [y, x(number), .integer(combine.width)])
      }
    case let joined as Concatenate:
      var start = 0
      let whole = joined.widths.reduce(0, +)
      for (number, width) in joined.widths.enumerated() {
        add(
          "join", [y, x(number), .integer(joined.places), .integer(width), .integer(start), .integer(whole)])
        start += width
      }
    case let convolution as Convolve:
      add(
        "convolve",
        [
          y, x(), w(1), convolution.hasBias ? w(2) : .nothing, .integers(convolution.geometry.numbers),
          .integer(convolution.filters), .integer(convolution.groups),
        ])
    case let pool as MaxPool: add("max_pool", [y, x(), .integers(pool.geometry.numbers)])
    case let pool as MeanPool: add("mean_pool", [y, x(), .integers(pool.geometry.numbers)])
    case let deviation as InverseDeviation: deviations[step.outputs[0]] = (inputs[0], deviation.epsilon)
    case let normalization as Normalize:
      guard let (variance, epsilon) = deviations[inputs[2]] else { return }
      add(
        "normalize",
        [
          y, x(), w(1), parameter(variance, program), w(3), w(4), .integer(normalization.places),
          .integer(normalization.channels), .number(epsilon),
        ])
    case let normalization as NormalizeLayer:
      add(
        "normalize_layer",
        [
          y, x(), w(1), w(2), .integer(normalization.places), .integer(normalization.width),
          .number(normalization.epsilon),
        ])
    case let embedding as Embed:
      add("embed", [y, x(), w(1), .integer(embedding.count), .integer(embedding.dimension)])
    case let activation as Activate where activation.activation == .softmax:
      add("softmax", [y, x(), .integer(activation.places), .integer(activation.width)])
    case let activation as Activate:
      add(
        "apply",
        [y, x(), .function(activation.activation.rawValue), .integer(activation.width * activation.places)])
    case let recurrence as Recur:
      var arguments = [y, x(), w(1)]
      if recurrence.cell == .gru { arguments.append(inputs.count > 2 ? w(2) : .nothing) }
      arguments += [
        .integer(recurrence.steps), .integer(recurrence.units), .function(recurrence.activation.rawValue),
      ]
      if recurrence.cell != .rnn { arguments.append(.function(recurrence.gateActivation.rawValue)) }
      arguments += [.truth(recurrence.isReversed), .truth(recurrence.returnsAll)]
      add(recurrence.cell.rawValue, arguments)
    default:
      throw CodedError(
        .noCounterpart,
        "`\(step.layer)` computes \(step.operation.name), which no program has a function for. Save the network as "
          + "\"\(program.network.name).safetensors\".")
    }
  }

  private var deviations: [BufferID: (variance: BufferID, epsilon: Double)] = [:]

  /// The functions that answer the rows of the test, where a program names them so.
  var answerers: String { stepping != nil && !answersByStep ? "predict, predictByStep" : "predict" }

  /// The functions that the program uses, and the functions of one number among them.
  var functions: Set<String> {
    let calls = calls + (stepping?.calls ?? [])
    let own = Set(
      calls.map(\.function)
        + calls.flatMap(\.arguments).compactMap { argument in
          if case .function(let name) = argument { name } else { nil }
        })
    // What others of them need.
    let slides = !own.isDisjoint(with: ["convolve", "max_pool", "mean_pool"])
    let recurs = !own.isDisjoint(with: ["rnn", "lstm", "gru"])
    return own.union(slides ? ["windows"] : []).union(recurs ? ["steps"] : [])
  }
}

/// A network one step at a time: the calls of a step, and what is kept from one to the next.
struct Stepping {
  /// Some numbers of a row, and those of a step that they are at each of its steps, or all along.
  struct Segment {
    /// Where they begin in the row of a whole sequence, and in that of a step.
    let start: Int
    let own: Int
    /// How many a step has.
    let width: Int
    /// Whether each step has others.
    let advances: Bool

    /// Where number `i` of step `t` is in the row of a whole sequence, as a program says it.
    var place: String { advances ? "\(start) + t * \(width) + i" : "\(start) + i" }
  }

  let calls: [StandaloneProgram.Call]
  let buffers: [Int: Int]
  /// The arrays that are kept.
  let states: [(name: String, width: Int)]
  /// How many steps the sequences have that the network was made for.
  let length: Int
  let inputs: [Segment]
  let outputs: [Segment]

  var inputWidth: Int { inputs.reduce(0) { $0 + $1.width } }
  var outputWidth: Int { outputs.reduce(0) { $0 + $1.width } }

  /// - Parameters:
  ///   - network: the network for whole sequences.
  ///   - step: the network for one step.
  ///   - firstBuffer: the number of its first array.
  ///   - program: takes its constants.
  /// - Throws: `no-counterpart`.
  init(
    _ network: SavedNetwork, _ step: InferenceProgram, firstBuffer: Int, _ program: inout StandaloneProgram
  ) throws(CodedError) {
    var names: [String] = []
    for state in step.plan.states {
      let part =
        switch state.part {
        case .output: "output"
        case .sum: "sum"
        case .cell: "cells"
        }
      let wanted = "\(state.layer)_\(part)_\(state.age)".asLayerName
      names.append(names.contains(wanted) ? "\(wanted)_\(names.count)" : wanted)
    }
    states = zip(names, step.plan.states).map { ($0, step.buffer($1.before).width) }
    (calls, buffers) = try program.calls(of: step, states: names, firstBuffer: firstBuffer)
    length = network.graph.sequenceLength ?? 1
    func segments(_ layers: [Layer], _ length: Int) -> [Segment] {
      var (start, own) = (0, 0)
      return layers.map { layer in
        let (whole, width) = (network.graph.width(of: layer), step.network.graph.width(of: layer))
        defer { (start, own) = (start + whole, own + width) }
        return Segment(start: start, own: own, width: width, advances: whole == width * length && length > 1)
      }
    }
    inputs = segments(network.graph.inputs, length)
    outputs = segments(network.graph.outputs, length)
  }
}

extension StandaloneProgram {
  /// The calls of one step: what is kept comes into its arrays first, and goes back at the end.
  fileprivate mutating func calls(
    of step: InferenceProgram, states names: [String], firstBuffer: Int
  ) throws(CodedError) -> ([Call], [Int: Int]) {
    self.firstBuffer = firstBuffer
    for (name, state) in zip(names, step.plan.states) {
      let width = step.buffer(state.before).width
      call(state.layer, "copy", [.buffer(use(state.before, step)), .state(name), .integer(width)])
    }
    try addCalls(step)
    for (name, state) in zip(names, step.plan.states) {
      let younger = step.plan.states.first {
        $0.layer == state.layer && $0.part == state.part && $0.age == state.age - 1
      }
      let width = step.buffer(state.before).width
      let source = state.after ?? younger?.before ?? state.before
      call(state.layer, "copy", [.state(name), .buffer(use(source, step)), .integer(width)])
    }
    defer {
      (calls, buffers, self.firstBuffer) = ([], [:], 0)
      deviations = [:]
    }
    return (calls, buffers)
  }
}

extension WindowGeometry {
  /// Input, output, size, stride, dilation, zeros before: three numbers each; the channels.
  fileprivate var numbers: [Int] {
    [input, output, size, stride, dilation, before].flatMap { axes in (0..<3).map { axes[$0] } } + [channels]
  }
}

extension String {
  /// `inp->hid/weights` as words: `hid_weights_from_inp`.
  fileprivate var replacingArrow: String {
    guard let arrow = firstRange(of: "->") else { return self }
    return "\(self[arrow.upperBound...])_from_\(self[..<arrow.lowerBound])"
  }
}

extension Double {
  /// The shortest text that 32 bits read as the same number.
  var shortText: String { "\(Float(self))" }
}

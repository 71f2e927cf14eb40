import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Outputs
import Plotting

// Plots of the current network and of its layers.

extension PlotCommands {
  static let ofLayers: Table = [
    "weights": LayerWeights.self, "activations": LayerActivations.self, "filters": ConvolutionFilters.self,
    "network": NetworkDiagram.self,
  ]
}

/// `plot network`: the current network as it stands, complete or not; its weights where it has any. `plot network xor
/// sample=2`: unit by unit, with what each gives for a row. `plot network steps=3`: unrolled over steps of time.
private struct NetworkDiagram: PlotKind {
  let data: Identifier?
  let units: Operand<Bool>?
  let steps: Operand<Int>?
  let sample: Operand<Int>

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let network = try context.session.currentNetwork(at: context.span)
    if let steps { return try unrolled(network, steps, context) }
    let graph = network.graph
    guard !graph.layers.isEmpty else {
      throw Diagnostic(
        .nothingToPlot, "`\(network.name)` has no layers yet. Add one: layer inp input 2",
        at: context.span)
    }
    let parameters = network.parametersByKey
    let showsUnits = try units?(context) ?? (data != nil)
    let row = try data.map {
      try PlottedRow(
        $0, layer: nil, sample, context.session.readyNetwork(at: context.span), verb: "network", context)
    }
    let nodes = try graph.layers.map { layer in
      NetworkPlot.Node(
        name: layer.name, detail: layer.words(graph), units: graph.width(of: layer),
        biases: parameters[ParameterKey(layer: layer.name, role: .bias)],
        values: showsUnits ? try row?.values(of: layer.name, network, context) : nil)
    }
    let places = Dictionary(
      graph.layers.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let edges = graph.edges.compactMap { edge -> NetworkPlot.Edge? in
      guard let source = places[edge.source], let target = places[edge.target] else { return nil }
      return NetworkPlot.Edge(
        source: source, target: target, label: graph.notes(on: edge),
        weights: edge.hasWeights ? parameters[.weights(of: edge)] : nil, isDelayed: edge.delay > 0)
    }
    let title =
      network.name + (row.map { showsUnits ? localized(" on sample \($0.sample) of \($0.data)") : "" } ?? "")
    var plot = NetworkPlot(title: title, nodes: nodes, edges: edges)
    plot.showsUnits = showsUnits
    if showsUnits, let many = plot.unitsBeyondDrawing {
      context.emit(
        .text(
          localized(
            "`\(network.name)` has \(many) units, and circles are drawn for up to \(NetworkPlot.mostUnits)")))
    }
    return plot
  }
}

extension NetworkDiagram {
  /// The network over steps of time.
  private func unrolled(
    _ network: Network, _ steps: Operand<Int>, _ context: CommandContext
  ) throws -> any DrawablePlot {
    if let other = try data?.span ?? (units.flatMap { try $0(context) ? $0.span : nil }) {
      throw Diagnostic(
        .badOption,
        "steps= draws layers as boxes, a column for each step, and has no circles with a row's numbers. Leave one of the two out.",
        at: other)
    }
    let count = try steps(context)
    let plot: UnrolledPlot = try locating(steps.span) { try network.unrolled(over: count) }
    return plot
  }
}

extension Layer {
  /// `input 2`, `dense 3 sigmoid`, `conv2d 24x24x32 relu`
  fileprivate func words(_ graph: NetworkGraph) -> String {
    let shape = graph.shapeText(of: self).map { " " + $0 } ?? ""
    return kindName + shape + (hasActivation ? " \(activation.rawValue)" : "")
  }
}

/// `plot weights hid`
private struct LayerWeights: PlotKind {
  let layer: Identifier

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let network = try context.session.readyNetwork(at: context.span)
    let kind = try network.layer(layer).kindName
    let slices = (network.parameters ?? []).filter { $0.slice.layer == layer.name }
    guard !slices.isEmpty else {
      throw Diagnostic(
        .nothingToPlot, "`\(layer.name)` is a layer of kind \(kind) and has no weights.", at: layer.span)
    }
    let blocks = slices.map { slice, values in
      // A row for each unit of the layer; what is one number a unit stands in one column.
      let columns = slice.shape.dropFirst().reduce(1, *)
      return MatrixPlot.Block(name: slice.words, columns: columns, values: values)
    }
    return MatrixPlot(
      title: localized("weights of \(layer.name)"), rowLabel: localized("unit"), blocks: blocks)
  }
}

extension ParameterLayout.Slice {
  /// The key as a reader says it: `inp -> hid`, `bias`.
  fileprivate var words: String {
    switch key.role {
    case .bias: localized("bias")
    case .weights: "\(key.source ?? "") -> \(layer)"
    case .kernel, .gamma, .beta, .mean, .variance, .recurrent, .recurrentBias, .backwardKernel, .backwardBias,
      .backwardRecurrent, .backwardRecurrentBias:
      key.description
    }
  }
}

// MARK: - Activations and filters

/// `plot activations conv digits sample=3`: what a layer gives for one row, each channel on its own.
private struct LayerActivations: PlotKind {
  let layer: Identifier
  let data: Identifier?
  let sample: Operand<Int>
  let n: Operand<Int>?

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let network = try context.session.readyNetwork(at: context.span)
    let layer = try network.layer(layer)
    let row = try PlottedRow(data, layer: layer.name, sample, network, verb: "activations", context)
    let values = try row.values(of: layer.name, network, context)
    var shape = network.graph.shape(of: layer) ?? [values.count]
    if network.graph.isOfAnyLength(layer) {
      shape[0] = values.count / max(1, shape.dropFirst().reduce(1, *))
    }
    return PanelsPlot(
      title: localized("activations of \(layer.name), sample \(row.sample) of \(row.data)"),
      noun: shape.count > 1 ? "channel" : "unit", form: .showing(shape),
      units: PanelsPlot.Unit.channels(of: values, shape), shown: try n?(context))
  }
}

/// A row of a data set that goes through a network.
struct PlottedRow {
  /// The data set's name.
  let data: String
  /// The row's number.
  let sample: Int
  private let scaled: Dataset

  /// The row that is named, of the data set that is named, else of the one that the network was trained on.
  init(
    _ data: Identifier?, layer: String?, _ sample: Operand<Int>, _ network: Network, verb: String,
    _ context: CommandContext
  ) throws {
    let (name, selection) = try Self.selection(data, layer, network, verb, context)
    self.data = name
    let number = try sample.row(of: selection.set, context)
    self.sample = number
    let row = selection.set.selecting(rows: [number], name: name)
    scaled = try context.locating {
      try context.session.scaledInputs(of: row, of: selection.reference, to: network)
    }
  }

  private static func selection(
    _ data: Identifier?, _ layer: String?, _ network: Network, _ verb: String, _ context: CommandContext
  ) throws -> (name: String, data: DataSelection) {
    let session = context.session
    if let data { return (data.name, try session.data(data)) }
    if let name = network.lastTrainingData, let selection = try? session.data(name, at: context.span) {
      return (name, selection)
    }
    let sets = session.state.data
    let fitting = sets.filter { $0.value.set.inputWidth == network.inputWidth }.keys.sorted()
    let example = ["plot", verb, layer, fitting.first ?? "DATA"].compactMap(\.self).joined(separator: " ")
    let subject = verb == "activations" ? "Activations need" : "This plot needs"
    throw Diagnostic(
      .noData,
      fitting.isEmpty
        ? "\(subject) a row of data, and no data set has \(network.inputWidth.counted("input")) as `\(network.name)` does. Load one, and name it after the layer."
        : "\(subject) a row of data, and `\(network.name)` has not been trained on any. Name a data set: \(example)",
      at: context.span, suggestion: fitting.isEmpty ? nil : example)
  }

  /// What a layer gives for it.
  func values(of layer: String, _ network: Network, _ context: CommandContext) throws -> [Double] {
    try context.locating { try network.values(ofLayer: layer, for: scaled.examples) }
  }

  /// What a layer keeps in mind for it, step by step.
  func moments(of layer: String, _ network: Network, _ context: CommandContext) throws -> [LayerMoments] {
    try context.locating { try network.moments(of: layer, for: scaled.examples) }
  }

  /// What a unit of a layer is called: an input by its column.
  ///
  /// - Parameter all: how many values the layer gives, of which these are the last.
  func name(of layer: String, _ unit: Int, of count: Int, outOf all: Int, _ network: Network) -> String {
    let isInput = network.graph.layers.first { $0.name == layer }?.isInput == true
    let names = scaled.inputNames
    guard isInput, [count, all].contains(names.count) else { return "\(layer) \(unit)" }
    return names[names.count - count + unit]
  }
}

extension Network {
  /// The values of the parameters, by their keys.
  var parametersByKey: [ParameterKey: [Double]] {
    Dictionary(
      (parameters ?? []).map { ($0.slice.key, $0.values) }, uniquingKeysWith: { first, _ in first })
  }
}

/// `plot filters conv`: the kernels of a convolution.
private struct ConvolutionFilters: PlotKind {
  let layer: Identifier
  let n: Operand<Int>?

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let network = try context.session.readyNetwork(at: context.span)
    let layer = try network.layer(layer)
    guard layer.kind.as(Convolution.self) != nil,
      let kernel = network.parameters?.first(where: {
        $0.slice.key == ParameterKey(layer: layer.name, role: .kernel)
      })
    else {
      let weights = "plot weights \(layer.name)"
      throw Diagnostic(
        .wrongLayer,
        "`\(layer.name)` is a layer of kind \(layer.kindName), and only convolutions have filters. "
          + (layer.isDense
            ? "To plot its weights: \(weights)" : "To plot its output: plot activations \(layer.name)"),
        at: self.layer.span, suggestion: layer.isDense ? weights : "plot activations \(layer.name)")
    }
    return PanelsPlot(
      title: localized("filters of \(layer.name)"), noun: "filter", form: .pictures,
      units: PanelsPlot.Unit.filters(of: kernel.values, kernel.slice.shape), shown: try n?(context))
  }
}

extension PanelsPlot.Form {
  /// What suits an array of this shape, channels last.
  fileprivate static func showing(_ shape: [Int]) -> Self {
    shape.count == 1 ? .bars : shape.count == 2 ? .signals : .pictures
  }
}

extension PanelsPlot.Unit {
  /// What a layer gives, channel by channel; a row of numbers has one for each.
  fileprivate static func channels(of values: [Double], _ shape: [Int]) -> [Self] {
    let count = shape.last ?? 1
    let places = shape.dropLast()
    return (0..<count).map { channel in
      let own = stride(from: channel, to: values.count, by: count).map { values[$0] }
      return PanelsPlot.Unit(name: String(channel), pictures: planes(own, Array(places)))
    }
  }

  /// A convolution's kernel, filter by filter: filters x window x channels.
  fileprivate static func filters(of values: [Double], _ shape: [Int]) -> [Self] {
    let (window, channels) = (Array(shape.dropFirst().dropLast()), shape.last ?? 1)
    let size = shape.dropFirst().reduce(1, *)
    return (0..<(shape.first ?? 0)).map { filter in
      let own = Array(values[filter * size..<(filter + 1) * size])
      let pictures = window.count == 1 ? [signal(own, channels)] : pictures(own, window, channels)
      return PanelsPlot.Unit(name: String(filter), pictures: pictures)
    }
  }

  /// A window over a signal: a row a channel, time across.
  private static func signal(_ values: [Double], _ channels: Int) -> MatrixPlot.Block {
    let rows = (0..<channels).flatMap { channel in
      stride(from: channel, to: values.count, by: channels).map { values[$0] }
    }
    return .init(name: "", columns: values.count / max(channels, 1), values: rows)
  }

  /// A picture for each channel, or for each slice of each.
  private static func pictures(_ values: [Double], _ window: [Int], _ channels: Int) -> [MatrixPlot.Block] {
    (0..<channels).flatMap { channel in
      let own = stride(from: channel, to: values.count, by: channels).map { values[$0] }
      return planes(own, window).map { plane in
        let words = [channels > 1 ? "c\(channel)" : "", plane.name].filter { !$0.isEmpty }
        return MatrixPlot.Block(
          name: words.joined(separator: " "), columns: plane.columns, values: plane.values)
      }
    }
  }

  /// An array as pictures: the last two axes are one, and the axes before count them.
  private static func planes(_ values: [Double], _ shape: [Int]) -> [MatrixPlot.Block] {
    let columns = shape.last ?? 1
    let size = shape.suffix(2).reduce(1, *)
    let count = values.count / max(size, 1)
    return (0..<count).map { plane in
      MatrixPlot.Block(
        name: count > 1 ? "z\(plane)" : "", columns: columns,
        values: Array(values[plane * size..<(plane + 1) * size]))
    }
  }
}

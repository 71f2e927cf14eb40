import Datasets
import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Session {
  /// `plot activations`: what a layer gives for one row, each channel on its own.
  func activationsPlot(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> PanelsPlot {
    let network = try readyNetwork(at: arguments.span)
    let layer = try plottedLayer(of: network, arguments)
    let (name, data) = try plottedData(for: network, layer, arguments)
    let sample = try sample(of: data.set, arguments, context)
    let row = data.set.selecting(rows: [sample], name: name)
    let values = try locating(arguments.span) {
      // Rows of another width are refused by the network, and no scale fits them.
      let fits = row.inputWidth == network.inputWidth
      let scaled = fits ? self.scaled(row, for: network, data.reference) : row
      return try network.values(ofLayer: layer.name, for: scaled.examples)
    }
    let shape = network.graph.shape(of: layer) ?? [values.count]
    return PanelsPlot(
      title: "activations of \(layer.name), sample \(sample) of \(name)",
      noun: shape.count > 1 ? "channel" : "unit", form: .showing(shape),
      units: PanelsPlot.Unit.channels(of: values, shape), shown: try arguments.integer("n", context))
  }

  /// `plot filters`: the kernels of a convolution.
  func filtersPlot(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> PanelsPlot {
    let network = try readyNetwork(at: arguments.span)
    let layer = try plottedLayer(of: network, arguments)
    guard layer.kind.as(Convolution.self) != nil,
      let kernel = network.parameters?.first(where: {
        $0.slice.key == ParameterKey(layer: layer.name, role: .kernel)
      })
    else {
      let weights = "plot weights \(layer.name)"
      throw Diagnostic(
        "wrong-layer",
        "`\(layer.name)` is a layer of kind \(layer.kindName), and only convolutions have filters. "
          + (layer.isDense
            ? "Its weights are drawn by: \(weights)" : "See what it gives: plot activations \(layer.name)"),
        at: arguments.span("layer"),
        suggestion: layer.isDense ? weights : "plot activations \(layer.name)")
    }
    return PanelsPlot(
      title: "filters of \(layer.name)", noun: "filter", form: .pictures,
      units: PanelsPlot.Unit.filters(of: kernel.values, kernel.slice.shape),
      shown: try arguments.integer("n", context))
  }

  /// The layer that a plot is about.
  ///
  /// - Throws: `unknown-layer`.
  func plottedLayer(of network: Network, _ arguments: CommandArguments) throws -> Layer {
    let name = try arguments.requiredName("layer")
    if let layer = network.graph.layer(name) { return layer }
    throw Diagnostic(
      "unknown-layer", "The network `\(network.name)` has no layer `\(name)`.", at: arguments.span("layer"))
  }

  /// The row that `sample=` names.
  ///
  /// - Throws: `index-out-of-range`.
  func sample(of set: Dataset, _ arguments: CommandArguments, _ context: ExecutionContext) throws -> Int {
    let sample = try arguments.integer("sample", context) ?? 0
    if sample < set.rows { return sample }
    throw Diagnostic(
      "index-out-of-range",
      "`\(set.name)` has \(set.rows.counted("row")), counted from 0, so there is no sample \(sample).",
      at: arguments.span("sample"))
  }

  /// The data set that is named, else the one that the network was trained on.
  private func plottedData(
    for network: Network, _ layer: Layer, _ arguments: CommandArguments
  ) throws -> (name: String, data: DataSelection) {
    if let name = arguments.name("data") {
      return (name, try data(name, at: arguments.span("data")))
    }
    if let name = network.lastTrainingData, let selection = try? data(name, at: arguments.span) {
      return (name, selection)
    }
    let fitting = state.data.filter { $0.value.set.inputWidth == network.inputWidth }.keys.sorted()
    let example = "plot activations \(layer.name) \(fitting.first ?? "DATA")"
    throw Diagnostic(
      "no-data",
      fitting.isEmpty
        ? "A layer answers to a row of data, and no data set here has \(network.inputWidth.counted("input")) as `\(network.name)` takes them. Write or load one, and name it behind the layer."
        : "A layer answers to a row of data, and `\(network.name)` has not been trained on any. Name a data set: \(example)",
      at: arguments.span, suggestion: fitting.isEmpty ? nil : example)
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

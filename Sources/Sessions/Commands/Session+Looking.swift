import Datasets
import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Session {
  func summarise(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let network = try currentNetwork(at: arguments.span)
    let graph = network.graph
    guard !graph.layers.isEmpty else {
      context.emit(.text("\(network.name) has no layers yet"))
      return
    }
    if arguments.choice("what") == "plan" { return try showPlan(network, arguments, context) }
    let layout = try? ParameterLayout(graph)
    let rows = graph.layers.map { layer in summaryRow(layer, graph, layout) }
    var footer = ["\(layout?.count.grouped ?? "?") parameters"]
    if let layout {
      let frozen = layout.slices.filter { !$0.isTrainable }.reduce(0) { $0 + $1.count }
      if frozen > 0 { footer[0] += ", \(frozen.grouped) of them frozen" }
      let bytes = state.options.precision == .double ? 8 : 4
      footer.append(
        "memory: weights \((layout.count * bytes).byteWords), a row in training "
          + "\((graph.trainingNumbersPerRow * bytes).byteWords)")
    } else {
      footer = ["not complete: `connect` the layers to count parameters"]
    }
    context.emit(
      .table(
        Table(
          title: "\(network.name)",
          columns: [
            .words("layer"), .words("kind"), .words("activation"), .numbers("output"), .numbers("parameters"),
            .words("from"),
          ], rows: rows, footer: footer)))
  }

  private func showPlan(
    _ network: Network, _ arguments: CommandArguments, _ context: ExecutionContext
  ) throws {
    let batch = try arguments.integer("batch", context) ?? 32
    for (title, training) in [("a training step", true), ("a prediction", false)] {
      let summary = try locating(arguments.span) {
        try network.planSummary(training: training, batch: batch, precision: state.options.precision)
      }
      context.emit(.table(planTable("\(title) of \(network.name)", summary, batch)))
    }
  }

  private func planTable(_ title: String, _ summary: PlanSummary, _ batch: Int) -> Table {
    let rows = summary.lines.map { line in
      [
        line.layer, line.operation, line.shape.shapeWords,
        line.multiplications == 0 ? "" : line.multiplications.grouped, line.bytes.byteWords,
      ]
    }
    let sharding = summary.sharding
    return Table(
      title: title,
      columns: [
        .words("layer"), .words("operation"), .numbers("output"), .numbers("multiplications"),
        .numbers("bytes"),
      ], rows: rows,
      footer: [
        "a batch of \(batch.counted("row")): \(sharding.shards.counted("shard")) of \(sharding.shardRows.counted("row")), "
          + "\(sharding.blockRows) at a time; a row takes \(summary.bytesPerRow.byteWords)"
      ])
  }

  private func summaryRow(_ layer: Layer, _ graph: NetworkGraph, _ layout: ParameterLayout?) -> [String] {
    let count = layout?.slices.filter { $0.layer == layer.name }.reduce(0) { $0 + $1.count }
    let sources = graph.edges(into: layer.name).map {
      $0.type == .full ? $0.source : "\($0.source) (\($0.type.rawValue))"
    }
    return [
      layer.name, layer.kindName, layer.hasActivation ? layer.activation.rawValue : "",
      graph.shape(of: layer)?.shapeWords ?? "?",
      layer.isInput ? "0" : count?.grouped ?? "?", sources.joined(separator: ", "),
    ]
  }

  func show(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    switch arguments.command.variant {
    case "weights": try showWeights(arguments, context)
    case "data":
      let selection = try data(arguments.requiredName("data"), at: arguments.span("data"))
      showData(selection, rows: try arguments.integer("n", context) ?? 10, context)
    default: try showName(arguments, context)
    }
  }

  private func showWeights(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let name = try arguments.requiredName("layer")
    let network = try readyNetwork(at: arguments.span)
    guard network.graph.layer(name) != nil else {
      throw Diagnostic(
        "unknown-layer", "The network `\(network.name)` has no layer `\(name)`.", at: arguments.span("layer"))
    }
    let slices = (network.parameters ?? []).filter { $0.slice.layer == name }
    guard !slices.isEmpty else {
      context.emit(.text("\(name) has no weights"))
      return
    }
    for (slice, values) in slices {
      let tensor = try locating(arguments.span) { try Tensor(shape: slice.shape, values: values) }
      context.emit(
        .text(
          "\(slice.key)  \(slice.shape.shapeWords)\(slice.isTrainable ? "" : "  frozen")\n\(tensor.formatted(digits: state.options.digits))"
        ))
    }
  }

  /// Anything by its name.
  private func showName(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    let name = try arguments.requiredName("name")
    if state.data[name] != nil {
      showData(try data(name, at: arguments.span("name")), rows: 10, context)
    } else if let network = state.networks[name] {
      let current = state.current
      state.current = network
      defer { state.current = current }
      try summarise(arguments, context)
    } else if state.value(of: name) == nil, !state.values(ofSeries: name).isEmpty {
      let series = state.values(ofSeries: name)
      context.emit(
        .printed(
          "series \(name): \(series.count.counted("value"))\n"
            + Tensor(series).formatted(digits: state.options.digits)))
    } else {
      let value = try state.value(of: name) ?? lookUp(name, at: arguments.span("name"))
      if case .layer = value { return try showLayer(name, arguments, context) }
      context.emit(.printed(value.text(digits: state.options.digits)))
    }
  }

  private func showLayer(_ name: String, _ arguments: CommandArguments, _ context: ExecutionContext) throws {
    guard let network = state.current, let layer = network.graph.layer(name) else { return }
    let into = network.graph.edges(into: name).map(\.source).joined(separator: ", ")
    let out = network.graph.edges.filter { $0.source == name }.map(\.target).joined(separator: ", ")
    context.emit(
      .text(
        "layer \(name) of \(network.name): \(layer.kindName)"
          + (network.graph.shape(of: layer).map { ", gives \($0.shapeWords)" } ?? "")
          + (layer.hasActivation ? ", \(layer.activation.rawValue)" : "")
          + (into.isEmpty ? "" : ", from \(into)")
          + (out.isEmpty ? "" : ", to \(out)")))
  }
}

extension Int {
  /// `244 KiB`
  var byteWords: String {
    let (unit, size) =
      self < 1 << 10
      ? ("bytes", 0) : self < 1 << 20 ? ("KiB", 10) : self < 1 << 30 ? ("MiB", 20) : ("GiB", 30)
    return "\((Double(self) / Double(1 << size)).significant(3)) \(unit)"
  }

  /// The number with commas between its thousands: `62,346`.
  var grouped: String {
    var digits = String(magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }
}

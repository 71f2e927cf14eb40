import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Outputs
import Plotting

/// `summary`, `summary plan batch=32`
struct SummariseNetwork: SessionCommand {
  let what: Choice<Subject>
  let batch: Operand<Int>
  let steps: Operand<Int>?

  enum Subject: String, WordMeaning {
    case layers, plan
  }

  func run(_ context: CommandContext) throws {
    let network = try context.session.currentNetwork(at: context.span)
    if network.graph.layers.isEmpty || what.value == .layers { return context.summarise(network) }
    let rows = try batch(context)
    if let steps, !network.graph.takesAnyLength {
      throw Diagnostic(
        .badOption,
        "steps= is for a network that takes sequences of any length, and `\(network.name)` takes rows of one width. Leave it out.",
        at: steps.span)
    }
    let steps = try self.steps?(context) ?? NetworkGraph.summarySteps
    let precision = context.session.state.options.precision
    for training in [true, false] {
      let summary = try context.locating {
        try network.planSummary(training: training, batch: rows, steps: steps, precision: precision)
      }
      let title =
        training
        ? localized("a training step of \(network.name)") : localized("a prediction of \(network.name)")
      context.emit(.table(planTable(title, summary, rows)))
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
        .words(localized("layer")), .words(localized("operation")), .numbers(localized("output")),
        .numbers(localized("multiplications")), .numbers(localized("bytes")),
      ], rows: rows,
      footer: [
        localized(
          """
          a batch of \(batch, "row"): \(sharding.shards, "shard") of \(sharding.shardRows, "row"), \
          \(sharding.blockRows) at a time; a row takes \(summary.bytesPerRow.byteWords)
          """)
      ])
  }
}

extension CommandContext {
  /// Shows a network's layers and counts its parameters.
  func summarise(_ network: Network) {
    let graph = network.graph
    guard !graph.layers.isEmpty else { return emit(.text(localized("\(network.name) has no layers yet"))) }
    let layout = try? ParameterLayout(graph)
    let rule = network.defaults.rule
    var footer = [localized("not complete: `connect` the layers to count parameters")]
    if let layout {
      let frozen = layout.slices.filter { !$0.isTrainable }.reduce(0) { $0 + $1.count }
      let bytes = session.state.options.precision == .double || rule.isOnline ? 8 : 4
      footer = [
        localized("\(layout.count.grouped) parameters")
          + (frozen > 0 ? localized(", \(frozen.grouped) of them frozen") : "")
          + (rule.isOnline ? ", " + localized("rule \(rule.rawValue)") : ""),
        localized("memory: weights \((layout.count * bytes).byteWords)")
          + (rule.isOnline ? "" : rowMemory(graph, bytes)),
      ]
    }
    emit(
      .table(
        Table(
          title: network.name,
          columns: [
            .words(localized("layer")), .words(localized("kind")), .words(localized("activation")),
            .numbers(localized("output")), .numbers(localized("parameters")), .words(localized("from")),
          ], rows: graph.layers.map { summaryRow($0, graph, layout) }, footer: footer)))
  }

  /// What a row takes while the network learns; nothing where that cannot be told.
  private func rowMemory(_ graph: NetworkGraph, _ bytes: Int) -> String {
    let words = (graph.trainingNumbersPerRow * bytes).byteWords
    return graph.takesAnyLength
      ? localized(", a row of \(NetworkGraph.summarySteps, "step") in training \(words)")
      : localized(", a row in training \(words)")
  }

  private func summaryRow(_ layer: Layer, _ graph: NetworkGraph, _ layout: ParameterLayout?) -> [String] {
    let count = layout?.slices.filter { $0.layer == layer.name }.reduce(0) { $0 + $1.count }
    let sources = graph.edges(into: layer.name).map { edge in
      edge.source + (graph.notes(on: edge).map { " (\($0))" } ?? "")
    }
    return [
      layer.name, layer.kindName, layer.hasActivation ? layer.activation.rawValue : "",
      graph.shapeText(of: layer) ?? "?",
      layer.isInput ? "0" : count?.grouped ?? "?", sources.joined(separator: ", "),
    ]
  }
}

// MARK: - show

/// The commands that `show` is, by what it shows.
enum ShowCommands {
  static let byVariant: [String: any SessionCommand.Type] = [
    "weights": ShowWeights.self, "health": ShowHealth.self, "data": ShowData.self, "name": ShowName.self,
  ]
}

/// `show weights hid`
private struct ShowWeights: SessionCommand {
  let layer: Identifier

  func run(_ context: CommandContext) throws {
    let network = try context.session.readyNetwork(at: context.span)
    _ = try network.layer(layer)
    let slices = (network.parameters ?? []).filter { $0.slice.layer == layer.name }
    guard !slices.isEmpty else { return context.emit(.text(localized("\(layer.name) has no weights"))) }
    for (slice, values) in slices {
      let tensor = try context.locating { try Tensor(shape: slice.shape, values: values) }
      let numbers = tensor.formatted(digits: context.session.state.options.digits)
      context.emit(
        .text(
          "\(slice.key)  \(slice.shape.shapeWords)\(slice.isTrainable ? "" : "  " + localized("frozen"))\n\(numbers)"
        ))
    }
  }
}

extension Network {
  /// The layer that a command names.
  ///
  /// - Throws: `unknown-layer`.
  func layer(_ identifier: Identifier) throws -> Layer {
    if let layer = graph.layer(identifier.name) { return layer }
    throw Diagnostic(
      .unknownLayer, localized("The network `\(name)` has no layer `\(identifier.name)`."),
      at: identifier.span)
  }
}

/// `show data xor n=4`
private struct ShowData: SessionCommand {
  let data: Identifier
  let n: Operand<Int>

  func run(_ context: CommandContext) throws {
    try DataPage(selection: try context.session.data(data), rows: try n(context)).show(context)
  }
}

/// `show solver`: anything by its name.
private struct ShowName: SessionCommand {
  let name: Identifier

  func run(_ context: CommandContext) throws {
    let session = context.session
    let name = self.name.name
    let digits = session.state.options.digits
    let series = session.state.values(ofSeries: name)
    if session.state.data[name] != nil {
      try DataPage(selection: try session.data(self.name), rows: CommandTable.shownRows).show(context)
    } else if let network = session.state.networks[name] {
      context.summarise(network)
    } else if session.state.value(of: name) == nil, !series.isEmpty {
      context.emit(
        .printed(
          localized("series \(name): \(series.count, "value")") + "\n"
            + Tensor(series).formatted(digits: digits)))
    } else {
      let value = try session.state.value(of: name) ?? session.lookUp(name, at: self.name.span)
      if case .layer(let layer) = value { return show(layer, context) }
      context.emit(.printed(value.text(digits: digits)))
    }
  }

  private func show(_ reference: LayerReference, _ context: CommandContext) {
    let (network, name) = (reference.network, reference.name)
    guard let layer = network.graph.layer(name) else { return }
    let graph = network.graph
    func words(_ layer: String, _ edge: Edge) -> String {
      layer + (graph.notes(on: edge).map { " (\($0))" } ?? "")
    }
    let into = graph.edges(into: name).map { words($0.source, $0) }.joined(separator: ", ")
    let out = graph.edges.filter { $0.source == name }.map { words($0.target, $0) }.joined(separator: ", ")
    let gated = graph.gates.filter { $0.gater == name }.map { "\($0.source) -> \($0.target)" }
      .joined(separator: ", ")
    context.emit(
      .text(
        localized("layer \(name) of \(network.name): \(layer.kindName)")
          + (network.graph.shapeText(of: layer).map { localized(", gives \($0)") } ?? "")
          + (layer.hasActivation ? ", \(layer.activation.rawValue)" : "")
          + (into.isEmpty ? "" : localized(", from \(into)"))
          + (out.isEmpty ? "" : localized(", to \(out)"))
          + (gated.isEmpty ? "" : localized(", a gate on \(gated)"))))
  }
}

extension NetworkGraph {
  /// What tells an edge from a plain one: `carry, gate fg`, `one`, `delay 1, gate g at output`; nil for a plain one.
  func notes(on edge: Edge) -> String? {
    var notes = edge.type == .full ? [] : [edge.type.rawValue]
    if edge.delay > (edge.source == edge.target && edge.type != .full ? 1 : 0) {
      notes.append("delay \(edge.delay)")
    }
    if let gate = gate(on: edge) {
      notes.append(
        "gate \(gate.gater)" + (gate.place == .output ? " at output" : "")
          + (gate.delay > 0 ? " delay 1" : ""))
    }
    return notes.isEmpty ? nil : notes.joined(separator: ", ")
  }
}

/// What a data set is made of, and its first rows.
private struct DataPage {
  let selection: DataSelection
  let rows: Int

  private static let mostClasses = 40

  func show(_ context: CommandContext) throws {
    let description = selection.set.description(firstRows: rows)
    if isPlain(description) {
      context.emit(.table(firstRows(description, context)))
      return
    }
    context.emit(.table(columns(description)))
    let summaries = try context.locating { try selection.set.summaries() }
    if !summaries.isEmpty { context.emit(.table(values(summaries))) }
    if let classes = description.classes {
      // Of hundreds of classes the first say what they look like; `show` must not flood the page.
      let left = classes.count - DataPage.mostClasses
      let shown = classes.prefix(left > 1 ? DataPage.mostClasses : classes.count)
        .map { "\($0.name.onOneLine) \($0.rows)" }
      let rest = left > 1 ? localized(", and \(left) more classes") : ""
      context.emit(.text(localized("classes: \(shown.joined(separator: ", ") + rest)")))
    }
    if !selection.isPart, selection.reference.parts.isDivided {
      context.emit(.table(selection.reference.parts.counts.table(title: localized("parts"))))
    }
    if let sheet = selection.set.contactSheet { context.emit(.plot(Plot(sheet))) }
    if !description.firstRows.isEmpty, description.headings.count <= 16 {
      context.emit(.table(firstRows(description, context)))
    }
    for note in description.notes { context.emit(.text(note)) }
  }

  /// Whether the rows alone say everything: a small table of numbers.
  private func isPlain(_ description: DatasetDescription) -> Bool {
    description.lengths == nil && description.rows <= 20 && description.headings.count <= 8
      && description.classes == nil
      && description.inputShape.count == 1
  }

  private func columns(_ description: DatasetDescription) -> Table {
    // A set of hundreds of columns is described by its first.
    let shown = description.columns.prefix(40)
    let left = description.columns.count - shown.count
    return Table(
      title: title(description),
      columns: [
        .words(localized("column")), .words(localized("role")), .words(localized("type")), .numbers("min"),
        .numbers("max"), .numbers(localized("mean")), .numbers(localized("std")),
        .numbers(localized("missing")),
      ],
      rows: shown.map(row), footer: left > 0 ? [localized("\(left) more columns")] : [])
  }

  private func title(_ description: DatasetDescription) -> String {
    let shape = description.inputShape.shapeWords
    guard let lengths = description.lengths else {
      return localized("\(description.name): \(description.rows, "row"), inputs \(shape)")
    }
    return localized(
      "\(description.name): \(description.rows, "sequence") of \(lengths.words), inputs nx\(shape)")
  }

  private func row(_ column: DatasetDescription.Column) -> [String] {
    let type =
      switch column.kind {
      case .wholeNumber: localized("integer")
      case .number: localized("number")
      case .pixels: localized("pixels")
      case .words(let levels) where column.role == .target: localized("\(levels.count, "class")")
      case .words(let levels):
        levels.count == 1 ? localized("1 category") : localized("\(levels.count) categories")
      }
    let role = column.role == .input ? localized("input") : localized("target")
    return [column.name, role, type]
      + [column.range?.lowerBound, column.range?.upperBound, column.mean, column.deviation].map {
        $0.map { $0.significant(4) } ?? ""
      }
      + [column.missing == 0 ? "" : String(column.missing)]
  }

  /// What the values of each column are like.
  private func values(_ summaries: [ColumnSummary]) -> Table {
    let shown = summaries.prefix(40)
    let target = selection.set.targetNames.first ?? ""
    var columns: [Table.Column] = [
      .words(localized("column")), .numbers(localized("distinct")), .words(localized("distribution")),
      .words(localized("commonest")),
    ]
    var footer: [String] = []
    if let correlation = selection.set.correlation {
      columns.append(.numbers(localized("correlation")))
      footer = [
        correlation == .withNumber
          ? localized("correlation with \(target): Pearson's r, and the correlation ratio of categories")
          : localized("correlation with \(target): the correlation ratio, and Cramer's V of categories")
      ]
    }
    if summaries.count > shown.count {
      footer.append(localized("\(summaries.count - shown.count) more columns"))
    }
    return Table(
      columns: columns,
      rows: shown.map { summary in
        let commonest = summary.commonest.prefix(2).map { "\(words($0.value)) (\($0.rows))" }
        let row = [
          summary.name, String(summary.distinct), bars(summary.histogram), commonest.joined(separator: ", "),
        ]
        guard columns.count > row.count else { return row }
        return row + [summary.correlation.map { $0.significant(2) } ?? ""]
      }, footer: footer)
  }

  /// Counts as signs of growing weight.
  private func bars(_ counts: [Int]) -> String {
    guard let most = counts.max(), most > 0 else { return "" }
    let signs = Array(".:-=+*#%@")
    return String(counts.map { $0 == 0 ? "_" : signs[($0 * signs.count - 1) / most] })
  }

  private func words(_ cell: DatasetDescription.Cell) -> String {
    switch cell {
    case .number(let number): number.significant(4)
    case .word(let word): word.count > 14 ? word.prefix(13) + "." : word.onOneLine
    }
  }

  private func firstRows(_ description: DatasetDescription, _ context: CommandContext) -> Table {
    let left = description.rows - description.firstRows.count
    let isWord = description.headings.indices.map { column in
      description.firstRows.contains { if case .word = $0[column] { true } else { false } }
    }
    return Table(
      title: localized("\(description.name): \(description.rows, "row")"),
      columns: [.numbers(localized("row"))]
        + zip(description.headings, isWord).map { $1 ? .words($0) : .numbers($0) },
      rows: description.firstRows.enumerated().map { index, cells in
        [String(index + 1)]
          + cells.map { cell in
            switch cell {
            case .number(let number): formatNumber(number, digits: context.session.state.options.digits)
            case .word(let word): word
            }
          }
      },
      footer: left > 0
        ? [localized("\(left, "more row"): show data \(description.name) n=\(description.rows)")] : [])
  }
}

extension Int {
  /// So many bytes in the user's language: `244 KiB`, in French `244 Kio`.
  var byteWords: String {
    let (count, unit) = byteAmount
    return switch unit {
    case .bytes: self == 1 ? localized("1 byte") : localized("\(count) bytes")
    case .kibi: localized("\(count) KiB")
    case .mebi: localized("\(count) MiB")
    case .gibi: localized("\(count) GiB")
    }
  }

  /// The number with a sign between its thousands, as the language has it: `62,346`, in French `62 346`.
  var grouped: String {
    var digits = String(magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: UserLanguage.current.groupSeparator)
  }
}

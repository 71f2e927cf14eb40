import DataFiles
import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine
import Outputs

/// `save predictions "p.csv" data=test columns=[id]`
struct SavePredictions: SessionCommand {
  let file: Operand<FilePath>
  let data: Identifier?
  let columns: Operand<Words>?

  func run(_ context: CommandContext) throws {
    let session = context.session
    let path = try file(context).path
    guard let format = PredictionFormat(path: path) else {
      throw Diagnostic(
        .badValue,
        "Predictions are written to .csv, .tsv, .jsonl or .npy, as the file's name ends: \"predictions.csv\".",
        at: file.span, suggestion: "\"predictions.csv\"")
    }
    let network = try session.readyNetwork(at: context.span)
    let set = try set(network, context)
    let (predicted, outputs) = try predictions(network, on: set, context)
    let counts =
      network.graph.answersEachStep
      ? try context.locating { () throws(CodedError) in try network.answers(ofRows: set.examples) } : nil
    let chosen = try chosenColumns(of: set, answers: counts, context)
    let table = PredictionTable(columns: chosen + predicted)
    try context.locating {
      let place = session.files.writing(path)
      try session.writingTogether(at: context.span) { () throws -> Void in
        if format == .npy {
          let width = network.graph.outputWidth
          let answers = counts?.reduce(0, +) ?? set.rows
          try AtomicFile.write([NPYWriter.bytes(outputs, shape: [answers, width])], to: place)
        } else {
          try AtomicFile.write(table.text(format) { try context.execution.checkInterruption() }, to: place)
        }
      }
    }
    let names =
      format == .npy
      ? ""
      : ": " + table.columns.prefix(8).map(\.name).joined(separator: ", ")
        + (table.columns.count > 8 ? ", …" : "")
    context.emit(
      .text(
        localized(
          "saved the predictions of \(network.name) on \(set.rows, "row") of \(set.name) to \(path)\(names)")
          + (counts.map { localized(", a line for each of \($0.reduce(0, +), "step")") } ?? "")))
  }

  private func set(_ network: Network, _ context: CommandContext) throws -> Dataset {
    let session = context.session
    if let data { return try session.data(data).set }
    guard let name = network.lastTrainingData, let selection = try? session.data(name, at: context.span)
    else {
      throw Diagnostic(
        .noData,
        "Predictions need rows of data. Name a data set: data=\(session.state.data.keys.min() ?? "xor")",
        at: context.span)
    }
    return selection.set
  }

  // MARK: Columns

  /// The columns beside the predictions.
  ///
  /// - Parameter counts: how many answers each row has, a line each; nil for one.
  private func chosenColumns(
    of set: Dataset, answers counts: [Int]?, _ context: CommandContext
  ) throws -> [PredictionTable.Column] {
    let lines = counts?.reduce(0, +)
    /// A cell for each line: what stands at each step, or what stands in a row at all of its steps.
    func cells(_ name: String) -> [DatasetDescription.Cell]? {
      guard let counts else { return set.cells(ofColumn: name) }
      if let cells = set.cellsOfSteps(ofColumn: name), cells.count == lines { return cells }
      return set.cells(ofColumn: name).map { $0.repeated(counts) }
    }
    let place = counts.map { counts in
      PredictionTable.Column(
        name: "step", cells: counts.flatMap { (1...max(1, $0)).map { .number(Double($0)) } })
    }
    guard let columns else {
      let row = PredictionTable.Column(
        name: "row", cells: (1...set.rows).map { .number(Double($0)) }.repeated(counts))
      let labels = set.labelColumns.compactMap { label in
        cells(label.name).map { PredictionTable.Column(name: label.name, cells: $0) }
      }
      return (labels.isEmpty ? [row] : labels) + (place.map { [$0] } ?? [])
    }
    let named = try columns(context).words.map { name in
      guard let cells = cells(name) else { throw set.withoutColumn(name, at: columns.span) }
      return PredictionTable.Column(name: name, cells: cells)
    }
    return named + (place.map { [$0] } ?? [])
  }

  /// The columns of the predictions, and the outputs as numbers.
  private func predictions(
    _ network: Network, on set: Dataset, _ context: CommandContext
  ) throws -> ([PredictionTable.Column], [Double]) {
    let session = context.session
    let outputs = try context.locating {
      let fitted = try session.fittedInputs(of: set, to: network)
      if let note = fitted.note { context.emit(.text(note)) }
      return try session.answers(of: network, to: fitted.set)
    }
    let width = network.graph.outputWidth
    let several = session.outputs(of: network)
    // A line for each row, or for each step of one.
    let lines = outputs.count / max(1, width)
    if !several.isEmpty {
      return (several.flatMap { outputColumns($0, outputs, rows: lines, width: width) }, outputs)
    }
    let named = session.classes(of: network)
    guard let classes = named ?? numberedClasses(network, session) else {
      let targets = session.schema(of: network)?.targets.map(\.name) ?? []
      let columns = (0..<width).map { unit in
        PredictionTable.Column(
          name: width == 1
            ? "predicted" : "predicted_\(targets.count == width ? targets[unit] : String(unit + 1))",
          cells: (0..<lines).map { .number(outputs[$0 * width + unit]) })
      }
      return (columns, outputs)
    }
    let said = session.said(outputs, rows: lines, network, classes)
    var columns = [PredictionTable.Column(name: "predicted", cells: said.map { .word($0.name) })]
    if network.givesMargins {
      columns.append(.init(name: "margin", cells: said.map { .number($0.certainty) }))
    } else {
      columns += classes.enumerated().map { place, name in
        PredictionTable.Column(
          name: "p_\(name)",
          cells: (0..<lines).map { row in
            .number(width > 1 ? outputs[row * width + place] : place == 1 ? outputs[row] : 1 - outputs[row])
          })
      }
    }
    return (columns, outputs)
  }

  /// The columns of one of several output layers: `predicted_price`; `predicted_kind`, `p_kind_flat`, `p_kind_house`.
  private func outputColumns(
    _ output: NetworkOutput, _ outputs: [Double], rows: Int, width: Int
  ) -> [PredictionTable.Column] {
    let numbers = (0..<rows).map { Array(output.numbers(outputs, row: $0, width: width)) }
    guard let classes = output.classes else {
      return output.units.indices.map { unit in
        let place = unit - output.units.lowerBound
        return .init(
          name: "predicted_\(output.name)" + (output.units.count == 1 ? "" : "_\(place + 1)"),
          cells: numbers.map { .number($0[place]) })
      }
    }
    let said = numbers.map { output.said($0[...]) }
    let names = PredictionTable.Column(
      name: "predicted_\(output.name)", cells: said.map { .word($0?.name ?? "") })
    if output.givesMargins {
      let margins = said.map { DatasetDescription.Cell.number($0?.certainty ?? .nan) }
      return [names, .init(name: "margin_\(output.name)", cells: margins)]
    }
    return [names]
      + classes.enumerated().map { place, name in
        PredictionTable.Column(
          name: "p_\(output.name)_\(name)",
          cells: numbers.map { .number($0.count > 1 ? $0[place] : place == 1 ? $0[0] : 1 - $0[0]) })
      }
  }

  /// `0`, `1`, … where the network tells classes apart that nobody has named; nil where its answers are amounts.
  private func numberedClasses(_ network: Network, _ session: Session) -> [String]? {
    guard network.graph.outputs.count == 1, network.graph.outputSteps == 1,
      let loss = try? network.effectiveLoss(),
      session.state.trainedData(of: network)?.preparation?.targets == nil
    else { return nil }
    let width = network.graph.outputWidth
    switch network.graph.outputs[0].activation {
    case .softmax where width > 1: return (0..<width).map(String.init)
    case .sigmoid where width == 1 && loss == .bce: return ["0", "1"]
    default: return nil
    }
  }
}

extension [DatasetDescription.Cell] {
  /// Each cell so many times; as they are where no numbers are given.
  fileprivate func repeated(_ counts: [Int]?) -> [DatasetDescription.Cell] {
    guard let counts else { return self }
    return zip(self, counts).flatMap { cell, count in Array(repeating: cell, count: count) }
  }
}

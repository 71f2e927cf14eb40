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
    let chosen = try chosenColumns(of: set, context)
    let (predicted, outputs) = try predictions(network, on: set, context)
    let table = PredictionTable(columns: chosen + predicted)
    try context.locating {
      let place = session.files.writing(path)
      if format == .npy {
        let width = network.graph.outputWidth
        try AtomicFile.write([NPYWriter.bytes(outputs, shape: [set.rows, width])], to: place)
      } else {
        try AtomicFile.write(table.text(format) { try context.execution.checkInterruption() }, to: place)
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
      ))
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

  private func chosenColumns(of set: Dataset, _ context: CommandContext) throws -> [PredictionTable.Column] {
    guard let columns else {
      if !set.labelColumns.isEmpty {
        return set.labelColumns.map { .init(name: $0.name, cells: $0.texts.map { .word(String($0)) }) }
      }
      return [.init(name: "row", cells: (1...set.rows).map { .number(Double($0)) })]
    }
    return try columns(context).words.map { name in
      guard let cells = set.cells(ofColumn: name) else { throw set.withoutColumn(name, at: columns.span) }
      return .init(name: name, cells: cells)
    }
  }

  /// The columns of the predictions, and the outputs as numbers.
  private func predictions(
    _ network: Network, on set: Dataset, _ context: CommandContext
  ) throws -> ([PredictionTable.Column], [Double]) {
    let session = context.session
    let outputs = try context.locating {
      let fitted = try session.fittedInputs(of: set, to: network)
      if let note = fitted.note { context.emit(.text(note)) }
      guard !network.graph.answersEachStep else { throw network.answersSteps }
      return try session.answers(of: network, to: fitted.set)
    }
    let width = network.graph.outputWidth
    let several = session.outputs(of: network)
    if !several.isEmpty {
      return (several.flatMap { outputColumns($0, outputs, rows: set.rows, width: width) }, outputs)
    }
    let named = session.classes(of: network)
    guard let classes = named ?? numberedClasses(network, session) else {
      let targets = session.schema(of: network)?.targets.map(\.name) ?? []
      let columns = (0..<width).map { unit in
        PredictionTable.Column(
          name: width == 1
            ? "predicted" : "predicted_\(targets.count == width ? targets[unit] : String(unit + 1))",
          cells: (0..<set.rows).map { .number(outputs[$0 * width + unit]) })
      }
      return (columns, outputs)
    }
    let said = session.said(outputs, rows: set.rows, network, classes)
    var columns = [PredictionTable.Column(name: "predicted", cells: said.map { .word($0.name) })]
    if network.givesMargins {
      columns.append(.init(name: "margin", cells: said.map { .number($0.certainty) }))
    } else {
      columns += classes.enumerated().map { place, name in
        PredictionTable.Column(
          name: "p_\(name)",
          cells: (0..<set.rows).map { row in
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

extension Network {
  /// The error where a line a row is wanted, and each row has as many answers as steps.
  fileprivate var answersSteps: CodedError {
    CodedError(
      .badValue,
      "`\(name)` answers each step of sequences of any length, and a file of predictions has a line for each row. `predict` shows "
        + "them step by step.", suggestion: "predict")
  }
}

import Foundations
import ModelFiles
import NeuralEngine

/// Makes a network of a model, for sequences of any length where the model leaves theirs free.
///
/// A model is followed with numbers of one length. Where it is the same network for sequences of several lengths, each of which
/// answers as the file does, it is one for those of any.
struct ONNXLengths {
  let model: ONNXModel
  /// What messages call the file.
  let file: String
  /// What the network is called where the file has no name for it.
  let stem: String
  let isReserved: (String) -> Bool

  /// The lengths for which a model of others is tried: windows may need longer ones.
  private static let lengths = [10, 32, 100, 1000]

  /// The network, and how many rows it answered as the file does.
  func made() throws -> (network: SavedNetwork, checkedRows: Int) {
    let free = freeInputs
    // An input with several free lengths is no sequence, and is refused for them.
    guard !free.isEmpty, !hasImages else { return try network(steps: nil) }
    let isOurs = model.producer == "nbs"
    let own =
      isOurs ? model.metadata.first { $0.key == ONNXImporter.lengthKey }.flatMap { Int($0.value) } : nil
    if isOurs, let own, !model.metadata.contains(where: { $0.key == ONNXImporter.anyLengthKey }) {
      return try network(steps: own)
    }
    var first: (any Error)?
    for length in own.map({ [$0] }) ?? ONNXLengths.lengths {
      do {
        let found = try network(steps: length)
        guard let longer = try lengthened(found.network, free, from: length) else { break }
        return (longer, found.checkedRows)
      } catch {
        if (error as? CodedError)?.code == .interrupted { throw error }
        first = first ?? error
      }
    }
    throw refusal(free, first as? CodedError)
  }

  /// The network for sequences of so many steps.
  private func network(steps: Int?) throws -> (network: SavedNetwork, checkedRows: Int) {
    var importer = try ONNXImporter(model, file: file, steps: steps, isReserved: isReserved)
    let made = try importer.network(named: stem)
    let rows = importer.fixedRows ?? (made.learned.values.count < 100_000 ? 10 : 2)
    try importer.check(made, rows: rows)
    return (made, rows)
  }

  /// The network for sequences of any length; nil where it is another one for longer sequences.
  private func lengthened(
    _ made: SavedNetwork, _ free: [String], from length: Int
  ) throws -> SavedNetwork? {
    let layers = Set(
      made.graph.inputs.indices.filter { free.contains(inputs[$0].name) }.map { made.graph.inputs[$0].name })
    guard let any = made.ofAnyLength(layers) else { return nil }
    let longer = try network(steps: length + 1).network
    guard longer.learned.values == made.learned.values, let other = longer.ofAnyLength(layers),
      other.graph == any.graph, other.preparation == any.preparation
    else { return nil }
    return any
  }

  private var inputs: [ONNXValueInfo] {
    let constants = Set(model.graph.initializers.map(\.name))
    return model.graph.inputs.filter { !constants.contains($0.name) }
  }

  /// The inputs of which one length is free beside the number of rows.
  private var freeInputs: [String] {
    inputs.filter { ($0.shape ?? []).dropFirst().contains { ($0 ?? 0) <= 0 } }.map(\.name)
  }

  /// Whether an input has several free lengths.
  private var hasImages: Bool {
    inputs.contains { input in (input.shape ?? []).dropFirst().count { ($0 ?? 0) <= 0 } > 1 }
  }

  private func refusal(_ free: [String], _ reason: CodedError?) -> CodedError {
    CodedError(
      .noCounterpart,
      "The input `\(free[0].shownName)` of `\(file)` has a length that is free besides the number of rows, and no network for sequences of "
        + "any length can be made of it"
        + (reason.map { ": \($0.message)" } ?? ", since it is another network for each length.")
        + " Export it with a fixed shape.")
  }
}

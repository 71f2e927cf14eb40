import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine

/// `inputs={plan: [area, rooms], place: [north, east]}`: which columns each of several input layers takes.
struct InputGroups: OperandValue {
  let groups: [(layer: String, columns: [String])]
  private let span: SourceSpan

  init(_ value: Value, of content: CheckedValue) throws {
    span = content.span
    let refusal = Diagnostic(
      .badValue, "`\(content.slot.name)` takes \(content.slot.type.wanted).", at: content.span)
    guard case .list(let items) = value else { throw refusal }
    groups = try items.map { item in
      guard case .list(let parts) = item else { throw refusal }
      let words = parts.compactMap { if case .string(let word) = $0 { word } else { nil } }
      guard words.count == parts.count, let layer = words.first, words.count > 1 else { throw refusal }
      return (layer, Array(words.dropFirst()))
    }
  }

  /// The columns of a data set in the order in which the network takes them: layer by layer. Layers that are not named take
  /// what is left, in order.
  ///
  /// - Throws: `bad-value`, `unknown-layer`, `unknown-column`, or `shape-mismatch` where columns make more or fewer numbers
  ///   than a layer takes.
  func order(of set: Dataset, for network: Network) throws -> [DataColumn] {
    let layers = network.graph.inputs
    guard set.hasNamedInputs else {
      throw Diagnostic(
        .badValue,
        "The columns of `\(set.name)` have no names to take them by. Put them in the order of the input layers: "
          + "\(layers.map { "`\($0.name)`" }.joined(separator: ", ")).", at: span)
    }
    var byLayer: [String: [DataColumn]] = [:]
    var taken: Set<String> = []
    for (layer, names) in groups {
      guard layers.contains(where: { $0.name == layer }) else {
        throw Diagnostic(
          .unknownLayer,
          "`\(layer)` is no input layer of `\(network.name)`. It has "
            + "\(layers.map { "`\($0.name)`" }.joined(separator: ", ")).", at: span,
          suggestion: DidYouMean.nearest(to: layer, among: layers.map(\.name)))
      }
      guard byLayer[layer] == nil else {
        throw Diagnostic(.badValue, "`inputs` names `\(layer)` twice. Keep one of them.", at: span)
      }
      byLayer[layer] = try names.map { name in
        guard let column = set.inputColumns.first(where: { $0.name == name }) else {
          let known = set.inputColumns.map(\.name)
          let nearest = DidYouMean.nearest(to: name, among: known)
          throw Diagnostic(
            .unknownColumn,
            "`\(set.name)` has no input column `\(name)`. "
              + (DidYouMean.question(nearest) ?? "It has \(known.prefix(20).joined(separator: ", "))."),
            at: span, suggestion: nearest)
        }
        guard taken.insert(name).inserted else {
          throw Diagnostic(
            .badValue, "The column `\(name)` is given twice in `inputs`. Each goes to one input layer.",
            at: span)
        }
        return column
      }
    }
    var left = set.inputColumns.filter { !taken.contains($0.name) }[...]
    return try layers.flatMap { layer -> [DataColumn] in
      let wanted = network.graph.width(of: layer)
      var columns = byLayer[layer.name] ?? []
      if byLayer[layer.name] == nil {
        while columns.reduce(0, { $0 + $1.width }) < wanted, let next = left.popFirst() {
          columns.append(next)
        }
      }
      let width = columns.reduce(0) { $0 + $1.width }
      guard width == wanted else {
        let list = columns.map { $0.width == 1 ? $0.name : "\($0.name) (\($0.width) categories)" }
        throw Diagnostic(
          .shapeMismatch,
          "`\(layer.name)` takes \(wanted.numbersText), but "
            + (list.isEmpty
              ? "no columns are left for it. " : "\(list.joined(separator: ", ")) make \(width). ")
            + "Declare it as `layer \(layer.name) input \(max(1, width))`, or give it other columns.",
          at: span)
      }
      return columns
    }
  }
}

extension Network {
  /// `plan takes area, rooms; place takes north, east`: the columns of several input layers; nil for a network with one,
  /// and for columns without names.
  func inputDeal(of set: Dataset) -> String? {
    guard graph.inputs.count > 1, set.hasNamedInputs, set.inputWidth == inputWidth else { return nil }
    var left = set.inputNames[...]
    return graph.inputs.map { layer in
      let own = left.prefix(graph.width(of: layer))
      left = left.dropFirst(own.count)
      let names = own.prefix(6).joined(separator: ", ") + (own.count > 6 ? ", …" : "")
      return localized("\(layer.name) takes \(names)")
    }.joined(separator: "; ")
  }
}

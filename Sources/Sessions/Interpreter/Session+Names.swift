import Datasets
import Diagnostics
import Foundation
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine

extension Session {
  /// What a name stands for that no variable holds.
  func lookUp(_ name: String, at span: SourceSpan) throws -> Value {
    if let data = state.data[name] { return .data(data) }
    if let network = state.networks[name] { return .network(network) }
    if let current = state.current, current.graph.layer(name) != nil {
      return .layer(LayerReference(network: current, name: name))
    }
    if let constant = BuiltinFunctions.constants[name] { return .number(constant) }
    if let builtin = BuiltinFunctions.byName[name] {
      throw Diagnostic(.badType, "`\(name)` is a function: \(builtin.usage).", at: span)
    }
    if NetworkCatalog.current.trainingMetrics.names.contains(name) {
      throw Diagnostic(
        .noValue, "There is no `\(name)` yet: the last `train` or `evaluate` gave none, or there was none.",
        at: span)
    }
    let nearest = DidYouMean.nearest(to: name, among: knownNames.values.sorted())
    throw Diagnostic(
      .unknownName, "Nothing is called `\(name)`." + DidYouMean.sentence(nearest),
      at: span, suggestion: nearest)
  }

  func unknownFunction(_ name: String, at span: SourceSpan) -> Diagnostic {
    let names = knownNames
    let nearest = DidYouMean.nearest(to: name, among: names.builtins.union(names.variables).sorted())
    return Diagnostic(
      .unknownFunction,
      "There is no function `\(name)`." + DidYouMean.sentence(nearest), at: span,
      suggestion: nearest)
  }

  /// Makes sure that a name is free for a kind, or held by that kind already.
  ///
  /// - Throws: `name-taken`.
  func claim(_ name: String, for kind: NameKind, at span: SourceSpan) throws {
    // Else `train` and `evaluate` would be refused later, the latter after a long training perhaps.
    if kind != .variable, NetworkCatalog.current.metrics.names.contains(name) {
      throw Diagnostic(
        .nameTaken,
        "`\(name)` is a metric, and `evaluate` gives its value that name. Choose another one for the \(kind.rawValue).",
        at: span)
    }
    guard let holder = state.holder(of: name), holder != kind else { return }
    throw Diagnostic(
      .nameTaken,
      "`\(name)` is \(holder.rawValue.withArticle) already. Choose another name, or remove it first: delete \(name)",
      at: span, suggestion: "delete \(name)")
  }

  /// The network that commands act on.
  ///
  /// - Throws: `no-network`.
  func currentNetwork(at span: SourceSpan) throws -> Network {
    guard let network = state.current else {
      throw Diagnostic(
        .noNetwork, "There is no network yet. Start one: net solver", at: span, suggestion: "net solver")
    }
    return network
  }

  /// The current network, its weights made; where it has no inputs yet, the error says those of a data set.
  func readyNetwork(at span: SourceSpan, for set: Dataset) throws -> Network {
    do {
      return try readyNetwork(at: span)
    } catch var error as Diagnostic {
      let example = "layer inp input 2"
      guard error.suggestion == example, let network = state.current else { throw error }
      let isImage = network.graph.layers.contains { ["conv", "pool"].contains(where: $0.kindName.contains) }
      let shape = isImage ? set.inputShape.shapeWords : String(set.inputWidth)
      let line = "layer inp \(set.steps == nil ? "input" : "sequence") \(shape)"
      error.message = error.message.replacing(example, with: line)
      error.suggestion = line
      throw error
    }
  }

  /// The current network, its weights made.
  func readyNetwork(at span: SourceSpan) throws -> Network {
    let network = try currentNetwork(at: span)
    try locating(span) { try network.prepare(state.options.execution, random: &random) }
    return network
  }
}

// MARK: - Data sets

/// A data set or a part of one, as a command names it.
struct DataSelection {
  /// The data set.
  let reference: DataReference
  /// The rows that are meant, in the user's own units.
  let set: Dataset
  /// Whether a part was named, `xor.test`, and not the whole.
  let isPart: Bool
}

extension Session {
  /// The rows that a name stands for: `xor`, or a part, `xor.test`.
  ///
  /// - Throws: `unknown-data` or `no-part`.
  func data(_ name: Identifier) throws -> DataSelection { try data(name.name, at: name.span) }

  func data(_ name: String, at span: SourceSpan) throws -> DataSelection {
    let words = name.split(separator: ".").map(String.init)
    let reference = try dataSet(words[0], at: span)
    guard words.count == 2, let part = DataPart(rawValue: words[1]) else {
      return DataSelection(reference: reference, set: reference.set, isPart: false)
    }
    guard let set = reference.parts[part] else {
      throw Diagnostic(
        .noPart,
        "`\(words[0])` has no part `\(part.rawValue)`. Divide it first: split \(words[0]) \(part == .validate ? "validate" : "test")=20%",
        at: span, suggestion: "split \(words[0])")
    }
    return DataSelection(reference: reference, set: set, isPart: true)
  }

  func dataSet(_ name: String, at span: SourceSpan) throws -> DataReference {
    guard let data = state.data[name] else {
      let nearest = DidYouMean.nearest(to: name, among: state.data.keys.sorted())
      throw Diagnostic(
        .unknownData, "There is no data set `\(name)`." + DidYouMean.sentence(nearest),
        at: span, suggestion: nearest)
    }
    return data
  }
}

extension DatasetParts {
  /// A part by its name.
  subscript(_ part: DataPart) -> Dataset? {
    switch part {
    case .train: train
    case .validate: validate
    case .test: test
    }
  }
}

// MARK: - Fields

extension Session {
  /// What stands behind a dot.
  func field(_ field: Identifier, of value: Value, at span: SourceSpan) throws -> Value {
    switch value {
    case .tensor(let tensor): return try arrayField(field, of: tensor, at: span)
    case .data(let data): return try dataField(field, of: data)
    case .layer(let layer): return .tensor(try parameters(field, of: layer))
    case .network(let network):
      guard network.graph.layer(field.name) != nil else {
        throw unknownField(
          field, of: "the network `\(network.name)`", among: network.graph.layers.map(\.name))
      }
      return .layer(LayerReference(network: network, name: field.name))
    default:
      throw Diagnostic(.unknownField, "This is \(value.kindName), which has no fields.", at: span)
    }
  }

  private func arrayField(_ field: Identifier, of tensor: Tensor, at span: SourceSpan) throws -> Value {
    switch field.name {
    case "T": return .tensor(try locating(span) { try tensor.transposed() })
    case "shape": return .tensor(Tensor(tensor.shape.map(Double.init)))
    case "size": return .number(Double(tensor.count))
    case "rank": return .number(Double(tensor.rank))
    default: throw unknownField(field, of: "an array", among: ["T", "shape", "size", "rank"])
    }
  }

  private func dataField(_ field: Identifier, of data: DataReference) throws -> Value {
    switch field.name {
    case "x" where data.set.steps != nil: return .list(data.inputSequences)
    case "x": return .tensor(try locating(field.span) { try data.inputs() })
    case "y":
      guard !data.set.targetNames.isEmpty else {
        throw Diagnostic(.noTargets, "`\(data.set.name)` has inputs only.", at: field.span)
      }
      if data.set.steps?.haveTargets == true { return .list(data.targetSequences) }
      return .tensor(try locating(field.span) { try data.targets() })
    case let part where DataPart(rawValue: part) != nil:
      return .data(DataReference(try self.data(data.set.name + "." + part, at: field.span).set))
    default:
      throw unknownField(
        field, of: "the data set `\(data.set.name)`", among: ["x", "y"] + DataPart.allCases.map(\.rawValue))
    }
  }

  /// What indexes pick of a field of a data set, where that needs some of its rows and not all; else nil.
  func rows(_ field: Identifier, of data: DataReference, _ indexes: [ArrayIndex], at span: SourceSpan) throws
    -> Value?
  {
    let isTarget = field.name == "y"
    guard field.name == "x" || (isTarget && !data.set.targetNames.isEmpty) else { return nil }
    return try locating(span) { try data.selection(ofTargets: isTarget, indexes) }
  }

  private func unknownField(_ field: Identifier, of owner: String, among known: [String]) -> Diagnostic {
    let isFunction = BuiltinFunctions.byName[field.name] != nil
    let foreign = ForeignWords.functionAdvice(field.name)
    let nearest = isFunction || foreign != nil ? nil : DidYouMean.nearest(to: field.name, among: known)
    let guess =
      isFunction
      ? "It is a function: `\(field.name)(…)`."
      : foreign ?? DidYouMean.question(nearest)
        ?? "It has \(known.isEmpty ? "none" : known.joined(separator: ", "))."
    return Diagnostic(
      .unknownField, "There is no `\(field.name)` in \(owner). \(guess)", at: field.span,
      suggestion: nearest)
  }

  /// Writes to what stands behind a dot: a layer's weights or biases.
  func setField(_ field: Identifier, of value: Value, to new: Value, at span: SourceSpan) throws {
    guard case .layer(let layer) = value else {
      throw Diagnostic(.badTarget, "Only a layer's `weights` and `bias` can be set this way.", at: span)
    }
    let slice = try slice(field, of: layer)
    let array = try new.array(at: span)
    guard array.shape == slice.shape else {
      throw Diagnostic(
        .shapeMismatch,
        "`\(layer.name).\(field.name)` is \(slice.shape.kindWords), but this is \(array.shape.kindWords).",
        at: span)
    }
    try locating(span) { try layer.network.setParameters(slice.key, to: array.values) }
  }

  private func parameters(_ field: Identifier, of layer: LayerReference) throws -> Tensor {
    let slice = try slice(field, of: layer)
    return try locating(field.span) { try state.parameterLeaves(of: layer.network).tensor(slice.key) }
  }

  /// Where a layer's weights or biases stand; the network gets its weights first if it has none.
  private func slice(_ field: Identifier, of layer: LayerReference) throws -> ParameterLayout.Slice {
    try locating(field.span) { try layer.network.prepare(state.options.execution, random: &random) }
    let slices = (layer.network.parameters ?? []).map(\.slice).filter { $0.layer == layer.name }
    let matches =
      switch field.name {
      case "weights": slices.filter { !$0.isBias }
      case "bias": slices.filter { [.bias, .beta].contains($0.key.role) }
      default: throw unknownField(field, of: "the layer `\(layer.name)`", among: ["weights", "bias"])
      }
    guard let match = matches.first else {
      throw Diagnostic(.noValue, "The layer `\(layer.name)` has no \(field.name).", at: field.span)
    }
    guard matches.count == 1 else {
      throw Diagnostic(
        .ambiguousField,
        "Several edges lead to `\(layer.name)`, each with its own weights: `show weights \(layer.name)` shows them.",
        at: field.span)
    }
    return match
  }
}

extension [Int] {
  /// `an array of 3x2`, for a message.
  fileprivate var kindWords: String { isEmpty ? "a single number" : "an array of \(shapeWords)" }

  /// `3x2`, or `one number`.
  var shapeWords: String { isEmpty ? "one number" : sizesText }
}

// MARK: - Files beside the notebook

extension Session {
  /// The endings of files that hold tables.
  private static let endings = ["csv", "tsv", "data", "txt", "csv.gz", "npy", "npz", "json", "jsonl", "zip"]

  /// The table of a name that lies where cells look for files: `cars.csv`; nil where there is none.
  func file(called name: String) -> String? {
    Session.endings.map { "\(name).\($0)" }.first(where: files.holds)
  }

  /// An error about a data set that is not there, which names the file of that name if there is one.
  func namingFile(_ diagnostic: Diagnostic, in source: SourceText) -> Diagnostic {
    guard diagnostic.code == .unknownData, let span = diagnostic.span,
      let word = source.text(in: span).split(separator: ".").first.map(String.init),
      let file = file(called: word),
      let end = diagnostic.message.range(of: "`. ")
    else { return diagnostic }
    let line = "data \(word) from \"\(file)\""
    var named = diagnostic
    named.message =
      diagnostic.message[..<end.upperBound]
      + localized("There is a file of that name, which `\(line)` reads.")
    named.suggestion = line
    return named
  }
}

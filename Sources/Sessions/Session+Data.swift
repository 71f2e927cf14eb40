import Datasets
import Diagnostics
import Language
import NeuralEngine

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
  func data(_ name: String, at span: SourceSpan) throws -> DataSelection {
    let words = name.split(separator: ".").map(String.init)
    let reference = try dataSet(words[0], at: span)
    guard words.count == 2, let part = DataPart(rawValue: words[1]) else {
      return DataSelection(reference: reference, set: reference.set, isPart: false)
    }
    guard let set = reference.parts[part] else {
      throw Diagnostic(
        "no-part",
        "`\(words[0])` has no part `\(part.rawValue)`. Divide it first: split \(words[0]) \(part == .validate ? "validate" : "test")=20%",
        at: span, suggestion: "split \(words[0])")
    }
    return DataSelection(reference: reference, set: set, isPart: true)
  }

  func dataSet(_ name: String, at span: SourceSpan) throws -> DataReference {
    guard let data = state.data[name] else {
      let nearest = DidYouMean.nearest(to: name, among: state.data.keys.sorted())
      throw Diagnostic(
        "unknown-data", "There is no data set `\(name)`." + (nearest.map { " Did you mean `\($0)`?" } ?? ""),
        at: span,
        suggestion: nearest)
    }
    return data
  }

  /// Rows on the scale that a network works on: that of the data it was trained on, or before any training
  /// that of the data set itself.
  func scaled(_ set: Dataset, for network: Network, _ reference: DataReference) -> Dataset {
    let preparation = trainedData(of: network).map(\.preparation) ?? reference.preparation
    // A network that was edited since may know the scale of other columns; it refuses rows that do not fit it.
    guard let preparation, preparation.fits(set) else { return set }
    return preparation.apply(to: set)
  }

  /// What a network remembers of the data it was trained on.
  func trainedData(of network: Network) -> TrainedData? { state.trainedData(of: network) }

  /// How a network's inputs were prepared, for rows of as many numbers as it takes. Rows of another width are
  /// refused by the network, in its own words, and not scaled before.
  func preparation(of network: Network, forWidth width: Int) -> Preparation? {
    width == network.inputWidth ? trainedData(of: network)?.preparation : nil
  }

  /// A network's answers to rows, both in the user's own units: rows x output width.
  func answers(of network: Network, to inputs: [Double], rows: Int, name: String) throws(EngineError)
    -> [Double]
  {
    let examples = Examples(name: name, rows: rows, inputs: inputs)
    guard let preparation = preparation(of: network, forWidth: examples.inputWidth) else {
      return try network.predict(examples)
    }
    let outputs = try network.predict(
      Examples(name: name, rows: rows, inputs: preparation.apply(toInputs: inputs)))
    return preparation.targets == nil ? outputs : preparation.undo(targets: outputs)
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

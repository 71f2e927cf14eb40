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
  func data(_ name: Identifier) throws -> DataSelection { try data(name.name, at: name.span) }

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

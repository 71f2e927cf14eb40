internal import Foundations
internal import NetworkSchema

/// A layer's input: where it comes from and what it is like.
package struct Incoming: Sendable, Equatable {
  /// The layer, or layers, that it comes from.
  package let name: String
  /// What kind of layer it comes from; nil for several.
  package var kind: String?
  /// Its shape for one row.
  package let shape: [Int]
  /// Whether its first axis is steps of a sequence, which the layers behind it go through one by one.
  package var isSequence = false
  /// Its first length by that of the network's sequences, `n` or `n-2`, where these may have any; `shape` has 1 there. Nil where
  /// the shape is fixed.
  package var anyLength: String?
}

/// What several edges bring, as one.
///
/// - Parameter owner: the layer, with its kind, for errors.
/// - Throws: `needs-merge` or `shape-mismatch`.
func merged(
  _ incoming: [Incoming], _ merge: Merge?, into name: String, kind: String
) throws(CodedError) -> Incoming? {
  guard let first = incoming.first else { return nil }
  guard incoming.count > 1 else { return first }
  guard let merge else {
    let names = incoming.map(\.name).joined(separator: " ")
    throw CodedError(
      .needsMerge,
      "`\(name)` (\(kind)) takes one input, but \(incoming.map { "`\($0.name)`" }.joined(separator: " and ")) lead to it. "
        + "Say how they are combined: connect {\(names)} -> \(name) merge=add",
      suggestion: "connect {\(names)} -> \(name) merge=add")
  }
  for other in incoming.dropFirst() where !fit(first.shape, other.shape, merge) {
    let rule = merge == .concat ? "whose shapes agree except for the last length" : "of the same shape"
    throw CodedError(
      .shapeMismatch,
      "merge=\(merge.rawValue) needs arrays \(rule), but `\(first.name)` gives \(first.shape.sizesText) and `\(other.name)` "
        + "\(other.shape.sizesText). Make the shapes equal before `\(name)`.")
  }
  let names = incoming.map(\.name).joined(separator: " and ")
  var shape = first.shape
  if merge == .concat { shape = shape.dropLast() + [incoming.reduce(0) { $0 + ($1.shape.last ?? 0) }] }
  var all = Incoming(name: names, shape: shape, isSequence: incoming.allSatisfy(\.isSequence))
  all.anyLength = first.anyLength
  return all
}

private func fit(_ a: [Int], _ b: [Int], _ merge: Merge) -> Bool {
  merge == .concat ? a.count == b.count && a.dropLast() == b.dropLast() : a == b
}

extension LayerKind {
  /// What several edges bring, as one.
  func merged(_ name: String, _ inputs: [Incoming], _ merge: Merge?) throws(CodedError) -> Incoming? {
    try NeuralEngine.merged(inputs, merge, into: name, kind: schema.name)
  }

  /// An error of a layer that expects a vector.
  func needsVector(_ name: String, _ source: Incoming, _ expected: String = "a vector") -> CodedError {
    CodedError(
      .shapeMismatch,
      "`\(name)` expects \(expected), but `\(source.name)` gives \(source.shape.sizesText). "
        + "Put a flatten between them: layer flat flatten", suggestion: "layer flat flatten")
  }

  /// How many channels an array has.
  ///
  /// - Throws: `shape-mismatch` for a row of numbers.
  func channels(_ name: String, of source: Incoming) throws(CodedError) -> Int {
    guard source.shape.count > 1, source.shape.count <= 4, let last = source.shape.last else {
      throw CodedError(
        .shapeMismatch,
        "`\(name)` (\(schema.name)) expects an array with channels, such as 28x28x1, but `\(source.name)` gives "
          + "\(source.shape.sizesText). Put a reshape between them: layer grid reshape \(source.shape.sizesText)x1",
        suggestion: "layer grid reshape \(source.shape.sizesText)x1")
    }
    return last
  }

  /// Refuses numbers below 1.
  ///
  /// - Throws: `bad-value`.
  func check(_ name: String, _ numbers: [Int], _ what: String) throws(CodedError) {
    guard let bad = numbers.first(where: { $0 < 1 }) else { return }
    throw CodedError(.badValue, "`\(name)` would have \(what) \(bad), but it must be at least 1.")
  }

  /// Refuses a number out of a range.
  ///
  /// - Throws: `bad-value`.
  func check(
    _ name: String, _ value: Double, _ range: Range<Double>, _ what: String, _ wanted: String
  ) throws(CodedError) {
    if range.contains(value) { return }
    throw CodedError(.badValue, "`\(name)` would have \(what)\(value), but it must be \(wanted).")
  }

  /// Refuses an ε that is not above 0.
  ///
  /// - Throws: `bad-value`.
  func checkEpsilon(_ name: String, _ value: Double) throws(CodedError) {
    try check(name, value, Double.leastNonzeroMagnitude..<Double.infinity, "epsilon=", "above 0")
  }

  /// Refuses softmax over a single unit or filter.
  ///
  /// - Throws: `bad-activation`.
  func refuseSoftmax(_ activation: Activation, _ noun: String) throws(CodedError) {
    guard activation == .softmax else { return }
    throw CodedError(
      .badActivation,
      "softmax over one \(noun) is always 1. For two classes use one sigmoid \(noun), or two softmax \(noun)s.",
      suggestion: "sigmoid")
  }
}

extension [Int] {
  /// A row of n numbers as a square or a cube with one channel, where n is one: `28x28x1` for 784.
  func squared(_ rank: Int) -> String? {
    guard count == 1 else { return nil }
    let side =
      (1...4096).first { side in (0..<rank).reduce(1) { product, _ in product * side } >= self[0] } ?? 0
    guard (0..<rank).reduce(1, { product, _ in product * side }) == self[0] else { return nil }
    return [Int](repeating: side, count: rank).sizesText + "x1"
  }
}

public import Foundations
internal import NetworkSchema

/// Networks that take sequences of any length.
///
/// Such a graph stands for a graph for each number of steps, all with the same parameters: `filled(steps:)` is an ordinary
/// graph, which is lowered, planned and run like any other. Rows of different lengths therefore go through different plans, and
/// nothing is ever padded. The graph itself has the shapes of one step; that its layers can be as long as they like is found by
/// inferring their shapes for two lengths at once.
extension NetworkGraph {
  /// Whether sequences of any length enter.
  public var takesAnyLength: Bool { layers.contains(where: \.takesAnyLength) }

  /// The same graph for sequences of so many steps.
  ///
  /// - Throws: what a layer finds wrong with the length, such as a window that is longer.
  public func filled(steps: Int) throws(CodedError) -> NetworkGraph {
    guard takesAnyLength else { return self }
    return try withInputs { inputShape(of: $0, steps: steps).map { .input(shape: $0) } }
  }

  /// The same graph with sequences of any length in the place of those of one, at some input layers.
  ///
  /// - Throws: what a layer finds wrong with that.
  package func ofAnyLength(_ inputs: Set<String>) throws(CodedError) -> NetworkGraph {
    try withInputs { layer in
      guard inputs.contains(layer.name), let shape = shape(of: layer), shape.count <= 2 else { return nil }
      return .sequence(features: shape.count == 2 ? shape[1] : 1)
    }
  }

  /// The shape of what enters by an input layer that takes any length: words one after the other where embeddings read it, else
  /// steps x features. Nil for any other layer.
  func inputShape(of layer: Layer, steps: Int) -> [Int]? {
    layer.kind.base.inputShape(steps: steps, areWords: areWords(layer))
  }

  private func areWords(_ input: Layer) -> Bool {
    let readers = edges.filter { $0.source == input.name }.compactMap { layer($0.target) }
    return !readers.isEmpty && readers.allSatisfy(\.kind.base.readsWords)
  }

  /// Whether a layer gives as many steps as the sequence has, or a number that follows from it.
  public func isOfAnyLength(_ layer: Layer) -> Bool { given[layer.name]?.anyLength != nil }

  /// Whether the output layers answer each step of sequences of any length, all of them equally many steps.
  public var answersEachStep: Bool {
    let lengths = Set(outputs.map { given[$0.name]?.anyLength })
    return lengths.count == 1 && lengths.first != .some(nil)
  }

  /// The shape of what a layer gives, as it is written: `28x28x1`, or `nx3` for any number of steps.
  public func shapeText(of layer: Layer) -> String? {
    guard let given = given[layer.name] else { return nil }
    guard let length = given.anyLength else { return given.shape.sizesText }
    return ([length] + given.shape.dropFirst().map(String.init)).joined(separator: "x")
  }

  /// Whether a row of inputs has as many numbers as the network takes.
  func takes(row: [Double]) -> Bool {
    guard takesAnyLength else { return row.count == inputWidth }
    return inputWidth > 0 && !row.isEmpty && row.count.isMultiple(of: inputWidth)
  }

  /// Refuses outputs of which some answer rows and others steps, or other numbers of steps: they have targets side by side.
  ///
  /// - Throws: `shape-mismatch`.
  func checkAnswers() throws(CodedError) {
    let outputs = outputs
    guard outputs.count > 1, !answersEachStep, let layer = outputs.first(where: isOfAnyLength),
      let other = outputs.first(where: { given[$0.name]?.anyLength != given[layer.name]?.anyLength })
    else { return }
    guard isOfAnyLength(other) else {
      throw CodedError(
        .shapeMismatch,
        "`\(layer.name)` answers each step of a sequence and `\(other.name)` each row, but their targets stand side by side. Put a layer "
          + "before `\(layer.name)` that makes one row of the sequence, such as an lstm, or have `\(other.name)` answer each step too."
      )
    }
    throw CodedError(
      .shapeMismatch,
      "`\(layer.name)` and `\(other.name)` answer other numbers of steps of a sequence (\(shapeText(of: layer) ?? "") and "
        + "\(shapeText(of: other) ?? "")), but their targets stand side by side. Use padding=same and stride=1.",
      suggestion: "padding=same")
  }
}

extension Layer {
  /// Whether sequences of any length enter here.
  var takesAnyLength: Bool { kind.base.inputShape(steps: 1, areWords: false) != nil }
}

// MARK: - Shapes

extension NetworkGraph {
  /// The two lengths for which shapes are inferred. No shape that somebody types has such a number, and common strides divide
  /// both.
  private static let lengths = (shorter: 330_301_440, longer: 660_602_880)

  /// Works out what all layers give where sequences of any length enter.
  ///
  /// - Throws: what a layer finds wrong with what leads to it; `shape-mismatch` where it would need a fixed number of steps.
  func inferredOverAnyLength() throws(CodedError) -> [String: Incoming] {
    let fixed = inputs.first { !$0.takesAnyLength }
    if let sequence = inputs.first(where: \.takesAnyLength), let fixed {
      let width = try fixed.kind.base.outputShape(fixed.name, [], merge: nil)?.last ?? 1
      let line = "layer \(fixed.name) sequence \(width)"
      throw CodedError(
        .shapeMismatch,
        "`\(sequence.name)` takes sequences of any length, but `\(fixed.name)` (\(fixed.kindName)) rows of one width. All inputs of "
          + "a network must be sequences where one is: \(line)", suggestion: line)
    }
    do throws(CodedError) {
      let known = try inferred(
        of: layers(over: NetworkGraph.lengths.shorter), and: layers(over: NetworkGraph.lengths.longer))
      return known.shorter.merging(known.longer) { shorter, longer in
        guard shorter.shape != longer.shape, let length = shorter.shape.first else { return shorter }
        var given = Incoming(
          name: shorter.name, kind: shorter.kind, shape: [1] + shorter.shape.dropFirst(),
          isSequence: shorter.isSequence)
        given.anyLength = NetworkGraph.word(for: length)
        return given
      }
    } catch {
      throw error.withLengths(NetworkGraph.word)
    }
  }

  private func layers(over steps: Int) -> [Layer] {
    layers.map { layer in
      inputShape(of: layer, steps: steps).map { Layer(name: layer.name, kind: .input(shape: $0)) } ?? layer
    }
  }

  /// A number that was worked out for the shorter length, by the length n: `n`, `n-2`, `n/2`.
  private static func word(for number: Int) -> String {
    let n = lengths.shorter
    if number == n { return "n" }
    if number.isMultiple(of: n) { return "\(number / n)n" }
    let parts = (Double(n) / Double(max(1, number))).rounded()
    let quotient = parts <= 1 ? n : n / Int(parts)
    let base = parts <= 1 ? "n" : "n/\(Int(parts))"
    let rest = number - quotient
    return rest == 0 ? base : "\(base)\(rest > 0 ? "+" : "")\(rest)"
  }
}

extension CodedError {
  /// The same error with the stand-ins for a length in its message replaced; a suggestion with one cannot be typed.
  fileprivate func withLengths(_ word: (Int) -> String) -> CodedError {
    func isStandIn(_ digits: some StringProtocol) -> Bool { digits.count > 6 && Int(digits) != nil }
    // Nor can sequences of any length be flattened.
    let flatten = "layer flat flatten"
    if self.suggestion == flatten {
      let pool = "layer flat globalavgpool"
      let advice = "Put a layer between them that makes one row of a sequence: \(pool)"
      return CodedError(
        code, self.message.replacing("Put a flatten between them: \(flatten)", with: advice), suggestion: pool
      ).withLengths(word)
    }
    var message = ""
    var digits = ""
    for character in self.message + "\n" {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      message += isStandIn(digits) ? Int(digits).map(word) ?? digits : digits
      digits = ""
      message.append(character)
    }
    let parts = (suggestion ?? "").split { !$0.isNumber }
    return CodedError(
      code, String(message.dropLast()), suggestion: parts.contains(where: isStandIn) ? nil : suggestion)
  }
}

extension ShapeInference {
  /// Refuses a layer that cannot have every length.
  ///
  /// - Parameters:
  ///   - shapes: what it gives for the shorter and for the longer length; nil where that is not known yet.
  ///   - brought: what its edges bring for both.
  /// - Throws: `shape-mismatch`.
  static func check(
    _ layer: Layer, gives shapes: (shorter: [Int], longer: [Int])?,
    from brought: (shorter: [Incoming], longer: [Incoming])
  ) throws(CodedError) {
    if layer.kind.base.looksAtBatch {
      throw CodedError(
        .shapeMismatch,
        "`\(layer.name)` (\(layer.kindName)) needs the mean of a whole batch, and sequences of different lengths are computed apart. Use "
          + "layernorm, which looks at each step alone: layer \(layer.name) layernorm",
        suggestion: "layer \(layer.name) layernorm")
    }
    let source = zip(brought.shorter, brought.longer).first { $0.shape != $1.shape }?.0.name
    if let shapes {
      guard shapes.shorter != shapes.longer else { return }
      let areAlike =
        shapes.shorter.count == shapes.longer.count && shapes.shorter.dropFirst() == shapes.longer.dropFirst()
      if areAlike, layer.isInput || shapes.shorter.count == 2 { return }
    } else if source == nil || !layer.isView {
      return
    }
    throw CodedError(
      .shapeMismatch,
      "`\(layer.name)` (\(layer.kindName)) needs a fixed number of steps, but `\(source ?? layer.name)` gives sequences of any length. "
        + "Put a layer there that makes one row of a sequence, such as globalavgpool or an lstm, or give the input a length, as "
        + "in layer inp input 30x3.")
  }
}

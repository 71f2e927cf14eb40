package import Foundations

/// Sequences, and networks that take them: of any length, or of one.
extension Examples {
  /// The same examples with rows as a graph takes them: sequences of their own lengths for one that takes any, and plain rows for
  /// one that takes a fixed length, where all are of that length.
  ///
  /// - Throws: `shape-mismatch`.
  package func matched(to graph: NetworkGraph) throws(CodedError) -> Examples {
    guard let steps else { return graph.takesAnyLength ? try asSequences(for: graph) : self }
    guard !graph.takesAnyLength else { return self }
    let fixed = graph.sequenceLength
    if let fixed, steps.range == fixed...fixed, inputWidth * fixed == graph.inputWidth {
      return with(rows: nil)
    }
    throw lengthsOfTheirOwn(steps, graph)
  }

  /// Rows that are equally wide as sequences of one length. Targets are those of steps where the network answers each, and there
  /// are as many.
  private func asSequences(for graph: NetworkGraph) throws(CodedError) -> Examples {
    let features = graph.inputWidth
    guard rows == 0 || inputWidth > 0 else {
      throw CodedError(
        .shapeMismatch,
        "A row of `\(name)` has no steps. A sequence has one or more, each of \(features.numbersText).")
    }
    guard rows > 0, inputWidth > 0, features > 0, inputWidth.isMultiple(of: features) else {
      throw CodedError(
        .shapeMismatch,
        "A row of `\(name)` has \(inputWidth.numbersText), which make no steps of \(features.numbersText), as "
          + "`\(graph.inputs.first?.name ?? "inp")` takes them. Declare it as `layer \(graph.inputs.first?.name ?? "inp") sequence "
          + "\(inputWidth)`, or change the data.")
    }
    let length = inputWidth / features
    let haveTargets =
      graph.answersEachStep && targetWidth > 0
      && (targetWidth == length * graph.outputWidth || targetWidth == length)
    return with(
      rows: SequenceSteps(lengths: [Int](repeating: length, count: rows), haveTargets: haveTargets))
  }

  /// An error of sequences for a network that takes rows of one width.
  private func lengthsOfTheirOwn(_ steps: SequenceSteps, _ graph: NetworkGraph) -> CodedError {
    let input = graph.inputs.first?.name ?? "inp"
    let (shortest, longest) = (steps.range.lowerBound, steps.range.upperBound)
    let lengths = shortest == longest ? "\(longest)" : "\(shortest) to \(longest)"
    let takes = graph.inputs.map { graph.shapeText(of: $0) ?? "" }.joined(separator: " and ")
    return CodedError(
      .shapeMismatch,
      "The rows of `\(name)` are sequences of \(lengths) step\(longest == 1 ? "" : "s"), but `\(input)` takes \(takes). For sequences of any "
        + "length, declare it as `layer \(input) sequence \(inputWidth)`.",
      suggestion: "layer \(input) sequence \(inputWidth)")
  }

  /// Refuses steps of another width than the input layers take, and lengths that a layer cannot have.
  ///
  /// - Throws: `shape-mismatch`, or what a layer finds wrong with a length, naming the row.
  func checkSteps(_ steps: SequenceSteps, of graph: NetworkGraph) throws(CodedError) {
    guard graph.takesAnyLength else { throw lengthsOfTheirOwn(steps, graph) }
    guard inputWidth == graph.inputWidth else {
      let layers = graph.inputs.map { "`\($0.name)`" }.joined(separator: " and ")
      let input = graph.inputs.first?.name ?? "inp"
      throw CodedError(
        .shapeMismatch,
        "A step of `\(name)` has \(inputWidth.numbersText), but \(layers) \(graph.inputs.count == 1 ? "takes" : "take") "
          + "\(graph.inputWidth). "
          + (graph.inputs.count == 1
            ? "Declare it as `layer \(input) sequence \(inputWidth)`, or change the data."
            : "Change the layers, or the data."))
    }
    var seen: Set<Int> = []
    for row in 0..<rows {
      let length = steps.length(ofRow: row)
      guard seen.insert(length).inserted else { continue }
      do throws(CodedError) {
        let filled = try graph.filled(steps: length)
        guard steps.haveTargets, graph.answersEachStep, filled.comparedSteps != length else { continue }
        throw CodedError(
          .shapeMismatch,
          "`\(graph.outputs[0].name)` gives \(filled.comparedSteps) answers to \(length) steps, so they have not a target each. Use "
            + "padding=same and stride=1.", suggestion: "padding=same")
      } catch {
        throw CodedError(
          error.code,
          "Row \(row + 1) of `\(name)` has \(length) step\(length == 1 ? "" : "s"). \(error.message)",
          suggestion: error.suggestion)
      }
    }
  }

  /// Refuses targets for each step where the network answers each row, and the reverse.
  ///
  /// - Throws: `shape-mismatch`.
  func checkAnswers(of graph: NetworkGraph) throws(CodedError) {
    guard let steps else { return }
    try graph.checkAnswers()
    guard steps.haveTargets != graph.answersEachStep else { return }
    let output = graph.outputs.first?.name ?? "out"
    let recurrent = graph.layers.last { $0.kind.as(Recurrent.self)?.returnsAll == graph.answersEachStep }
    if steps.haveTargets {
      let fix =
        recurrent.map { "Define `\($0.name)` (\($0.kindName)) with return=all." }
        ?? "Leave out the layer that makes one row of a sequence."
      throw CodedError(
        .shapeMismatch,
        "`\(name)` has targets for each step, but `\(output)` gives one answer a row. \(fix)",
        suggestion: recurrent == nil ? nil : "return=all")
    }
    let fix =
      recurrent.map { "Define `\($0.name)` (\($0.kindName)) with return=last." }
      ?? "Put a layer before it that makes one row of the sequence, such as an lstm or a globalavgpool."
    throw CodedError(
      .shapeMismatch,
      "`\(name)` has a target for each row, but `\(output)` answers each step. \(fix)",
      suggestion: recurrent == nil ? nil : "return=last")
  }

  /// The row that a row of targets belongs to.
  func rowOfTarget(_ place: Int) -> Int { steps?.ofTargets?.row(ofStep: place) ?? place }
}

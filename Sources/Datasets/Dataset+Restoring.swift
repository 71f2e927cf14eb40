public import Foundations
public import NeuralEngine

extension Dataset {
  /// The places of values that the source left empty.
  public var filledPlaces: [Int] { filled }

  /// Puts a data set together from its parts, as they were kept.
  ///
  /// - Throws: `bad-state` when they do not fit together.
  public init(
    name: String, rows: Int, storage: ExampleInputs, inputColumns: [DataColumn], inputShape: [Int],
    targets: [Double], targetColumns: [DataColumn], filledPlaces: [Int], labelColumns: [LabelColumn] = [],
    notes: [String], window: SeriesWindow? = nil, times: [TimeSpan]? = nil, vocabulary: Vocabulary? = nil,
    lengths: [Int]? = nil, stepsHaveTargets: Bool = false
  ) throws(CodedError) {
    let width = inputColumns.reduce(0) { $0 + $1.width }
    var total = 0
    for length in lengths ?? [] {
      let (sum, overflows) = total.addingReportingOverflow(length)
      guard length > 0, !overflows else {
        throw CodedError(.badState, "The lengths of the sequences of `\(name)` are inconsistent.")
      }
      total = sum
    }
    let steps = lengths.map { SequenceSteps(lengths: $0, haveTargets: stepsHaveTargets) }
    let (inputs, overflows) = (steps == nil ? rows : total).multipliedReportingOverflow(by: width)
    let (answers, overflowsToo) =
      (stepsHaveTargets && steps != nil ? total : rows).multipliedReportingOverflow(by: targetColumns.count)
    let labelsFit = labelColumns.allSatisfy { label in
      label.rows == rows && (label.stepRows.map { steps != nil && $0 == rows } ?? true)
    }
    guard rows > 0, steps.map({ $0.rows == rows && inputShape.count == 1 && window == nil }) ?? true,
      width > 0, !overflows, !overflowsToo, storage.count == inputs, targets.count == answers,
      inputShape.allSatisfy({ $0 > 0 }),
      inputShape.reduce(1.0, { $0 * Double($1) }) == Double(width),
      labelsFit,
      times.map({ $0.count == rows && $0.allSatisfy { $0.first.isFinite && $0.last >= $0.first } }) ?? true,
      filledPlaces.allSatisfy({ (0..<inputs).contains($0) }),
      window.map({ $0.steps > 0 && $0.ahead > 0 && inputShape.count == 2 && inputShape[0] == $0.steps })
        ?? true,
      vocabulary.map({ known in
        [storage.doubles, targets].joined().allSatisfy {
          Int(exactly: $0).map(known.tokens.indices.contains) ?? false
        }
      }) ?? true
    else { throw CodedError(.badState, "The parts of the data set `\(name)` are inconsistent.") }
    self.init(
      name: name, rows: rows, storage: storage, inputColumns: inputColumns, inputShape: inputShape,
      targets: targets, targetColumns: targetColumns, filled: filledPlaces, labelColumns: labelColumns,
      notes: notes, window: window, times: times, vocabulary: vocabulary, steps: steps)
  }
}

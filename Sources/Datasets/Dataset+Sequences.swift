public import Foundations
internal import NeuralEngine

/// The targets of rows that are sequences.
public enum SequenceTargets: Sendable {
  /// None.
  case none
  /// An array a row, all of the same length.
  case rows([[Double]])
  /// An array for each step of each row, all of the same length.
  case steps([[[Double]]])
}

extension Dataset {
  /// Creates a data set of sequences of their own lengths.
  ///
  /// ```swift
  /// let walks = try Dataset(
  ///   name: "walks", sequences: [[[1], [2]], [[3], [4], [5]]], targets: .rows([[0], [1]]))
  /// let second = walks.inputs(ofRow: 1)  // 3, 4, 5
  /// ```
  ///
  /// - Parameter sequences: for each row its steps, each an array of as many numbers.
  /// - Throws: `empty-table`, or `ragged-table` for a row without steps, for steps of differing width and for targets that are
  ///   not as many as the rows, or the steps, have.
  public init(name: String, sequences: [[[Double]]], targets: SequenceTargets = .none) throws(CodedError) {
    guard let width = sequences.first?.first?.count ?? sequences.lazy.compactMap(\.first).first?.count else {
      throw CodedError(
        .emptyTable, "`\(name)` has no sequence with a step. A sequence is a list of steps: [[1], [2]].")
    }
    for (row, sequence) in sequences.enumerated() {
      guard !sequence.isEmpty else {
        throw CodedError(
          .raggedTable,
          "Row \(row + 1) of `\(name)` is a sequence without steps. Leave the row out, or give it a step.")
      }
      guard width > 0, let place = sequence.firstIndex(where: { $0.count != width }) else {
        if width > 0 { continue }
        throw CodedError(.raggedTable, "The steps of `\(name)` have no numbers.")
      }
      throw CodedError(
        .raggedTable,
        "Step \(place + 1) of row \(row + 1) of `\(name)` has \(sequence[place].count.numbersWord), and the steps before "
          + "\(width). All steps must have as many: fill in what is missing, or leave the row out.")
    }
    let lengths = sequences.map(\.count)
    let (values, areOfSteps) = try Dataset.flattened(targets, lengths, of: name)
    self.init(
      name: name, rows: sequences.count, storage: .doubles(sequences.flatMap { $0.flatMap(\.self) }),
      inputColumns: DataColumn.numbers("x", width), targets: values.flatMap(\.self),
      targetColumns: DataColumn.numbers("y", values.first?.count ?? 0),
      notes: [Dataset.note(lengths, width: width, haveTargets: areOfSteps)],
      steps: SequenceSteps(lengths: lengths, haveTargets: areOfSteps))
  }

  /// `3 sequences of 2 to 5 steps, 1 number a step`
  static func note(_ lengths: [Int], width: Int, haveTargets: Bool) -> String {
    let (shortest, longest) = (lengths.min() ?? 1, lengths.max() ?? 1)
    return "\(lengths.count) sequence\(lengths.count == 1 ? "" : "s") of "
      + (shortest == longest ? "" : "\(shortest) to ") + "\(longest) step\(longest == 1 ? "" : "s"), "
      + "\(width.numbersWord)\(haveTargets ? " and a target" : "") a step"
  }

  /// The rows of targets, and whether they are those of steps.
  private static func flattened(
    _ targets: SequenceTargets, _ lengths: [Int], of name: String
  ) throws(CodedError) -> (rows: [[Double]], areOfSteps: Bool) {
    let rows: [[Double]]
    var areOfSteps = false
    switch targets {
    case .none: return ([], false)
    case .rows(let given):
      guard given.count == lengths.count else {
        throw CodedError(
          .raggedTable,
          "`\(name)` has \(lengths.count) sequence\(lengths.count == 1 ? "" : "s") but \(given.count) "
            + "row\(given.count == 1 ? "" : "s") of targets. The numbers must be equal.")
      }
      rows = given
    case .steps(let given):
      guard given.count == lengths.count else {
        throw CodedError(
          .raggedTable,
          "`\(name)` has \(lengths.count) sequence\(lengths.count == 1 ? "" : "s") of inputs but \(given.count) of targets. "
            + "The numbers must be equal.")
      }
      if let row = lengths.indices.first(where: { given[$0].count != lengths[$0] }) {
        throw CodedError(
          .raggedTable,
          "Row \(row + 1) of `\(name)` has \(lengths[row]) step\(lengths[row] == 1 ? "" : "s") but targets for "
            + "\(given[row].count). Give each step its targets, or each row.")
      }
      rows = given.flatMap(\.self)
      areOfSteps = true
    }
    let width = rows.first?.count ?? 0
    if let place = rows.firstIndex(where: { $0.count != width }) {
      throw CodedError(
        .raggedTable,
        "The targets of `\(name)` are not all as many: \(width) in the first, \(rows[place].count) in number \(place + 1)."
      )
    }
    return (rows, areOfSteps)
  }

  /// The same rows, all of them equally wide, as sequences of steps: the numbers of a row are its steps one after the other.
  ///
  /// - Parameters:
  ///   - features: how many numbers a step has.
  ///   - answers: how many targets a step has, or a class in their place, where steps have targets; nil where rows have.
  /// - Returns: nil where the rows are sequences already, or make no whole steps.
  public func cut(intoStepsOf features: Int, answers: Int? = nil) -> Dataset? {
    guard steps == nil, features > 0, inputWidth.isMultiple(of: features) else { return nil }
    let length = inputWidth / features
    var columns = DataColumn.numbers("x", features)
    if let window, window.steps == length {
      // The last step is that of now: `amount t`.
      columns = Array(inputColumns.suffix(features))
    } else if length == 1 {
      columns = inputColumns
    }
    let isByStep = answers.map { targetWidth == length * $0 || targetWidth == length } ?? false
    let targetsOfStep = targetWidth / length
    return Dataset(
      name: name, rows: rows, storage: storage, inputColumns: columns, targets: targets,
      targetColumns: isByStep && length > 1 ? DataColumn.numbers("y", targetsOfStep) : targetColumns,
      filled: filled, labelColumns: labelColumns, notes: notes, vocabulary: vocabulary,
      steps: SequenceSteps(lengths: [Int](repeating: length, count: rows), haveTargets: isByStep))
  }

  /// Sequences that are all of one length as rows of that many steps x features; nil for any others.
  public func joiningSteps(_ length: Int) -> Dataset? {
    guard let steps, steps.range == length...length else { return nil }
    let columns = (0..<length).flatMap { step in
      inputNames.map { DataColumn("\($0) t\(step == length - 1 ? "" : "-\(length - 1 - step)")") }
    }
    return Dataset(
      name: name, rows: rows, storage: storage, inputColumns: columns, inputShape: [length, inputWidth],
      targets: targets,
      targetColumns: steps.haveTargets
        ? DataColumn.numbers("y", length * targetWidth) : targetColumns, filled: filled,
      labelColumns: labelColumns.map(\.withoutSteps), notes: notes, vocabulary: vocabulary)
  }

  /// How many steps the shortest and the longest sequence have; nil where all rows are equally wide.
  public var lengthRange: ClosedRange<Int>? { steps?.range }
}

extension Int {
  /// `1 number`, `3 numbers`
  fileprivate var numbersWord: String { "\(self) number\(self == 1 ? "" : "s")" }
}

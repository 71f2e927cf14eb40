public import Foundations
internal import NeuralEngine

extension Dataset {
  /// The same rows with one more input of numbers.
  ///
  /// - Throws: `repeated-column`, `image-features`, or `not-finite` with the row.
  public func adding(input name: String, _ values: [Double]) throws(CodedError) -> Dataset {
    try adding(input: DataColumn(name), values)
  }

  /// The same rows with one more column of numbers.
  ///
  /// - Throws: `repeated-column`, `image-features`, or `not-finite` with the row.
  package func adding(input column: DataColumn, _ values: [Double]) throws(CodedError) -> Dataset {
    let name = column.name
    guard inputShape.count == 1 else {
      throw CodedError(
        .imageFeatures, "The inputs of `\(self.name)` are images, to which no column can be added.")
    }
    guard steps == nil else {
      throw CodedError(
        .imageFeatures,
        "The rows of `\(self.name)` are sequences, to which no column with a value a row can be added.")
    }
    guard !columnNames.contains(name) else {
      throw CodedError(
        .repeatedColumn, "`\(self.name)` has a column `\(name)` already. Give the new one another name.")
    }
    if let row = values.firstIndex(where: { !$0.isFinite }) {
      throw CodedError(
        .notFinite,
        "The new column `\(name)` of `\(self.name)` is \(values[row]) in row \(row + 1). Networks need finite numbers."
      )
    }
    var widened: [Double] = []
    widened.reserveCapacity(rows * (inputWidth + 1))
    for row in 0..<rows {
      widened += inputs(ofRow: row)
      widened.append(values[row])
    }
    return Dataset(
      name: self.name, rows: rows, storage: .doubles(widened),
      inputColumns: inputColumns + [column],
      targets: targets, targetColumns: targetColumns,
      filled: filled.map { $0 / inputWidth * (inputWidth + 1) + $0 % inputWidth },
      labelColumns: labelColumns, notes: notes, times: times)
  }

  /// The rows of this data set and then those of another one, whose columns are found by their names; words and classes
  /// of both are kept.
  ///
  /// - Throws: `unknown-column`, or `shape-mismatch` where columns without names are not as many.
  public func joined(with other: Dataset) throws(CodedError) -> Dataset {
    func union(_ own: [DataColumn], _ others: [DataColumn]) -> [DataColumn] {
      own.map { column in
        guard let levels = column.levels,
          let more = others.first(where: { $0.name == column.name })?.levels
        else { return column.withoutRows }
        let all = Set(levels).union(more)
        let numbers = all.compactMap { Double($0) }
        let sorted =
          numbers.count == all.count
          ? all.sorted { (Double($0) ?? 0) < (Double($1) ?? 0) } : all.sorted()
        var joined = column.withoutRows
        joined.levels = sorted
        return joined
      }
    }
    guard hasNamedInputs == other.hasNamedInputs,
      hasNamedInputs || (inputShape == other.inputShape && targetWidth == other.targetWidth)
    else {
      throw CodedError(
        .shapeMismatch,
        "`\(name)` and `\(other.name)` cannot be joined: their columns are not the same. Both need the same names, or the "
          + "same numbers of inputs and targets.")
    }
    guard (steps == nil) == (other.steps == nil), steps?.haveTargets == other.steps?.haveTargets else {
      throw CodedError(
        .shapeMismatch,
        "`\(name)` and `\(other.name)` cannot be joined: "
          + (steps == nil || other.steps == nil
            ? "the rows of `\((steps == nil ? other : self).name)` are sequences, those of `\((steps == nil ? self : other).name)` are not."
            : "only one of them has targets for each step."))
    }
    let all = other.inputColumns + other.targetColumns
    let schema = DataSchema(
      inputs: hasNamedInputs ? union(inputColumns, all) : nil, targets: union(targetColumns, all))
    let (first, second) = (try schema.match(self, for: name).data, try schema.match(other, for: name).data)
    guard first.targetWidth == second.targetWidth else {
      throw CodedError(
        .unknownColumn,
        "`\(other.name)` has no column \(targetNames.map { "`\($0)`" }.joined(separator: ", ")), the target of `\(name)`."
      )
    }
    return Dataset(
      name: name, rows: first.rows + second.rows, storage: first.storage.followed(by: second.storage),
      inputColumns: zip(first.inputColumns, second.inputColumns).map {
        var column = $0
        column.missing += $1.missing
        return column
      }, inputShape: inputShape.count > 1 ? inputShape : nil,
      targets: first.targets + second.targets, targetColumns: first.targetColumns,
      filled: first.filled + second.filled.map { $0 + first.inputRows * first.inputWidth },
      labelColumns: labelColumns.compactMap { label in
        other.labelColumns.first { $0.name == label.name }.map { second in
          // The rows of both, one after the other, are in no order of time.
          LabelColumn(
            label.name, bytes: label.bytes + second.bytes,
            stepBytes: label.stepBytes.flatMap { own in second.stepBytes.map { own + $0 } },
            role: label.role == second.role && label.role != .order ? label.role : nil,
            isDate: label.isDate && second.isDate)
        }
      }, steps: first.steps.flatMap { own in second.steps.map { own.followed(by: $0) } })
  }
}

extension DataColumn {
  /// The column without what was counted over its rows.
  fileprivate var withoutRows: DataColumn {
    var column = self
    (column.missing, column.means) = (0, nil)
    return column
  }
}

extension ExampleInputs {
  /// Values and then those of other rows; bytes stay bytes where both are alike.
  fileprivate func followed(by other: ExampleInputs) -> ExampleInputs {
    if case .bytes(let first) = self, case .bytes(let second) = other, first.offsets == second.offsets,
      first.divisors == second.divisors
    {
      return .bytes(
        ByteInputs(first.values + second.values, offsets: first.offsets, divisors: first.divisors))
    }
    return .doubles(doubles + other.doubles)
  }
}

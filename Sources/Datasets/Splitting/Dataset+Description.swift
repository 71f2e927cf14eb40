internal import NeuralEngine

/// The contents of a data set, as data: for `show data`.
public struct DatasetDescription: Sendable, Equatable {
  /// The statistics of one column, or of all pixels together.
  public struct Column: Sendable, Equatable {
    /// The roles of a column.
    public enum Role: Sendable, Equatable {
      /// An input.
      case input
      /// A target.
      case target
    }
    /// The kinds of values.
    public enum Kind: Sendable, Equatable {
      /// Numbers with a fraction.
      case number
      /// Whole numbers.
      case wholeNumber
      /// Words, of which these are known.
      case words([String])
      /// The pixels of images, 8-bit or not.
      case pixels
    }
    /// The name.
    public let name: String
    /// The role.
    public let role: Role
    /// The kind of its values.
    public let kind: Kind
    /// The least and the greatest value; nil for words.
    public let range: ClosedRange<Double>?
    /// The mean; nil for words.
    public let mean: Double?
    /// The standard deviation over all rows; nil for words.
    public let deviation: Double?
    /// In how many rows the source had no value.
    public let missing: Int
  }

  /// The name of the data set.
  public let name: String
  /// The number of rows.
  public let rows: Int
  /// The shape of a row of inputs.
  public let inputShape: [Int]
  /// How many steps the shortest and the longest row have, where rows are sequences; nil elsewhere.
  public let lengths: ClosedRange<Int>?
  /// The columns, inputs first; the pixels of images as one.
  public let columns: [Column]
  /// The number of rows of each class, where the targets are classes.
  public let classes: [PartCount.ClassCount]?
  /// The names over `firstRows`: inputs, then targets.
  public let headings: [String]
  /// The first rows, classes by name; empty for images.
  public let firstRows: [[Cell]]
  /// Remarks on how it was read.
  public let notes: [String]

  /// A value to be shown.
  public enum Cell: Sendable, Equatable {
    /// A number.
    case number(Double)
    /// A word or the name of a class.
    case word(String)
  }
}

extension Dataset {
  /// Describes the data set.
  ///
  /// - Parameter count: how many of the first rows to give.
  public func description(firstRows count: Int = 5) -> DatasetDescription {
    let hasImages = inputShape.count > 1 && window == nil
    let inputs = hasImages ? [pixelColumn] : describedInputs
    return DatasetDescription(
      name: name, rows: rows, inputShape: inputShape, lengths: lengthRange,
      columns: inputs + describedTargets,
      classes: DatasetParts(train: self).counts[0].classes, headings: inputColumns.map(\.name) + targetNames,
      firstRows: hasImages ? [] : (0..<min(count, rows)).map(shownRow), notes: notes)
  }

  private var pixelColumn: DatasetDescription.Column {
    let statistics = ColumnStatistics.all(of: self)
    let mean = statistics.reduce(0) { $0 + $1.mean } / Double(statistics.count)
    // The variance of all is the mean of the columns' variances plus the variance of their means.
    let variance = statistics.reduce(0) {
      $0 + $1.deviation * $1.deviation + ($1.mean - mean) * ($1.mean - mean)
    }
    let low = statistics.reduce(Double.infinity) { min($0, $1.low) }
    let high = statistics.reduce(-Double.infinity) { max($0, $1.high) }
    return DatasetDescription.Column(
      name: "pixels", role: .input, kind: .pixels, range: low...max(low, high), mean: mean,
      deviation: (variance / Double(statistics.count)).squareRoot(), missing: 0)
  }

  private var describedInputs: [DatasetDescription.Column] {
    let statistics = ColumnStatistics.all(of: self)
    let values = inputs
    var start = 0
    return inputColumns.map { column in
      defer { start += column.width }
      let isWhole = stride(from: start, to: values.count, by: inputWidth).allSatisfy {
        values[$0] == values[$0].rounded()
      }
      return described(column, .input, statistics[start], isWhole: isWhole)
    }
  }

  private var describedTargets: [DatasetDescription.Column] {
    guard targetWidth > 0 else { return [] }
    let statistics = ColumnStatistics.all(targets, width: targetWidth)
    return targetColumns.enumerated().map { place, column in
      let isWhole = stride(from: place, to: targets.count, by: targetWidth).allSatisfy {
        targets[$0] == targets[$0].rounded()
      }
      return described(column, .target, statistics[place], isWhole: isWhole)
    }
  }

  private func described(
    _ column: DataColumn, _ role: DatasetDescription.Column.Role, _ statistics: ColumnStatistics,
    isWhole: Bool
  ) -> DatasetDescription.Column {
    if let levels = column.levels {
      return DatasetDescription.Column(
        name: column.name, role: role, kind: .words(levels), range: nil, mean: nil, deviation: nil,
        missing: column.missing)
    }
    return DatasetDescription.Column(
      name: column.name, role: role, kind: isWhole ? .wholeNumber : .number,
      range: statistics.low...max(statistics.low, statistics.high), mean: statistics.mean,
      deviation: statistics.deviation,
      missing: column.missing)
  }

  /// The names of all columns: inputs, targets, and those that were dropped.
  public var columnNames: [String] { inputColumns.map(\.name) + targetNames + labelColumns.map(\.name) }

  /// What stands in a column, a row each: an input, a target, or one that was dropped; nil where there is none of that
  /// name.
  ///
  /// A column that has a value for each step of a sequence has none for its row.
  public func cells(ofColumn name: String) -> [DatasetDescription.Cell]? {
    guard let place = DataSchema.place(of: name, among: columnNames) else { return nil }
    guard !isByStep(place) else { return nil }
    let wide = inputColumns.count + targetColumns.count
    guard place < wide else {
      return labelColumns[place - wide].texts.map { .word(String($0)) }
    }
    guard place < inputColumns.count else {
      let column = place - inputColumns.count
      return (0..<rows).map { shown(targets[$0 * targetWidth + column], targetColumns[column]) }
    }
    let start = inputColumns[..<place].reduce(0) { $0 + $1.width }
    return (0..<rows).map { shown(inputs(ofRow: $0).dropFirst(start), inputColumns[place]) }
  }

  /// What stands in a column at each step of all rows, one after the other; nil for one that has a value a row.
  public func cellsOfSteps(ofColumn name: String) -> [DatasetDescription.Cell]? {
    guard let steps, let place = DataSchema.place(of: name, among: columnNames) else { return nil }
    let wide = inputColumns.count + targetColumns.count
    guard place < wide else {
      let texts = labelColumns[place - wide].textsOfSteps
      return texts.flatMap { texts in
        texts.map(\.count) == steps.lengths ? texts.flatMap { $0.map { .word(String($0)) } } : nil
      }
    }
    guard isByStep(place) else { return nil }
    guard place < inputColumns.count else {
      let column = place - inputColumns.count
      return (0..<steps.count).map { shown(targets[$0 * targetWidth + column], targetColumns[column]) }
    }
    let start = inputColumns[..<place].reduce(0) { $0 + $1.width }
    let values = inputs
    return (0..<steps.count).map {
      shown(values[($0 * inputWidth + start)..<(($0 + 1) * inputWidth)], inputColumns[place])
    }
  }

  /// The cell of a column whose numbers these begin with.
  private func shown(_ values: ArraySlice<Double>, _ column: DataColumn) -> DatasetDescription.Cell {
    guard let levels = column.levels else { return .number(values[values.startIndex]) }
    return zip(levels, values).first { $0.1 == 1 }.map { .word($0.0) } ?? .word("?")
  }

  private func shown(_ target: Double, _ column: DataColumn) -> DatasetDescription.Cell {
    guard let levels = column.levels, let place = Int(exactly: target), levels.indices.contains(place) else {
      return .number(target)
    }
    return .word(levels[place])
  }

  /// Whether a column, by its place among all, has a value for each step of a sequence.
  private func isByStep(_ place: Int) -> Bool {
    guard let steps else { return false }
    return place < inputColumns.count
      || (place < inputColumns.count + targetColumns.count && steps.haveTargets)
  }

  /// Whether a column has a value for each step of a sequence.
  public func isByStep(column name: String) -> Bool {
    DataSchema.place(of: name, among: columnNames).map(isByStep) ?? false
  }

  /// What some rows of a column come to, the first few of them: `0.5 0.25 …`.
  private func shownSteps(_ cells: [DatasetDescription.Cell]) -> DatasetDescription.Cell {
    let shown = cells.prefix(6).map { cell in
      switch cell {
      case .number(let number): formatNumber(number, digits: 4)
      case .word(let word): word
      }
    }
    return .word(shown.joined(separator: " ") + (cells.count > shown.count ? " …" : ""))
  }

  private func shownSequence(_ row: Int, _ steps: SequenceSteps) -> [DatasetDescription.Cell] {
    let (values, answers) = (inputs(ofRow: row), targets(ofRow: row))
    var start = values.startIndex
    let inputs = inputColumns.map { column in
      defer { start += column.width }
      return shownSteps(
        stride(from: start, to: values.endIndex, by: inputWidth).map { shown(values[$0...], column) })
    }
    let first = answers.startIndex
    let targets = targetColumns.enumerated().map { place, column in
      let own = stride(from: first + place, to: answers.endIndex, by: targetWidth)
      return steps.haveTargets
        ? shownSteps(own.map { shown(answers[$0], column) }) : shown(answers[first + place], column)
    }
    return inputs + targets
  }

  private func shownRow(_ row: Int) -> [DatasetDescription.Cell] {
    if let steps { return shownSequence(row, steps) }
    var rest = inputs(ofRow: row)
    let inputs = inputColumns.map { column in
      defer { rest = rest.dropFirst(column.width) }
      return shown(rest, column)
    }
    return inputs + zip(targets(ofRow: row), targetColumns).map { shown($0, $1) }
  }
}

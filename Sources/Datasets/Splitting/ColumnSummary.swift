public import Foundations
internal import NeuralEngine

/// What the values of a column are like: how many differ, the commonest, their distribution, and what they say of the
/// target.
public struct ColumnSummary: Sendable, Equatable {
  /// The name.
  public let name: String
  /// How many values differ.
  public let distinct: Int
  /// The values that occur most often, with their numbers of rows; those that occur once are not among them.
  public let commonest: [Count]
  /// The numbers of rows in equal ranges from the least to the greatest value, or of each word where they are few; empty
  /// for many words, and for numbers that are all alike.
  public let histogram: [Int]
  /// How closely the column goes with the target; nil for the target itself, and where one of them is constant.
  public let correlation: Double?

  /// A value and its number of rows.
  public struct Count: Sendable, Equatable {
    /// The value.
    public let value: DatasetDescription.Cell
    /// The rows.
    public let rows: Int
  }

  static let bins = 10
}

/// The ways of saying how closely columns go with a target.
public enum Correlation: Sendable, Equatable {
  /// Pearson's r, and the correlation ratio for categories: the target is a number.
  case withNumber
  /// The correlation ratio, and Cramér's V for categories: the target is a class.
  case withClass
}

extension Dataset {
  /// Summaries of the columns, inputs first; empty for images and series.
  ///
  /// - Throws: `interrupted`.
  public func summaries() throws(CodedError) -> [ColumnSummary] {
    guard inputShape.count == 1, window == nil else { return [] }
    let target =
      targetColumns.count == 1 && targetRows == inputRows ? Values(targets, targetColumns[0]) : nil
    var start = 0
    let values = inputs
    var summaries: [ColumnSummary] = []
    for column in inputColumns {
      if Cancellation.isRequested() {
        throw CodedError(.interrupted, "This was stopped before all columns of `\(name)` were looked at.")
      }
      let own = Values(values, column, from: start, of: inputWidth, rows: inputRows)
      summaries.append(summary(of: own, column, target))
      start += column.width
    }
    return summaries
      + targetColumns.enumerated().map { place, column in
        let own = stride(from: place, to: targets.count, by: max(1, targetWidth)).map { targets[$0] }
        return summary(of: Values(own, column), column, nil)
      }
  }

  /// What the correlations of the summaries are; nil where there are none.
  public var correlation: Correlation? {
    guard targetColumns.count == 1, targetRows == inputRows, inputShape.count == 1, window == nil else {
      return nil
    }
    return classes == nil ? .withNumber : .withClass
  }

  /// A column as a number for each row: words by their place.
  private struct Values {
    var numbers: [Double]
    let isWords: Bool

    /// A column of targets, where a word is its place already.
    init(_ values: [Double], _ column: DataColumn) {
      numbers = values
      isWords = column.levels != nil
    }

    /// A column of inputs; words there have one number each, which is 1 for the word of the row.
    init(_ values: [Double], _ column: DataColumn, from start: Int, of width: Int, rows: Int) {
      isWords = column.levels != nil
      numbers = (0..<rows).map { row in
        let place = row * width + start
        guard column.width > 1 else { return values[place] }
        return values[place..<place + column.width].firstIndex(of: 1).map { Double($0 - place) } ?? .nan
      }
    }
  }

  private func summary(of values: Values, _ column: DataColumn, _ target: Values?) -> ColumnSummary {
    let known = values.numbers.filter { !$0.isNaN }
    let counts = known.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let commonest = counts.filter { $0.value > 1 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(
      3)
    return ColumnSummary(
      name: column.name, distinct: counts.count,
      commonest: commonest.map { key, rows in
        ColumnSummary.Count(
          value: column.levels.map { .word($0.indices.contains(Int(key)) ? $0[Int(key)] : "?") }
            ?? .number(key),
          rows: rows)
      },
      histogram: histogram(known, levels: values.isWords ? column.levels?.count : nil),
      correlation: target.flatMap { correlation(values, $0) })
  }

  private func histogram(_ values: [Double], levels: Int?) -> [Int] {
    if let levels {
      guard levels <= ColumnSummary.bins else { return [] }
      return values.reduce(into: [Int](repeating: 0, count: levels)) { counts, value in
        if counts.indices.contains(Int(value)) { counts[Int(value)] += 1 }
      }
    }
    guard let low = values.min(), let high = values.max(), low < high, (high - low).isFinite else {
      return []
    }
    return values.reduce(into: [Int](repeating: 0, count: ColumnSummary.bins)) { counts, value in
      var bin = min(counts.count - 1, Int((value - low) / (high - low) * Double(counts.count)))
      // Where rounding takes a value over the edge of its range.
      let width = (high - low) / Double(counts.count)
      if value < low + Double(bin) * width {
        bin -= 1
      } else if bin < counts.count - 1, value >= low + Double(bin + 1) * width {
        bin += 1
      }
      counts[bin] += 1
    }
  }

  // MARK: - Correlation

  private func correlation(_ column: Values, _ target: Values) -> Double? {
    let pairs = zip(column.numbers, target.numbers).filter { !$0.isNaN && !$1.isNaN }
    switch (column.isWords, target.isWords) {
    case (false, false): return pearson(pairs)
    case (true, false): return correlationRatio(groups: pairs.map(\.0), values: pairs.map(\.1))
    case (false, true): return correlationRatio(groups: pairs.map(\.1), values: pairs.map(\.0))
    case (true, true): return cramer(pairs)
    }
  }

  private func pearson(_ pairs: [(Double, Double)]) -> Double? {
    let count = Double(pairs.count)
    let means = pairs.reduce((0.0, 0.0)) { ($0.0 + $1.0 / count, $0.1 + $1.1 / count) }
    var (both, first, second) = (0.0, 0.0, 0.0)
    for (x, y) in pairs {
      let (a, b) = (x - means.0, y - means.1)
      (both, first, second) = (both + a * b, first + a * a, second + b * b)
    }
    guard first > 0, second > 0, first.isFinite, second.isFinite else { return nil }
    return max(-1, min(1, both / (first.squareRoot() * second.squareRoot())))
  }

  /// The square root of the share of the variance that lies between the groups (K. Pearson, 1905).
  private func correlationRatio(groups: [Double], values: [Double]) -> Double? {
    let mean = values.reduce(0) { $0 + $1 / Double(values.count) }
    let members = Dictionary(grouping: values.indices) { groups[$0] }
    guard members.count > 1 else { return nil }
    let between = members.sorted { $0.key < $1.key }.reduce(0.0) { sum, group in
      let own = group.value.reduce(0) { $0 + values[$1] / Double(group.value.count) }
      return sum + Double(group.value.count) * (own - mean) * (own - mean)
    }
    let all = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    guard all > 0, all.isFinite else { return nil }
    return min(1, (between / all).squareRoot())
  }

  /// Cramér's V of two columns of words, without a correction for their numbers.
  private func cramer(_ pairs: [(Double, Double)]) -> Double? {
    func counts(_ keys: [Double]) -> [Double: Double] { keys.reduce(into: [:]) { $0[$1, default: 0] += 1 } }
    let (rows, columns) = (counts(pairs.map(\.0)), counts(pairs.map(\.1)))
    let least = min(rows.count, columns.count) - 1
    guard least > 0 else { return nil }
    var cells: [Double: [Double: Double]] = [:]
    for (x, y) in pairs { cells[x, default: [:]][y, default: 0] += 1 }
    let count = Double(pairs.count)
    var chi = 0.0
    for (x, inRow) in rows.sorted(by: { $0.key < $1.key }) {
      for (y, inColumn) in columns.sorted(by: { $0.key < $1.key }) {
        let expected = inRow * inColumn / count
        let difference = (cells[x]?[y] ?? 0) - expected
        chi += difference * difference / expected
      }
    }
    return min(1, (chi / count / Double(least)).squareRoot())
  }
}

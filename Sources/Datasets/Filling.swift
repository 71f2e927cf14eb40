internal import NeuralEngine

/// The texts that say that there is no value.
package enum MissingText {
  /// Nothing, and the words for it that pandas, R and the UCI sets use.
  package static let words: Set<String> = [
    "", "?", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NAN", "-nan", "NULL", "null", "None", "<NA>",
  ]
}

/// What stands in for a missing value of a column.
public enum Filling: Sendable, Equatable {
  /// The mean over the training part; of categories, the share of each.
  case mean
  /// The median over the training part, for numbers.
  case median
  /// The commonest value of the training part.
  case mode
  /// A number, or a category, which may be one of its own.
  case value(String)

  /// The filling that a word stands for; any other word is the value itself.
  public init(_ word: String) {
    switch word {
    case "mean": self = .mean
    case "median": self = .median
    case "mode": self = .mode
    default: self = .value(word)
    }
  }

  /// The word that stands for it.
  public var word: String {
    switch self {
    case .mean: "mean"
    case .median: "median"
    case .mode: "mode"
    case .value(let text): text
    }
  }
}

extension Dataset {
  /// What stands in for a missing value in each input of the columns that had one: a statistic over those of some rows
  /// that had a value.
  ///
  /// - Parameter all: whether to tell it of all columns.
  package func standIns(over rows: some Sequence<Int>, ofAll all: Bool = false) -> [Int: Double] {
    guard all || !filled.isEmpty, case .doubles(let values) = storage, inputWidth > 0 else { return [:] }
    if !filled.isEmpty, let steps = stepsOfWindows, let shape = inputShape.first {
      // A feature has one statistic, whichever step of a window its value is missing in.
      let places = rows.flatMap { $0 * shape..<($0 + 1) * shape }
      let ofStep = steps.standIns(over: places, ofAll: all)
      var standIns: [Int: Double] = [:]
      for place in 0..<inputWidth { standIns[place] = ofStep[place % steps.inputWidth] }
      return standIns
    }
    let rows = Array(rows)
    let missing = Set(filled)
    let places = Set(missing.map { $0 % inputWidth })
    var standIns: [Int: Double] = [:]
    var start = 0
    // Most columns have no gaps, and their means are those of all rows.
    let means = all ? Dataset.means(of: values, rows: rows, width: inputWidth) : []
    for column in inputColumns {
      let width = column.width
      defer { start += width }
      let isEmpty = places.contains(start)
      guard all || isEmpty else { continue }
      if !isEmpty, column.filling == nil || column.filling == .mean {
        for place in start..<start + width { standIns[place] = means[place] }
        continue
      }
      let known = isEmpty ? rows.filter { !missing.contains($0 * inputWidth + start) } : rows
      guard !known.isEmpty else { continue }
      let numbers = (start..<start + width).map { place in known.map { values[$0 * inputWidth + place] } }
      for (place, number) in Dataset.statistics(of: numbers, column).enumerated() {
        standIns[start + place] = number
      }
    }
    return standIns
  }

  /// The mean of each column over some rows, of which there must be one.
  private static func means(of values: [Double], rows: [Int], width: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: width)
    for row in rows {
      let start = row * width
      for place in 0..<width { sums[place] += values[start + place] }
    }
    return sums.map { $0 / Double(rows.count) }
  }

  /// What a column's values come to by its rule, a number for each of its inputs.
  private static func statistics(of numbers: [[Double]], _ column: DataColumn) -> [Double] {
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    switch column.filling {
    case .mode where column.levels != nil:
      let shares = numbers.map(mean)
      let commonest = shares.firstIndex(of: shares.max() ?? 0)
      return shares.indices.map { $0 == commonest ? 1 : 0 }
    case .mode: return numbers.map { $0.commonest }
    case .median where column.levels == nil: return numbers.map { $0.median }
    default: return numbers.map(mean)
    }
  }
}

extension [Double] {
  /// The middle value, or the mean of the two in the middle; there must be one.
  var median: Double {
    let sorted = sorted()
    let middle = count / 2
    return count % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2
  }

  /// The value that comes most often, the least of several; there must be one.
  var commonest: Double {
    var counts: [Double: Int] = [:]
    for value in self { counts[value, default: 0] += 1 }
    return counts.max { $0.value == $1.value ? $0.key > $1.key : $0.value < $1.value }?.key ?? .nan
  }
}

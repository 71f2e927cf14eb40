/// What the marks of rows say of two classes at every threshold: the curves of true by false positives and of precision by
/// recall, and whether marks that are probabilities mean what they say.
public struct RankingCurves: Sendable {
  /// A point of a curve: where it stands, and the mark from which on rows are taken for the class.
  public struct Point: Sendable, Equatable {
    /// The share of the other rows that is taken for the class by mistake; for precision and recall the recall.
    public let x: Double
    /// The share of the class's rows that is taken for it; for precision and recall the precision.
    public let y: Double
  }

  /// Rows whose marks are alike fall in one of these bins.
  public struct Bin: Sendable, Equatable {
    /// The mean of their marks.
    public let mean: Double
    /// The share of them that is of the class.
    public let share: Double
    /// How many they are.
    public let rows: Int
  }

  private let marks: [Double]
  private let truths: [Bool]
  /// The rows, those with the highest marks first.
  private let order: [Int]

  /// Ranks rows.
  ///
  /// - Parameters:
  ///   - marks: how likely each row is to be of the class, on any scale.
  ///   - truths: whether it is.
  /// - Returns: nil where rows of one kind are missing or a mark is not a number.
  public init?(marks: [Double], truths: [Bool]) {
    guard marks.count == truths.count, truths.contains(true), truths.contains(false),
      !marks.contains(where: \.isNaN)
    else { return nil }
    self.marks = marks
    self.truths = truths
    order = marks.indices.sorted { marks[$0] > marks[$1] }
  }

  /// How many rows of each kind have at least a mark, for every mark that there is, the highest first.
  private var steps: [(positives: Int, negatives: Int)] {
    var steps: [(positives: Int, negatives: Int)] = []
    var (positives, negatives) = (0, 0)
    for (place, row) in order.enumerated() {
      if truths[row] { positives += 1 } else { negatives += 1 }
      if place + 1 == order.count || marks[order[place + 1]] != marks[row] {
        steps.append((positives, negatives))
      }
    }
    return steps
  }

  /// True by false positives, from 0, 0 to 1, 1.
  public var roc: [Point] {
    let steps = steps
    let (positives, negatives) = steps.last ?? (1, 1)
    return [Point(x: 0, y: 0)]
      + steps.map {
        Point(x: Double($0.negatives) / Double(negatives), y: Double($0.positives) / Double(positives))
      }
  }

  /// The area under ``roc``.
  public var area: Double {
    zip(roc, roc.dropFirst()).reduce(0) { $0 + ($1.1.x - $1.0.x) * ($1.1.y + $1.0.y) / 2 }
  }

  /// The area where each row counts so many times; nil where rows of one kind are missing then.
  func area(counting counts: [Int]) -> Double? { area(counting: counts.map { Double($0) }) }

  /// The same where rows count by numbers of any kind, 0 or more.
  func area(counting counts: [Double]) -> Double? {
    var (positives, negatives, doubled) = (0.0, 0.0, 0.0)
    var place = 0
    while place < order.count {
      var (up, across) = (0.0, 0.0)
      let mark = marks[order[place]]
      while place < order.count, marks[order[place]] == mark {
        let row = order[place]
        if truths[row] { up += counts[row] } else { across += counts[row] }
        place += 1
      }
      // Twice the area of the strip below this step of the curve.
      doubled += across * (2 * positives + up)
      positives += up
      negatives += across
    }
    return positives > 0 && negatives > 0 ? doubled / 2 / (positives * negatives) : nil
  }

  /// Precision by recall, from the highest mark down; the first point is the precision 1 of no row, as scikit-learn has it.
  public var precisionRecall: [Point] {
    let steps = steps
    let positives = steps.last?.positives ?? 1
    return [Point(x: 0, y: 1)]
      + steps.map {
        Point(
          x: Double($0.positives) / Double(positives),
          y: Double($0.positives) / Double($0.positives + $0.negatives))
      }
  }

  /// The mean of the precisions, each weighted with the recall that it adds: scikit-learn's `average_precision_score`.
  public var averagePrecision: Double {
    zip(precisionRecall, precisionRecall.dropFirst()).reduce(0) { $0 + ($1.1.x - $1.0.x) * $1.1.y }
  }

  /// The share of the class that a curve of precision by recall falls to when all rows are taken for it.
  public var share: Double { Double(truths.count { $0 }) / Double(truths.count) }

  /// Marks that are probabilities, in bins of equal width from 0 to 1; empty ones are left out.
  public func bins(_ count: Int) -> [Bin] {
    var sums = [(mark: Double, hits: Int, rows: Int)](repeating: (0, 0, 0), count: count)
    for (mark, truth) in zip(marks, truths) {
      // A mark at a border belongs to the lower bin, as scikit-learn's `calibration_curve` has it, but 0 to the first.
      let place = min(count - 1, max(0, Int((mark * Double(count)).rounded(.up)) - 1))
      sums[place].mark += mark
      sums[place].hits += truth ? 1 : 0
      sums[place].rows += 1
    }
    return sums.filter { $0.rows > 0 }.map {
      Bin(mean: $0.mark / Double($0.rows), share: Double($0.hits) / Double($0.rows), rows: $0.rows)
    }
  }
}

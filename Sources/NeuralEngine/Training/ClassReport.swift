/// How well one class is told from the others.
public struct ClassScore: Sendable, Equatable {
  /// The class, as its place.
  public let label: Int
  /// How many rows are of it.
  public let rows: Int
  /// How many rows are taken for it.
  public let answers: Int
  /// The share of the rows taken for it that are of it; 0 where none is.
  public let precision: Double
  /// The share of its rows that are taken for it; 0 where there are none.
  public let recall: Double
  /// 2 TP / (2 TP + FP + FN); 0 where there is nothing to divide by.
  public let f1: Double
}

/// The bounds within which a metric lies with 95 % confidence.
public struct ConfidenceInterval: Sendable, Equatable {
  /// The lower bound.
  public let low: Double
  /// The upper bound.
  public let high: Double

  /// Wilson's score interval of a share (E. B. Wilson, 1927), which stays within 0 and 1 and holds for few rows and for
  /// shares near the ends.
  ///
  /// - Parameters:
  ///   - hits: how many rows count.
  ///   - count: of how many, at least one.
  public static func wilson(hits: Int, of count: Int) -> ConfidenceInterval {
    let (n, z) = (Double(count), 1.959963984540054)
    let share = Double(hits) / n
    let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    return ConfidenceInterval(low: max(0, middle - half), high: min(1, middle + half))
  }

  /// The bootstrap's percentile intervals (B. Efron, 1979): what metrics come to on rows that are drawn again and again
  /// with replacement. The draws are the same each time, and the same for all metrics.
  ///
  /// - Parameters:
  ///   - rows: how many rows there are.
  ///   - measures: each metric where each row counts so many times; nil where it has no value then.
  /// - Returns: those that have an interval.
  public static func bootstrap(rows: Int, _ measures: [Metric: ([Int]) -> Double?]) -> [Metric: Self] {
    var random = RandomStream(seed: 0)
    let rounds = max(100, min(500, 1_000_000 / max(1, rows)))
    var values: [Metric: [Double]] = [:]
    for _ in 0..<rounds {
      var counts = [Int](repeating: 0, count: rows)
      for _ in 0..<rows { counts[random.below(rows)] += 1 }
      for (metric, measure) in measures {
        if let value = measure(counts), value.isFinite { values[metric, default: []].append(value) }
      }
    }
    return values.compactMapValues { ConfidenceInterval(middleOf: $0, of: rounds) }
  }
}

extension ConfidenceInterval {
  /// The bounds of the middle 95 % of values; nil where most of so many draws have none, as an area has none of one class.
  private init?(middleOf values: [Double], of rounds: Int) {
    guard 2 * values.count > rounds else { return nil }
    let values = values.sorted()
    func quantile(_ share: Double) -> Double {
      let place = share * Double(values.count - 1)
      let below = Int(place)
      let part = place - Double(below)
      return values[below] * (1 - part) + values[min(below + 1, values.count - 1)] * part
    }
    self.init(low: quantile(0.025), high: quantile(0.975))
  }
}

extension Predictions {
  /// The class of each row, and the one that is answered; nil for a task without classes.
  public var labels: (truths: [Int], answers: [Int])? {
    switch task {
    case .regression, .several: return nil
    case .binary, .multiclass:
      let rows = outputs.count / max(1, width)
      return (
        (0..<rows).map { truth($0) },
        (0..<rows).map { task.label(outputs[$0 * width..<($0 + 1) * width]) }
      )
    }
  }

  /// Targets are classes whatever the threshold for answers is.
  func truth(_ row: Int) -> Int {
    let targets = targets[row * width..<(row + 1) * width]
    if case .binary = task { return (targets.first ?? 0) > 0 ? 1 : 0 }
    return task.label(targets)
  }

  /// The same with another threshold for what a single output says.
  public func with(threshold: Double) -> Predictions {
    var made = Predictions(
      outputs: outputs, targets: targets, width: width, task: .binary(threshold: threshold))
    made.weights = weights
    return made
  }

  /// How well each class is told from the others; empty for a task without classes.
  public var byClass: [ClassScore] {
    guard let (truths, answers) = labels else { return [] }
    let classes = width == 1 ? 2 : width
    let none = [Double](repeating: 0, count: classes)
    var (truePositives, predicted, actual) = (none, none, none)
    var counts = [(rows: Int, answers: Int)](repeating: (0, 0), count: classes)
    for (row, (truth, answer)) in zip(truths, answers).enumerated() {
      counts[truth].rows += 1
      counts[answer].answers += 1
      actual[truth] += weight(row)
      predicted[answer] += weight(row)
      if truth == answer { truePositives[truth] += weight(row) }
    }
    func share(_ part: Double, _ whole: Double) -> Double { whole == 0 ? 0 : part / whole }
    return (0..<classes).map { label in
      ClassScore(
        label: label, rows: counts[label].rows, answers: counts[label].answers,
        precision: share(truePositives[label], predicted[label]),
        recall: share(truePositives[label], actual[label]),
        f1: share(2 * truePositives[label], predicted[label] + actual[label]))
    }
  }

  /// The share of rows whose class is answered; nil for a task without classes.
  public var accuracy: Double? {
    labels.map { truths, answers in
      let correct = truths.indices.reduce(0.0) { truths[$1] == answers[$1] ? $0 + weight($1) : $0 }
      return correct / wholeWeight
    }
  }

  /// How likely a row is to be of a class, as far as its outputs tell; the class 1 where one output tells two apart.
  public func marks(of label: Int) -> [Double] {
    width == 1
      ? (label == 1 ? outputs : outputs.map { -$0 })
      : stride(from: label, to: outputs.count, by: width).map { outputs[$0] }
  }

  /// The interval of each metric that has one: Wilson's for shares of rows, the bootstrap's for others. Rows that count
  /// differently have none.
  public func intervals() -> [Metric: ConfidenceInterval] {
    guard weights == nil else { return [:] }
    guard let (truths, answers) = labels else { return regressionIntervals() }
    var found: [Metric: ConfidenceInterval] = [:]
    var drawn: [Metric: ([Int]) -> Double?] = [:]
    let rows = truths.count
    if max(2, width) == 2 {
      let hits = zip(truths, answers).count { $0 == 1 && $1 == 1 }
      let (predicted, actual) = (answers.count { $0 == 1 }, truths.count { $0 == 1 })
      if predicted > 0 { found[.precision] = .wilson(hits: hits, of: predicted) }
      if actual > 0 { found[.recall] = .wilson(hits: hits, of: actual) }
      if let curves = binaryCurves(truths) { drawn[.auc] = { curves.area(counting: $0) } }
    }
    let classes = max(2, width)
    drawn[.f1] = { counts in
      var (truePositives, said) = ([Int](repeating: 0, count: classes), [Int](repeating: 0, count: classes))
      for row in 0..<rows {
        let count = counts[row]
        said[truths[row]] += count
        said[answers[row]] += count
        if truths[row] == answers[row] { truePositives[truths[row]] += count }
      }
      let counted = classes == 2 ? [1] : (0..<classes).filter { said[$0] > 0 }
      let shares = counted.map { said[$0] == 0 ? 0 : 2 * Double(truePositives[$0]) / Double(said[$0]) }
      return shares.reduce(0, +) / Double(max(1, shares.count))
    }
    return found.merging(ConfidenceInterval.bootstrap(rows: rows, drawn)) { _, new in new }
  }

  /// The rows ranked by what tells the second of two classes: of two outputs what the second has more than the first.
  func binaryCurves(_ truths: [Int]) -> RankingCurves? {
    let marks =
      width == 1
      ? outputs
      : (0..<outputs.count / 2).map { (row: Int) -> Double in outputs[2 * row + 1] - outputs[2 * row] }
    return RankingCurves(marks: marks, truths: truths.map { $0 == 1 })
  }

  /// What always answering the mean of the targets would come to, for amounts; empty for a task with classes.
  public var meanScores: [Score] {
    guard case .regression = task, width > 0, !targets.isEmpty else { return [] }
    var means = [Double](repeating: 0, count: width)
    for (place, target) in targets.enumerated() { means[place % width] += target }
    for unit in means.indices { means[unit] /= Double(targets.count / width) }
    // The mean of equal numbers is that number, which their rounded sum may miss.
    for unit in means.indices
    where stride(from: unit, to: targets.count, by: width).allSatisfy({ targets[$0] == targets[unit] }) {
      means[unit] = targets[unit]
    }
    let answers = targets.indices.map { means[$0 % width] }
    var made = Predictions(outputs: answers, targets: targets, width: width, task: task)
    made.weights = weights
    return made.scores
  }

  /// The most outputs whose amounts have intervals: of more there are hardly rows enough, and it would take its time.
  private static let mostAmounts = 64

  private func regressionIntervals() -> [Metric: ConfidenceInterval] {
    guard case .regression = task, width > 0, width <= Predictions.mostAmounts else { return [:] }
    let rows = targets.count / width
    // What each row adds, whatever it is drawn together with.
    var (absolute, squares) = ([Double](repeating: 0, count: rows), [Double](repeating: 0, count: rows))
    for place in targets.indices {
      let error = abs(targets[place] - outputs[place])
      absolute[place / width] += error
      squares[place / width] += error * error
    }
    func mean(_ values: [Double], _ counts: [Int]) -> Double {
      zip(values, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(rows * width)
    }
    return ConfidenceInterval.bootstrap(
      rows: rows,
      [
        .mae: { mean(absolute, $0) }, .rmse: { mean(squares, $0).squareRoot() },
        .rSquared: { counts in
          let shares = (0..<width).compactMap { share(ofUnit: $0, counts) }
          return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
        },
      ])
  }

  /// The share of one unit's spread that is explained, where each row counts so many times; nil where there is none.
  private func share(ofUnit unit: Int, _ counts: [Int]) -> Double? {
    let places = stride(from: unit, to: targets.count, by: width)
    let mean =
      zip(places, counts).reduce(0.0) { $0 + targets[$1.0] * Double($1.1) } / Double(counts.count)
    var (errors, spread) = (0.0, 0.0)
    for (place, count) in zip(places, counts) {
      errors += Double(count) * (targets[place] - outputs[place]) * (targets[place] - outputs[place])
      spread += Double(count) * (targets[place] - mean) * (targets[place] - mean)
    }
    return spread > 0 ? 1 - errors / spread : nil
  }
}

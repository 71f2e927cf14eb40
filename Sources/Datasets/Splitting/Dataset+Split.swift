public import Foundations
public import NeuralEngine

/// How rows are chosen for the parts of a data set.
public enum SplitOrder: String, Sendable {
  /// At random.
  case random
  /// From the end of rows in the order of time.
  case time
}

/// The options of dividing a data set.
public struct SplitOptions: Sendable, Equatable {
  /// The share that is kept for the end, from 0 up to 1.
  public var test: Double
  /// The share that a training is watched with.
  public var validate: Double
  /// True if each part gets the same share of each class; nil for yes where there are classes and rows are shuffled.
  public var stratify: Bool?
  /// True if rows are drawn at random, and not taken from the end.
  public var shuffle: Bool
  /// True if parts are taken from the end of time, and rows that reach across a cut, as windows do, are left out. Where no
  /// column says when rows were, they are in the order of time.
  public var byTime = false

  /// The defaults: a fifth for the end.
  public init(test: Double = 0.2, validate: Double = 0, stratify: Bool? = nil, shuffle: Bool = true) {
    self.test = test
    self.validate = validate
    self.stratify = stratify
    self.shuffle = shuffle
  }
}

extension Dataset {
  /// Divides the rows into parts that share none.
  ///
  /// Missing values that hold the mean of their column, or another statistic, get that of the training part, so that
  /// nothing of the other parts is known while training.
  ///
  /// - Throws: `bad-share`, `empty-part`, `missing-class`, `no-classes` or `interrupted`.
  public func split(
    _ options: SplitOptions = SplitOptions(), random: inout RandomStream
  ) throws(CodedError) -> DatasetParts {
    let sizes = try SplitSizes(options, rows: rows, name: name)
    let (train, validate, test) =
      options.byTime ? try divideByTime(sizes) : try divide(options, sizes, random: &random)
    guard !train.isEmpty else { throw SplitSizes.emptyPart("train", name) }
    let means = standIns(over: inputRows(of: train.sorted()))
    // In the order of the table: a part reads like its source, and training shuffles anyway.
    func part(_ rows: [Int], _ suffix: String) throws(CodedError) -> Dataset? {
      if Cancellation.isRequested() {
        throw CodedError(.interrupted, "This was stopped before `\(name)` was divided.")
      }
      return rows.isEmpty ? nil : selecting(rows: rows.sorted(), name: "\(name).\(suffix)").refilled(means)
    }
    guard let first = try part(train, "train") else { throw SplitSizes.emptyPart("train", name) }
    let parts = DatasetParts(
      train: first, validate: try part(validate, "validate"), test: try part(test, "test"))
    try Splitting.checkClasses(parts, of: self, mayLackTiny: options.stratify == false)
    return parts
  }

  private func divide(
    _ options: SplitOptions, _ sizes: SplitSizes, random: inout RandomStream
  ) throws(CodedError) -> (train: [Int], validate: [Int], test: [Int]) {
    let labels = try stratumOfRow(options)
    var order = Array(0..<rows)
    if options.shuffle { random.shuffle(&order) }
    let groups = labels.map { labels in Splitting.groups(order, by: labels) } ?? [order]
    let (test, validate) = Splitting.divide(groups, sizes)
    var isKept = [Bool](repeating: false, count: rows)
    for row in test { isKept[row] = true }
    for row in validate { isKept[row] = true }
    return (order.filter { !isKept[$0] }, validate, test)
  }

  /// The first rows, then those to watch a training with, then the last. Rows that are under way at a cut, as windows may be,
  /// are in no part.
  private func divideByTime(
    _ sizes: SplitSizes
  ) throws(CodedError) -> (train: [Int], validate: [Int], test: [Int]) {
    try refuseMixedSeries("by=time")
    let spans = spans
    var (train, validate, test) = (Array(0..<rows), [Int](), [Int]())
    if sizes.test > 0 { (train, test) = Splitting.cut(train, by: spans, sizes.test) }
    if sizes.validate > 0, !train.isEmpty {
      (train, validate) = Splitting.cut(train, by: spans, sizes.validate)
    }
    guard !train.isEmpty else { throw nothingBefore(spans) }
    return (train, validate, test)
  }

  /// Refuses windows of several series whose times nobody knows, for what needs them in the order of time.
  func refuseMixedSeries(_ option: String) throws(CodedError) {
    guard times == nil, window != nil, let series = labelColumn(.series)
    else { return }
    throw CodedError(
      .badOption,
      "\(option) needs to know when the rows of `\(name)` were, and they are those of several series, one for each `\(series.name)`. "
        + "Name the column that says it when the data is read: order=…")
  }

  /// The error where no row is over before the first that is kept for the end.
  private func nothingBefore(_ spans: [TimeSpan]) -> CodedError {
    guard times != nil else { return SplitSizes.emptyPart("train", name) }
    if spans.allSatisfy({ $0.first == spans[0].first && $0.last == spans[0].first }) {
      return CodedError(
        .emptyPart,
        "All rows of `\(name)` are of one time, so by=time has no earlier ones to train with. Leave by=time out."
      )
    }
    let what = steps != nil ? "series" : window != nil ? "window" : "row"
    return CodedError(
      .emptyPart,
      "Every \(what) of `\(name)` reaches across the cut between earlier and later times or lies behind it, so the train part would "
        + "have no rows. Keep a smaller fraction, or leave by=time out.")
  }

  /// From when to when each row lasts: by a column that says it, else by the order of the rows.
  var spans: [TimeSpan] {
    times
      ?? (0..<rows).map { TimeSpan(first: Double($0), last: Double($0) + Double(window?.reach ?? 0)) }
  }

  /// The stratum of each row; nil for no strata.
  private func stratumOfRow(_ options: SplitOptions) throws(CodedError) -> [Int]? {
    guard options.stratify ?? (options.shuffle && classOfRow != nil) else { return nil }
    if let classOfRow { return classOfRow }
    var strata: [[Double]: Int] = [:]
    let labels = (0..<rows).map { row in
      let target = Array(targets(ofRow: row))
      let stratum = strata[target] ?? strata.count
      strata[target] = stratum
      return stratum
    }
    guard targetWidth > 0, strata.count <= max(1, rows / 2) else {
      throw CodedError(
        .noClasses,
        "`\(name)` has no classes to stratify by: its targets are \(strata.count) different numbers in \(rows) "
          + "rows. Leave stratify= out.", suggestion: "stratify=false")
    }
    return labels
  }

  /// The rows with other numbers in the places that the source left empty.
  package func refilled(_ means: [Int: Double]) -> Dataset {
    guard !filled.isEmpty, case .doubles(var values) = storage else { return self }
    for place in filled { if let mean = means[place % inputWidth] { values[place] = mean } }
    return replacing(storage: .doubles(values))
  }
}

extension DatasetParts {
  /// Divides what is trained with, and keeps the parts that the source itself keeps aside.
  ///
  /// - Throws: as `Dataset.split`; `already-divided` when a test part is asked for and there is one.
  public func split(
    _ options: SplitOptions, random: inout RandomStream
  ) throws(CodedError) -> DatasetParts {
    guard let test else { return try train.split(options, random: &random) }
    guard options.test == 0 else {
      throw CodedError(
        .alreadyDivided,
        "`\(train.name)` comes with a test part of \(test.rows) rows. Leave test= out; validate= takes "
          + "a fraction of the other \(train.rows).", suggestion: "validate=10%")
    }
    var parts = try train.split(options, random: &random)
    parts.test = test
    return parts
  }
}

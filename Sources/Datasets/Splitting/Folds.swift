public import Foundations
public import NeuralEngine

/// How rows are cut into folds, each of which is tested on once while the others are trained with.
public enum FoldKind: Sendable, Equatable {
  /// Folds of equal size: scikit-learn's `KFold`.
  case plain
  /// Folds with the same share of each class: `StratifiedKFold`.
  case stratified
  /// Rows of one group in one fold: `GroupKFold`.
  case grouped([Double])
  /// Each fold is tested on after training with the rows before it: `TimeSeriesSplit`.
  case ordered
}

/// The rows of a fold, and those that are trained with.
public struct Fold: Sendable, Equatable {
  /// The rows to train with, in the order of the data.
  public let training: [Int]
  /// The rows to test on.
  public let testing: [Int]
}

/// Rows cut into folds, each of which is listed when it is asked for.
public struct FoldCut {
  private let list: (Int) throws(CodedError) -> Fold

  init(_ list: @escaping (Int) throws(CodedError) -> Fold) { self.list = list }

  /// A fold, counted from 0.
  ///
  /// - Throws: `too-few-rows` where it has none to train with.
  public func fold(_ number: Int) throws(CodedError) -> Fold { try list(number) }
}

extension Dataset {
  /// Cuts the rows into folds.
  ///
  /// - Parameters:
  ///   - count: how many, 2 or more.
  ///   - random: what rows are drawn with; nil takes them as they stand. Groups and time have an order of their own.
  /// - Throws: `too-few-rows`, naming the class or what else there is too little of; `no-classes`.
  public func folds(
    _ count: Int, _ kind: FoldKind, random: inout RandomStream, shuffles: Bool
  ) throws(CodedError) -> [Fold] {
    let cut = try foldCut(count, kind, random: &random, shuffles: shuffles)
    return try (0..<count).map { fold throws(CodedError) in try cut.fold(fold) }
  }

  /// Cuts the rows into folds without listing the rows of each, for those who want one of many. Parameters and errors are those
  /// of ``folds(_:_:random:shuffles:)``.
  public func foldCut(
    _ count: Int, _ kind: FoldKind, random: inout RandomStream, shuffles: Bool
  ) throws(CodedError) -> FoldCut {
    guard count >= 2, count <= rows else {
      throw CodedError(
        .tooFewRows,
        rows == 1
          ? "`\(name)` has 1 row, and folds are made of two or more."
          : "`\(name)` has \(rows) rows, which makes at most \(rows) folds and not \(count).",
        suggestion: rows == 1 ? nil : "folds=\(max(2, min(rows, 5)))")
    }
    if kind == .ordered { return try orderedFolds(count) }
    let foldOfRow: [Int]
    switch kind {
    case .plain, .ordered: foldOfRow = plainFolds(count, &random, shuffles: shuffles)
    case .stratified: foldOfRow = try stratifiedFolds(count, &random, shuffles: shuffles)
    case .grouped(let groups): foldOfRow = try groupedFolds(count, groups)
    }
    return FoldCut { fold in
      Fold(
        training: foldOfRow.indices.filter { foldOfRow[$0] != fold },
        testing: foldOfRow.indices.filter { foldOfRow[$0] == fold })
    }
  }

  private func plainFolds(_ count: Int, _ random: inout RandomStream, shuffles: Bool) -> [Int] {
    var order = Array(0..<rows)
    if shuffles { random.shuffle(&order) }
    var folds = [Int](repeating: 0, count: rows)
    var start = 0
    for fold in 0..<count {
      // The first folds take a row more where the rows do not come out even.
      let size = rows / count + (fold < rows % count ? 1 : 0)
      for place in start..<start + size { folds[order[place]] = fold }
      start += size
    }
    return folds
  }

  private func stratifiedFolds(_ count: Int, _ random: inout RandomStream, shuffles: Bool) throws(CodedError)
    -> [Int]
  {
    guard let labels = stratumOfRow else {
      throw CodedError(
        .noClasses, "`\(name)` has no classes to stratify by. Leave it out: stratify=false",
        suggestion: "stratify=false")
    }
    // Classes in the order in which they come up, as scikit-learn numbers them.
    var numbers: [Int: Int] = [:]
    for label in labels where numbers[label] == nil { numbers[label] = numbers.count }
    let encoded = labels.map { numbers[$0] ?? 0 }
    let sizes = (0..<numbers.count).map { number in encoded.count { $0 == number } }
    if let least = sizes.indices.first(where: { sizes[$0] < count }) {
      let label = numbers.first { $0.value == least }?.key ?? least
      let name = classes.flatMap { $0.indices.contains(label) ? $0[label] : nil } ?? String(label)
      throw CodedError(
        .tooFewRows,
        "The class `\(name)` has \(sizes[least] == 1 ? "1 row" : "\(sizes[least]) rows"), so not each of \(count) folds can have one. "
          + (sizes[least] > 1 ? "Use folds=\(sizes[least]), or stratify=false." : "Use stratify=false."),
        suggestion: sizes[least] > 1 ? "folds=\(sizes[least])" : "stratify=false")
    }
    let sorted = encoded.sorted()
    // How many rows of each class a fold gets: the sorted classes dealt out in turn.
    let quotas = (0..<count).map { fold in
      stride(from: fold, to: sorted.count, by: count).reduce(into: [Int](repeating: 0, count: numbers.count))
      {
        $0[sorted[$1]] += 1
      }
    }
    var folds = [Int](repeating: 0, count: rows)
    for number in 0..<numbers.count {
      var dealt = (0..<count).flatMap { [Int](repeating: $0, count: quotas[$0][number]) }
      if shuffles { random.shuffle(&dealt) }
      for (row, fold) in zip(encoded.indices.filter { encoded[$0] == number }, dealt) { folds[row] = fold }
    }
    return folds
  }

  private func groupedFolds(_ count: Int, _ groups: [Double]) throws(CodedError) -> [Int] {
    let sizes = groups.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    guard sizes.count >= count else {
      guard sizes.count > 1 else {
        throw CodedError(
          .tooFewRows,
          "All rows of `\(name)` are of one group, which no folds can be made of. Group them by another column, or leave by= out."
        )
      }
      throw CodedError(
        .tooFewRows,
        "There are \(sizes.count) groups in `\(name)`, too few for \(count) folds. Try folds=\(sizes.count)",
        suggestion: "folds=\(sizes.count)")
    }
    // The largest first, each into the fold that has the fewest rows so far.
    var rowsOfFold = [Int](repeating: 0, count: count)
    var foldOfGroup: [Double: Int] = [:]
    for (group, size) in sizes.sorted(by: { ($0.value, $0.key) > ($1.value, $1.key) }) {
      let lightest = rowsOfFold.indices.min { rowsOfFold[$0] < rowsOfFold[$1] } ?? 0
      foldOfGroup[group] = lightest
      rowsOfFold[lightest] += size
    }
    return groups.map { foldOfGroup[$0] ?? 0 }
  }

  private func orderedFolds(_ count: Int) throws(CodedError) -> FoldCut {
    try refuseMixedSeries("ordered=true")
    let size = rows / (count + 1)
    guard size > 0 else {
      throw CodedError(
        .tooFewRows, "`\(name)` has \(rows) rows, too few to test on \(count) folds that follow each other.",
        suggestion: rows > 2 ? "folds=\(rows - 1)" : nil)
    }
    let spans = spans
    let order = (0..<rows).sorted { (spans[$0].last, $0) < (spans[$1].last, $1) }
    return FoldCut { fold throws(CodedError) in
      let start = rows - (count - fold) * size
      let testing = order[start..<start + size].sorted()
      let first = testing.map { spans[$0].first }.min() ?? 0
      // Windows that have steps of the test rows would tell of them.
      let training = order[..<start].filter { spans[$0].last < first }.sorted()
      guard !training.isEmpty else {
        throw CodedError(
          .tooFewRows,
          "Fold \(fold + 1) of `\(name)` would have no rows to train with that are over before the first test row begins. Use fewer folds, or "
            + "shorter windows.", suggestion: count > 2 ? "folds=\(count - 1)" : nil)
      }
      return Fold(training: training, testing: testing)
    }
  }

  /// The class of each row, also where targets are one-hot or small whole numbers; nil where they are no classes.
  private var stratumOfRow: [Int]? {
    if let classOfRow { return classOfRow }
    guard targetWidth > 0, targetRows == rows else { return nil }
    if targetWidth == 1 {
      let labels = targets.compactMap { Int(exactly: $0) }
      return labels.count == rows && Set(labels).count <= 36 ? labels : nil
    }
    let isOneHot = (0..<rows).allSatisfy { row in
      targets(ofRow: row).allSatisfy { $0 == 0 || $0 == 1 } && targets(ofRow: row).reduce(0, +) == 1
    }
    return isOneHot ? (0..<rows).map { Array(targets(ofRow: $0)).firstIndex(of: 1) ?? 0 } : nil
  }

  /// Whether the rows have classes that folds can be stratified by.
  public var hasStrata: Bool { stratumOfRow != nil }

  /// The two parts of a fold. Missing values that hold the mean of their column get that of the training part.
  public func parts(of fold: Fold) -> (training: Dataset, testing: Dataset) {
    let means = standIns(over: inputRows(of: fold.training))
    return (
      selecting(rows: fold.training, name: name).refilled(means),
      selecting(rows: fold.testing, name: name).refilled(means)
    )
  }
}

extension Preparation {
  /// The way in which some rows were scaled to this; nil for scales that come from elsewhere.
  public func scaling(of train: Dataset) -> Scaling? {
    for scaling in [Scaling.zscore, .minmax, .max] {
      if let made = try? Preparation.fitted(to: train, scaling), made.inputs == inputs,
        made.targets == targets
      {
        return scaling
      }
    }
    return nil
  }
}

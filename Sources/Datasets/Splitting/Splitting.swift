internal import Foundations
internal import NeuralEngine

/// The number of rows that each part gets.
struct SplitSizes {
  let test: Int
  let validate: Int

  /// - Throws: `bad-share` or `empty-part`.
  init(_ options: SplitOptions, rows: Int, name: String) throws(CodedError) {
    for (key, share) in [("test", options.test), ("validate", options.validate)] {
      guard share >= 0, share < 1 else {
        throw CodedError(
          .badShare, "\(key)=\(share) is not a fraction of the rows. Use 20%, or a number from 0 to 1.",
          suggestion: "\(key)=20%")
      }
    }
    guard options.test + options.validate > 0, options.test + options.validate < 1 else {
      throw CodedError(
        .badShare,
        "test and validate together take \(formatNumber(options.test + options.validate, digits: 15)) of the rows of `\(name)`. "
          + "It must be more than 0 and leave rows to train on.", suggestion: "test=20%")
    }
    test = Int((Double(rows) * options.test).rounded())
    validate = Int((Double(rows) * options.validate).rounded())
    if options.test > 0, test == 0 { throw SplitSizes.emptyPart("test", name) }
    if options.validate > 0, validate == 0 { throw SplitSizes.emptyPart("validate", name) }
    if test + validate >= rows { throw SplitSizes.emptyPart("train", name) }
  }

  static func emptyPart(_ part: String, _ name: String) -> CodedError {
    CodedError(
      .emptyPart, "The \(part) part of `\(name)` would have no rows. Use a larger fraction, or more data.")
  }
}

/// Dividing rows.
enum Splitting {
  /// The rows of each label, in the order given.
  static func groups(_ order: [Int], by labels: [Int]) -> [[Int]] {
    var groups = [[Int]](repeating: [], count: (labels.max() ?? 0) + 1)
    for row in order { groups[labels[row]].append(row) }
    return groups.filter { !$0.isEmpty }
  }

  /// Takes the rows of the test part from the end of each group, then those of the validation part.
  static func divide(_ groups: [[Int]], _ sizes: SplitSizes) -> (test: [Int], validate: [Int]) {
    let counts = groups.map(\.count)
    let parts = 1 + (sizes.test > 0 ? 1 : 0) + (sizes.validate > 0 ? 1 : 0)
    let tests = quotas(sizes.test, of: counts, keeping: parts - 1)
    let validates = quotas(sizes.validate, of: zip(counts, tests).map { $0 - $1 }, keeping: 1)
    var test: [Int] = []
    var validate: [Int] = []
    for (group, (tests, validates)) in zip(groups, zip(tests, validates)) {
      test += group.suffix(tests)
      validate += group.dropLast(tests).suffix(validates)
    }
    return (test, validate)
  }

  /// Shares out `total` rows over groups by their sizes, the largest remainders first. Each group gives one
  /// row at least where it has rows to spare: a class that a part lacks cannot be judged there.
  private static func quotas(_ total: Int, of counts: [Int], keeping spare: Int) -> [Int] {
    let all = counts.reduce(0, +)
    guard total > 0, all > 0 else { return counts.map { _ in 0 } }
    let exact = counts.map { Double($0) * Double(total) / Double(all) }
    var quotas = exact.map { Int($0) }
    let order = counts.indices.sorted {
      let (a, b) = (exact[$0] - Double(quotas[$0]), exact[$1] - Double(quotas[$1]))
      return a == b ? $0 < $1 : a > b
    }
    for group in order.prefix(max(0, total - quotas.reduce(0, +))) { quotas[group] += 1 }
    return zip(quotas, counts).map { quota, count in
      count > spare ? min(max(quota, 1), count - spare) : min(quota, max(0, count - 1))
    }
  }

  /// Cuts rows at a point in time: those that are over before it, and those that begin there or later, as nearly as many as
  /// wanted, which may not be 0. Others are left out.
  static func cut(_ rows: [Int], by spans: [TimeSpan], _ count: Int) -> (before: [Int], after: [Int]) {
    let starts = rows.map { spans[$0].first }.sorted()
    guard count > 0, !starts.isEmpty else { return (rows, []) }
    // Rows of one time stay together.
    var cut = starts[max(0, starts.count - count)]
    let first = starts.partitioningIndex { $0 >= cut }
    let next = starts.partitioningIndex { $0 > cut }
    if next < starts.count, abs(starts.count - next - count) < abs(starts.count - first - count) {
      cut = starts[next]
    }
    return (rows.filter { spans[$0].last < cut }, rows.filter { spans[$0].first >= cut })
  }

  /// Refuses parts that lack a class that the whole has.
  ///
  /// - Parameter mayLackTiny: whether that is as it should be for a class of fewer rows than there are parts.
  /// - Throws: `missing-class`.
  static func checkClasses(
    _ parts: DatasetParts, of whole: Dataset, mayLackTiny: Bool
  ) throws(CodedError) {
    guard let names = whole.classes, let all = whole.classOfRow else { return }
    let known = Set(all)
    for (name, part) in parts.named {
      let lacking = known.subtracting(part.classOfRow ?? []).filter { label in
        !mayLackTiny || all.count { $0 == label } >= parts.named.count
      }
      guard let missing = lacking.min() else { continue }
      let rows = all.count { $0 == missing }
      let fix =
        rows < parts.named.count
        ? "The class has \(rows == 1 ? "1 row" : "\(rows) rows") in all: collect more examples of it, leave it out, or "
          + "split with stratify=false, and a part has none of it."
        : "Split with stratify=true, or use a larger fraction."
      throw CodedError(
        .missingClass,
        "The \(name) part of `\(whole.name)` would have no row of the class `\(names[missing])`. \(fix)",
        suggestion: rows < parts.named.count ? "stratify=false" : "stratify=true")
    }
  }
}

extension [Double] {
  /// The first place of an ascending list for which something holds, as it does for all behind it.
  fileprivate func partitioningIndex(where holds: (Double) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// An order in which each batch has about the share of every class that all rows have, whatever the size of a batch.
///
/// The rows of a class stand at even distances: the i-th of n at (i + 1/2) / n of the way, as in sampling with a fixed
/// interval (W. Cochran, "Sampling Techniques", 1977, chapter 8). Between two places there are as many of a class as its share
/// of them is, give or take a row where there are two classes, and two or so where there are more.
package struct StratifiedOrder: Sendable {
  /// The class of each row of the data, as a number from 0 without gaps.
  private let classOfRow: [Int: Int]
  /// The class of each place.
  private let pattern: [Int]

  /// Works the pattern out.
  ///
  /// - Parameters:
  ///   - rows: the rows that are put in order.
  ///   - strata: the class of each row of the data, those that are left out among them.
  package init(_ rows: [Int], strata: [Int]) {
    let labels = Set(rows.map { strata[$0] }).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    classOfRow = Dictionary(uniqueKeysWithValues: rows.map { ($0, numbers[strata[$0]] ?? 0) })
    var counts = [Int](repeating: 0, count: labels.count)
    for row in rows { counts[classOfRow[row] ?? 0] += 1 }
    let places = counts.enumerated().flatMap { label, count in
      (0..<count).map { (place: (Double($0) + 0.5) / Double(count), label: label) }
    }
    pattern = places.sorted { ($0.place, $0.label) < ($1.place, $1.label) }.map(\.label)
  }

  /// The rows in such an order; those of a class stay in the order that they have.
  package func arranging(_ rows: [Int]) -> [Int] {
    var waiting = [[Int]](repeating: [], count: (pattern.max() ?? 0) + 1)
    for row in rows.reversed() { waiting[classOfRow[row] ?? 0].append(row) }
    return pattern.compactMap { waiting[$0].popLast() }
  }
}

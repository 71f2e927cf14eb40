/// The steps of rows that are sequences of lengths of their own: how many each row has, and where they stand among all steps.
///
/// The numbers of all steps lie one after the other, row by row, without anything in between.
///
/// ```swift
/// let steps = SequenceSteps(lengths: [2, 3])
/// let second = steps[1]  // 2..<5
/// ```
public struct SequenceSteps: Sendable, Equatable {
  /// The place of each row's first step among all steps, and behind them how many steps there are.
  private let starts: [Int]
  /// Whether each step has targets of its own; otherwise each row has.
  public let haveTargets: Bool

  /// Creates the steps of rows; each row must have a step.
  ///
  /// - Parameters:
  ///   - lengths: how many steps each row has.
  ///   - haveTargets: whether each step has targets of its own.
  public init(lengths: [Int], haveTargets: Bool = false) {
    precondition(lengths.allSatisfy { $0 > 0 }, "a step in each row")
    var starts = [0]
    starts.reserveCapacity(lengths.count + 1)
    for length in lengths { starts.append(starts[starts.count - 1] + length) }
    self.starts = starts
    self.haveTargets = haveTargets
  }

  /// How many rows there are.
  public var rows: Int { starts.count - 1 }
  /// How many steps all rows have.
  public var count: Int { starts[starts.count - 1] }
  /// The places of a row's steps among all steps.
  public subscript(row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }
  /// How many steps a row has.
  public func length(ofRow row: Int) -> Int { starts[row + 1] - starts[row] }
  /// How many steps each row has.
  public var lengths: [Int] { (0..<rows).map(length) }
  /// How many steps the shortest and the longest row have.
  public var range: ClosedRange<Int> {
    let lengths = lengths
    let shortest = lengths.min() ?? 1
    return shortest...max(shortest, lengths.max() ?? 1)
  }
  /// The row that a step belongs to.
  public func row(ofStep step: Int) -> Int {
    var (low, high) = (0, rows - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= step { low = middle } else { high = middle - 1 }
    }
    return low
  }
  /// How many rows of targets there are: one a step, or one a row.
  public var targetRows: Int { haveTargets ? count : rows }

  /// The steps themselves where they have targets, which are then dealt out with them; nil where rows have.
  public var ofTargets: SequenceSteps? { haveTargets ? self : nil }

  /// The steps of some rows, in the order given.
  public func selecting(_ rows: [Int]) -> SequenceSteps {
    SequenceSteps(lengths: rows.map(length), haveTargets: haveTargets)
  }

  /// The places of the steps of some rows, in the order given.
  public func places(of rows: [Int]) -> [Int] { rows.flatMap { Array(self[$0]) } }

  /// These steps and then those of other rows.
  public func followed(by other: SequenceSteps) -> SequenceSteps {
    SequenceSteps(lengths: lengths + other.lengths, haveTargets: haveTargets)
  }
}

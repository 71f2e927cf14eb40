import Diagnostics
import Outputs

/// A matrix in as many cells as there is room for; where that is too few, a cell stands for several numbers
/// by the one of them that is furthest from zero.
struct MatrixGrid {
  let rows: Int
  let columns: Int
  /// How many numbers a cell stands for, down and across.
  let step: (down: Int, across: Int)
  private let block: MatrixPlot.Block

  init(_ block: MatrixPlot.Block, rows: Int, columns: Int) {
    self.block = block
    let down = max((block.rows + max(rows, 1) - 1) / max(rows, 1), 1)
    let across = max((block.columns + max(columns, 1) - 1) / max(columns, 1), 1)
    step = (down, across)
    self.rows = (block.rows + down - 1) / down
    self.columns = (max(block.columns, 0) + across - 1) / across
  }

  /// The number of a cell: NaN where one of its numbers is.
  subscript(row: Int, column: Int) -> Double {
    var strongest = 0.0
    for r in row * step.down..<min((row + 1) * step.down, block.rows) {
      for c in column * step.across..<min((column + 1) * step.across, block.columns) {
        let value = block.values[r * block.columns + c]
        if !value.isFinite { return .nan }
        if abs(value) > abs(strongest) { strongest = value }
      }
    }
    return strongest
  }

  var isWhole: Bool { step == (1, 1) }
}

extension MatrixPlot {
  /// The least and the largest finite number; nil where there is none.
  var range: ClosedRange<Double>? {
    let ranges = blocks.compactMap(\.range)
    guard let low = ranges.map(\.lowerBound).min(), let high = ranges.map(\.upperBound).max() else {
      return nil
    }
    return low...high
  }

  /// The largest finite size of a number, where the scale ends on both sides; nil where there is none.
  var limit: Double? { range.map { max(abs($0.lowerBound), abs($0.upperBound)) } }

  /// `-0.84 to 0.85`
  var extent: String {
    range.map { "\(NumberText.short($0.lowerBound)) to \(NumberText.short($0.upperBound))" } ?? ""
  }

  var notFinite: Int { blocks.reduce(0) { $0 + $1.values.count { !$0.isFinite } } }

  /// The plot in words.
  var caption: String {
    let subject = "Matrix of \(title.onOneLine): "
    guard limit != nil else { return subject + emptyText + "." }
    let parts = blocks.map { block -> String in
      let size = "\(block.name.onOneLine) \(block.rows) x \(block.columns)"
      guard let range = block.range else { return size + " without a finite value" }
      let finite = block.values.count(where: \.isFinite)
      let positive = block.values.count { $0.isFinite && $0 > 0 }
      let (from, to) = (NumberText.short(range.lowerBound), NumberText.short(range.upperBound))
      if range.lowerBound == range.upperBound { return size + ", \(finite > 1 ? "all " : "")\(from)" }
      return size + " from \(from) to \(to), \(positive) of \(finite) above zero"
    }
    let missing = notFinite > 0 ? "; \(notFinite.counted("value")) not finite" : ""
    return subject + parts.joined(separator: "; ") + missing + "."
  }

  /// What is said in place of a drawing.
  var emptyText: String { notFinite > 0 ? "no value is finite" : "nothing to plot yet" }
}

extension MatrixPlot.Block {
  /// The least and the largest finite number; nil where there is none. There may be millions.
  var range: ClosedRange<Double>? {
    var (low, high) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    return low <= high ? low...high : nil
  }
}

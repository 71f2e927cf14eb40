import Outputs

/// The network's answers between the nodes at which it was asked.
struct BoundaryGrid {
  let columns: Int
  let rows: Int
  private let answers: [BoundaryPlot.Answer]

  /// The grid of a plot; nil where it has no whole row.
  init?(_ plot: BoundaryPlot) {
    guard plot.gridColumns > 0, plot.answers.count >= plot.gridColumns else { return nil }
    columns = plot.gridColumns
    rows = plot.answers.count / plot.gridColumns
    answers = plot.answers
  }

  /// The answer of the nearest node; both places run from 0 to 1.
  func nearest(_ x: Double, _ y: Double) -> BoundaryPlot.Answer {
    node(Scale.cell(x, of: columns), Scale.cell(y, of: rows))
  }

  /// The probability between four nodes, as each is near (bilinear interpolation).
  func probability(_ x: Double, _ y: Double) -> Double {
    let (left, across) = Self.split(x * Double(columns - 1), of: columns)
    let (below, up) = Self.split(y * Double(rows - 1), of: rows)
    let right = min(left + 1, columns - 1)
    let above = min(below + 1, rows - 1)
    let low = Self.mix(node(left, below).probability, node(right, below).probability, across)
    let high = Self.mix(node(left, above).probability, node(right, above).probability, across)
    return Self.mix(low, high, up)
  }

  private func node(_ column: Int, _ row: Int) -> BoundaryPlot.Answer { answers[row * columns + column] }

  /// A place among nodes as the node before it and the way beyond that.
  private static func split(_ place: Double, of count: Int) -> (Int, Double) {
    let node = min(max(Int(place), 0), max(count - 2, 0))
    return (node, place - Double(node))
  }

  /// A node that has no part in the mixture keeps its NaN to itself.
  private static func mix(_ first: Double, _ second: Double, _ part: Double) -> Double {
    part <= 0 ? first : part >= 1 ? second : first + (second - first) * part
  }
}

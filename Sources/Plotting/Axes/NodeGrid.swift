/// Numbers at the nodes of a grid over a plane, and between them. Places run from 0 to 1.
struct NodeGrid {
  let columns: Int
  let rows: Int

  /// The number at a place, as each of the four nodes around it is near (bilinear interpolation).
  ///
  /// - Parameter node: the number at a column and a row.
  func number(_ x: Double, _ y: Double, node: (Int, Int) -> Double) -> Double {
    let (left, across) = Self.split(x * Double(columns - 1), of: columns)
    let (below, up) = Self.split(y * Double(rows - 1), of: rows)
    let right = min(left + 1, columns - 1)
    let above = min(below + 1, rows - 1)
    let low = Self.mix(node(left, below), node(right, below), across)
    let high = Self.mix(node(left, above), node(right, above), across)
    return Self.mix(low, high, up)
  }

  /// The place of a cell among those of a canvas.
  static func place(_ cell: Int, of count: Int) -> Double {
    count > 1 ? Double(cell) / Double(count - 1) : 0.5
  }

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

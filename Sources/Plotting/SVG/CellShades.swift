/// Many small cells as few paths: one for each shade of either sign.
struct CellShades {
  /// The size that is drawn in full.
  let limit: Double
  /// The class that fills what is above zero.
  var positive = "f0"
  /// How many shades a sign has.
  var steps = 8

  func draw(
    _ grid: MatrixGrid, _ x: Double, _ y: Double, _ size: Double, on markup: inout Markup
  ) {
    markup.open("g", ["transform": "translate(\(px(x)) \(px(y))) scale(\(px(size, 2)))"])
    for (step, path) in paths(grid).sorted(by: { $0.key < $1.key }) {
      let isFlaw = step > steps
      let classes = isFlaw ? "ef" : step > 0 ? positive : "f1"
      let opacity = isFlaw ? 1 : Double(abs(step)) / Double(steps)
      markup.add("path", ["d": path, "class": classes, "fill-opacity": px(opacity, 2)])
    }
    markup.close("g")
  }

  /// The cells of each shade, those of numbers that are not finite under one more than there are shades.
  private func paths(_ grid: MatrixGrid) -> [Int: String] {
    var paths: [Int: String] = [:]
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        let value = grid[row, column]
        let share = value.isFinite && limit > 0 ? value / limit : 0
        let step = value.isFinite ? Int((share * Double(steps)).rounded()) : steps + 1
        // Half a square below zero, so that the sign needs no colour.
        let shape = step < 0 ? "v1h1z" : "h1v1h-1z"
        if step != 0 { paths[step, default: ""] += "M\(column) \(row)" + shape }
      }
    }
    return paths
  }
}

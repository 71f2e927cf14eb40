/// Heights over a plane at the nodes of a grid, from 0 to 1, shaded between them; NaN where there is none.
struct Surface {
  let columns: Int
  let rows: Int
  /// Row by row from the lowest, as many as rows and columns have.
  let heights: [Double]

  private func height(_ column: Int, _ row: Int) -> Double { heights[row * columns + column] }

  /// The height at a place between nodes.
  private func height(x: Double, y: Double) -> Double {
    NodeGrid(columns: columns, rows: rows).number(x, y, node: height)
  }
}

// MARK: Characters

extension Surface {
  /// Fills the canvas: the higher, the darker.
  func draw(on canvas: inout CharacterCanvas, _ style: PlotStyle) {
    let ramp = style.glyphs.ramp
    for row in 0..<canvas.rows {
      for column in 0..<canvas.columns {
        let height = height(
          x: NodeGrid.place(column, of: canvas.columns), y: 1 - NodeGrid.place(row, of: canvas.rows))
        guard height.isFinite else {
          canvas.set(column, row, Glyphs.unknown, ink: .alert)
          continue
        }
        let sign = ramp[min(max(Int(height * Double(ramp.count)), 0), ramp.count - 1)]
        if sign != " " { canvas.set(column, row, sign, ink: .series(0)) }
      }
    }
  }
}

// MARK: SVG

extension Surface {
  /// How many shades there are, with a contour line between neighbours.
  static let shades = 10

  /// How dark a shade is.
  static func opacity(_ shade: Int) -> Double { 0.04 + 0.066 * Double(shade) }

  /// Draws a path for each shade, made of runs of cells, and the contour lines between them.
  func draw(in frame: SVGFrame, on markup: inout Markup) {
    guard columns > 1, rows > 1 else { return }
    let scale = "scale(\(px(frame.width / Double(columns - 1), 2)) \(px(frame.height / Double(rows - 1), 2)))"
    markup.open("g", ["transform": "translate(\(px(frame.left)) \(px(frame.top))) \(scale)"])
    for (shade, path) in bands.sorted(by: { $0.key < $1.key }) {
      markup.add(
        "path",
        [
          "d": path, "class": "f0", "fill-opacity": px(Self.opacity(shade), 2),
          "shape-rendering": "crispEdges",
        ])
    }
    markup.add(
      "path",
      [
        "d": contours, "class": "a", "vector-effect": "non-scaling-stroke", "stroke-opacity": "0.6",
      ])
    markup.close("g")
  }

  /// The cells between nodes of each shade.
  private var bands: [Int: String] {
    var bands: [Int: String] = [:]
    for row in 0..<(rows - 1) {
      var column = 0
      while column < columns - 1 {
        let start = column
        let shade = shade(column, row)
        while column < columns - 1, self.shade(column, row) == shade { column += 1 }
        guard let shade else { continue }
        bands[shade, default: ""] += "M\(start) \(rows - 2 - row)h\(column - start)v1h-\(column - start)z"
      }
    }
    return bands
  }

  /// The shade of the cell above and right of a node: that of its middle.
  private func shade(_ column: Int, _ row: Int) -> Int? {
    let middle =
      (height(column, row) + height(column + 1, row) + height(column, row + 1) + height(column + 1, row + 1))
      / 4
    return middle.isFinite ? min(max(Int(middle * Double(Self.shades)), 0), Self.shades - 1) : nil
  }

  /// Where the heights of the shades' borders lie between nodes, cell by cell (marching squares).
  private var contours: String {
    var path = ""
    for level in 1..<Self.shades {
      let border = Double(level) / Double(Self.shades)
      for row in 0..<(rows - 1) {
        for column in 0..<(columns - 1) {
          let ends = crossings(column, row, border)
          for pair in stride(from: 0, to: ends.count - 1, by: 2) {
            path += "M\(point(ends[pair]))L\(point(ends[pair + 1]))"
          }
        }
      }
    }
    return path
  }

  private func point(_ place: (x: Double, y: Double)) -> String {
    "\(px(place.x, 2)) \(px(Double(rows - 1) - place.y, 2))"
  }

  /// Where a height is passed along the four edges of a cell: none, two or four places.
  private func crossings(_ column: Int, _ row: Int, _ border: Double) -> [(x: Double, y: Double)] {
    let corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
    return corners.indices.compactMap { index in
      let (from, to) = (corners[index], corners[(index + 1) % 4])
      let first = height(column + from.0, row + from.1)
      let second = height(column + to.0, row + to.1)
      guard first.isFinite, second.isFinite, (first < border) != (second < border) else { return nil }
      let part = (border - first) / (second - first)
      return (
        Double(column + from.0) + part * Double(to.0 - from.0),
        Double(row + from.1) + part * Double(to.1 - from.1)
      )
    }
  }
}

/// What a network says of each place of a plane: its answers at the nodes of a grid, shaded between them.
struct Ground {
  /// A node's answer: the winning class, and how probable it is; of two classes how probable the second is.
  typealias Answer = (winner: Int, probability: Double)

  let columns: Int
  let rows: Int
  /// How many classes there are; of two the shade is that of the second.
  let classes: Int
  /// The answers row by row from the lowest, as many as rows and columns have.
  let answers: [Answer]

  /// The probability at a place between nodes.
  private func probability(_ x: Double, _ y: Double) -> Double {
    NodeGrid(columns: columns, rows: rows).number(x, y) { node($0, $1).probability }
  }

  private func node(_ column: Int, _ row: Int) -> Answer { answers[row * columns + column] }

  /// Whether an answer says a class.
  func isKnown(_ answer: Answer) -> Bool {
    answer.probability.isFinite && (classes <= 2 || (0..<classes).contains(answer.winner))
  }
}

// MARK: Characters

extension Ground {
  /// Fills the canvas.
  func draw(on canvas: inout CharacterCanvas, _ style: PlotStyle) {
    for row in 0..<canvas.rows {
      let y = 1 - NodeGrid.place(row, of: canvas.rows)
      for column in 0..<canvas.columns {
        let x = NodeGrid.place(column, of: canvas.columns)
        let nearest = node(Scale.cell(x, of: columns), Scale.cell(y, of: rows))
        let cell = classes > 2 ? texture(nearest, column, row, style) : tone(probability(x, y), style)
        canvas.set(column, row, cell.character, ink: cell.ink)
      }
    }
  }

  private static let unknown = Cell(character: Glyphs.unknown, ink: .alert)

  /// Two classes: the darker, the more probable the second.
  private func tone(_ probability: Double, _ style: PlotStyle) -> Cell {
    guard probability.isFinite else { return Self.unknown }
    let ramp = style.glyphs.ramp
    let clamped = min(max(probability, 0), 1)
    let index = min(Int(clamped * Double(ramp.count)), ramp.count - 1)
    return ramp[index] == " " ? .blank : Cell(character: ramp[index], ink: .series(clamped < 0.5 ? 0 : 1))
  }

  /// More classes: the winner's texture, thinner where the network is less sure.
  private func texture(_ answer: Answer, _ column: Int, _ row: Int, _ style: PlotStyle) -> Cell {
    guard isKnown(answer) else { return Self.unknown }
    let isDrawn =
      switch answer.probability {
      case 0.8...: true
      case 0.5...: (column + row).isMultiple(of: 2)
      default: row.isMultiple(of: 2) && (column + row).isMultiple(of: 4)
      }
    guard isDrawn else { return .blank }
    return Cell(character: style.glyphs.texture(answer.winner), ink: .series(answer.winner))
  }
}

// MARK: SVG

extension Ground {
  /// How much of a class's colour a node has, by how sure its answer is.
  static let opacities = [0.12, 0.24, 0.38, 0.54]

  /// The class that a node's answer says, and how sure it is in quarters; nil without an answer.
  private func shade(_ answer: Answer) -> SIMD2<Int>? {
    guard isKnown(answer) else { return nil }
    let p = min(max(answer.probability, 0), 1)
    if classes <= 2 { return SIMD2(p > 0.5 ? 1 : 0, min(Int(abs(p - 0.5) * 8), 3)) }
    return SIMD2(answer.winner, min(max(Int(p * 5) - 1, 0), 3))
  }

  /// Draws one path for each shade, made of runs of cells, and a line where the class changes.
  func draw(in frame: SVGFrame, on markup: inout Markup) {
    let shades = answers.map(shade)
    var runs: [Int: String] = [:]
    var border = ""
    for row in 0..<rows {
      var column = 0
      while column < columns {
        let start = column
        let here = shades[row * columns + column]
        while column < columns, shades[row * columns + column] == here { column += 1 }
        guard let here else { continue }
        runs[here.x % 6 * 4 + here.y, default: ""] +=
          "M\(start) \(rows - 1 - row)h\(column - start)v1h-\(column - start)z"
      }
      for column in 0..<columns {
        let label = shades[row * columns + column]?.x
        if column + 1 < columns, shades[row * columns + column + 1]?.x != label {
          border += "M\(column + 1) \(rows - 1 - row)v1"
        }
        if row + 1 < rows, shades[(row + 1) * columns + column]?.x != label {
          border += "M\(column) \(rows - 1 - row)h1"
        }
      }
    }
    let scale = "scale(\(px(frame.width / Double(columns), 2)) \(px(frame.height / Double(rows), 2)))"
    markup.open("g", ["transform": "translate(\(px(frame.left)) \(px(frame.top))) \(scale)"])
    for (key, path) in runs.sorted(by: { $0.key < $1.key }) {
      markup.add(
        "path",
        [
          "d": path, "class": "f\(key / 4)", "fill-opacity": px(Self.opacities[key % 4], 2),
          "shape-rendering": "crispEdges",
        ])
    }
    markup.add("path", ["d": border, "class": "k", "vector-effect": "non-scaling-stroke"])
    markup.close("g")
  }
}

import Outputs

extension BoundaryPlot {
  /// Fills the canvas with the network's answers.
  func shade(_ grid: BoundaryGrid, _ style: PlotStyle, on canvas: inout CharacterCanvas) {
    for row in 0..<canvas.rows {
      let y = 1 - Self.place(row, of: canvas.rows)
      for column in 0..<canvas.columns {
        let x = Self.place(column, of: canvas.columns)
        let cell =
          classes.count > 2
          ? texture(grid.nearest(x, y), column, row, style) : tone(grid.probability(x, y), style)
        canvas.set(column, row, cell.character, ink: cell.ink)
      }
    }
  }

  /// Where a cell's middle lies from 0 to 1.
  private static func place(_ cell: Int, of count: Int) -> Double {
    count > 1 ? Double(cell) / Double(count - 1) : 0.5
  }

  /// Two classes: the darker, the more probable the second.
  private func tone(_ probability: Double, _ style: PlotStyle) -> Cell {
    guard probability.isFinite else { return Cell(character: Glyphs.unknown, ink: .alert) }
    let ramp = style.glyphs.ramp
    let clamped = min(max(probability, 0), 1)
    let index = min(Int(clamped * Double(ramp.count)), ramp.count - 1)
    return ramp[index] == " " ? .blank : Cell(character: ramp[index], ink: .series(clamped < 0.5 ? 0 : 1))
  }

  /// More classes: the winner's texture, thinner where the network is less sure.
  private func texture(_ answer: Answer, _ column: Int, _ row: Int, _ style: PlotStyle) -> Cell {
    guard answer.probability.isFinite, classes.indices.contains(answer.winner) else {
      return Cell(character: Glyphs.unknown, ink: .alert)
    }
    let isDrawn =
      switch answer.probability {
      case 0.8...: true
      case 0.5...: (column + row).isMultiple(of: 2)
      default: row.isMultiple(of: 2) && (column + row).isMultiple(of: 4)
      }
    let textures = style.glyphs.textures
    let sign = textures[answer.winner % textures.count]
    return isDrawn ? Cell(character: sign, ink: .series(answer.winner)) : .blank
  }

  // MARK: Legend

  /// What the ground and the points on it mean.
  func legend(_ grid: BoundaryGrid, _ style: PlotStyle) -> Legend {
    var legend = Legend()
    legend.entries = classes.count > 2 ? textureEntries(style) : toneEntries(style)
    legend.entries += pointEntries
    let isUnknown = { (answer: Answer) in
      !answer.probability.isFinite || classes.count > 2 && !classes.indices.contains(answer.winner)
    }
    if answers.contains(where: isUnknown) {
      legend.entries.append(.init(sign: String(Glyphs.unknown), ink: .alert, meaning: "no answer"))
    }
    return legend
  }

  private func toneEntries(_ style: PlotStyle) -> [Legend.Entry] {
    let ramp = "0 [" + String(style.glyphs.ramp) + "] 1"
    return [.init(sign: ramp, ink: nil, meaning: "probability of class \(className(1))")]
  }

  private func textureEntries(_ style: PlotStyle) -> [Legend.Entry] {
    let textures = style.glyphs.textures
    return classes.indices.map { index in
      let sign = String(repeating: textures[index % textures.count], count: 2)
      return .init(sign: sign, ink: .series(index), meaning: "classified as \(className(index))")
    }
  }

  /// The signs of the points that there are, the classes in order and those that are wrong after them.
  private var pointEntries: [Legend.Entry] {
    let classes = Set(points.map(\.truth)).sorted()
    let right = classes.filter { label in points.contains { $0.truth == label && !$0.isMisclassified } }
    let wrong = classes.filter { label in points.contains { $0.truth == label && $0.isMisclassified } }
    return right.map { label in
      .init(sign: String(Glyphs.point(label)), ink: .strong, meaning: "in class \(className(label))")
    }
      + wrong.map { label in
        .init(
          sign: String(Glyphs.misclassified(label)), ink: .alert,
          meaning: "in class \(className(label)), misclassified")
      }
  }

  /// A class's name, or its number where it has none.
  func className(_ index: Int) -> String {
    classes.indices.contains(index) ? classes[index].onOneLine : String(index)
  }
}

import Diagnostics
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

  /// The textures of the classes that win anywhere, the widest first where they are too many to name.
  private func textureEntries(_ style: PlotStyle) -> [Legend.Entry] {
    let textures = style.glyphs.textures
    let winners = winners
    let named = winners.count > Self.mostNamed ? winners.prefix(Self.mostNamed) : winners[...]
    var entries = named.map(\.label).sorted().map { index in
      let sign = String(repeating: textures[index % textures.count], count: 2)
      return Legend.Entry(sign: sign, ink: .series(index), meaning: "classified as \(className(index))")
    }
    if named.count < winners.count {
      let rest = (winners.count - named.count).counted("more class")
      entries.append(.init(sign: "  ", ink: nil, meaning: "\(rest) with the same signs"))
    }
    return entries
  }

  /// More classes than this are no longer named one by one.
  static var mostNamed: Int { 12 }

  /// The classes that win anywhere and how often, the widest first.
  var winners: [(label: Int, count: Int)] {
    let given = answers.lazy.filter { !$0.probability.isNaN }.map(\.winner)
    return Dictionary(grouping: given.filter(classes.indices.contains)) { $0 }
      .map { (label: $0.key, count: $0.value.count) }
      .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
  }

  /// The signs of the points that there are, the classes in order and those that are wrong after them.
  private var pointEntries: [Legend.Entry] {
    let right = Set(points.filter { !$0.isMisclassified }.map(\.truth)).sorted()
    let wrong = Set(points.filter(\.isMisclassified).map(\.truth)).sorted()
    guard max(right.count, wrong.count) <= Self.mostNamed else { return pointRanges }
    return right.map { label in
      .init(sign: String(Glyphs.point(label)), ink: .strong, meaning: "in class \(className(label))")
    }
      + wrong.map { label in
        .init(
          sign: String(Glyphs.misclassified(label)), ink: .alert,
          meaning: "in class \(className(label)), misclassified")
      }
  }

  /// The signs of the points where there are too many classes to name them.
  private var pointRanges: [Legend.Entry] {
    [
      .init(sign: "0-9 a-z", ink: .strong, meaning: "in the first to the 36th class"),
      .init(sign: "A-Z", ink: .alert, meaning: "in the first to the 26th, misclassified"),
      .init(sign: String(Glyphs.unknown), ink: .alert, meaning: "in a later class"),
    ]
  }

  /// A class's name, or its number where it has none.
  func className(_ index: Int) -> String {
    classes.indices.contains(index) ? classes[index].onOneLine : String(index)
  }
}

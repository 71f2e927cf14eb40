import Diagnostics
import Localization

/// Parallel coordinates: upright axes side by side, and a line through all of them for each combination (A. Inselberg, "The
/// plane with parallel coordinates", 1985).
struct ParallelAxes: PlotPart {
  /// An upright axis: what stands beside it, from 0 at the bottom to 1 at the top.
  private struct Upright {
    let name: String
    let labels: [(place: Double, text: String)]
  }

  /// A line, and how good its combination is.
  private struct Polyline {
    /// 0 for the best, 1 for the best third, 2 for the others.
    let rank: Int
    let places: [Double]
  }

  /// More lines than this nobody sees, and a picture should stay small: those of the best combinations are drawn.
  private static let mostLines = 500

  private let uprights: [Upright]
  private let polylines: [Polyline]
  private let metric: String
  private let hidden: Int

  init(_ plot: SweepPlot, _ y: Scale) {
    metric = plot.metric.onOneLine
    let ranked = plot.ranked
    hidden = max(0, ranked.count - Self.mostLines)
    let third = (ranked.count + 2) / 3
    // The best comes last, and is on top.
    polylines = ranked.prefix(Self.mostLines).enumerated().reversed().map { rank, combination in
      Polyline(
        rank: rank == 0 ? 0 : rank < third ? 1 : 2,
        places: plot.parameters.map { $0.fraction(of: combination) } + [
          y.fraction(plot.measured[combination])
        ])
    }
    let values = ranked.map { plot.measured[$0] }
    let ends = [(0.0, values.min()), (1.0, values.max())].compactMap { place, value in
      value.map { (place: place, text: NumberText.short($0)) }
    }
    uprights =
      plot.parameters.map { parameter in
        switch parameter.values {
        case .named(let names):
          Upright(
            name: parameter.name.onOneLine,
            labels: names.enumerated().map { (Axes.place($0, of: names.count), $1.onOneLine) })
        case .range(let range, _):
          Upright(
            name: parameter.name.onOneLine,
            labels: [(0, NumberText.short(range.lowerBound)), (1, NumberText.short(range.upperBound))])
        }
      }
      + [
        Upright(
          name: metric + (y.isLogarithmic ? localized(" (log scale)") : ""),
          labels: y.only == nil ? ends : ends.prefix(1).map { (0.5, $0.text) })
      ]
  }

  // MARK: Characters

  func lines(_ style: PlotStyle) -> [String] {
    let rows = style.height ?? 16
    let columns = style.width
    let isBraille = style.charset == .unicode
    var canvas = CharacterCanvas(columns: columns, rows: rows)
    var raster = Raster(columns: columns, rows: rows, isBraille: isBraille)
    let dots = (across: columns * raster.grain.across, down: rows * raster.grain.down)
    let places = uprights.indices.map { column(of: $0, columns) }
    func dot(_ axis: Int, _ place: Double) -> (column: Int, row: Int) {
      (places[axis] * raster.grain.across, dots.down - 1 - Scale.cell(place, of: dots.down))
    }
    for line in polylines {
      for axis in line.places.indices.dropLast() {
        raster.drawWay(
          from: dot(axis, line.places[axis]), to: dot(axis + 1, line.places[axis + 1]),
          series: line.rank, isValue: isBraille || line.rank < 2)
      }
    }
    raster.stamp(on: &canvas)
    for (axis, column) in places.enumerated() {
      for row in 0..<rows { canvas.set(column, row, style.glyphs.vertical) }
      // Dots are told apart by colour alone, so the better lines have a sign on each axis.
      for line in polylines where isBraille && line.rank < 2 {
        let row = rows - 1 - Scale.cell(line.places[axis], of: rows)
        canvas.set(column, row, Glyphs.badge(line.rank), ink: .series(line.rank))
      }
      for label in uprights[axis].labels { put(label, beside: axis, column, on: &canvas, style) }
    }
    let names = uprights.indices.reduce(into: "") { line, axis in
      let name = uprights[axis].name.cut(
        to: max(room(of: axis, columns) - 1, 1), ellipsis: style.glyphs.ellipsis)
      let isLast = axis == uprights.count - 1
      line = line.padded(to: isLast ? columns - name.displayWidth : places[axis]) + name
    }
    let legend = Legend(
      entries: legend.map { rank, meaning in
        let sign =
          isBraille
          ? (rank < 2 ? "⠤\(Glyphs.badge(rank))⠤" : "⠤⠤⠤")
          : rank < 2 ? String(Glyphs.marker(rank)) : String(Glyphs.passing)
        return Legend.Entry(sign: sign, ink: .series(rank), meaning: meaning)
      })
    return [style.cut(names)] + (0..<rows).map { canvas.line($0, isColored: style.usesColor) }
      + legend.lines(style)
  }

  /// The column of an axis.
  private func column(of axis: Int, _ columns: Int) -> Int {
    Scale.cell(Double(axis) / Double(max(uprights.count - 1, 1)), of: columns)
  }

  /// The columns up to the next axis, or from the one before the last.
  private func room(of axis: Int, _ columns: Int) -> Int {
    let place = min(axis, uprights.count - 2)
    return column(of: place + 1, columns) - column(of: place, columns)
  }

  /// Writes a value to the right of its axis, at the last one to the left.
  private func put(
    _ label: (place: Double, text: String), beside axis: Int, _ column: Int, on canvas: inout CharacterCanvas,
    _ style: PlotStyle
  ) {
    let row = canvas.rows - 1 - Scale.cell(label.place, of: canvas.rows)
    let text = label.text.cut(to: max(room(of: axis, canvas.columns) / 2, 1), ellipsis: style.glyphs.ellipsis)
    let isLast = axis == uprights.count - 1
    let start = isLast ? column - text.count : column + 1
    // A blank keeps the lines off the last character.
    canvas.set(isLast ? start - 1 : start + text.count, row, " ")
    for (offset, character) in text.enumerated() {
      // What is wider than a character's place would move the rest of the line.
      let isWide = String(character).displayWidth != 1
      canvas.set(start + offset, row, isWide ? Glyphs.unknown : character)
    }
  }

  /// The ranks that there are and their meaning.
  private var legend: [(rank: Int, meaning: String)] {
    let ranks = Set(polylines.map(\.rank))
    let others = hidden > 0 ? localized("others, \(hidden) more not shown") : localized("others")
    return [(0, localized("best")), (1, localized("best third")), (2, others)].filter { ranks.contains($0.0) }
  }

  // MARK: SVG

  func draw(on page: inout SVGPage) {
    page.legend(
      legend.map { rank, meaning in
        SVGPage.Entry(meaning: meaning) { markup, x, y in
          markup.add("path", path("M\(px(x - 12)) \(px(y))h24", rank))
        }
      })
    let (left, height) = (24.0, 260.0)
    let top = page.height + 26
    let width = page.width - 2 * left
    func x(_ axis: Int) -> Double { left + Double(axis) / Double(max(uprights.count - 1, 1)) * width }
    func y(_ place: Double) -> Double { top + height - place * height }
    for line in polylines {
      let points = line.places.enumerated().map { "\(px(x($0))) \(px(y($1)))" }.joined(separator: "L")
      page.markup.add("path", path("M" + points, line.rank))
    }
    for (axis, upright) in uprights.enumerated() {
      let isLast = axis == uprights.count - 1
      page.markup.line(x(axis), top, x(axis), top + height, "a")
      let name = upright.name.cut(to: 24, ellipsis: "…")
      page.markup.label(
        x(axis), top - 10, name, "b", anchor: axis == 0 ? "start" : isLast ? "end" : "middle")
      for label in upright.labels {
        page.markup.label(
          x(axis) + (isLast ? -6 : 6), y(label.place) + 4, label.text.cut(to: 14, ellipsis: "…"), "h",
          anchor: isLast ? "end" : "start")
      }
    }
    page.height = top + height + 12
  }

  /// The attributes of a line: the best one is thick, the best third dashed, and the others are faint.
  private func path(_ way: String, _ rank: Int) -> KeyValuePairs<String, String> {
    switch rank {
    case 0: ["d": way, "class": "l0", "style": "stroke-width:3.5"]
    case 1: ["d": way, "class": "l1"]
    default: ["d": way, "class": "g"]
    }
  }
}

import Diagnostics
import Outputs

extension XYPlot {
  /// The plot as lines, in a style that is already fitted to it.
  func lines(_ style: PlotStyle) -> [String] {
    let summaries = self.summaries
    guard let scales = scales(summaries) else { return [title.onOneLine, emptyText].map(style.cut) }
    if style.isNarrow { return narrowLines(summaries, style) }
    return header(summaries, style) + [""] + drawing(summaries, scales.x, scales.y, style)
  }

  /// What is said in place of a drawing.
  var emptyText: String { count == 0 ? "nothing to plot yet" : "nothing to plot: no point can be drawn" }

  private func header(_ summaries: [XYSummary], _ style: PlotStyle) -> [String] {
    style.flow([title.onOneLine, figures(summaries)])
  }

  private func figures(_ summaries: [XYSummary]) -> String {
    if kind == .function, let y = summaries.compactMap(\.y).union {
      return NumberText.range(y)
    }
    return count.counted("point")
  }

  private func narrowLines(_ summaries: [XYSummary], _ style: PlotStyle) -> [String] {
    let ranges = [("x", summaries.compactMap(\.x).union), ("y", summaries.compactMap(\.y).union)]
    let figures = ranges.compactMap { name, range in
      range.map { "\(name) \(NumberText.range($0))" }
    }
    return ([title.onOneLine] + figures + [count.counted("point")]).map(style.cut)
  }

  // MARK: Drawing

  private func drawing(_ summaries: [XYSummary], _ x: Scale, _ y: Scale, _ style: PlotStyle) -> [String] {
    style.charset == .ascii || !drawsBraille(style)
      ? drawing(summaries, x, y, style, on: MarkerCanvas.self)
      : drawing(summaries, x, y, style, on: BrailleCanvas.self)
  }

  /// A few points stand out better as signs than as dots.
  private func drawsBraille(_ style: PlotStyle) -> Bool {
    isJoined || kind == .scatter && count > style.width * 4
  }

  private func drawing<Canvas: LineCanvas>(
    _ summaries: [XYSummary], _ x: Scale, _ y: Scale, _ style: PlotStyle, on kind: Canvas.Type
  ) -> [String] {
    var frame = frame(style, y: y, legend: legend(summaries, style), around: Canvas.self)
    frame.setTicks(x: x, wholeOnly: hasWholeX)
    var canvas = CharacterCanvas(columns: frame.columns, rows: frame.rows)
    var raster = Canvas(columns: frame.columns, rows: frame.rows)
    for index in series.indices.reversed() {
      let flaws = draw(index, x, y, dots: frame.dots, on: &raster)
      frame.flaws.formUnion(flaws.map { $0 / Canvas.dotsAcross })
    }
    canvas.stamp(raster)
    addSigns(x, y, style, to: &canvas)
    return frame.lines(around: canvas)
  }

  /// Draws a series on the raster.
  ///
  /// - Returns: the columns in which points are missing.
  private func draw(
    _ index: Int, _ x: Scale, _ y: Scale, dots: (across: Int, down: Int), on raster: inout some LineCanvas
  ) -> Set<Int> {
    let waysAreValues = series[index].xs.count * 3 >= dots.across || kind == .function
    var trace = XYTrace(series: index, x: x, y: y, dots: dots, waysAreValues: waysAreValues)
    if isJoined {
      trace.draw(series[index], on: &raster)
    } else {
      trace.drawPoints(series[index], on: &raster)
    }
    return trace.flaws
  }

  /// Puts a series' signs on its points where dots or markers would not tell it from others.
  private func addSigns(_ x: Scale, _ y: Scale, _ style: PlotStyle, to canvas: inout CharacterCanvas) {
    guard kind == .classes || style.charset == .unicode && signsPoints(style) else { return }
    for (index, series) in series.enumerated().reversed() {
      for (px, py) in zip(series.xs, series.ys) where px.isFinite && canDraw(py) {
        let place = (x.cell(px, of: canvas.columns), canvas.rows - 1 - y.cell(py, of: canvas.rows))
        canvas.set(place.0, place.1, pointSign(index), ink: .series(index))
      }
    }
  }

  /// Whether points are so few that each has its sign in a drawing of dots.
  private func signsPoints(_ style: PlotStyle) -> Bool {
    isJoined ? kind == .line && count <= style.width / 6 : !drawsBraille(style)
  }

  private func pointSign(_ index: Int) -> Character {
    kind == .classes ? Glyphs.point(index) : Glyphs.badge(index)
  }

  // MARK: Legend

  private func legend(_ summaries: [XYSummary], _ style: PlotStyle) -> Legend {
    var legend = Legend()
    if series.count > 1 || kind == .classes {
      let prefix = kind == .classes ? "class " : ""
      legend.entries = series.enumerated().map { index, series in
        .init(sign: sign(index, style), ink: .series(index), meaning: prefix + series.name.onOneLine)
      }
    }
    if series.count > 1, kind != .classes, style.charset == .ascii {
      legend.entries.append(.shared(by: series.count))
    }
    if summaries.contains(where: { $0.drawable < $0.count }) {
      legend.entries.append(.flaw)
    }
    return legend
  }

  private func sign(_ index: Int, _ style: PlotStyle) -> String {
    if kind == .classes { return String(Glyphs.point(index)) }
    switch style.charset {
    case .ascii: return String(Glyphs.marker(index))
    case .unicode where signsPoints(style): return String(Glyphs.badge(index))
    case .unicode: return "⠤⠤⠤"
    }
  }
}

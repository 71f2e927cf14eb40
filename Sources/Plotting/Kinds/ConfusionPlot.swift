import Diagnostics
import Outputs

extension ConfusionPlot: DrawablePlot {
  /// The plot laid out.
  var layout: PlotLayout {
    var layout = PlotLayout(title: title, facts: score, caption: caption)
    guard total > 0 else {
      (layout.facts, layout.message) = ("", "nothing to plot yet")
      return layout
    }
    layout.parts = [ConfusionMatrix(plot: self)]
    return layout
  }

  /// One class taken for another.
  fileprivate struct Mistake {
    let truth: Int
    let predicted: Int
    let count: Int
  }

  /// More classes than this make a list of the worst pairs, not a table.
  fileprivate static let mostClasses = 12

  fileprivate var total: Int { counts.reduce(0, +) }

  fileprivate var correct: Int { classes.indices.reduce(0) { $0 + self[$1, $1] } }

  /// How many rows of the data are of a class.
  fileprivate func rows(of truth: Int) -> Int { classes.indices.reduce(0) { $0 + self[truth, $1] } }

  /// How many rows the network says a class for.
  fileprivate func answers(of predicted: Int) -> Int {
    classes.indices.reduce(0) { $0 + self[$1, predicted] }
  }

  /// The share of a class's rows that the network knows; a dash for a class without rows.
  fileprivate func recall(of truth: Int) -> String {
    let rows = rows(of: truth)
    return rows == 0 ? "-" : NumberText.percent(self[truth, truth], of: rows)
  }

  /// The pairs that are confused, the most frequent first.
  fileprivate var mistakes: [Mistake] {
    let all = classes.indices.flatMap { truth in
      classes.indices.filter { $0 != truth && self[truth, $0] > 0 }.map {
        Mistake(truth: truth, predicted: $0, count: self[truth, $0])
      }
    }
    return all.sorted { ($1.count, $0.truth, $0.predicted) < ($0.count, $1.truth, $1.predicted) }
  }

  /// `3 of 4 correct (75%)`
  private var score: String { "\(correct) of \(total) correct (\(NumberText.percent(correct, of: total)))" }

  /// The plot in words.
  private var caption: String {
    let subject = "Confusion matrix of \(title.onOneLine): "
    guard total > 0 else { return subject + "nothing to plot yet." }
    let named = mistakes.prefix(3).map {
      "class \(classes[$0.truth].onOneLine) is taken for \(classes[$0.predicted].onOneLine) "
        + "(\($0.count.counted("time")))"
    }
    let worst = "; " + (mistakes.count > 3 ? "most often " : "") + named.listed
    let sum =
      "\(correct) of \(total.counted("row")) classified correctly (\(NumberText.percent(correct, of: total)))"
    return subject + sum + (named.isEmpty ? "" : worst) + "."
  }
}

/// A confusion matrix as a table, or the pairs that are confused most where that would be too large to read.
private struct ConfusionMatrix: PlotPart {
  let plot: ConfusionPlot

  func lines(_ style: PlotStyle) -> [String] {
    if plot.classes.count <= ConfusionPlot.mostClasses, let table = ConfusionTable(plot, style) {
      return table.lines
    }
    return plot.worstPairs(style)
  }

  func draw(on page: inout SVGPage) {
    if plot.classes.count <= ConfusionPlot.mostClasses {
      plot.drawTable(on: &page)
    } else {
      plot.drawPairs(on: &page)
    }
  }
}

// MARK: Characters

extension ConfusionPlot {
  /// The pairs that are confused most, where a table would be too large to read.
  fileprivate func worstPairs(_ style: PlotStyle) -> [String] {
    let mistakes = self.mistakes
    guard !mistakes.isEmpty else { return [style.cut("no class is taken for another")] }
    let shown = mistakes.prefix(style.height ?? 10)
    let listed = shown.map { mistake -> [String] in
      let share = NumberText.percent(mistake.count, of: rows(of: mistake.truth))
      return [
        classes[mistake.truth].onOneLine, classes[mistake.predicted].onOneLine, String(mistake.count), share,
      ]
    }
    let table: [[String]] = [["truth", "taken for", "count", "of the class"]] + listed
    let widths = (0..<4).map { column in table.map { $0[column].displayWidth }.max() ?? 0 }
    let lines = table.map { row in
      let words = (0..<2).map { row[$0].padded(to: widths[$0]) }
      let numbers = (2..<4).map { row[$0].leftPadded(to: widths[$0]) }
      return (words + numbers).joined(separator: "  ")
    }
    let rest = mistakes.dropFirst(shown.count)
    let others = rest.reduce(0) { $0 + $1.count }
    let foot =
      rest.isEmpty ? [] : ["and \(others.counted("row")) in \(rest.count.counted("other pair"))"]
    return (lines + foot).map(style.cut)
  }
}

/// A confusion matrix as a table of text.
private struct ConfusionTable {
  private let plot: ConfusionPlot
  private let style: PlotStyle
  private let labels: [String]
  private let labelWidth: Int
  private let cellWidth: Int
  private let totalWidth: Int

  private static let corner = "truth"
  private static let recall = "recall"

  /// Nil where the table has no room, even with short names.
  init?(_ plot: ConfusionPlot, _ style: PlotStyle) {
    self.plot = plot
    self.style = style
    let count = plot.classes.count
    totalWidth = max(String(plot.total).count, "total".count)
    let names = plot.classes.map(\.onOneLine)
    let longest = names.map(\.displayWidth).max() ?? 1
    let digits = String(plot.counts.max() ?? 0).count
    let fixed = totalWidth + 2 + Self.recall.count + 2
    // The names give way until the table fits, but two columns of a name must stay.
    let room = (max(min(longest, 12), 1)...max(longest, 1)).reversed() + Array((1..<12).reversed())
    let fitting = room.first { width in
      max(min(longest, width), Self.corner.count) + count * (max(min(longest, width), digits) + 2) + fixed
        <= style.width
    }
    guard let fitting, fitting >= min(longest, 2) else { return nil }
    labels = names.map { $0.cut(to: fitting, ellipsis: style.glyphs.ellipsis) }
    let width = labels.map(\.displayWidth).max() ?? 1
    labelWidth = max(width, Self.corner.count)
    cellWidth = max(width, digits)
  }

  var lines: [String] {
    let above = String.spaces(labelWidth + 2) + "predicted"
    let heading = line(Self.corner, labels.map { ($0, nil) }, "total", Self.recall)
    let rows = labels.indices.map { truth in
      line(labels[truth], cells(truth), String(plot.rows(of: truth)), plot.recall(of: truth))
    }
    let sums = labels.indices.map { (String(plot.answers(of: $0)), Ink?.none) }
    let all = NumberText.percent(plot.correct, of: plot.total)
    return [above, heading] + rows + [line("total", sums, String(plot.total), all)]
  }

  private func cells(_ truth: Int) -> [(String, Ink?)] {
    labels.indices.map { predicted in
      let count = plot[truth, predicted]
      if truth == predicted { return (String(count), .strong) }
      // A dot lets the mistakes stand out among the pairs that never happen.
      return count == 0 ? (".", nil) : (String(count), .alert)
    }
  }

  private func line(_ label: String, _ cells: [(String, Ink?)], _ total: String, _ recall: String) -> String {
    let middle = cells.map { text, ink in
      let pad = String.spaces(cellWidth - text.displayWidth + 2)
      return pad + style.inked(text, ink)
    }
    return label.padded(to: labelWidth) + middle.joined() + "  " + total.leftPadded(to: totalWidth) + "  "
      + recall.leftPadded(to: Self.recall.count)
  }
}

// MARK: SVG

extension ConfusionPlot {
  /// A square for each pair, the darker the larger its share of the row.
  fileprivate func drawTable(on page: inout SVGPage) {
    let names = classes.map { $0.onOneLine.cut(to: 14, ellipsis: "…") }
    let left = 24 + ((names + ["truth", "total"]).map { SVGPage.width(of: $0) }.max() ?? 0)
    let widest = names.map { SVGPage.width(of: $0) + 10 }.max() ?? 0
    let size = min(max(widest, 44), (page.width - left - 130) / Double(classes.count))
    let top = page.height + 36
    page.markup.label(left, top - 22, "predicted", "q")
    page.markup.label(8, top - 6, "truth", "q")
    for (index, name) in names.enumerated() {
      let fitting = name.cut(to: max(Int(size / 6.7), 1), ellipsis: "…")
      page.markup.label(left + (Double(index) + 0.5) * size, top - 6, fitting, anchor: "middle")
      page.markup.label(left - 8, top + Double(index) * 36 + 22, name, anchor: "end")
    }
    let end = left + Double(classes.count) * size
    page.markup.label(end + 50, top - 6, "total", "q", anchor: "end")
    page.markup.label(end + 110, top - 6, "recall", "q", anchor: "end")
    for truth in classes.indices {
      for predicted in classes.indices {
        drawCell(truth, predicted, left + Double(predicted) * size, top + Double(truth) * 36, size, on: &page)
      }
      let base = top + Double(truth) * 36 + 22
      page.markup.label(end + 50, base, String(rows(of: truth)), anchor: "end")
      page.markup.label(end + 110, base, recall(of: truth), anchor: "end")
    }
    let base = top + Double(classes.count) * 36 + 18
    page.markup.label(left - 8, base, "total", "q", anchor: "end")
    for predicted in classes.indices {
      let middle = left + (Double(predicted) + 0.5) * size
      page.markup.label(middle, base, String(answers(of: predicted)), anchor: "middle")
    }
    page.markup.label(end + 50, base, String(total), anchor: "end")
    page.markup.label(end + 110, base, NumberText.percent(correct, of: total), anchor: "end")
    page.height = base + 14
  }

  private func drawCell(
    _ truth: Int, _ predicted: Int, _ x: Double, _ y: Double, _ size: Double, on page: inout SVGPage
  ) {
    let count = self[truth, predicted]
    let share = Double(count) / Double(max(rows(of: truth), 1))
    let isRight = truth == predicted
    page.markup.rect(
      x, y, size - 2, 34, isRight ? "f0" : "f1", opacity: count == 0 ? 0.04 : 0.12 + 0.5 * share)
    let classes = count == 0 ? "q" : isRight ? "b" : ""
    page.markup.label(x + size / 2 - 1, y + 22, String(count), classes, anchor: "middle")
  }

  fileprivate func drawPairs(on page: inout SVGPage) {
    let mistakes = self.mistakes
    guard let worst = mistakes.first else { return page.note("no class is taken for another") }
    for mistake in mistakes.prefix(height ?? 10) {
      page.height += 22
      let names = [mistake.truth, mistake.predicted].map { classes[$0].onOneLine.cut(to: 18, ellipsis: "…") }
      page.markup.label(8, page.height, "\(names[0]) taken for \(names[1])")
      page.markup.rect(290, page.height - 11, 240 * Double(mistake.count) / Double(worst.count), 14, "f1")
      let share = NumberText.percent(mistake.count, of: rows(of: mistake.truth))
      page.markup.label(540, page.height, "\(mistake.count) (\(share))")
    }
    page.height += 12
  }
}

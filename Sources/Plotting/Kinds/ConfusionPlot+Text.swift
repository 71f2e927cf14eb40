import Diagnostics
import Outputs

extension ConfusionPlot: DrawablePlot {
  /// The plot as lines, in a style that is already fitted to it.
  func lines(_ style: PlotStyle) -> [String] {
    guard total > 0 else { return [title.onOneLine, "nothing to plot yet"].map(style.cut) }
    let head = style.flow([title.onOneLine, score])
    if style.isNarrow { return head }
    if classes.count <= Self.mostClasses, let table = ConfusionTable(self, style) {
      return head + [""] + table.lines
    }
    return head + [""] + worstPairs(style)
  }

  /// The pairs that are confused most, where a table would be too large to read.
  private func worstPairs(_ style: PlotStyle) -> [String] {
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

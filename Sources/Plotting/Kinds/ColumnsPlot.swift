import Diagnostics
import Localization
import Outputs

extension ColumnsPlot: DrawablePlot {
  /// The plot laid out.
  var layout: PlotLayout {
    var layout = PlotLayout(title: title, facts: size, caption: caption)
    guard !columns.isEmpty else {
      (layout.facts, layout.message) = ("", localized("nothing to plot yet"))
      return layout
    }
    let rows = columns.map { column -> [TablePart.Cell] in
      let figures = column.histogram.figures.map { [$0.range.lowerBound, $0.mean, $0.range.upperBound] }
      let strip = TablePart.Cell.strip(column.histogram.counts, series: column.isTarget ? 1 : 0)
      return [.text(name(column)), strip]
        + (figures ?? [.nan, .nan, .nan]).map { TablePart.Cell.text(NumberText.short($0)) }
    }
    let headings = ["min", localized("mean"), "max"].map { TablePart.Column(title: $0) }
    let table = TablePart(
      columns: [.init(title: "", isRight: false), .init(title: "", isRight: false)] + headings, rows: rows,
      stripRange: localized("from min to max"))
    let more = hidden > 0 ? [localized("\(hidden, "more column") not shown")] : []
    layout.parts = [table, Notes(more)]
    return layout
  }

  private var size: String { localized("\(rows, "row"), \(columns.count + hidden, "column")") }

  private func name(_ column: Column) -> String {
    column.isTarget ? localized("\(column.name.onOneLine) (target)") : column.name.onOneLine
  }

  /// The plot in words.
  private var caption: String {
    let subject = localized("Columns of \(title.onOneLine)")
    let shown = columns.prefix(6).map { column -> String in
      guard let figures = column.histogram.figures else {
        return localized("\(name(column)) without a finite value")
      }
      let (low, high) = (figures.range.lowerBound, figures.range.upperBound)
      return low == high
        ? localized("\(name(column)) always \(NumberText.short(low))")
        : localized("\(name(column)) from \(NumberText.range(figures.range))")
    }
    let notFinite = columns.reduce(0) { $0 + $1.histogram.notFinite }
    let rest = columns.count + hidden - shown.count
    let facts =
      [size] + (shown.isEmpty ? [] : [(shown + (rest > 0 ? [localized("\(rest) more")] : [])).localizedList])
      + (notFinite > 0 ? [localized("\(notFinite, "value") not finite")] : [])
    return localized("\(subject): \(facts.joined(separator: localized("; "))).")
  }
}

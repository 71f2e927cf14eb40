import Diagnostics
import Localization

/// The columns of a data set, each with its spread of values.
public struct ColumnsPlot: Sendable, Equatable {
  /// One column.
  public struct Column: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Whether it is a target, not an input.
    public var isTarget: Bool
    /// Its values, counted.
    public var histogram: HistogramPlot

    /// Creates a column from its values.
    public init(name: String, isTarget: Bool, values: [Double]) {
      self.name = name
      self.isTarget = isTarget
      histogram = HistogramPlot(title: name, xLabel: name, values: values, bins: Column.bins)
    }

    /// As many ranges as stand side by side on a page of 72 columns.
    static let bins = 24
  }

  /// The plot's headline, the data set's name.
  public var title: String
  /// How many rows there are.
  public var rows: Int
  /// The columns that are shown.
  public var columns: [Column]
  /// How many columns there are besides.
  public var hidden: Int
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// Has no meaning here: every column of the data takes a row.
  public var height: Int?

  /// Creates a plot.
  public init(title: String, rows: Int, columns: [Column], hidden: Int = 0) {
    self.title = title
    self.rows = rows
    self.columns = columns
    self.hidden = hidden
  }
}

// MARK: - Layout

extension ColumnsPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(of: self, facts: size, caption: caption)
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

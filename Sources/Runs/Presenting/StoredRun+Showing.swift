import Diagnostics
import Notebooks
public import Outputs
import Plotting

extension StoredRun {
  /// What there is to see of a run: facts, cells, and the course of its last training.
  public var outputs: [Output] {
    [.table(factTable)] + (hasCells ? [.table(cellTable)] : [])
      + [lossPlot].compactMap(\.self).map(Output.plot)
  }

  /// Whether cells are its own; those of a sweep ran in its trials, and a trial keeps none.
  private var hasCells: Bool { summary.trials == nil && summary.parent == nil }

  private var factTable: Table {
    var facts = [
      RunFact("notebook", summary.path ?? summary.notebook),
      RunFact("started", RunWords.time(summary.started)),
      RunFact("took", summary.seconds.durationText), RunFact("ended", summary.status.words),
      RunFact("seed", summary.seed),
    ]
    if let parent = summary.parent {
      facts.append(
        summary.trials == nil
          ? RunFact("trial of", "sweep \(parent)") : RunFact("in", "a cell of run \(parent)"))
    }
    facts += summary.parameters.map { RunFact("parameter " + $0.name, $0.value) }
    facts += summary.metrics.inReadingOrder.map {
      RunFact($0.name, $0.value.metricText($0.name) + course(of: $0.name))
    }
    // The report's own facts, but those that stand here already.
    facts += self.facts.filter { !["notebook", "nbs", "seed", "result"].contains($0.name) }
    facts += versions
    return Table(
      title: "Run \(summary.id): \(summary.title)", columns: [.words("fact"), .words("value")],
      rows: facts.map { [$0.name, $0.value] })
  }

  /// ` after 4722 steps, best 0.0009998`
  private func course(of name: String) -> String {
    guard let series = lastSeries(name) else { return "" }
    let best = name.hasSuffix("accuracy") ? series.greatest : name.hasSuffix("loss") ? series.least : nil
    return " after \(series.count) steps"
      + (best.map { ", best \($0.metricText(name))" } ?? "")
  }

  private var cellTable: Table {
    let rows = cells.enumerated().filter { $1.cell.kind == .code }.map { index, cell in
      [
        String(index + 1), cell.cell.title ?? cell.cell.source.firstLine, cell.ending?.rawValue ?? "-",
        cell.seconds.map(\.durationText) ?? "", String(cell.outputs.count),
      ]
    }
    return Table(
      columns: [
        .numbers("cell"), .words("title or first line"), .words("ended"), .numbers("took"),
        .numbers("outputs"),
      ], rows: rows)
  }

  /// The loss of the last training, and that of its validation.
  private var lossPlot: Plot? {
    guard let name = seriesNames.first, let series = lastSeries(name) else { return nil }
    let beside = self.series.last {
      $0.name == "val_" + name && $0.subject == series.subject && $0.cell == series.cell
    }
    let both = [series] + [beside].compactMap(\.self)
    return Plot(series.title, yLabel: name, both, names: both.map(\.name))
  }
}

extension String {
  /// The first line that is no comment; the first of all where there are only comments.
  fileprivate var firstLine: String {
    let lines = split(separator: "\n")
    return String(lines.first { !$0.hasPrefix("#") } ?? lines.first ?? "")
  }
}

// MARK: - Plots

extension Plot {
  /// Series of metrics over their steps.
  ///
  /// - Parameter names: what the legend calls each.
  init(_ title: String, yLabel: String, _ series: [StoredRun.Series], names: [String]) {
    let lowerIsBetter = yLabel.hasSuffix("loss") ? true : yLabel.hasSuffix("accuracy") ? false : nil
    let xLabel = series.allSatisfy { $0.subject != nil } ? "epoch" : "step"
    // Of a long series not every step is kept, and then each value needs its place.
    if series.allSatisfy({ $0.steps.first == 1 && $0.steps.last == $0.steps.count }) {
      self = Plot(
        LinePlot(
          title: title, xLabel: xLabel, yLabel: yLabel, firstX: 1,
          series: zip(series, names).map {
            .init(name: $1, values: $0.values, lowerIsBetter: lowerIsBetter)
          }))
    } else {
      self = Plot(
        XYPlot(
          .line, title: title, xLabel: xLabel, yLabel: yLabel,
          series: zip(series, names).map { .init(name: $1, xs: $0.steps.map(Double.init), ys: $0.values) }))
    }
  }
}

extension StoredRun {
  /// The last series of a metric: that of the training which the final metrics come from.
  func lastSeries(_ name: String) -> Series? { series.last { $0.name == name && !$0.values.isEmpty } }

  /// The metrics that have a series, in reading order.
  var seriesNames: [String] {
    Set(series.filter { !$0.values.isEmpty }.map(\.name)).map { RunEntry.Metric(name: $0, value: 0) }
      .inReadingOrder.map(\.name)
  }
}

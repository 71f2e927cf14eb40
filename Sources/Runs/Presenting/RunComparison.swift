import Diagnostics
import Foundations
public import Outputs
import Plotting

/// Runs side by side: what they were given, what they came to, and how they got there.
public struct RunComparison {
  /// The runs, in the order in which they were named.
  public let runs: [StoredRun]
  /// The metric whose course is drawn; nil where the runs have none in common.
  public let metric: String?

  /// One line of the comparison.
  public struct Line: Sendable {
    /// What is compared.
    public enum Kind: String, Sendable {
      /// A fact of the run itself.
      case fact
      /// What it was given.
      case parameter
      /// What it came to.
      case metric
    }
    /// What is compared.
    public var kind: Kind
    /// Its name.
    public var name: String
    /// Its value in each run; empty where a run has none.
    public var values: [String]
    /// The values as numbers, where they are metrics.
    public var numbers: [Double?]
  }

  /// Creates a comparison.
  ///
  /// - Parameter metric: the metric to draw; nil for the loss, or whatever the runs have in common.
  /// - Throws: a ``Diagnostic`` where a run has no such metric.
  public init(_ runs: [StoredRun], metric: String? = nil) throws {
    self.runs = runs
    if let metric {
      for run in runs where !run.seriesNames.contains(metric) {
        let names = run.seriesNames
        let guess = DidYouMean.sentence(DidYouMean.nearest(to: metric, among: names))
        throw Diagnostic(
          .unknownMetric,
          names.isEmpty
            ? "Run \(run.summary.id) has no recorded curves."
            : "Run \(run.summary.id) has no curve of `\(metric)`.\(guess) It has \(names.joined(separator: ", "))."
        )
      }
    }
    self.metric =
      metric
      ?? runs.first?.seriesNames.first { name in runs.allSatisfy { $0.lastSeries(name) != nil } }
  }

  /// What is compared, in the order to show it.
  public var lines: [Line] {
    func facts(_ name: String, _ value: (RunEntry) -> String) -> Line {
      let values = runs.map { value($0.summary) }
      return Line(kind: .fact, name: name, values: values, numbers: runs.map { _ in nil })
    }
    let parameters = names { $0.parameters.map(\.name) }.map { name in
      let values = runs.map { $0.summary.parameters.first { $0.name == name }?.value ?? "" }
      return Line(kind: .parameter, name: name, values: values, numbers: values.map { Double($0) })
    }
    let metrics = names { $0.metrics.inReadingOrder.map(\.name) }.map { name in
      let numbers = runs.map { $0.summary.metrics.first { $0.name == name }?.value }
      return Line(
        kind: .metric, name: name, values: numbers.map { $0?.metricText(name) ?? "" }, numbers: numbers)
    }
    return [
      facts("notebook", \.notebook), facts("started") { RunWords.time($0.started) },
      facts("took") { $0.seconds.durationText }, facts("ended", \.status.words), facts("seed", \.seed),
    ] + parameters + metrics
  }

  /// The most runs that stand side by side in a table; more stand below each other.
  private static let mostColumns = 5
  /// The most curves that can be told apart.
  private static let mostCurves = 8

  /// The comparison as a table and a plot of the curves.
  public var outputs: [Output] {
    let table = runs.count > RunComparison.mostColumns ? rowTable : columnTable
    guard let metric else { return [.table(table)] }
    let drawn = runs.prefix(RunComparison.mostCurves)
    let series = drawn.compactMap { $0.lastSeries(metric) }
    let title = "\(metric) of runs \(drawn.map { String($0.summary.id) }.listed)"
    let plot = Output.plot(Plot(title, yLabel: metric, series, names: drawn.map { "run \($0.summary.id)" }))
    let rest = runs.count - drawn.count
    return [.table(table), plot]
      + (rest > 0
        ? [.text("\(rest.counted("more run")) not drawn: name fewer at once to see their curves")] : [])
  }

  private var columnTable: Table {
    Table(
      columns: [.words("")] + runs.map { .words("run \($0.summary.id)") },
      rows: lines.map { [$0.name] + $0.values })
  }

  /// A row a run, and a column for what differs.
  private var rowTable: Table {
    let differing = lines.filter { line in line.values.contains { $0 != line.values[0] } }
    let same = lines.filter { line in !differing.contains { $0.name == line.name && $0.kind == line.kind } }
    return Table(
      columns: [.numbers("run")] + differing.map { .words($0.name) },
      rows: runs.enumerated().map { index, run in
        [String(run.summary.id)] + differing.map { $0.values[index] }
      },
      footer: same.isEmpty
        ? [] : ["the same in all: " + same.map { "\($0.name) \($0.values[0])" }.joined(separator: ", ")])
  }

  /// The names that any run has, each once, in the order in which they come.
  private func names(_ names: (RunEntry) -> [String]) -> [String] {
    var seen: Set<String> = []
    return runs.flatMap { names($0.summary) }.filter { seen.insert($0).inserted }
  }
}

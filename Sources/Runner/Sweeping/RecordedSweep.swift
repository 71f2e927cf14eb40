public import Diagnostics
import Foundations
public import Notebooks
public import Outputs
public import Rendering
public import Runs
public import Sessions

/// A sweep out of the store of runs.
public struct RecordedSweep {
  /// What a list says of it.
  public let run: RunEntry
  /// What was tried.
  public let description: SweepDescription
  /// The notebook as it was, as a `.nbs` file; nil where none was kept.
  public let notebook: String?
  private let header: NotebookHeader
  /// The trials that it has so far.
  public let trials: [SweepTrial]

  /// Reads a sweep.
  ///
  /// - Throws: a ``Diagnostic`` where there is no such run, it is no sweep, or what it tries cannot be read.
  public init(_ id: Int64, in store: RunStore) throws {
    let stored = try store.sweep(id)
    guard let description = SweepDescription(text: stored.description) else {
      throw Diagnostic(.unreadableStore, "What sweep \(id) tries cannot be read in the store.")
    }
    run = stored.summary
    self.description = description
    notebook = stored.notebook
    header = stored.header
    trials = stored.trials.compactMap {
      SweepTrial(line: Array($0.utf8), of: description.space.combinations.count)
    }
  }

  /// What it came to, or has come to so far.
  public var result: SweepResult {
    description.result(trials, isComplete: run.status == .ended(.done))
  }

  /// What there is to see of it: the trials' table, what is best, and the plots.
  public var outputs: [Output] {
    let result = result
    guard !trials.isEmpty else { return [.text("no trial has ended")] }
    let more = ": nbs runs show \(run.id) --csv shows all"
    return result.outputs(limit: 20, more: more) + result.plots.map { .plot($0) }
  }

  /// Makes sure that it can be taken up again.
  ///
  /// - Throws: a ``Diagnostic`` where it cannot.
  public func checkResumption() throws(Diagnostic) {
    if let parent = run.parent {
      throw Diagnostic(
        .runIsOver,
        "Sweep \(run.id) stands in a cell of run \(parent), which is taken up as a whole: nbs run --resume \(parent)",
        suggestion: "nbs run --resume \(parent)")
    }
    switch run.status {
    case .running:
      throw Diagnostic(
        .runGoesOn, "Sweep \(run.id) is still in progress. Stop it first, or wait until it ends.")
    case .ended(.done):
      throw Diagnostic(
        .runIsOver,
        "Sweep \(run.id) came to its end, so there is nothing to take up. See what it came to: nbs runs show \(run.id)"
      )
    case .ended, .broken: break
    }
  }

  /// The sweep as a page.
  public var report: Report { SweepReport(run.title, header, description, result).report }
}

/// A sweep as a page: what was tried, the table, what is best, and the plots.
public struct SweepReport {
  /// The page.
  public let report: Report

  /// Makes the page.
  public init(
    _ title: String, _ header: NotebookHeader, _ description: SweepDescription, _ result: SweepResult
  ) {
    var facts = [("nbs", Release.version)]
    facts += description.assignments.map { ("tried", $0) }
    if let halving = description.halving { facts.append(("halving", halving.words)) }
    facts += [
      (description.isLarger ? "maximized" : "minimized", description.metric),
      ("seeds", description.seeds.map(String.init).joined(separator: ", ")),
      ("trials", "\(result.trials.count) of \(max(result.count, result.trials.count))"),
    ]
    let outputs: [Output] =
      result.trials.isEmpty
      ? [.text("no trial has ended")]
      : result.outputs(limit: 100) + result.plots.map { .plot($0) }
    report = Report(
      title: "Sweep of \(title)", facts: facts.map { (name: $0.0, value: $0.1) },
      entries: [Report.Entry(cell: Cell(.code, SweepReport.remark(on: description)), outputs: outputs)],
      header: header)
  }
  /// What stands where a notebook has its code.
  private static func remark(on description: SweepDescription) -> String {
    let given = description.assignments.joined(separator: " ")
    return
      "# \(description.space.combinations.count.counted("combination")) of \(given), by \(description.metric)"
  }
}

public import Notebooks
public import Outputs

/// A run with all that is kept of it.
public struct StoredRun: Sendable {
  /// A cell and what it showed.
  public struct StoredCell: Sendable {
    /// The cell.
    public var cell: Cell
    /// Its outputs, in order.
    public var outputs: [RenderedOutput]
    /// How it ended; nil for one that does not run, was not reached, or was running when the process was killed.
    public var ending: RunEnding?
    /// How long it took.
    public var seconds: Double?
  }

  /// Points of a metric over the steps of a training, or of a `record`ed value.
  public struct Series: Sendable {
    /// What was trained on what, `solver on xor`; nil for a recorded value.
    public var subject: String?
    /// The metric's name.
    public var name: String
    /// The cell that measured it, from 0.
    public var cell: Int
    /// How many steps were measured; of a long series not all points are kept.
    public var count: Int
    /// The last, the least and the greatest of all values, where there are numbers among them.
    public var last, least, greatest: Double?
    /// The steps whose values are kept, from 1.
    public var steps: [Int]
    /// Their values.
    public var values: [Double]

    /// What a reader calls it: `loss of solver on xor`.
    public var title: String { subject.map { "\(name) of \($0)" } ?? name }
  }

  /// What a list says of it.
  public var summary: RunEntry
  /// What it ran on: nbs, the system.
  public var versions: [RunFact]
  /// The notebook's header.
  public var header: NotebookHeader
  /// What a report says at its top.
  public var facts: [RunFact]
  /// The cells, in order.
  public var cells: [StoredCell]
  /// What was measured, in the order in which it began.
  public var series: [Series]
}

public import Diagnostics
public import Plotting

/// One thing that a cell has to show. Evaluation emits these and never prints; a renderer turns them into
/// a terminal's text, Markdown or another form.
public enum Output: Sendable, Equatable {
  /// Lines that the notebook printed: shown as they are.
  case printed(String)
  /// A short report of what a command did, in sentences that are filled to the width of the page.
  case text(String)
  /// The value of an expression or command that nobody took, as it is echoed behind `Out[n]:`.
  case value(String)
  /// Rows and columns.
  case table(Table)
  /// A plot, still as data.
  case plot(Plot)
  /// Something to know that does not stop the cell.
  case notice(Diagnostic)
  /// What stopped the cell.
  case error(Diagnostic)
  /// How far long work has come. It is shown while it lasts and is no part of a report.
  case progress(ProgressUpdate)
}

/// How far long work has come.
public struct ProgressUpdate: Sendable, Equatable {
  /// What is being done: `train xor`.
  public var label: String
  /// How much is done.
  public var completed: Int
  /// How much there is to do; 0 where nobody knows.
  public var total: Int
  /// What is counted, in the singular: `epoch`, `KB`.
  public var unit: String
  /// How far the next one of these has come, where one takes long: the batches of an epoch.
  public var part: Part?
  /// How long it has taken so far, in seconds.
  public var seconds: Double
  /// The last metrics, in the order to show them: `("loss", 0.02)`.
  public var metrics: [Metric]
  /// Whether this is the last word on this work.
  public var isFinal: Bool

  /// How far one piece of the work has come.
  public struct Part: Sendable, Equatable {
    /// What is counted, in the singular: `batch`.
    public var unit: String
    /// How much is done.
    public var completed: Int
    /// How much there is to do.
    public var total: Int

    /// Creates a part.
    public init(unit: String, completed: Int, total: Int) {
      self.unit = unit
      self.completed = completed
      self.total = total
    }
  }

  /// A metric and its name.
  public struct Metric: Sendable, Equatable {
    /// The name, `loss`.
    public var name: String
    /// The value.
    public var value: Double

    /// Creates a metric.
    public init(_ name: String, _ value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// Creates a report of progress.
  public init(
    label: String, completed: Int, total: Int, unit: String = "epoch", part: Part? = nil,
    seconds: Double = 0, metrics: [Metric], isFinal: Bool
  ) {
    self.part = part
    self.label = label
    self.completed = completed
    self.total = total
    self.unit = unit
    self.seconds = seconds
    self.metrics = metrics
    self.isFinal = isFinal
  }
}

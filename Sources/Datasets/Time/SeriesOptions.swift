/// What becomes of gaps in time.
public enum GapPolicy: String, Sendable, CaseIterable {
  /// They are told, and windows go across them.
  case keep
  /// No window goes across one.
  case split
  /// They are refused.
  case error
  /// Rows are put into them, whose numbers lie on the line between those on both sides.
  case linear
  /// Rows are put into them, with the numbers of the row before.
  case previous
}

/// How often series of their own lengths have a target.
public enum TargetPlace: String, Sendable, CaseIterable {
  /// At each step.
  case step
  /// Once: the target of their last row.
  case series
}

/// How the rows of a table become series.
public struct SeriesOptions: Sendable, Equatable {
  /// The column that rows are put in order by: dates, times or numbers; nil for the order that they are in.
  public var order: String?
  /// The column that says which of several series a row belongs to; nil for one series.
  public var series: String?
  /// The windows that series are cut into; nil for none: where there are several series, each becomes a sequence of its own
  /// length.
  public var window: SeriesWindow?
  /// How many rows behind a step of such a sequence its target lies; 0 for none.
  public var ahead = 0
  /// How often such a sequence has a target; nil for once where the target is the same in all its rows, else at each step.
  public var targetPlace: TargetPlace?
  /// What becomes of gaps in time; they are told where nil, and windows go across them.
  public var gaps: GapPolicy?
  /// The order of the numbers in dates; nil to tell it from the values.
  public var dateOrder: DateOrder?
  /// Whether the series are known to be some, also where each has one row.
  package var isKnown = false
  /// Whether rows are left out that do not say when they were, or which series they belong to.
  public var dropsMissing = false

  /// Creates options for a table whose rows are one series in their order.
  public init(order: String? = nil, series: String? = nil, window: SeriesWindow? = nil) {
    self.order = order
    self.series = series
    self.window = window
  }
}

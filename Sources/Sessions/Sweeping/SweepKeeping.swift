public import Foundation
public import Outputs

/// What keeps the sweeps of a session's cells, each with its trials, as they go on.
public protocol SweepKeeping: AnyObject {
  /// A `sweep { … }` begins.
  func began(_ sweep: SweepDescription)
  /// A trial of it has ended.
  func ended(_ trial: SweepTrial, _ course: TrialCourse)
  /// It is over.
  ///
  /// - Parameter isComplete: whether all trials were run.
  func finished(_ result: SweepResult, isComplete: Bool)
}

/// How a trial of a sweep went.
public struct TrialCourse: Sendable {
  /// When it began, by the clock on the wall.
  public var started = Date()
  /// How long it took, in seconds.
  public var seconds = 0.0
  /// What it measured, and in which cell of the notebook.
  public var batches: [(cell: Int, batch: MetricBatch)] = []

  /// The course of a trial that begins now.
  public init() {}
}

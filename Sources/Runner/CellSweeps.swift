import Diagnostics
import Runs
import Sessions

/// Keeps the sweeps of a run's cells, `sweep { … }`: each as a run below that run, with its trials below itself.
final class CellSweeps: SweepKeeping {
  private let run: RunDescription
  private let number: () -> Int64?
  private let location: @Sendable () throws -> StoreLocation
  private var recording: (sweep: SweepDescription, recorder: SweepRecorder)?
  private var warning: Diagnostic?
  /// The place of the cell that runs.
  var cell = 0
  /// What is to be done before a sweep begins, so that there is a run that it belongs to.
  var begins: () -> Void = {}

  /// - Parameters:
  ///   - run: what is known of the run.
  ///   - number: the number under which it is kept; nil where it is not.
  init(
    in run: RunDescription, number: @escaping () -> Int64?,
    location: @escaping @Sendable () throws -> StoreLocation
  ) {
    var plain = run
    (plain.notebook, plain.resumption) = (nil, nil)
    self.run = plain
    self.number = number
    self.location = location
  }

  func began(_ sweep: SweepDescription) {
    begins()
    guard let number = number() else { return }
    var description = run.sweeping(sweep)
    description.parent = number
    let recorder = SweepRecorder(description, location: location)
    recorder.begin()
    recording = (sweep, recorder)
  }

  func ended(_ trial: SweepTrial, _ course: TrialCourse) {
    guard let (sweep, recorder) = recording else { return }
    var placed = course
    placed.batches = course.batches.map { (cell, $0.batch) }
    recorder.keep(SweepRecorder.Trial(trial, placed, of: sweep, in: run))
  }

  func finished(_ result: SweepResult, isComplete: Bool) {
    guard let recorder = recording?.recorder else { return }
    recorder.finish(isComplete ? .done : .interrupted, result)
    warning = warning ?? recorder.takeWarning()
    recording = nil
  }

  /// Why a sweep could not be kept, told once.
  func takeWarning() -> Diagnostic? {
    defer { warning = nil }
    return warning
  }
}

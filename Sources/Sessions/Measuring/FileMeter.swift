import ByteStreams
import Datasets
import Outputs

/// Turns what the reading or fetching of files tells into progress to show: nothing of quick work, of slow work
/// ten words a second at the most.
struct FileMeter {
  private var throttle: Throttle
  /// When the file that is worked on was begun: each one has a rate of its own.
  private var fileStart = ContinuousClock.now
  private var lastTold: FileProgress?

  /// - Parameter patience: how long the work goes on before anything is shown.
  init(patience: Duration) { throttle = Throttle(patience: patience) }

  /// What to show of this, if anything.
  mutating func update(_ progress: FileProgress) -> ProgressUpdate? {
    if progress.name != lastTold?.name { fileStart = .now }
    lastTold = progress
    return throttle.isDue() ? shown(progress, isFinal: false) : nil
  }

  /// The last word, where there has been one before.
  var last: ProgressUpdate? {
    guard throttle.hasTold, var done = lastTold else { return nil }
    // Of a zip archive not every byte is read.
    done.completed = done.total
    return shown(done, isFinal: true)
  }

  private func shown(_ progress: FileProgress, isFinal: Bool) -> ProgressUpdate {
    let isLarge = max(progress.total, progress.completed) >= 20 << 20
    let (unit, size) = progress.unit == .bytes ? (isLarge ? ("MB", 1 << 20) : ("KB", 1024)) : ("image", 1)
    return ProgressUpdate(
      label: "\(progress.work.rawValue) \(progress.name)", completed: progress.completed / size,
      total: progress.total / size, unit: unit, seconds: (ContinuousClock.now - fileStart) / .seconds(1),
      metrics: [], isFinal: isFinal)
  }
}

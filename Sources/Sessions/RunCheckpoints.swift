import Foundation

/// The trainings of a run as files in a folder of the run's own, so that a run that was killed can be taken up again: it
/// begins anew, and each training goes on from where its file stands.
///
/// A run is a function of its notebook, its parameters and its seed, so that a training is told from the others by how many
/// came before it; one within a fold by how many did in that fold, since processes that share a run train some folds each.
public final class RunCheckpoints {
  /// The folder; it is made when there is something to keep.
  public let folder: String
  /// Whether trainings go on from what is there.
  let isResuming: Bool
  /// Whether anything is written: of processes that share a run, one alone does.
  private let writes: Bool
  /// How long a training lasts before it is kept, and how long it is until it is kept again.
  let interval: Duration
  /// What the names of trainings begin with in a fold.
  private var prefix = ""
  private var count = 0
  private var blocks = 0

  /// The environment's variable that says how many seconds a training lasts before it is kept, and again.
  public static let intervalVariable = "NBS_CHECKPOINT_SECONDS"
  /// Larger networks are not kept unless a notebook asks for it: their files would cost more than a training now and then.
  static let mostParameters = 20_000_000

  /// Names a folder.
  ///
  /// - Parameters:
  ///   - isResuming: whether trainings go on from what is there.
  ///   - writes: whether they are kept.
  ///   - environment: may say how often, in the variable ``intervalVariable``.
  public init(
    folder: String, isResuming: Bool, writes: Bool = true, environment: [String: String] = [:]
  ) {
    self.folder = folder
    self.isResuming = isResuming
    self.writes = writes
    let seconds = environment[RunCheckpoints.intervalVariable].flatMap(Double.init)
    interval = .seconds(seconds.map { $0.isFinite ? min(max($0, 0), 1e6) : 5 } ?? 5)
  }

  /// A training of the run.
  struct Training {
    /// Its file, which need not be there.
    let path: String
    let writes: Bool
    let isResuming: Bool
    let interval: Duration
  }

  /// The training that is about to begin.
  func next() -> Training {
    count += 1
    return Training(
      path: "\(folder)/training-\(prefix)\(count).safetensors", writes: writes, isResuming: isResuming,
      interval: interval)
  }

  /// The number of the block that is about to begin, whose work processes deal to each other; all of them count it.
  func nextBlock() -> Int {
    blocks += 1
    return blocks
  }

  /// Numbers the trainings of some work by themselves; those behind it go on as if it had had none.
  ///
  /// - Parameter name: what tells the work from all other.
  func within<Result>(_ name: String, _ work: () throws -> Result) rethrows -> Result {
    let before = (prefix, count, blocks)
    (prefix, count, blocks) = ("\(prefix)\(name)-", 0, 0)
    defer { (prefix, count, blocks) = before }
    return try work()
  }

  /// Deletes what was kept: the run is over and needs it no more.
  public func delete() { try? FileManager.default.removeItem(atPath: folder) }
}

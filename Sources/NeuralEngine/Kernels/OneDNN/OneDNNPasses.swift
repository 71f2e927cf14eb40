internal import COneDNN

/// What a kernel runs by oneDNN, for each number of rows: a whole batch's, and that of a last batch that is not full.
///
/// - `Steps`: the calls of one forward and backward pass.
final class OneDNNPasses<Steps> {
  let engine: OneDNNEngine
  private let stream: OneDNNStream
  private let threads: OneDNNThreads
  private var byRows: [Int: Steps] = [:]

  /// - Parameter work: how many multiplications a batch takes.
  /// - Throws: `OneDNNFailure` where oneDNN does not know the processor.
  init(work: Int) throws(OneDNNFailure) {
    guard let engine = OneDNNEngine.shared else { throw OneDNNFailure(status: dnnl_unimplemented) }
    self.engine = engine
    stream = try OneDNNStream(engine)
    threads = OneDNNThreads(work: work)
  }

  /// Runs steps for a number of rows, which `make` makes when they are first wanted.
  ///
  /// Steps that cannot be made are not run: what oneDNN made for a whole batch it makes for a part of one.
  @inline(__always)
  func run(
    rows: Int, _ make: (Int) throws(OneDNNFailure) -> Steps, _ body: (Steps, OneDNNStream) -> Void
  ) {
    guard let steps = try? steps(rows: rows, make) else { return }
    threads.run { body(steps, stream) }
  }

  /// The steps for a number of rows.
  @discardableResult
  func steps(rows: Int, _ make: (Int) throws(OneDNNFailure) -> Steps) throws(OneDNNFailure) -> Steps {
    if let known = byRows[rows] { return known }
    let made = try threads.run { () throws(OneDNNFailure) in try make(rows) }
    byRows[rows] = made
    return made
  }
}

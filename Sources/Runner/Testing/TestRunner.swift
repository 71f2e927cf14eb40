import Foundation
import Synchronization

/// Runs tests several at a time, and tells of each in the order of the list.
public final class TestRunner: Sendable {
  private struct State {
    var done: [Int: NotebookTest] = [:]
    var told = 0
  }

  private let paths: [String]
  private let state = Mutex(State())
  private let isCancelled: @Sendable () -> Bool
  private let tell: @Sendable (NotebookTest) -> Void

  /// Prepares tests.
  ///
  /// - Parameters:
  ///   - isCancelled: whether no more tests are wanted.
  ///   - tell: is given each test as soon as it and all before it are done.
  public init(
    _ paths: [String], isCancelled: @escaping @Sendable () -> Bool,
    tell: @escaping @Sendable (NotebookTest) -> Void
  ) {
    self.paths = paths
    self.isCancelled = isCancelled
    self.tell = tell
  }

  /// Runs them all, or those that were done when somebody pressed Ctrl-C.
  public func run(jobs: Int, _ test: @escaping @Sendable (String) -> NotebookTest) -> [NotebookTest] {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = jobs
    for (index, path) in paths.enumerated() {
      queue.addOperation { [self] in
        guard !isCancelled() else { return }
        let test = test(path)
        // One that was broken off says nothing of its notebook.
        if !isCancelled() { finish(test, at: index) }
      }
    }
    queue.waitUntilAllOperationsAreFinished()
    return state.withLock { state in state.done.sorted { $0.key < $1.key }.map(\.value) }
  }

  private func finish(_ test: NotebookTest, at index: Int) {
    state.withLock { state in
      state.done[index] = test
      while let next = state.done[state.told] {
        tell(next)
        state.told += 1
      }
    }
  }
}

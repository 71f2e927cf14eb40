import Foundation
import REPL
import Sessions
import Synchronization

/// Runs tests several at a time, and tells of each in the order of the list.
final class TestRunner: Sendable {
  private struct State {
    var done: [Int: NotebookTest] = [:]
    var told = 0
  }

  private let paths: [String]
  private let state = Mutex(State())
  private let tell: @Sendable (NotebookTest) -> Void

  /// - Parameter tell: is given each test as soon as it and all before it are done.
  init(_ paths: [String], tell: @escaping @Sendable (NotebookTest) -> Void) {
    self.paths = paths
    self.tell = tell
  }

  /// Runs them all, or those that began before somebody pressed Ctrl-C.
  func run(jobs: Int, _ test: @escaping @Sendable (String) -> NotebookTest) -> [NotebookTest] {
    let queue = OperationQueue()
    queue.maxConcurrentOperationCount = jobs
    for (index, path) in paths.enumerated() {
      queue.addOperation { [self] in
        if !Signals.interruption.isRequested { finish(test(path), at: index) }
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

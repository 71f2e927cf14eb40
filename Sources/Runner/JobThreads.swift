import Dispatch
import Foundation

/// Threads that take pieces of work until none is left, each with a stack as deep as programs of the language need.
enum JobThreads {
  /// Runs work on several threads at once, and waits until all of them are done.
  static func run(_ count: Int, _ work: @escaping @Sendable () -> Void) {
    let threads = DispatchGroup()
    for _ in 0..<max(1, count) {
      threads.enter()
      let thread = Thread {
        work()
        threads.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    threads.wait()
  }
}

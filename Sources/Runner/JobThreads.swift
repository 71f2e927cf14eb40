import Dispatch
import Foundation
import NeuralEngine
import Synchronization

/// Threads that take pieces of work until none is left, each with a stack as deep as programs of the language need.
enum JobThreads {
  /// Runs work on several threads at once, and waits until all of them are done.
  static func run(_ count: Int, _ work: @escaping @Sendable () -> Void) {
    start(count, work).wait()
  }

  private static func start(_ count: Int, _ work: @escaping @Sendable () -> Void) -> DispatchGroup {
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
    return threads
  }

  /// Messages for the first of several processes that wait to be sent.
  final class Outbox: Sendable {
    private let messages = Mutex<[[UInt8]]>([])

    func add(_ message: [UInt8]) { messages.withLock { $0.append(message) } }

    fileprivate func take() -> [[UInt8]] {
      messages.withLock { messages in
        defer { messages = [] }
        return messages
      }
    }
  }

  /// How long a message may wait, in milliseconds.
  private static let pause = 20

  /// Runs work on several threads in each of several processes at once. What they put into the outbox goes to the first
  /// process meanwhile, by the calling thread: threads that work send no messages. The first process waits for all others.
  ///
  /// - Parameter received: takes the messages of others in the first process.
  static func run(
    _ count: Int, in group: any ProcessGroup, sending outbox: Outbox, received: ([UInt8]) -> Void,
    _ work: @escaping @Sendable () -> Void
  ) {
    let isFirst = group.rank == 0
    let post = ProcessPost(group, channel: 1)
    func carry() {
      if isFirst {
        post.arrived().forEach(received)
      } else {
        outbox.take().forEach(post.send)
      }
    }
    let threads = start(count, work)
    while threads.wait(timeout: .now() + .milliseconds(pause)) == .timedOut { carry() }
    carry()
    guard isFirst else { return post.close() }
    while !post.isOver {
      Thread.sleep(forTimeInterval: Double(pause) / 1000)
      carry()
    }
  }
}

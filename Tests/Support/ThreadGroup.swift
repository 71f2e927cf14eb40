import Foundation
public import NeuralEngine

/// A group of processes that are threads: what one of them sends is copied into boxes, by sender and receiver.
public final class ThreadGroup: @unchecked Sendable {
  private let condition = NSCondition()
  private var boxes: [[Int]: [[UInt8]]] = [:]
  /// Why work was abandoned.
  public private(set) var complaints: [String] = []

  /// Creates a group.
  public init() {}

  /// Does work as each of so many processes at once.
  ///
  /// - Returns: what each of them came to, by rank.
  public func run<Result: Sendable>(
    _ count: Int, _ work: @escaping @Sendable (any ProcessGroup) throws -> Result
  ) throws -> [Result] {
    let members = (0..<count).map { Member(group: self, rank: $0, count: count) }
    nonisolated(unsafe) var results = [Swift.Result<Result, any Error>?](repeating: nil, count: count)
    let lock = NSLock()
    let threads = members.map { member in
      Thread {
        let result = Swift.Result { try work(member) }
        lock.withLock { results[member.rank] = result }
      }
    }
    for thread in threads {
      thread.stackSize = 8 << 20
      thread.start()
    }
    while lock.withLock({ results.contains { $0 == nil } }) { Thread.sleep(forTimeInterval: 0.001) }
    return try results.compactMap { try $0?.get() }
  }

  private func put(_ bytes: [UInt8], from sender: Int, to receiver: Int) {
    condition.withLock {
      boxes[[sender, receiver], default: []].append(bytes)
      condition.broadcast()
    }
  }

  private func take(from sender: Int, to receiver: Int) -> [UInt8] {
    condition.withLock {
      while boxes[[sender, receiver], default: []].isEmpty { condition.wait() }
      return boxes[[sender, receiver], default: []].removeFirst()
    }
  }

  private func note(_ complaint: String) { condition.withLock { complaints.append(complaint) } }

  private final class Member: ProcessGroup {
    let rank: Int
    let count: Int
    private let group: ThreadGroup

    init(group: ThreadGroup, rank: Int, count: Int) {
      self.group = group
      self.rank = rank
      self.count = count
    }

    func exchange(_ sent: [ProcessMessage], _ received: [ProcessMessage]) {
      for message in sent {
        let bytes = UnsafeRawBufferPointer(start: message.memory, count: message.bytes)
        group.put(Array(bytes), from: rank, to: message.process)
      }
      for message in received {
        let bytes = group.take(from: message.process, to: rank)
        precondition(bytes.count == message.bytes, "both sides must agree on how much is sent")
        message.memory.copyMemory(from: bytes, byteCount: bytes.count)
      }
    }

    func abandon(_ reason: String) -> Never {
      group.note(reason)
      // A thread cannot end its process: it stays where it is.
      while true { Thread.sleep(forTimeInterval: 60) }
    }
  }
}

import Foundation
public import NeuralEngine

/// A group of processes that are threads: what one of them sends is copied into boxes, by sender and receiver.
public final class ThreadGroup: @unchecked Sendable {
  private let condition = NSCondition()
  private var boxes: [[Int]: [[UInt8]]] = [:]
  /// Why work was abandoned.
  public private(set) var complaints: [String] = []
  /// The machine of each process; one that is not among them has a machine of its own.
  private let machines: [Int]

  /// Creates a group.
  ///
  /// - Parameter machines: the number of the machine that each process is on; each is alone on its own without them.
  public init(machines: [Int] = []) { self.machines = machines }

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

  fileprivate func put(_ bytes: [UInt8], from sender: Int, to receiver: Int, channel: Int = 0) {
    condition.withLock {
      boxes[[sender, receiver, channel], default: []].append(bytes)
      condition.broadcast()
    }
  }

  private func take(from sender: Int, to receiver: Int) -> [UInt8] {
    condition.withLock {
      while boxes[[sender, receiver, 0], default: []].isEmpty { condition.wait() }
      return boxes[[sender, receiver, 0], default: []].removeFirst()
    }
  }

  /// The next message of a channel; nil where none has come.
  fileprivate func look(from sender: Int, to receiver: Int, channel: Int) -> [UInt8]? {
    condition.withLock {
      let box = [sender, receiver, channel]
      return boxes[box, default: []].isEmpty ? nil : boxes[box, default: []].removeFirst()
    }
  }

  fileprivate func complain(_ complaint: String) { condition.withLock { complaints.append(complaint) } }

  /// What the user was told.
  public private(set) var notes: [String] = []

  fileprivate func tell(_ words: String) {
    condition.withLock { if !notes.contains(words) { notes.append(words) } }
  }

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

    func merge(_ blocks: [UnsafeMutableRawBufferPointer]) {}

    var neighbours: [Int] {
      let machines = group.machines
      guard machines.indices.contains(rank) else { return [rank] }
      return machines.indices.filter { machines[$0] == machines[rank] }
    }

    func handOut(_ block: UnsafeMutableRawBufferPointer) { handOutAsMessages(block) }

    func note(_ words: String) { if rank == 0 { group.tell(words) } }

    func name(of rank: Int) -> String { "process \(rank)" }

    func prepare(
      _ sent: [ProcessMessage], _ received: [ProcessMessage], channel: Int
    ) -> any ProcessExchange {
      BoxExchange(group, rank, sent, received, channel)
    }

    func abandon(_ reason: String) -> Never {
      group.complain(reason)
      // A thread cannot end its process: it stays where it is.
      while true { Thread.sleep(forTimeInterval: 60) }
    }
  }
}

/// Messages through the boxes of a channel. Each takes its time: how often it is looked for before it is found differs from
/// one to the next, so that exchanges which go on at once overtake each other.
private final class BoxExchange: ProcessExchange {
  private let group: ThreadGroup
  private let rank: Int
  private let sent: [ProcessMessage]
  private let received: [ProcessMessage]
  private let channel: Int
  private var missing: [ProcessMessage] = []
  private var looks = 0
  private var rounds = 0

  init(
    _ group: ThreadGroup, _ rank: Int, _ sent: [ProcessMessage], _ received: [ProcessMessage], _ channel: Int
  ) {
    (self.group, self.rank, self.sent, self.received, self.channel) = (group, rank, sent, received, channel)
  }

  func start() {
    precondition(missing.isEmpty, "an exchange is begun again before it is done")
    for message in sent {
      let bytes = UnsafeRawBufferPointer(start: message.memory, count: message.bytes)
      group.put(Array(bytes), from: rank, to: message.process, channel: channel)
    }
    missing = received
    rounds += 1
    looks = (rounds * 7 + channel * 5 + rank * 3) % 11
  }

  func isDone() -> Bool {
    if missing.isEmpty { return true }
    sched_yield()
    looks -= 1
    if looks > 0 { return false }
    while let message = missing.first,
      let bytes = group.look(from: message.process, to: rank, channel: channel)
    {
      precondition(bytes.count == message.bytes, "both sides must agree on how much is sent")
      message.memory.copyMemory(from: bytes, byteCount: bytes.count)
      missing.removeFirst()
    }
    return missing.isEmpty
  }
}

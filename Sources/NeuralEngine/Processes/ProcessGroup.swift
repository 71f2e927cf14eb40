/// The processes that share the work of a network, of which this is one.
///
/// All run the same cells on the same data. Each computes some of the shards of a batch; what they add up meets in the
/// tree by which a single process adds it, so that all end with the bits of one process alone.
public protocol ProcessGroup: AnyObject, Sendable {
  /// The place of this process, from 0.
  var rank: Int { get }
  /// How many processes there are.
  var count: Int { get }
  /// Sends memory to other processes and takes in theirs; it returns when all of it has arrived here and may be
  /// overwritten. The messages from one process to another arrive in the order that both list them in. They may be of any
  /// size.
  func exchange(_ sent: [ProcessMessage], _ received: [ProcessMessage])
  /// Makes messages ready that will be sent and received many times, from and to the same memory.
  ///
  /// - Parameter channel: a number from 1 to 32767, the same for all who take part; messages of exchanges that go on at the
  ///   same time must not have the same.
  func prepare(_ sent: [ProcessMessage], _ received: [ProcessMessage], channel: Int) -> any ProcessExchange
  /// Ends all processes, because they can no longer come to the same result.
  ///
  /// - Parameter reason: a sentence for the user; where several processes have one, that of the first is told.
  func abandon(_ reason: String) -> Never
  /// Lets processes on the same machine hold memory once that has the same bytes in each of them. All call it with as many
  /// blocks of the same sizes; what one of them writes later is seen by none of the others.
  func merge(_ blocks: [UnsafeMutableRawBufferPointer])
  /// The ranks of the processes on the same machine, this one among them, in their order.
  var neighbours: [Int] { get }
  /// Hands memory out on a machine: the first of the neighbours has something in a block, and the others have the same in
  /// theirs when it returns. All of them call it with a block of the same size; what one of them writes later is seen by none
  /// of the others.
  func handOut(_ block: UnsafeMutableRawBufferPointer)
  /// Tells the user something that belongs to no output of the notebook; the same words once.
  func note(_ words: String)
  /// What messages call a process: `process 1 on node2`.
  func name(of rank: Int) -> String
}

/// Messages that are sent again and again, while this process computes something else.
public protocol ProcessExchange: AnyObject {
  /// Begins to send and to receive; what was begun before must be done.
  func start()
  /// Lets the messages travel on, as far as they do without waiting.
  ///
  /// - Returns: whether all have been sent and received, so that their memory is this process's again. True where nothing
  ///   was started.
  func isDone() -> Bool
}

/// Memory that goes to another process, or comes from it.
public struct ProcessMessage {
  /// The rank of the other process.
  public let process: Int
  /// Where it stands in this process.
  public let memory: UnsafeMutableRawPointer
  /// How much it is.
  public let bytes: Int

  /// Creates a message.
  public init(process: Int, memory: UnsafeMutableRawPointer, bytes: Int) {
    self.process = process
    self.memory = memory
    self.bytes = bytes
  }
}

extension ProcessMessage {
  /// How many bytes are sent at once: libraries count them in 32 bits.
  private static let most = 1 << 30

  /// Where a message of so many bytes is cut, the same for those who send it and those who receive it. An empty one is
  /// one part.
  static func parts(of bytes: Int) -> [Range<Int>] {
    guard bytes > most else { return [0..<bytes] }
    return stride(from: 0, to: bytes, by: most).map { $0..<min($0 + most, bytes) }
  }

  /// The message in parts whose bytes can be counted in 32 bits, in their order.
  public var parts: [ProcessMessage] {
    ProcessMessage.parts(of: bytes).map {
      ProcessMessage(process: process, memory: memory + $0.lowerBound, bytes: $0.count)
    }
  }
}

extension ProcessGroup {
  /// Whether this process is the one that reads files for its machine.
  public var readsForNeighbours: Bool { neighbours.first == rank }

  /// Hands memory out on a machine as messages.
  public func handOutAsMessages(_ block: UnsafeMutableRawBufferPointer) {
    guard let first = neighbours.first, let base = block.baseAddress, !block.isEmpty else { return }
    let messages = (rank == first ? Array(neighbours.dropFirst()) : [first]).map {
      ProcessMessage(process: $0, memory: base, bytes: block.count)
    }
    exchange(rank == first ? messages : [], rank == first ? [] : messages)
  }

  /// The other processes.
  var others: [Int] { (0..<count).filter { $0 != rank } }

  /// What each process says, by rank.
  public func gather(_ value: UInt64) -> [UInt64] {
    var values = [UInt64](repeating: 0, count: count)
    values[rank] = value
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      let bytes = MemoryLayout<UInt64>.size
      exchange(
        others.map { ProcessMessage(process: $0, memory: base + rank, bytes: bytes) },
        others.map { ProcessMessage(process: $0, memory: base + $0, bytes: bytes) })
    }
    return values
  }

  /// The bytes of each process, by rank.
  public func gather(_ bytes: [UInt8]) -> [[UInt8]] {
    let sizes = gather(UInt64(bytes.count)).map { Int($0) }
    let all = UnsafeMutableRawBufferPointer.allocate(byteCount: sizes.reduce(1, +), alignment: 8)
    defer { all.deallocate() }
    guard let base = all.baseAddress else { return [] }
    let places = sizes.indices.map { base + sizes[..<$0].reduce(0, +) }
    places[rank].copyMemory(from: bytes, byteCount: bytes.count)
    exchange(
      others.map { ProcessMessage(process: $0, memory: places[rank], bytes: bytes.count) },
      others.map { ProcessMessage(process: $0, memory: places[$0], bytes: sizes[$0]) })
    return zip(places, sizes).map { Array(UnsafeRawBufferPointer(start: $0, count: $1)) }
  }

  /// Whether any process says so; each gets the same answer.
  public func any(_ isSo: Bool) -> Bool { gather(isSo ? 1 : 0).contains(1) }

  /// What the first process has, for all; nil where it has nothing.
  ///
  /// - Parameter bytes: what this process has, which counts in the first alone.
  public func fromFirst(_ bytes: [UInt8]?) -> [UInt8]? {
    let count = gather(rank == 0 ? UInt64(bytes.map { $0.count + 1 } ?? 0) : 0)[0]
    guard count > 0 else { return nil }
    var all = (rank == 0 ? bytes : nil) ?? [UInt8](repeating: 0, count: Int(count) - 1)
    all.withUnsafeMutableBytes { all in
      guard let base = all.baseAddress, !all.isEmpty else { return }
      let messages = (rank == 0 ? others : [0]).map {
        ProcessMessage(process: $0, memory: base, bytes: all.count)
      }
      exchange(rank == 0 ? messages : [], rank == 0 ? [] : messages)
    }
    return all
  }

  /// What each process says, by rank.
  public func gather(_ text: String) -> [String] {
    gather(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Makes sure that all processes say the same, and ends them where one does not.
  ///
  /// - Parameters:
  ///   - text: what this one says.
  ///   - remark: what is told besides, and may differ.
  ///   - words: what is wrong, by the first process that says something else, and what it and the first one remark.
  public func confirm(
    _ text: String, remark: String? = nil, _ words: (_ other: Int, _ its: String, _ first: String) -> String
  ) {
    let all = gather(text)
    guard let other = all.firstIndex(where: { $0 != all[0] }) else { return }
    let remarks = gather(remark ?? text)
    abandon(words(other, remarks[other], remarks[0]))
  }

  /// Makes sure that all processes hold the same, and ends them where they do not.
  ///
  /// - Parameters:
  ///   - digest: a digest of what they hold.
  ///   - what: what that is: "the weights after epoch 3".
  public func confirm(_ digest: UInt64, _ what: @autoclosure () -> String) {
    let digests = gather(digest)
    guard let other = digests.firstIndex(where: { $0 != digests[0] }) else { return }
    abandon("\(name(of: other)) no longer holds the same as \(name(of: 0)): \(what()) differ.")
  }
}

/// The processes that options name, or none.
public struct Processes: Sendable, Equatable {
  /// The group; nil where this process works alone.
  public let group: (any ProcessGroup)?

  /// Creates options for a group; one of a single process is none.
  public init(_ group: (any ProcessGroup)? = nil) {
    self.group = group.flatMap { $0.count > 1 ? $0 : nil }
  }

  /// Whether both name the same group.
  public static func == (one: Processes, other: Processes) -> Bool { one.group === other.group }
}

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
  /// overwritten. The messages from one process to another arrive in the order that both list them in.
  func exchange(_ sent: [ProcessMessage], _ received: [ProcessMessage])
  /// Ends all processes, because they can no longer come to the same result.
  ///
  /// - Parameter reason: a sentence for the user.
  func abandon(_ reason: String) -> Never
}

/// Memory that goes to another process, or comes from it.
public struct ProcessMessage {
  /// The rank of the other process.
  public let process: Int
  /// Where it stands in this process.
  public let memory: UnsafeMutableRawPointer
  /// How much it is.
  public let bytes: Int
}

extension ProcessGroup {
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

  /// Makes sure that all processes hold the same, and ends them where they do not.
  ///
  /// - Parameters:
  ///   - digest: a digest of what they hold.
  ///   - what: what that is: "the weights after epoch 3".
  public func confirm(_ digest: UInt64, _ what: @autoclosure () -> String) {
    let digests = gather(digest)
    guard let other = digests.firstIndex(where: { $0 != digests[0] }) else { return }
    abandon("The processes 0 and \(other) no longer hold the same: \(what()) differ.")
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

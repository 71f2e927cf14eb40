/// Messages of any size to the first of several processes, which looks for them while it does something else.
///
/// Only one thread of each process may use it, and no other messages may go to the first process meanwhile.
public final class ProcessPost {
  private let group: any ProcessGroup
  /// In the first process one for each of the others, elsewhere one for this process.
  private let boxes: [Box]

  /// Where the size of the next message stands: one more than its bytes, or 0 behind the last message.
  private final class Box {
    let process: Int
    let size: UnsafeMutablePointer<UInt64>
    let exchange: any ProcessExchange
    var isOver = false

    init(_ process: Int, receives: Bool, in group: any ProcessGroup, channel: Int) {
      self.process = process
      size = .allocate(capacity: 1)
      size.initialize(to: 0)
      let message = ProcessMessage(process: process, memory: size, bytes: MemoryLayout<UInt64>.size)
      exchange = group.prepare(receives ? [] : [message], receives ? [message] : [], channel: channel)
      if receives { exchange.start() }
    }

    deinit { size.deallocate() }
  }

  /// Opens the post; all processes do.
  ///
  /// - Parameter channel: as in ``ProcessGroup/prepare(_:_:channel:)``.
  public init(_ group: any ProcessGroup, channel: Int) {
    self.group = group
    boxes = (group.rank == 0 ? group.others : [0]).map {
      Box($0, receives: group.rank == 0, in: group, channel: channel)
    }
  }

  /// Sends a message to the first process, and returns when it has it. Not for the first process.
  public func send(_ bytes: [UInt8]) {
    announce(UInt64(bytes.count) + 1)
    var bytes = bytes
    bytes.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
      group.exchange([ProcessMessage(process: 0, memory: base, bytes: bytes.count)], [])
    }
  }

  /// Says that no more messages come from this process. Not for the first one.
  public func close() { announce(0) }

  private func announce(_ size: UInt64) {
    for box in boxes {
      box.size.pointee = size
      box.exchange.start()
      while !box.exchange.isDone() {}
    }
  }

  /// Whether all others have closed it, as far as the first process has looked.
  public var isOver: Bool { boxes.allSatisfy(\.isOver) }

  /// The messages that have come to the first process since it looked last.
  public func arrived() -> [[UInt8]] {
    var messages: [[UInt8]] = []
    for box in boxes {
      while !box.isOver, box.exchange.isDone() {
        let size = box.size.pointee
        if size == 0 {
          box.isOver = true
        } else {
          messages.append(message(of: Int(size) - 1, from: box.process))
          box.exchange.start()
        }
      }
    }
    return messages
  }

  private func message(of size: Int, from process: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: size)
    bytes.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
      group.exchange([], [ProcessMessage(process: process, memory: base, bytes: bytes.count)])
    }
    return bytes
  }
}

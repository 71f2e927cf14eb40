import Diagnostics
import Foundations
import SystemLibrary

/// A socket of ZeroMQ that is bound to an address. It belongs to the thread that polls it; the one that made it has let
/// go of it by then.
final class Socket: @unchecked Sendable {
  /// The kinds of sockets, by their numbers in libzmq.
  enum Kind: Int32 {
    case reply = 4
    case router = 6
    /// Sends to all that have subscribed, and is told who subscribes.
    case publisher = 9
  }

  /// What can be set, by its number in libzmq.
  private enum Option: Int32 {
    case subscribe = 6
    case unsubscribe = 7
    case more = 13
    case linger = 17
    case longestFrame = 22
    case sendingLimit = 23
    case usesIPv6 = 42
    case handsOver = 56
    case leavesSubscriptionsToUs = 71
  }

  let library: ZeroMQ
  let handle: ZeroMQ.Handle

  /// No message of a client is longer than so many bytes.
  private static let longestFrame: Int64 = 64 << 20
  /// So many messages wait for a client that does not read; what comes then is lost to it.
  private static let sendingLimit: Int32 = 5_000
  /// A message has no more parts than this.
  static let mostFrames = 256

  /// - Throws: a diagnostic where the address cannot be had.
  init(_ kind: Kind, at address: String, in context: ZeroMQ.Handle, _ library: ZeroMQ) throws(Diagnostic) {
    guard let handle = library.newSocket(context, kind.rawValue) else {
      throw Diagnostic(.internalError, "libzmq gave no socket: \(library.reason).")
    }
    self.library = library
    self.handle = handle
    set(.linger, Int32(1000))
    set(.longestFrame, Socket.longestFrame)
    set(.sendingLimit, Socket.sendingLimit)
    if address.contains("[") { set(.usesIPv6, Int32(1)) }
    // A client that comes back under its old name takes its place again.
    if kind == .router { set(.handsOver, Int32(1)) }
    if kind == .publisher { set(.leavesSubscriptionsToUs, Int32(1)) }
    guard library.bind(handle, address) == 0 else {
      let reason = library.reason
      close()
      throw Diagnostic(
        .badAddress,
        "The address \(address) of the connection file cannot be used: \(reason). It must be one of this machine, and free."
      )
    }
  }

  private func set<Number: FixedWidthInteger>(_ option: Option, _ number: Number) {
    withUnsafeBytes(of: number) { bytes in
      _ = library.setOption(handle, option.rawValue, bytes.baseAddress, bytes.count)
    }
  }

  /// Lets the client whose message was received last have what is published under a topic, from now on, or no longer.
  ///
  /// libzmq would do so by itself, at some time before the message can be read: a client could then get other messages
  /// before it is greeted.
  func setSubscription(to topic: ArraySlice<UInt8>, isOn: Bool) {
    let option = isOn ? Option.subscribe : .unsubscribe
    topic.withUnsafeBytes { _ = library.setOption(handle, option.rawValue, $0.baseAddress, $0.count) }
  }

  func close() { _ = library.close(handle) }

  /// Sends the parts of a message, without waiting: one that no client takes is dropped.
  func send(_ frames: [[UInt8]]) {
    let (noWait, hasMore): (Int32, Int32) = (1, 2)
    for (place, frame) in frames.enumerated() {
      let flags = noWait | (place + 1 < frames.count ? hasMore : 0)
      let count = frame.withUnsafeBytes { library.send(handle, $0.baseAddress, $0.count, flags) }
      if count < 0 { return }
    }
  }

  /// The parts of the next message; nil where none has come. Those of one that has too many are left out.
  func receive() -> [[UInt8]]? {
    guard let first = receiveFrame() else { return nil }
    var frames = [first]
    while hasMore, let frame = receiveFrame() {
      if frames.count < Socket.mostFrames { frames.append(frame) }
    }
    return frames
  }

  private func receiveFrame() -> [UInt8]? {
    let noWait: Int32 = 1
    return withUnsafeTemporaryAllocation(byteCount: ZeroMQ.frameStride, alignment: 16) { memory -> [UInt8]? in
      let frame = memory.baseAddress
      guard library.newFrame(frame) == 0 else { return nil }
      defer { _ = library.closeFrame(frame) }
      var count = library.receiveFrame(frame, handle, noWait)
      while count < 0, library.errorNumber() == EINTR { count = library.receiveFrame(frame, handle, noWait) }
      guard count >= 0 else { return nil }
      return Array(UnsafeRawBufferPointer(start: library.frameBytes(frame), count: library.frameSize(frame)))
    }
  }

  private var hasMore: Bool {
    var more: Int32 = 0
    var size = MemoryLayout<Int32>.size
    return library.getOption(handle, Option.more.rawValue, &more, &size) == 0 && more != 0
  }
}

/// Waits for sockets and for a file descriptor at once.
struct Poller {
  /// `zmq_pollitem_t`
  private struct Item {
    var socket: ZeroMQ.Handle?
    var descriptor: Int32 = 0
    var events: Int16 = 1
    var happened: Int16 = 0
  }

  private let library: ZeroMQ
  private var items: [Item]

  init(_ sockets: [Socket], descriptor: Int32, _ library: ZeroMQ) {
    self.library = library
    items =
      sockets.map { Item(socket: $0.handle) } + [Item(socket: nil, descriptor: descriptor)]
  }

  /// Waits until something can be read, or for so many milliseconds; a signal ends the waiting too.
  mutating func wait(milliseconds: Int) {
    let count = Int32(items.count)
    items.withUnsafeMutableBytes { _ = library.poll($0.baseAddress, count, milliseconds) }
  }
}

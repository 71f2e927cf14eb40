import Foundation
import Foundations
import JSON
import Synchronization

/// What the kernel has to send, in order. The thread of the session and the one that polls put messages in, and the latter
/// takes them out.
final class Outbox: Sendable {
  /// Text that a cell wrote.
  private struct Text {
    let stream: String
    let parent: JSONValue
    var text: String

    var message: OutgoingMessage {
      .published("stream", ["name": .string(stream), "text": .string(text)], for: parent)
    }
  }

  private struct State {
    var messages: [OutgoingMessage] = []
    /// What stands behind them, and more of the same may follow.
    var text: Text?
    /// The request that the session works on.
    var running: JSONValue?
    var lastText = ContinuousClock.now
    var isClosed = false

    mutating func add(_ new: [OutgoingMessage]) {
      endText()
      messages += new
    }

    mutating func endText() {
      if let text { messages.append(text.message) }
      text = nil
    }
  }

  private let state = Mutex(State())
  /// Can be read when something has come.
  let descriptor: Int32
  private let waking: Int32

  /// Text goes out at most so often: a loop prints a hundred thousand lines.
  private static let pause = Duration.milliseconds(20)
  /// A message of text takes about so many bytes.
  private static let longestText = 1 << 16

  init() {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    descriptor = ends[0]
    waking = ends[1]
  }

  /// Puts messages in.
  func send(_ messages: [OutgoingMessage]) {
    state.withLock { $0.add(messages) }
    wake()
  }

  /// Puts text in that a cell wrote.
  ///
  /// - Parameter stream: `stdout` or `stderr`.
  func write(_ text: String, to stream: String, for parent: JSONValue) {
    let isFirst = state.withLock { state in
      if state.text?.stream == stream, (state.text?.text.utf8.count ?? 0) < Outbox.longestText,
        state.text?.parent["msg_id"]?.string == parent["msg_id"]?.string
      {
        state.text?.text += text
        return false
      }
      state.endText()
      state.text = Text(stream: stream, parent: parent, text: text)
      return true
    }
    if isFirst { wake() }
  }

  /// The session begins to work on a request.
  func begin(_ request: Message) {
    state.withLock { state in
      state.running = request.header
      state.add([.status("busy", for: request.header)])
    }
    wake()
  }

  /// The session is done with a request.
  func end(_ request: Message, _ reply: OutgoingMessage) {
    state.withLock { state in
      state.running = nil
      state.add([reply, .status("idle", for: request.header)])
    }
    wake()
  }

  /// Answers a request beside what the session works on, which clients are told of again: they look at the last
  /// status alone.
  func answer(_ request: Message, _ messages: [OutgoingMessage]) {
    state.withLock { state in
      state.add([.status("busy", for: request.header)] + messages + [.status("idle", for: request.header)])
      if let running = state.running { state.add([.status("busy", for: running)]) }
    }
    wake()
  }

  /// Whether the session works on a request.
  var isBusy: Bool { state.withLock { $0.running != nil } }

  /// Nothing more will come.
  func close() {
    state.withLock { $0.isClosed = true }
    wake()
  }

  private func wake() {
    var mark: UInt8 = 1
    // Where the pipe is full, the other thread is about to be woken as it is.
    _ = systemWrite(waking, &mark, 1)
  }

  /// Takes everything out.
  ///
  /// - Returns: the messages; the milliseconds after which to look again for text that waits for more, if any does; and
  ///   whether nothing more will come.
  func take() -> (messages: [OutgoingMessage], pause: Int?, isOver: Bool) {
    var marks = [UInt8](repeating: 0, count: 256)
    while read(descriptor, &marks, marks.count) == marks.count {}
    return state.withLock { state in
      let now = ContinuousClock.now
      let rest = Outbox.pause - (now - state.lastText)
      if state.text != nil, state.messages.isEmpty, rest > .zero {
        return ([], Int(rest / .milliseconds(1)) + 1, false)
      }
      if state.text != nil { state.lastText = now }
      state.endText()
      defer { state.messages = [] }
      return (state.messages, nil, state.isClosed)
    }
  }
}

import Diagnostics
import Foundation
import Foundations
import JSON
import Language
import Notebooks
import REPL
import Runner
import Sessions
import Terminal

/// The half of a kernel that talks: it has the sockets and a thread of its own, so that it answers while a cell runs.
///
/// Everything but running and looking at values is answered here.
final class KernelServer: @unchecked Sendable {
  private let library: ZeroMQ
  private let context: ZeroMQ.Handle
  private let file: ConnectionFile
  private let sockets: [(channel: ConnectionFile.Channel, socket: Socket)]
  private let queue: WorkQueue
  private let outbox: Outbox
  private var signer: Signer
  private var writer = MessageWriter()
  private var poller: Poller
  /// The process that started this one, where the kernel is not to outlive it.
  private let parent: pid_t?
  /// The thread that runs cells.
  private let worker = pthread_self()
  /// How many messages were dropped.
  private var dropped = 0
  /// When the session was told to end.
  private var endingSince: ContinuousClock.Instant?

  /// The milliseconds after which signals and the parent are looked at.
  private static let patience = 500
  /// So many messages of a channel are read before the others have their turn.
  private static let turn = 64
  /// The longest that the kernel waits for its session to end.
  private static let longestEnding = Duration.seconds(4)

  /// Opens the sockets of a connection file. It is made on the thread that runs cells.
  ///
  /// - Throws: a diagnostic where one cannot be had.
  init(_ file: ConnectionFile, _ library: ZeroMQ, _ queue: WorkQueue, _ outbox: Outbox) throws(Diagnostic) {
    guard let context = library.newContext() else {
      throw Diagnostic(.internalError, "libzmq could not start: \(library.reason).")
    }
    var sockets: [(channel: ConnectionFile.Channel, socket: Socket)] = []
    // Control comes first, as it is read first.
    for channel in [ConnectionFile.Channel.control, .shell, .stdin, .iopub, .heartbeat] {
      let kind: Socket.Kind =
        switch channel {
        case .shell, .control, .stdin: .router
        case .iopub: .publisher
        case .heartbeat: .reply
        }
      sockets.append((channel, try Socket(kind, at: file.address(of: channel), in: context, library)))
    }
    self.library = library
    self.context = context
    self.file = file
    self.sockets = sockets
    self.queue = queue
    self.outbox = outbox
    signer = Signer(key: file.key)
    poller = Poller(sockets.map(\.socket), descriptor: outbox.descriptor, library)
    parent = ProcessInfo.processInfo.environment["JPY_PARENT_PID"] == nil ? nil : getppid()
  }

  /// Talks until the session has ended.
  func serve() {
    outbox.send([.status("starting", for: .object([])), .status("idle", for: .object([]))])
    var pause: Int?
    while true {
      poller.wait(milliseconds: pause ?? KernelServer.patience)
      for (channel, socket) in sockets {
        for _ in 0..<KernelServer.turn {
          guard let frames = socket.receive() else { break }
          take(frames, from: channel, socket)
        }
      }
      let (messages, rest, isOver) = outbox.take()
      pause = rest
      for message in messages { send(message) }
      if isOver { break }
      lookAround()
    }
    for (_, socket) in sockets { socket.close() }
    _ = library.endContext(context)
  }

  /// Looks whether the kernel is to end for another reason than a request.
  private func lookAround() {
    if Signals.ending != nil || parent.map({ $0 != getppid() }) ?? false { end(isKept: true) }
    if let endingSince, .now - endingSince > KernelServer.longestEnding { _exit(1) }
  }

  private func end(isKept: Bool) {
    queue.end(isKept: isKept)
    interrupt()
    endingSince = endingSince ?? .now
  }

  /// Does what Ctrl-C does: the signal also breaks off whatever the session's thread waits for, such as a download.
  private func interrupt() { pthread_kill(worker, SIGINT) }

  private func send(_ message: OutgoingMessage) {
    let channel: ConnectionFile.Channel =
      if case .client(let channel, _) = message.destination { channel } else { .iopub }
    sockets.first { $0.channel == channel }?.socket.send(writer.frames(of: message, signer))
  }

  // MARK: - What comes

  private func take(_ frames: [[UInt8]], from channel: ConnectionFile.Channel, _ socket: Socket) {
    switch channel {
    case .heartbeat: socket.send(frames)
    case .stdin: break
    case .iopub: subscribe(frames, socket)
    case .shell, .control:
      do throws(Message.Refusal) {
        try answer(Message(frames, from: channel, &signer))
      } catch {
        drop(channel, error.reason)
      }
    }
  }

  /// Says that a message is not obeyed; somebody who sends many is not answered by as many lines.
  private func drop(_ channel: ConnectionFile.Channel, _ reason: String) {
    dropped += 1
    guard dropped <= 20 else { return }
    let rest = dropped == 20 ? "; further ones are not told" : ""
    Streams.writeError(
      "nbs kernel: a message on the channel \(channel.rawValue) is ignored: \(reason)\(rest)\n")
  }

  /// Lets a client have a topic, and greets it with the first message that it gets: from here on it misses nothing.
  private func subscribe(_ frames: [[UInt8]], _ socket: Socket) {
    guard let frame = frames.first, let kind = frame.first, kind <= 1 else { return }
    let topic = frame.dropFirst()
    socket.setSubscription(to: topic, isOn: kind == 1)
    guard kind == 1 else { return }
    send(
      OutgoingMessage(
        destination: .subscribers(Array(topic)), type: "iopub_welcome", parent: .object([]),
        content: .members(["subscription": .string(String(decoding: topic, as: UTF8.self))])))
  }

  private func answer(_ request: Message) {
    let content = request.content
    switch request.type {
    case "execute_request":
      if !queue.add(request) { outbox.send(.aborting(request)) }
    case "inspect_request":
      if outbox.isBusy {
        // The session is not to be looked at; what the language itself says can be told.
        outbox.answer(request, [.inspection(request, in: Session())])
      } else if !queue.add(request) {
        outbox.send(.aborting(request))
      }
    case "interrupt_request":
      interrupt()
      reply(to: request, [:])
    case "shutdown_request":
      reply(to: request, ["restart": .bool(content["restart"]?.bool ?? false)])
      end(isKept: false)
    case "kernel_info_request": reply(to: request, KernelInfo.content)
    case "complete_request": reply(to: request, completion(content))
    case "is_complete_request": replyIsComplete(request)
    case "history_request": reply(to: request, ["history": queue.history.reply(to: content)])
    case "comm_info_request": reply(to: request, ["comms": .object([])])
    case "connect_request":
      outbox.answer(
        request,
        [
          .reply(
            to: request,
            [JSONValue.Member("status", "ok")]
              + ConnectionFile.Channel.allCases.map {
                .init($0.rawValue + "_port", JSONValue(file.port(of: $0)))
              })
        ])
    case "comm_open":
      // There is nobody that a widget could talk to.
      outbox.answer(
        request,
        [
          .published(
            "comm_close", ["comm_id": content["comm_id"] ?? "", "data": .object([])], for: request.header)
        ])
    case "comm_msg", "comm_close", "input_reply": outbox.answer(request, [])
    default:
      drop(request.channel, "nbs does not know its type")
      guard request.type.hasSuffix("_request") else { return }
      outbox.answer(
        request,
        [
          .reply(
            to: request,
            [
              "status": "error", "ename": "unknown-request", "evalue": "This kernel knows no such request.",
              "traceback": .array([]),
            ])
        ])
    }
  }

  private func reply(to request: Message, _ content: KeyValuePairs<String, JSONValue>) {
    let members = [JSONValue.Member("status", "ok")] + content.map { .init($0.key, $0.value) }
    outbox.answer(request, [.reply(to: request, members)])
  }

  private func completion(_ content: JSONValue) -> KeyValuePairs<String, JSONValue> {
    let code = content["code"]?.string ?? ""
    let completion = Completion(
      code, at: content["cursor_pos"]?.int ?? code.unicodeScalars.count, queue.vocabulary)
    let (start, end) = (
      JSONValue(completion.range.lowerBound), JSONValue(completion.range.upperBound)
    )
    let typed = zip(completion.words, completion.types).map { word, type in
      JSONValue.members(["text": .string(word), "type": .string(type), "start": start, "end": end])
    }
    return [
      "matches": .array(completion.words.map(JSONValue.string)), "cursor_start": start, "cursor_end": end,
      "metadata": .members(["_jupyter_types_experimental": .array(typed)]),
    ]
  }

  private func replyIsComplete(_ request: Message) {
    let code = request.content["code"]?.string ?? ""
    let content: KeyValuePairs<String, JSONValue> =
      switch queue.vocabulary.state(of: code) {
      case .complete: ["status": "complete"]
      case .wrong: ["status": "invalid"]
      case .incomplete:
        [
          "status": "incomplete",
          "indent": .string(String(repeating: " ", count: Indentation.below(SourceText(code, name: "")))),
        ]
      }
    outbox.answer(request, [.reply(to: request, content)])
  }
}

/// What a kernel says of itself.
private enum KernelInfo {
  static let content: KeyValuePairs<String, JSONValue> = [
    "protocol_version": .string(MessageWriter.protocolVersion), "implementation": "nbs",
    "implementation_version": .string(Release.version),
    "language_info": .object(
      (IPYNB.languageInfo.members ?? []) + [.init("version", .string(Release.version))]),
    "banner": .string("nbs \(Release.version): neural networks in a notebook. `help` lists the commands."),
    "debugger": .bool(false), "supported_features": .array([]), "help_links": .array([]),
  ]
}

import Foundation
import JSON

/// A request of a client, out of the parts in which it came:
/// `[who…, "<IDS|MSG>", signature, header, parent header, metadata, content, buffers…]`.
///
/// The format: https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
struct Message: Sendable {
  /// The socket's names of who sent it, which an answer begins with.
  let identities: [[UInt8]]
  /// Where it came, which is where its answer goes.
  let channel: ConnectionFile.Channel
  let header: JSONValue
  let metadata: JSONValue
  let content: JSONValue
  /// What is wanted: `execute_request`.
  let type: String

  static let delimiter = Array("<IDS|MSG>".utf8)

  /// Reads the parts of a message.
  ///
  /// - Throws: ``Refusal`` for what is no message, or not signed with the key.
  init(
    _ frames: [[UInt8]], from channel: ConnectionFile.Channel, _ signer: inout Signer
  ) throws(Refusal) {
    guard let place = frames.firstIndex(of: Message.delimiter) else {
      throw Refusal(reason: "it has no <IDS|MSG>")
    }
    let rest = frames[(place + 1)...]
    guard rest.count >= 5 else { throw Refusal(reason: "parts are missing") }
    let parts = rest.dropFirst().prefix(4)
    if let reason = signer.refusal(of: rest[place + 1], for: parts) { throw Refusal(reason: reason) }
    let values = parts.compactMap { try? JSONReader.document($0) }
    guard values.count == 4, values.allSatisfy({ $0.members != nil }) else {
      throw Refusal(reason: "a part is not a JSON object")
    }
    guard let type = values[0]["msg_type"]?.string, values[0]["msg_id"]?.string != nil else {
      throw Refusal(reason: "its header has no msg_type or msg_id")
    }
    identities = Array(frames[..<place])
    self.channel = channel
    header = values[0]
    metadata = values[2]
    content = values[3]
    self.type = type
  }

  /// Why something is not obeyed.
  struct Refusal: Error {
    let reason: String
  }

  /// What an answer is called: `execute_reply`.
  var replyType: String {
    (type.hasSuffix("_request") ? String(type.dropLast("_request".count)) : type) + "_reply"
  }

  /// When its client sent it, by the client's clock.
  var date: Date? {
    guard let text = header["date"]?.string else { return nil }
    return (try? Date(text, strategy: Message.dateStyle)) ?? (try? Date(text, strategy: .iso8601))
  }

  /// `2026-11-29T02:33:57.845Z`
  static let dateStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}

/// A message that the kernel sends.
struct OutgoingMessage: Sendable {
  /// Where it goes.
  enum Destination: Sendable, Equatable {
    /// Whoever asked.
    case client(ConnectionFile.Channel, [[UInt8]])
    /// All that listen to outputs.
    case all
    /// Those that have subscribed to just this.
    case subscribers([UInt8])
  }

  let destination: Destination
  let type: String
  /// The header of the request that it belongs to.
  let parent: JSONValue
  var content: JSONValue

  /// What all listen to, under its topic.
  static func published(_ type: String, _ content: KeyValuePairs<String, JSONValue>, for parent: JSONValue)
    -> OutgoingMessage
  {
    OutgoingMessage(destination: .all, type: type, parent: parent, content: .members(content))
  }

  /// Whether the kernel works on a request: `busy`, `idle`.
  static func status(_ state: String, for parent: JSONValue) -> OutgoingMessage {
    published("status", ["execution_state": .string(state)], for: parent)
  }

  /// An answer.
  static func reply(to request: Message, _ content: KeyValuePairs<String, JSONValue>) -> OutgoingMessage {
    reply(to: request, content.map { JSONValue.Member($0.key, $0.value) })
  }

  /// An answer.
  static func reply(to request: Message, _ content: [JSONValue.Member]) -> OutgoingMessage {
    OutgoingMessage(
      destination: .client(request.channel, request.identities), type: request.replyType,
      parent: request.header, content: .object(content))
  }
}

/// Makes the parts of the kernel's messages, each with a number of its own.
struct MessageWriter {
  private let session = UUID().uuidString.lowercased()
  private let username: String
  private var count = 0

  /// The version of the protocol that the kernel speaks.
  static let protocolVersion = "5.4"

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    username = environment["USER"] ?? "nbs"
  }

  /// The parts of a message.
  mutating func frames(of message: OutgoingMessage, _ signer: Signer) -> [[UInt8]] {
    count += 1
    let header = JSONValue.members([
      "msg_id": .string("\(session)_\(count)"), "session": .string(session), "username": .string(username),
      "date": .string(Message.dateStyle.format(Date())),
      "msg_type": .string(message.type), "version": .string(MessageWriter.protocolVersion),
    ])
    let parts = [header, message.parent, .object([]), message.content].map { Array($0.compact.utf8) }
    let identities: [[UInt8]] =
      switch message.destination {
      case .client(_, let identities): identities
      case .all: [Array("kernel.\(message.type)".utf8)]
      case .subscribers(let topic): [topic]
      }
    return identities + [Message.delimiter, signer.signature(of: parts)] + parts
  }
}

extension JSONValue {
  /// The value of `true` or `false`.
  var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }
}

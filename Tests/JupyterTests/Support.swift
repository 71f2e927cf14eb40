import Foundation
import JSON
import REPL
import Sessions

@testable import Jupyter

/// Messages as a client sends them, later than any failure: what is older than one is given up.
struct TestClient {
  static let key = Array("a-key".utf8)
  private var count = 0

  /// The parts of a request.
  mutating func frames(
    _ type: String, _ content: String = "{}", metadata: String = "{}",
    date: String = "2999-01-01T10:00:00.000Z",
    key: [UInt8] = key
  ) -> [[UInt8]] {
    count += 1
    let header = """
      {"msg_id": "m\(count)", "session": "s", "username": "u", "date": "\(date)", "msg_type": "\(type)", \
      "version": "5.3"}
      """
    let parts = [header, "{}", metadata, content].map { Array($0.utf8) }
    return [Array("client".utf8), Message.delimiter, Signer(key: key).signature(of: parts)] + parts
  }

  /// A request.
  mutating func request(
    _ type: String, _ content: String = "{}", metadata: String = "{}",
    date: String = "2999-01-01T10:00:00.000Z"
  ) throws -> Message {
    var signer = Signer(key: TestClient.key)
    return try Message(frames(type, content, metadata: metadata, date: date), from: .shell, &signer)
  }
}

/// A kernel without sockets: what is asked, and what it sends.
final class TestKernel {
  let session = Session()
  let outbox = Outbox()
  let queue: WorkQueue
  private let kernel: KernelSession
  private var client = TestClient()

  init() {
    let page = KernelPage(outbox)
    let prompt = Prompt(session: session, presenter: page)
    queue = WorkQueue(prompt.vocabulary)
    kernel = KernelSession(prompt, page, queue, outbox)
  }

  /// A request to run some code.
  func request(_ code: String, _ options: String = "", cell: String? = nil) throws -> Message {
    let metadata = cell.map { #"{"cellId": "\#($0)"}"# } ?? "{}"
    return try client.request(
      "execute_request", "{\"code\": \(code.jsonQuoted)\(options)}", metadata: metadata)
  }

  /// Takes requests in and does all of them.
  func run(_ requests: Message...) -> [OutgoingMessage] {
    for request in requests { _ = queue.add(request) }
    while queue.isWaiting { _ = kernel.step() }
    return sent()
  }

  /// What was sent since this was last asked.
  func sent() -> [OutgoingMessage] {
    // Text waits a moment for more.
    Thread.sleep(forTimeInterval: 0.03)
    return outbox.take().messages
  }

  /// What a cell sends, told by type: all but the statuses and the echo of its source.
  func outputs(_ code: String, _ options: String = "", cell: String? = nil) throws -> [OutgoingMessage] {
    run(try request(code, options, cell: cell)).filter { !["status", "execute_input"].contains($0.type) }
  }
}

extension OutgoingMessage {
  /// A member of the content.
  subscript(_ key: String) -> JSONValue? { content[key] }
}

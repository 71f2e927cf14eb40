import Foundation
import JSON
import Testing

@testable import Jupyter

@Suite("What the kernel has to send")
struct OutboxTests {
  /// What is taken out once text no longer waits for more.
  private func taken(_ outbox: Outbox) -> [OutgoingMessage] {
    Thread.sleep(forTimeInterval: 0.03)
    return outbox.take().messages
  }

  @Test("Lines that follow each other are one message; what comes between keeps its place")
  func text() throws {
    var client = TestClient()
    let (first, second) = (try client.request("a_request"), try client.request("b_request"))
    let outbox = Outbox()
    for line in ["1\n", "2\n"] { outbox.write(line, to: "stdout", for: first.header) }
    outbox.write("!\n", to: "stderr", for: first.header)
    outbox.send([.status("idle", for: first.header)])
    outbox.write("3\n", to: "stdout", for: first.header)
    outbox.write("4\n", to: "stdout", for: second.header)
    let messages = taken(outbox)
    #expect(messages.map { $0["text"]?.string ?? $0.type } == ["1\n2\n", "!\n", "status", "3\n", "4\n"])
    #expect(taken(outbox).isEmpty)
  }

  @Test("Text waits a moment for more, and goes with what follows it")
  func waiting() throws {
    var client = TestClient()
    let request = try client.request("a_request")
    let outbox = Outbox()
    outbox.write("1\n", to: "stdout", for: request.header)
    let early = outbox.take()
    #expect(early.messages.isEmpty && early.pause.map { (1...21).contains($0) } == true)
    outbox.send([.status("idle", for: request.header)])
    #expect(outbox.take().messages.count == 2)
  }

  @Test("A long text is several messages")
  func length() throws {
    var client = TestClient()
    let request = try client.request("a_request")
    let outbox = Outbox()
    for _ in 0..<3000 {
      outbox.write(String(repeating: "x", count: 99) + "\n", to: "stdout", for: request.header)
    }
    let texts = taken(outbox).compactMap { $0["text"]?.string }
    #expect((4...6).contains(texts.count) && texts.joined().count == 300_000)
  }

  @Test("Who asks while a cell runs is answered at once, and all are told again that it runs")
  func busy() throws {
    var client = TestClient()
    let (cell, question) = (try client.request("execute_request"), try client.request("complete_request"))
    let outbox = Outbox()
    outbox.begin(cell)
    #expect(outbox.isBusy)
    outbox.answer(question, [.reply(to: question, [:])])
    outbox.end(cell, .reply(to: cell, [:]))
    #expect(!outbox.isBusy)
    outbox.close()
    let (messages, _, isOver) = outbox.take()
    #expect(isOver)
    #expect(
      messages.map { ($0["execution_state"]?.string ?? $0.type) + " " + ($0.parent["msg_id"]?.string ?? "") }
        == [
          "busy m1", "busy m2", "complete_reply m2", "idle m2", "busy m1", "execute_reply m1", "idle m1",
        ])
  }
}

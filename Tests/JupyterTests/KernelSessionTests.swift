import Foundation
import JSON
import Testing

@testable import Jupyter

@Suite("A kernel's session, without sockets")
struct KernelSessionTests {
  @Test("A cell is echoed, runs, and is answered, busy before and idle after")
  func order() throws {
    let kernel = TestKernel()
    let sent = kernel.run(try kernel.request("6 * 7"))
    #expect(sent.map(\.type) == ["status", "execute_input", "execute_result", "execute_reply", "status"])
    #expect(
      sent.first?["execution_state"]?.string == "busy" && sent.last?["execution_state"]?.string == "idle")
    #expect(sent[1]["code"]?.string == "6 * 7" && sent[1]["execution_count"]?.int == 1)
    #expect(sent[2]["data"]?["text/plain"]?.string == "42" && sent[2]["execution_count"]?.int == 1)
    #expect(sent[3]["status"]?.string == "ok" && sent[3]["execution_count"]?.int == 1)
    #expect(sent.allSatisfy { $0.parent["msg_id"]?.string == "m1" })
  }

  @Test("Text is a stream, a table and a plot have several forms, a notice goes to stderr")
  func forms() throws {
    let kernel = TestKernel()
    let printed = try kernel.outputs("repeat 3 as i { print i }")
    #expect(printed.first?["text"]?.string == "0\n1\n2\n" && printed.first?["name"]?.string == "stdout")
    let table = try #require(try kernel.outputs("help").first?["data"])
    #expect(table.members?.map(\.key) == ["text/plain", "text/markdown", "text/html"])
    let plot = try #require(try kernel.outputs("plot function tanh from=-3 to=3").first?["data"])
    #expect(plot.members?.map(\.key) == ["text/plain", "image/svg+xml", "text/html"])
    #expect(plot["text/html"]?.string?.contains(#"[data-jp-theme-light="false"] .nbs-plot"#) == true)
    #expect(try kernel.outputs("print log(0)").map { $0["name"]?.string }.contains("stderr"))
  }

  @Test("An error has its code, its message, and a traceback with the caret")
  func errors() throws {
    let sent = try TestKernel().outputs("print nope")
    #expect(sent.map(\.type) == ["error", "execute_reply"])
    for message in sent {
      #expect(message["ename"]?.string == "unknown-name")
      #expect(message["evalue"]?.string?.hasPrefix("Nothing is called `nope`") == true)
      #expect(message["traceback"]?.array?.contains { $0.string?.contains("^^^^") == true } == true)
    }
    #expect(sent.last?["status"]?.string == "error")
  }

  @Test("Cells behind one that fails are given up, unless that one says otherwise")
  func stopping() throws {
    let kernel = TestKernel()
    let (first, second) = (try kernel.request("nope"), try kernel.request("print 1"))
    let statuses = kernel.run(first, second).filter { $0.type == "execute_reply" }.map {
      $0["status"]?.string
    }
    #expect(statuses == ["error", "aborted"] || statuses == ["aborted", "error"])
    let going = TestKernel()
    let (failing, next) = (
      try going.request("nope", #", "stop_on_error": false"#), try going.request("print 1")
    )
    let others = going.run(failing, next).filter { $0.type == "execute_reply" }.map { $0["status"]?.string }
    #expect(others == ["error", "ok"])
  }

  @Test("What was sent before a failure is given up also where it comes a moment later")
  func underWay() throws {
    let kernel = TestKernel()
    _ = kernel.run(try kernel.request("nope"))
    var client = TestClient()
    let early = try client.request("execute_request", #"{"code": "1"}"#, date: "2020-01-01T00:00:00.000Z")
    let late = try client.request("execute_request", #"{"code": "1"}"#, date: "2100-01-01T00:00:00.000Z")
    #expect(!kernel.queue.add(early))
    #expect(kernel.queue.add(late))
  }

  @Test("A silent cell sends nothing but its answer, takes no number and is in no history")
  func silence() throws {
    let kernel = TestKernel()
    _ = try kernel.outputs("a = 1")
    let sent = kernel.run(try kernel.request("a = 2; a", #", "silent": true"#))
    #expect(sent.map(\.type) == ["status", "execute_reply", "status"])
    let shown = try kernel.outputs("a + 1", #", "store_history": false"#)
    #expect(shown.first?["data"]?["text/plain"]?.string == "3")
    #expect(try kernel.outputs("a").last?["execution_count"]?.int == 2)
    #expect(kernel.queue.history.entries.map(\.source) == ["a = 1", "a"])
  }

  @Test("Expressions beside a cell have values or errors of their own")
  func expressions() throws {
    let reply = try #require(
      try TestKernel().outputs("a = 6", #", "user_expressions": {"b": "a * 7", "c": "nope"}"#).last)
    #expect(reply["status"]?.string == "ok")
    #expect(reply["user_expressions"]?["b"]?["data"]?["text/plain"]?.string == "42")
    #expect(reply["user_expressions"]?["c"]?["ename"]?.string == "unknown-name")
  }

  @Test("A question goes to the pager")
  func pager() throws {
    let kernel = TestKernel()
    for question in ["train?", "?train"] {
      let sent = try kernel.outputs(question)
      let page = try #require(sent.last?["payload"]?.array?.first)
      #expect(sent.count == 1 && page["source"]?.string == "page")
      #expect(page["data"]?["text/plain"]?.string?.contains("epochs") == true)
    }
    #expect(try kernel.outputs("?nonsense").last?["status"]?.string == "error")
  }

  @Test("Commands with a colon work in cells, and each cell has a number of its own")
  func commands() throws {
    let kernel = TestKernel()
    _ = try kernel.outputs("a = 1")
    let list = try kernel.outputs(":vars")
    #expect(list.first?["data"]?["text/plain"]?.string?.contains("number") == true)
    #expect(list.last?["execution_count"]?.int == 2)
    _ = try kernel.outputs("a = 2")
    #expect(try kernel.outputs(":undo").first?["text"]?.string == "In [3] is undone: a = 2\n")
    let wrong = try kernel.outputs(":nope")
    #expect(wrong.map(\.type) == ["error", "execute_reply"])
    #expect(try kernel.outputs("a").last?["execution_count"]?.int == 6)
  }

  @Test("What a cell showed is shown again, with its own number")
  func replay() throws {
    let kernel = TestKernel()
    _ = try kernel.outputs("print 7; 6 * 7")
    let again = try kernel.outputs(":replay 1")
    #expect(again.first?["text"]?.string == "In [1]: print 7; 6 * 7\n7\n")
    #expect(again[1]["data"]?["text/plain"]?.string == "42" && again[1]["execution_count"]?.int == 1)
  }

  @Test("Stale cells are told once, and a cell that runs again takes its own place")
  func stale() throws {
    let kernel = TestKernel()
    _ = try kernel.outputs("a = 1", cell: "A")
    _ = try kernel.outputs("b = 2 * a", cell: "B")
    let told = try kernel.outputs("a = 5", cell: "A").first
    #expect(told?["name"]?.string == "stderr")
    #expect(told?["text"]?.string?.hasPrefix("stale: In [2], since In [3] changed a.") == true)
    #expect(try kernel.outputs("c = 1").count == 1)
    // Another edition of the stale cell: it is renewed.
    #expect(try kernel.outputs("d = 3 * a", cell: "B").count == 1)
    #expect(try kernel.outputs(":stale").first?["text"]?.string == "nothing is stale\n")
  }

  @Test("A cell of papermill's sets parameters, before they are declared and after, within their range")
  func parameters() throws {
    let kernel = TestKernel()
    _ = try kernel.outputs("# Parameters\nepochs = 5\n")
    _ = try kernel.outputs("param epochs = 20 min=1")
    #expect(try kernel.outputs("epochs").first?["data"]?["text/plain"]?.string == "5")
    _ = try kernel.outputs("# Parameters\nepochs = 7\n")
    #expect(try kernel.outputs("epochs").first?["data"]?["text/plain"]?.string == "7")
    let wrong = try kernel.outputs("# Parameters\nepochs = -1\n").last
    #expect(wrong?["ename"]?.string == "bad-parameter")
    #expect(try kernel.outputs("epochs").first?["data"]?["text/plain"]?.string == "7")
  }

  @Test("Source that stops in the middle is an error here")
  func unfinished() throws {
    let sent = try TestKernel().outputs("repeat 3 {")
    #expect(sent.first?.type == "error" && sent.last?["status"]?.string == "error")
  }

  @Test("A request without code is refused and ends nothing")
  func malformed() throws {
    let kernel = TestKernel()
    var client = TestClient()
    let sent = kernel.run(try client.request("execute_request", #"{"code": 5}"#))
    #expect(sent.contains { $0.type == "execute_reply" && $0["status"]?.string == "error" })
    #expect(try kernel.outputs("1 + 1").first?["data"]?["text/plain"]?.string == "2")
  }
}

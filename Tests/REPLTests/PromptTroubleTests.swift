import Dispatch
import REPL
import Rendering
import Sessions
import Terminal
import Testing

@Suite("Mistakes and interruptions at the prompt")
struct PromptTroubleTests {
  @Test(
    "A mistake is shown, named after its cell, and the session stays as it was",
    arguments: [
      ("nope", "UNKNOWN NAME"), ("a = 2; b = nope", "UNKNOWN NAME"), ("[1, 2] + [1, 2, 3]", "SHAPE MISMATCH"),
      ("train xor epoch=3", "UNKNOWN OPTION"), (")", "UNEXPECTED TOKEN"), ("laier x dense 3", "UNKNOWN"),
    ])
  func mistakes(source: String, title: String) {
    let talk = Conversation()
    _ = talk.enter("a = 1; data xor")
    let shown = talk.shown(source)
    #expect(shown.hasPrefix("-- \(title)"))
    #expect(shown.contains("In [2], line 1"))
    #expect(talk.shown("a") == "Out[3]: 1\n")
  }

  @Test("Statements before the one that failed stand")
  func partOfACell() {
    let talk = Conversation()
    let shown = talk.shown("a = 5\nprint a\n[1, 2] + [1, 2, 3]\na = 6")
    #expect(shown.hasPrefix("5\n-- SHAPE MISMATCH"))
    #expect(shown.contains("In [1], line 3"))
    #expect(talk.shown("a") == "Out[2]: 5\n")
  }

  @Test("An interruption ends the cell and not the session")
  func interruption() async {
    let talk = Conversation()
    let request = talk.session.interruption
    let stopper = stop(request, after: .milliseconds(50))
    let shown = talk.shown("repeat 1_000_000_000_000 { a = 1 }")
    stopper.cancel()
    #expect(shown == "interrupted\n")
    #expect(talk.shown("1 + 1") == "Out[2]: 2\n")
  }

  @Test("An interruption in training keeps the weights")
  func interruptedTraining() {
    let talk = Conversation()
    talk.enter(lines: Conversation.xor)
    _ = talk.enter("before = hid.weights")
    let stopper = stop(talk.session.interruption, after: .milliseconds(300))
    let shown = talk.shown("train xor epochs=1_000_000_000 batch=1")
    stopper.cancel()
    #expect(shown.contains("interrupted at epoch ") && shown.contains("continues"))
    #expect(talk.progress.text.isEmpty, "no terminal, and not two seconds")
    #expect(talk.shown("print sum(abs(hid.weights - before)) > 0") == "true\n")
    #expect(talk.shown("train xor epochs=2").contains("\n2 epochs: "))
  }

  @Test("A request that came too late does not stop the next cell")
  func lateRequest() {
    let talk = Conversation()
    talk.session.interruption.request()
    #expect(talk.shown("repeat 3 { a = 1 }; 7") == "Out[1]: 7\n")
  }

  @Test("Progress on a terminal is wiped before results are shown")
  func progress() {
    let talk = Conversation(place: .terminal(width: 60, usesUnicode: false))
    talk.enter(lines: Conversation.xor)
    let stopper = stop(talk.session.interruption, after: .milliseconds(300))
    _ = talk.shown("train xor epochs=1_000_000_000 batch=1")
    stopper.cancel()
    #expect(talk.progress.text.contains("train xor  epoch "))
    #expect(talk.progress.text.hasSuffix("\r\u{1B}[K"))
  }

  @Test("Colour is shown only where there is colour", arguments: [true, false])
  func colour(usesColor: Bool) {
    let talk = Conversation(style: TextStyle(width: 80, usesColor: usesColor))
    #expect(talk.shown("nope").contains("\u{1B}[31m") == usesColor)
  }

  /// Asks for the cell to stop from a thread of its own, again and again: a request that comes before the
  /// cell begins is forgotten.
  private func stop(_ request: InterruptionRequest, after time: DispatchTimeInterval)
    -> any DispatchSourceTimer
  {
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "stopper"))
    timer.schedule(deadline: .now() + time, repeating: time)
    timer.setEventHandler { request.request() }
    timer.resume()
    return timer
  }
}

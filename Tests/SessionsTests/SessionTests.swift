import Diagnostics
import Outputs
import Testing

@testable import Sessions

@Suite struct SessionTests {
  @Test func aMistakeIsFoundBeforeAnythingRuns() {
    let session = Session()
    var outputs: [Output] = []
    let outcome = session.evaluate(SourceText("print 1\ntrain nothing", name: "test")) { outputs.append($0) }
    guard case .failed(let diagnostic) = outcome else {
      Issue.record("it should fail")
      return
    }
    #expect(diagnostic.code == "unknown-data")
    #expect(outputs.count == 1)
  }
}

@Suite struct LoopProgressTests {
  @Test("A loop that takes its time tells of its rounds and of what it records")
  func longLoop() throws {
    let session = Session()
    session.loopPatience = .milliseconds(50)
    var updates: [ProgressUpdate] = []
    let source = "repeat 1e9 as i { repeat 3 { x = i }\nrecord x }"
    _ = session.evaluate(SourceText(source, name: "test")) { output in
      guard case .progress(let update) = output else { return }
      updates.append(update)
      if updates.count == 2 { session.interruption.request() }
    }
    let first = try #require(updates.first)
    #expect(first.label == "repeat" && first.unit == "round" && first.total == 1_000_000_000)
    #expect(first.seconds >= 0.05 && first.completed > 0 && !first.isFinal)
    // The figure is what was recorded last: the round's number, counted from 0.
    #expect(first.figures == [.init("x", Double(first.completed - 1))])
  }
}

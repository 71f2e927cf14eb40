import Diagnostics
import Foundation
import Foundations
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
    #expect(diagnostic.code == .unknownData)
    #expect(outputs.count == 1)
  }
}

@Suite struct LoadProgressTests {
  private func table(rows: Int) throws -> URL {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).csv")
    try String(repeating: "1,2,3\n", count: rows).write(to: file, atomically: true, encoding: .utf8)
    return file
  }

  @Test func aFileThatTakesItsTimeTellsOfItself() throws {
    let file = try table(rows: 1000)
    defer { try? FileManager.default.removeItem(at: file) }
    let session = Session()
    session.loadPatience = .zero
    var updates: [ProgressUpdate] = []
    let source = SourceText("data t from \"\(file.path)\"", name: "test")
    let outcome = session.evaluate(source) { if case .progress(let update) = $0 { updates.append(update) } }
    #expect(outcome == .done)
    let last = try #require(updates.last)
    #expect(updates.count >= 2 && updates.dropLast().allSatisfy { !$0.isFinal })
    #expect(last.label == "read \(file.lastPathComponent)" && last.unit == "KB" && last.isFinal)
    #expect(last.completed == 6000 / 1024 && last.total == last.completed)
  }

  @Test func readingStopsWhenAskedAndLeavesNothing() throws {
    let file = try table(rows: 1000)
    defer { try? FileManager.default.removeItem(at: file) }
    let session = Session()
    session.loadPatience = .zero
    let source = SourceText("data t from \"\(file.path)\"", name: "test")
    let outcome = session.evaluate(source) { output in
      if case .progress = output { session.interruption.request() }
    }
    #expect(outcome == .interrupted)
    #expect(session.evaluate(SourceText("show t", name: "test")) { _ in } != .done)
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
    #expect(first.metrics == [.init("x", Double(first.completed - 1))])
  }
}

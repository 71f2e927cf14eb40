import Foundation
import Testing

@testable import Walkthroughs

/// What is kept of a learner's way.
@Suite struct ProgressStoreTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "nbs-\(UUID().uuidString)")

  private func walkthrough(_ name: String) throws -> Walkthrough {
    Walkthrough(name: name, notebook: try read(course))
  }

  private var progress: LessonProgress {
    var progress = LessonProgress()
    progress.step = 2
    progress.solved = ["two"]
    return progress
  }

  @Test func whatIsKeptIsFoundAgain() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = ProgressStore(environment: ["XDG_DATA_HOME": folder.path])
    for name in ["xor", "fr/xor", folder.path + "/a/xor.nbs", folder.path + "/b/xor.nbs"] {
      #expect(store.progress(in: try walkthrough(name)) == LessonProgress(), "\(name) shares no file")
      #expect(store.keep(progress, in: try walkthrough(name)) == nil)
      #expect(store.progress(in: try walkthrough(name)) == progress)
    }
    #expect(progress.words(for: try walkthrough("xor")) == "step 3 of 5, 1 of 2 exercises solved")
  }

  @Test func aDamagedFileCountsAsNone() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = ProgressStore(environment: ["XDG_DATA_HOME": folder.path])
    _ = store.keep(progress, in: try walkthrough("xor"))
    try Data("{".utf8).write(to: folder.appending(path: "nbs/learn/xor.json"))
    #expect(store.progress(in: try walkthrough("xor")) == LessonProgress())
    #expect(store.keep(progress, in: try walkthrough("xor")) == nil)
  }

  @Test func whereNothingCanBeKeptItSaysSo() throws {
    let reason = ProgressStore(environment: [:]).keep(progress, in: try walkthrough("xor"))
    #expect(reason == "there is no home folder to save it in")
    let none = ProgressStore(environment: ["XDG_DATA_HOME": "/dev/null"])
    #expect(none.keep(progress, in: try walkthrough("xor")) == "/dev/null/nbs/learn cannot be written")
    #expect(none.progress(in: try walkthrough("xor")) == LessonProgress())
  }
}

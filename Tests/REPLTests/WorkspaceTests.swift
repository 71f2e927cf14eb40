import Foundation
import Outputs
import Rendering
import Sessions
import Testing

@testable import REPL

@Suite("Sessions that a prompt left behind")
struct WorkspaceTests {
  @Test("One that cannot be read stays where it is, and the others are taken up")
  func restore() throws {
    let state = FileManager.default.temporaryDirectory.appending(path: "nbs-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: state) }
    let journal = try #require(
      StateFolder(environment: ["XDG_STATE_HOME": state]).flatMap { Journal(folder: $0) })
    let (broken, sound) = (
      "\(state)/nbs/sessions/1.1-broken.session", "\(state)/nbs/sessions/1.1-sound.session"
    )
    try "no session".write(toFile: broken, atomically: true, encoding: .utf8)
    let left = Transcript(session: Session())
    _ = left.run("a = 7") { _ in }
    try SessionFile.contents(of: left) { $0.text(.report) }.write(to: sound)
    let workspace = Workspace(session: Session(), journal: journal)
    #expect(Set(workspace.orphans.map(\.name)) == ["broken", "sound"])
    var warnings: [String] = []
    #expect(workspace.restore { warnings.append($0.text(.report)) } == ["sound"])
    #expect(workspace.current.transcript.entries.map(\.source) == ["a = 7"])
    #expect(warnings.count == 1 && warnings[0].contains("session broken stays in"))
    #expect(workspace.orphans.map(\.name) == ["broken"])
  }
}

import Foundation
import ModelFiles
import Testing

@testable import Sessions

/// Sessions that earlier versions of nbs wrote, opened by this one.
@Suite struct SessionMigrationTests {
  private static let files = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Migration/version-0.1")

  private func open(_ version: Int) throws -> Transcript {
    try SessionFile.read(
      Self.files.appending(path: "session-\(version).session").path(percentEncoded: false), into: Session()
    ) { Issue.record("\($0)") }
  }

  private func numbers(_ shown: [String]) -> [Double] {
    shown.joined(separator: " ").split { "[] ".contains($0) }.compactMap { Double($0) }
  }

  @Test("Names, data, networks, cells and random numbers are those of the session", arguments: [2, 3, 4])
  func sessions(version: Int) throws {
    let session = try open(version)
    #expect(session.entries.count == (version == 4 ? 22 : 17), "\(session.entries.count)")
    #expect(shown("print double(L), width, words[0], a[1, 1]", in: session).joined() == "21 5 x 4.5")
    if version == 4 { run(["net flowers"], in: session) }
    let answer = numbers(shown("activate [5.1, 3.5, 1.4, 0.2]", in: session))
    let expected = [0.859186947, 0.074308865, 0.066504195]
    #expect(answer.count == 3 && zip(answer, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(answer)")
    // The names of the classes, how the data was scaled, and what the optimizer remembers.
    #expect(shown("predict iris n=2", in: session).joined().contains("setosa"))
    #expect(shown("show data iris", in: session).joined().contains("120"))
    run(["train iris epochs=2 batch=8", "plot loss", "plot series L", "layer o2 dense 2"], in: session)
  }

  @Test("A network that learns online goes on from its state")
  func memory() throws {
    let session = try open(4)
    let next = numbers(shown("activate [0.5, 1]", in: session))
    let before = [0.451825349, 0.426724105]
    #expect(next.count == 1 && !before.contains { abs($0 - (next.first ?? 0)) < 1e-9 }, "\(next)")
    run(["forget"], in: session)
    let first = numbers(shown("activate [0.5, 1]", in: session))
    #expect(abs((first.first ?? 0) - before[0]) < 1e-6, "\(first)")
  }

  @Test("An old session is saved in the form of today, and is the same again")
  func saved() throws {
    let file = SessionPath()
    try file.write(try open(2))
    #expect(try ArrayFile.read(file.path).metadata["nbs-session"] == "3")
    let again = try file.read()
    #expect(shown("print double(L)", in: again).joined() == "21")
    let answer = numbers(shown("activate [5.1, 3.5, 1.4, 0.2]", in: again))
    #expect(abs((answer.first ?? 0) - 0.859186947) < 1e-5, "\(answer)")
  }
}

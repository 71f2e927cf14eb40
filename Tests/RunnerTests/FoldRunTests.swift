import Diagnostics
import Foundation
import Foundations
import NeuralEngine
import Sessions
import TestSupport
import Testing

@testable import Runner

/// Folds of a notebook that several processes share.
@Suite struct FoldRunTests {
  private static let text = """
    # %%
    data iris
    # %%
    net n
    layer i input 4
    layer o dense 3 softmax
    connect all
    train iris epochs=2 rate=0.1
    """

  /// What a cross-validation came to, for whoever speaks to the user.
  private struct Shown: Equatable, Sendable {
    var csv: String
    var failures: [Int: String]
    var failure: Diagnostic?
    var ended = 0
  }

  private static func shown(
    _ text: String, _ scheme: FoldScheme, jobs: Int = 1, _ group: (any ProcessGroup)?
  ) throws -> Shown {
    let folder = FileManager.default.temporaryDirectory.appending(path: "folds-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "n.nbs").path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let file = try #require(NotebookFile.load(path).file)
    let run = FoldRun(file, data: "iris", scheme, interruption: InterruptionRequest(), sharedWith: group)
    let lock = NSLock()
    nonisolated(unsafe) var ended = 0
    let (result, failure) = run.run(jobs: jobs, threads: 1) { lock.withLock { ended += 1 } }
    var plain = failure
    plain?.source = nil
    return Shown(csv: result.csv, failures: result.failures, failure: plain, ended: lock.withLock { ended })
  }

  @Test func theTableIsTheSameFromHoweverManyProcesses() throws {
    let scheme = FoldScheme(folds: 4, repeats: 2, by: nil, isOrdered: false, isStratified: nil)
    let alone = try Self.shown(Self.text, scheme, nil)
    #expect(alone.failure == nil && alone.ended == 8)
    for count in [2, 3, 11] {
      let all = try ThreadGroup().run(count) { try Self.shown(Self.text, scheme, $0) }
      #expect(all[0] == alone)
    }
    #expect(try ThreadGroup().run(2) { try Self.shown(Self.text, scheme, jobs: 3, $0) }[0] == alone)
  }

  /// The first process says why the first of them failed, whichever process ran it, and where. As many folds run at once in
  /// all processes as in the one.
  @Test func foldsThatFailAreTold() throws {
    let text = Self.text + "\nassert 1 < 0, \"never\"\n"
    let scheme = FoldScheme(folds: 4, repeats: 1, by: nil, isOrdered: false, isStratified: nil)
    let alone = try Self.shown(text, scheme, jobs: 4, nil)
    #expect(alone.failures.count == 4 && alone.failure?.span != nil, "\(alone)")
    for (count, jobs) in [(2, 2), (4, 1)] {
      #expect(try ThreadGroup().run(count) { try Self.shown(text, scheme, jobs: jobs, $0) }[0] == alone)
    }
  }

  /// Where the first folds fail in the same way, as many as run at once in all processes, the others are not run.
  @Test func whatFailsInTheSameWayIsNotRepeated() throws {
    let text = Self.text + "\nassert 1 < 0, \"never\"\n"
    let scheme = FoldScheme(folds: 9, repeats: 1, by: nil, isOrdered: false, isStratified: nil)
    let alone = try Self.shown(text, scheme, jobs: 1, nil)
    #expect(alone.failures.count == 1 && alone.failure?.notes.last?.contains("8 others were not run") == true)
    let all = try ThreadGroup().run(3) { try Self.shown(text, scheme, jobs: 2, $0) }
    #expect(all[0].failures.count == 6 && all[0].ended == 6)
    #expect(all[0].failure?.message == alone.failure?.message)
    #expect(all[0].failure?.span == alone.failure?.span)
    #expect(all[0].failure?.notes.last == "The first 6 folds all failed so, and 3 others were not run.")
    // Hosts with other numbers of cores agree on how many that is.
    let uneven = try ThreadGroup().run(3) { try Self.shown(text, scheme, jobs: 1 + $0.rank, $0) }
    #expect(uneven[0].failures.count == 6 && uneven[0].ended == 6)
  }

  /// A message that says nothing of a fold is a failure, and no fold is lost.
  @Test func anEndingIsToldWhole() throws {
    let source = SourceText("a = b", name: "cell 1", file: "a.nbs", firstLine: 3)
    let diagnostic = Diagnostic(
      .badValue, "never", at: SourceSpan(4, 5), notes: ["a note"], suggestion: "always", severity: .notice
    ).located(in: source)
    let bytes = try #require(FoldMessage.bytes(3, .failure(diagnostic)))
    let message = try JSONMessage.value(FoldMessage.self, bytes)
    #expect(message.place == 3)
    guard case .failure(let told) = message.ending else {
      Issue.record("it failed")
      return
    }
    #expect(told == diagnostic)
    let empty = try JSONMessage.value(FoldMessage.self, Array(#"{"place": 1}"#.utf8))
    guard case .failure(let nothing) = empty.ending else {
      Issue.record("it says nothing")
      return
    }
    #expect(nothing.code == .internalError)
  }
}

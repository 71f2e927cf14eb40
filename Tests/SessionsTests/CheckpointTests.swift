import Diagnostics
import Foundation
import NeuralEngine
import Outputs
import Rendering
import Testing

@testable import Sessions

/// Trainings in files.
@Suite struct CheckpointTests {
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.appending(path: "ckpt-\(UUID().uuidString)").path
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private static let setup = """
    seed 7
    data moons from moons n=60 noise=0.3
    prepare moons
    net n optimizer=adam rate=0.02
    layer i input 2
    layer h dense 6 relu
    layer d dropout 20%
    layer o dense 1 sigmoid
    connect all

    """

  @discardableResult
  private func run(_ session: Session, _ cell: String) throws -> String {
    var shown: [String] = []
    let outcome = session.evaluate(SourceText(cell, name: "test")) { shown.append($0.text(.report)) }
    try #require(outcome == .done, "\(outcome)")
    return shown.joined(separator: "\n")
  }

  private func state(_ session: Session) throws -> [UInt64] {
    try run(session, "r = rand(3)")
    let weights = try #require(session.state.current?.parameters).flatMap(\.values)
    return (weights + (session.array(named: "r")?.values ?? []) + [session.metrics["val_loss"] ?? 0]).map(
      \.bitPattern)
  }

  @Test func aTrainingGoesOnFromItsFile() throws {
    let folder = try Folder()
    let file = "\"\(folder.path)/m.safetensors\""
    let whole = Session()
    try run(whole, Self.setup + "train moons epochs=16 validate=20%")
    let expected = try state(whole)
    let first = Session()
    try run(first, Self.setup + "train moons epochs=7 validate=20% checkpoint=\(file) every=3")
    let second = Session()
    let words = try run(second, Self.setup + "train moons epochs=16 validate=20% resume=\(file)")
    #expect(words.contains("going on after 7 epochs of 16"))
    #expect(try state(second) == expected)
    // It is a model file of the best weights, too.
    let third = Session()
    try run(third, Self.setup + "load other \(file)\nevaluate moons")
    // And begins where there is none yet.
    let fresh = Session()
    let other = "\"\(folder.path)/new.safetensors\""
    let begun = try run(
      fresh, Self.setup + "train moons epochs=16 validate=20% checkpoint=\(other) resume=\(other)")
    #expect(begun.contains("the training begins"))
    #expect(try state(fresh) == expected)
  }

  /// One that is stopped keeps its last checkpoint; going on from it is as if it had not been.
  @Test func anInterruptedTrainingGoesOn() throws {
    let folder = try Folder()
    let file = "\"\(folder.path)/m.safetensors\""
    let whole = Session()
    try run(whole, Self.setup + "train moons epochs=300 validate=20% schedule=cosine")
    let stopped = Session()
    stopped.measured = { batch in if batch.steps.count > 2 { stopped.interruption.request() } }
    let outcome = stopped.evaluate(
      SourceText(
        Self.setup + "train moons epochs=300 validate=20% schedule=cosine checkpoint=\(file) every=5",
        name: "test")
    ) { _ in }
    let resumed = Session()
    let words = try run(
      resumed, Self.setup + "train moons epochs=300 validate=20% schedule=cosine resume=\(file)")
    // On a very quick machine it may have come to its end.
    #expect(outcome == .interrupted || outcome == .done)
    #expect(words.contains("going on after"))
    #expect(try state(resumed) == state(whole))
  }

  @Test(arguments: [
    ("train moons epochs=9 validate=20% batch=7 resume=FILE", "batch=32"),
    ("train moons epochs=9 validate=20% rate=0.1 resume=FILE", "rate=0.02"),
    ("train moons epochs=9 resume=FILE", "validate=0.2"),
    ("train moons epochs=9 validate=20% schedule=cosine resume=FILE", "schedule"),
    (
      "data moons from moons n=60 noise=0.1\ntrain moons epochs=9 validate=20% resume=FILE",
      "The data is not that"
    ),
    (
      "net k optimizer=adam rate=0.02\nlayer i input 2\nlayer o dense 1 sigmoid\nconnect all\n"
        + "train moons epochs=9 validate=20% resume=FILE", "differs from the one"
    ),
    ("train moons epochs=9 resume=\"nothing.safetensors\"", "nothing.safetensors"),
    ("save net \"MODEL\"\ntrain moons epochs=9 resume=\"MODEL\"", "is no checkpoint"),
    ("train moons checkpoint=\"/nowhere/at/all.safetensors\"", "/nowhere"),
  ])
  func whatDiffersIsTold(_ cell: String, _ words: String) throws {
    let folder = try Folder()
    let file = "\"\(folder.path)/m.safetensors\""
    let session = Session()
    try run(session, Self.setup + "train moons epochs=3 validate=20% checkpoint=\(file)")
    let again = Session()
    try run(again, Self.setup)
    var said = ""
    let outcome = again.evaluate(
      SourceText(
        cell.replacing("FILE", with: file).replacing("MODEL", with: "\(folder.path)/k.safetensors"),
        name: "test")
    ) { if case .error(let diagnostic) = $0 { said = diagnostic.message } }
    guard case .failed = outcome else {
      Issue.record("\(cell): \(outcome)")
      return
    }
    #expect(said.contains(words), "\(said)")
  }
}

import Diagnostics
import Foundation
import Outputs
import Rendering
import Runs
import Sessions
import Testing

@testable import Runner

/// Runs that are stopped and taken up again, against one that never stopped.
@Suite struct ResumedRunTests {
  private static let text = """
    # %%
    param rate = 0.1
    data moons from moons n=60 noise=0.3
    prepare moons

    # %%
    net n optimizer=adam rate=rate
    layer i input 2
    layer h dense 6 relu
    layer d dropout 20%
    layer o dense 1 sigmoid
    connect all
    train moons epochs=4 validate=20%

    # %%
    train moons epochs=30 validate=20% every=5 metrics=auc patience=25
    print rand(3)

    # %%
    train moons epochs=10
    evaluate moons
    """

  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "resumed-\(UUID().uuidString)")
    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(at: url) }
  }

  private func notebook(in folder: Folder) throws -> NotebookFile {
    let path = folder.url.appending(path: "n.nbs").path
    try Self.text.write(toFile: path, atomically: true, encoding: .utf8)
    return try #require(NotebookFile.load(path).file)
  }

  /// Runs the notebook, and stops it when so many metrics have been measured.
  private func run(
    _ file: NotebookFile, in folder: Folder, resuming: Bool, stoppedAfter limit: Int? = nil
  ) throws -> (shown: [String], digest: UInt64, outcome: NotebookRun.Outcome) {
    let session = Session(seed: 5)
    session.checkpoints = RunCheckpoints(
      folder: folder.url.appending(path: "kept").path, isResuming: resuming,
      environment: [RunCheckpoints.intervalVariable: "0"])
    var shown: [String] = []
    var batches = 0
    let headless = try HeadlessRun(file, in: session)
    session.measured = { _ in
      batches += 1
      if let limit, batches > limit { session.interruption.request() }
    }
    let run = headless.run(keptAt: nil) { output in
      if case .progress = output { return }
      shown.append(output.text(.report))
    }
    return (shown, session.digest, run.run.outcome)
  }

  @Test(arguments: [0, 3, 9])
  func aRunGoesOnToTheSameOutputs(_ stop: Int) throws {
    let folder = try Folder()
    let file = try notebook(in: folder)
    let whole = try run(file, in: try Folder(), resuming: false)
    #expect(whole.outcome == .done)
    let broken = try run(file, in: folder, resuming: false, stoppedAfter: stop)
    #expect(broken.outcome == .interrupted || broken.outcome == .done)
    let again = try run(file, in: folder, resuming: true)
    #expect(again.outcome == .done)
    #expect(again.shown == whole.shown)
    #expect(again.digest == whole.digest)
  }

  /// Trainings that are over are not trained again, also where patience ended them.
  @Test func whatIsOverIsNotTrainedAgain() throws {
    let folder = try Folder()
    let file = try notebook(in: folder)
    let whole = try run(file, in: folder, resuming: false)
    let kept = try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "kept").path)
    #expect(kept.sorted() == (1...3).map { "training-\($0).safetensors" })
    let again = try run(file, in: folder, resuming: true)
    #expect(again.shown == whole.shown && again.digest == whole.digest)
  }
}

import Diagnostics
import Foundation
import Notebooks
import Outputs
import Rendering

@testable import Runs

/// A store in a folder of the test's own, gone with it.
final class TestStore {
  let location: StoreLocation
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "nbs-runs-\(UUID().uuidString)")
    location = StoreLocation(folder: folder.path)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The names of the files in it.
  var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }

  func recorder(_ description: RunDescription = .small) -> RunRecorder {
    RunRecorder(description, location: { [location] in location }, render: { RenderedOutput($0) })
  }

  func read() throws -> RunStore {
    guard let store = try RunStore.openToRead(at: location) else { throw CocoaError(.fileNoSuchFile) }
    return store
  }

  /// Keeps a run of one cell with these figures, step by step.
  @discardableResult
  func keep(
    _ title: String, parameters: [RunFact] = [], figures: [String: [Double]] = [:],
    output: String? = nil, ending: RunEnding = .done
  ) throws -> Int64 {
    var description = RunDescription.small
    (description.title, description.parameters) = (title, parameters)
    description.path = "/notebooks/\(title).nbs"
    let recorder = recorder(description)
    recorder.cellBegan(at: 0)
    for (name, values) in figures.sorted(by: { $0.key < $1.key }) {
      recorder.measured(
        MetricBatch(subject: "n on d", name: name, steps: 1...values.count) { values[$0 - 1] })
    }
    if let output { recorder.showed(.text(output)) }
    recorder.cellEnded(ending)
    recorder.finish(ending)
    if let warning = recorder.takeWarning() { throw warning }
    return recorder.run ?? 0
  }
}

extension RunDescription {
  static var small: RunDescription {
    RunDescription(
      title: "small", path: "/notebooks/small.nbs", origin: .file, seed: UInt64.max, version: "0.1.0",
      notebook: Notebook(
        header: NotebookHeader(title: "Small"), cells: [Cell(.code, "print 1"), Cell(.markdown, "# Prose")]))
  }
}

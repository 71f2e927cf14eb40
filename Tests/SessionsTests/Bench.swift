import Diagnostics
import Foundation
import Outputs
import Rendering
import Sessions

/// A session, and what it has shown so far.
final class Bench {
  let session: Session
  private(set) var shown = ""
  private(set) var lastError: Diagnostic?
  /// What the last cell has shown, wherever lines break: a path in a sentence is as long as the machine has it.
  var said: String { shown.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
  /// The folder with its files, which is gone with it.
  var folder: Folder?

  init(environment: [String: String] = [:]) { session = Session(seed: 1, environment: environment) }

  /// Runs a cell; true when all of it ran.
  @discardableResult func run(_ cell: String) -> Bool {
    shown = ""
    lastError = nil
    let outcome = session.evaluate(SourceText(cell, name: "test")) { output in
      if case .error(let diagnostic) = output { self.lastError = diagnostic }
      self.shown += output.text(.report) + "\n"
    }
    return outcome == .done
  }
}

/// A folder that is gone when the test is.
final class Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "nbs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String, _ text: String) throws -> String {
    let file = url.appending(path: name)
    try Data(text.utf8).write(to: file)
    return file.path
  }
}

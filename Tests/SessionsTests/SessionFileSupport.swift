import Foundation
import ModelFiles
import Outputs
import Rendering
import Testing

@testable import Sessions

/// Runs cells that must work.
func run(
  _ cells: [String], in transcript: Transcript, _ location: SourceLocation = #_sourceLocation
) {
  for cell in cells {
    let outcome = transcript.run(cell) { _ in }
    #expect(outcome == .done, "\(cell)", sourceLocation: location)
  }
}

/// What a cell shows.
func shown(_ cell: String, in transcript: Transcript) -> [String] {
  var shown: [String] = []
  _ = transcript.run(cell) { shown.append($0.text(.report)) }
  return shown
}

/// A place for a session's file, which goes away with the test.
final class SessionPath {
  let path = FileManager.default.temporaryDirectory.appending(path: "nbs-\(UUID().uuidString).session").path

  deinit { unlink(path) }

  func write(_ transcript: Transcript) throws {
    try SessionFile.contents(of: transcript) { $0.text(.report) }.write(to: path)
  }

  func read() throws -> Transcript { try SessionFile.read(path, into: Session()) { Issue.record("\($0)") } }

  /// The description in the file.
  func description() throws -> [UInt8] { try #require(ArrayFile.read(path)["session"]).bytes }

  /// Writes the file with another description.
  func write(_ description: [UInt8], in file: ArrayFile) throws {
    var file = file
    file.add(StoredArray("session", shape: [description.count], bytes: description))
    try file.write(to: path)
  }
}

/// The session of a transcript, out of a file.
func reopened(_ transcript: Transcript) throws -> Transcript {
  let file = SessionPath()
  try file.write(transcript)
  return try file.read()
}

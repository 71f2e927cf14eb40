import Foundation
import Testing

/// Compares a text with the one in `Golden/<name>.txt` or `.svg`.
///
/// With NBS_RECORD in the environment the file is written instead, and the test fails, so that nobody records
/// by accident and takes that for a pass.
func expectGolden(
  _ text: String, _ name: String, extension kind: String = "txt",
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
  let file = folder.appending(path: name + "." + kind)
  if ProcessInfo.processInfo.environment["NBS_RECORD"] != nil {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try (text + "\n").write(to: file, atomically: true, encoding: .utf8)
    Issue.record("recorded \(name).\(kind); look at it and run again", sourceLocation: sourceLocation)
    return
  }
  let golden = try String(contentsOf: file, encoding: .utf8)
  #expect(text + "\n" == golden, sourceLocation: sourceLocation)
}

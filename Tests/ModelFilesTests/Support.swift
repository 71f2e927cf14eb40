import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import ModelFiles

/// A folder that goes away with the test.
final class TemporaryFolder {
  let url = URL(filePath: NSTemporaryDirectory()).appending(path: "nbs-models-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path() }

  func write(_ bytes: [UInt8], _ name: String = "m.safetensors") throws -> String {
    try Data(bytes).write(to: url.appending(path: name))
    return path(name)
  }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path())) ?? []).sorted() }
}

/// A file with a header as it is given and so many bytes behind it.
func container(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
  let text = Array(header.utf8)
  let length = length ?? UInt64(text.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text
    + [UInt8](repeating: 0, count: data)
}

/// What reading some bytes fails with.
func mistake(_ bytes: [UInt8]) throws -> CodedError? {
  let folder = try TemporaryFolder()
  let path = try folder.write(bytes)
  do throws(CodedError) {
    _ = try ArrayFile.read(path)
    return nil
  } catch { return error }
}

/// The code of the error that something ends with.
func code(_ body: () throws(CodedError) -> Void) -> ErrorCode? {
  do throws(CodedError) {
    try body()
    return nil
  } catch { return error.code }
}

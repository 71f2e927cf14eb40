import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The path of a file or folder in `Fixtures/`.
func fixture(_ name: String) -> String {
  #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Fixtures/\(name)"
}

/// The bytes of a file.
func bytes(of path: String) throws -> [UInt8] {
  let file = try ByteFile(path: path)
  return try file.bytes(at: 0, count: file.size)
}

/// Reads bytes as if they stood in a file.
func read(
  _ bytes: [UInt8], name: String = "t", options: ReadOptions = ReadOptions()
) throws(CodedError) -> DatasetParts {
  try DatasetFile.read(ByteFile(name: "file", bytes: bytes), name: name, options: options)
}

/// Reads a CSV text.
func table(_ text: String, _ options: ReadOptions = ReadOptions()) throws(CodedError) -> Dataset {
  try read(Array(text.utf8), options: options).train
}

/// Expects an error of a code whose message says some things.
func expectError(
  _ code: ErrorCode, saying parts: [String] = [], sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  do {
    try body()
    Issue.record("no error, but \(code) was expected", sourceLocation: sourceLocation)
  } catch let error as CodedError {
    #expect(error.code == code, "\(error.message)", sourceLocation: sourceLocation)
    for part in parts {
      #expect(error.message.contains(part), "\(error.message)", sourceLocation: sourceLocation)
    }
  } catch {
    Issue.record("\(error)", sourceLocation: sourceLocation)
  }
}

/// A folder that is gone when the last one who holds it lets go.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/nbs-tests-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/tmp"
    }
  }

  deinit {
    guard path.contains("nbs-tests-") else { return }
    TemporaryFolder.empty(path)
  }

  private static func empty(_ path: String) {
    for name in (try? Folder.names(in: path)) ?? [] {
      let inner = "\(path)/\(name)"
      if Folder.isFolder(inner) { empty(inner) } else { unlink(inner) }
    }
    rmdir(path)
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    if let slash = name.lastIndex(of: "/") { try Folder.make("\(path)/\(name[..<slash])") }
    let file = try #require(fopen("\(path)/\(name)", "wb"))
    defer { fclose(file) }
    #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }
}

import Foundations
import NeuralEngine
import Testing

@testable import ByteStreams
@testable import DataFiles
@testable import Datasets

/// Files at addresses: a server on this machine stands for all others.
@Suite struct WebFileTests {
  private let table = Array("a,b\n1,2\n3,4\n".utf8)

  private func locations(_ folder: TemporaryFolder, mayDownload: Bool = true) -> DataLocations {
    var locations = DataLocations(folders: [], cache: folder.path, patience: 5)
    locations.mayDownload = mayDownload
    return locations
  }

  private func checksum(_ bytes: [UInt8]) -> String {
    var digest = Digest()
    digest.add(bytes)
    return digest.digits
  }

  @Test func isFetchedOnceAndKept() throws {
    let server = try LoopbackServer(table)
    let folder = TemporaryFolder()
    let file = try #require(WebFile(server.address + "/sets/table.csv?raw=1"))
    let first = try file.copy(locations(folder))
    #expect(first.checksum == checksum(table) && first.path.hasSuffix("/table.csv"))
    #expect(try bytes(of: first.path) == table)
    let kept = String(decoding: try bytes(of: first.path + ".sha256"), as: UTF8.self)
    #expect(kept == "\(checksum(table))  table.csv\n")
    server.stop()
    #expect(try file.copy(locations(folder)) == first)
    #expect(
      try file.copy(locations(folder, mayDownload: false), checksum: first.checksum.uppercased()) == first)
    #expect(server.log == ["/sets/table.csv?raw=1"])
    // Another address is another file.
    let other = try #require(WebFile(server.address + "/sets/table.csv?raw=2"))
    expectError(.noNetwork) { _ = try other.copy(locations(folder, mayDownload: false)) }
    expectError(.downloadFailed, saying: ["127.0.0.1"]) { _ = try other.copy(locations(folder)) }
  }

  @Test func anotherFileThanAskedForIsRefused() throws {
    let server = try LoopbackServer(table)
    defer { server.stop() }
    let folder = TemporaryFolder()
    let file = try #require(WebFile(server.address + "/table.csv"))
    let wrong = String(repeating: "a", count: 64)
    expectError(.wrongChecksum, saying: [checksum(table)]) {
      _ = try file.copy(locations(folder), checksum: wrong)
    }
    expectError(.noNetwork) { _ = try file.copy(locations(folder, mayDownload: false)) }
    let copy = try file.copy(locations(folder), checksum: checksum(table))
    expectError(.wrongChecksum, saying: [copy.path]) { _ = try file.copy(locations(folder), checksum: wrong) }
    expectError(.badValue, saying: ["64"]) { _ = try file.copy(locations(folder), checksum: "12") }
    // The copy may not change behind one's back either.
    try folder.write(table + [0x0A], to: String(copy.path.dropFirst(folder.path.count + 1)))
    expectError(.wrongChecksum, saying: [copy.path, "Delete it"]) { _ = try file.copy(locations(folder)) }
  }

  @Test(arguments: [LoopbackServer.Manner.missing, .cutsOff(5)]) func whatDoesNotComeWholeIsNotKept(
    _ manner: LoopbackServer.Manner
  ) throws {
    let server = try LoopbackServer(table, manner)
    defer { server.stop() }
    let folder = TemporaryFolder()
    let file = try #require(WebFile(server.address + "/table.csv"))
    expectError(.downloadFailed) { _ = try file.copy(locations(folder)) }
    expectError(.noNetwork) { _ = try file.copy(locations(folder, mayDownload: false)) }
    server.change(.good)
    #expect(try bytes(of: file.copy(locations(folder)).path) == table)
    #expect(server.log.count == 2)
  }

  @Test func addresses() throws {
    #expect(WebFile("table.csv") == nil && WebFile("httpsfiles/table.csv") == nil)
    let folder = TemporaryFolder()
    for address in [
      "http://example.org/t.csv", "http://localhost.example.org/t.csv", "http://127.0.0.1.org/t.csv",
    ] {
      expectError(.badAddress, saying: ["\"https://\(address.dropFirst(7))\""]) {
        _ = try WebFile(address)?.copy(locations(folder))
      }
    }
    expectError(.badAddress, saying: ["%20"]) {
      _ = try WebFile("https://example.org/a b.csv")?.copy(locations(folder))
    }
  }
}

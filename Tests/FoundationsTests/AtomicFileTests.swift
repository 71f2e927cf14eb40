import Foundation
import Foundations
import Testing

/// A folder of the test's own, gone with it.
private final class Folder {
  private let url = FileManager.default.temporaryDirectory.appending(path: "nbs-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }
  func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

@Suite struct AtomicFileTests {
  private func mode(_ path: String) throws -> mode_t {
    var status = stat()
    try #require(lstat(path, &status) == 0)
    return status.st_mode
  }

  @Test func aLinkStaysAndItsTargetKeepsItsPermissions() throws {
    let folder = try Folder()
    try AtomicFile.write("old", to: folder.path("real"))
    chmod(folder.path("real"), 0o640)
    symlink("real", folder.path("link"))
    try AtomicFile.write("new", to: folder.path("link"))
    #expect(try folder.text("real") == "new")
    #expect(try mode(folder.path("real")) & 0o7777 == 0o640)
    #expect(try mode(folder.path("link")) & S_IFMT == S_IFLNK)
    #expect(folder.names == ["link", "real"])
  }

  @Test func aLinkToNothingGetsItsTarget() throws {
    let folder = try Folder()
    symlink("real", folder.path("link"))
    try AtomicFile.write("new", to: folder.path("link"))
    #expect(try folder.text("real") == "new")
    #expect(try mode(folder.path("link")) & S_IFMT == S_IFLNK)
  }

  @Test func aPipeIsWrittenInto() throws {
    let folder = try Folder()
    try #require(mkfifo(folder.path("pipe"), 0o600) == 0)
    let reader = open(folder.path("pipe"), O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try AtomicFile.write("new", to: folder.path("pipe"))
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(read(reader, &bytes, 8) == 3 && bytes.starts(with: "new".utf8))
    #expect(try mode(folder.path("pipe")) & S_IFMT == S_IFIFO)
  }

  @Test func aDeviceStaysADevice() throws {
    try AtomicFile.check("/dev/null")
    try AtomicFile.write("new", to: "/dev/null")
    #expect(try mode("/dev/null") & S_IFMT == S_IFCHR)
  }

  @Test func whatCannotBeWrittenIsFoundOutBefore() throws {
    let folder = try Folder()
    for path in [folder.path(""), folder.path("none/file")] {
      let checked = #expect(throws: CodedError.self) { try AtomicFile.check(path) }
      let written = #expect(throws: CodedError.self) { try AtomicFile.write("new", to: path) }
      #expect(checked?.code == .unwritableFile && checked == written)
    }
    try AtomicFile.check(folder.path("file"))
    #expect(folder.names.isEmpty, "a check leaves nothing behind")
  }

  @Test func whatAKilledProcessLeftIsDroppedLater() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nbs-atomic-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // No process has the largest number there is; this one lives.
    let names = [".nbs-2147483646-0", ".nbs-2147483646-1", ".nbs-\(getpid())-900", ".nbs-notes", "a.nbs"]
    for name in names { try "x".write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8) }
    let old = Date(timeIntervalSinceNow: -7200)
    for name in names where name != ".nbs-2147483646-1" {
      try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: "\(folder)/\(name)")
    }
    try AtomicFile.write("new", to: folder + "/a.nbs")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(left == names.sorted().filter { $0 != ".nbs-2147483646-0" })
  }
}

@Suite struct UserFolderTests {
  @Test(
    arguments: [
      (["HOME": "/h"], "/h/.cache/nbs"), (["HOME": "/h", "XDG_CACHE_HOME": "/c"], "/c/nbs"),
      (["HOME": "/h", "XDG_CACHE_HOME": ""], "/h/.cache/nbs"),
      (["HOME": "/h", "XDG_CACHE_HOME": "relative"], "/h/.cache/nbs"), (["HOME": "relative"], nil),
      ([:], nil),
    ] as [([String: String], String?)])
  func emptyAndRelativeValuesCountAsUnset(environment: [String: String], expected: String?) {
    #expect(UserFolder.cache.path(in: environment) == expected)
  }

  @Test func dataAndStateHaveFoldersOfTheirOwn() {
    #expect(UserFolder.data.path(in: ["HOME": "/h"]) == "/h/.local/share/nbs")
    #expect(UserFolder.state.path(in: ["HOME": "/h", "XDG_STATE_HOME": "/s"]) == "/s/nbs")
  }
}

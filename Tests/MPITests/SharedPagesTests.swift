import Foundation
import Testing

@testable import MPI

#if os(Linux)
  /// What stands where another process is believed to have its memory.
  @Suite struct SharedPagesTests {
    @Test func aMachineHasOneName() throws {
      try #require(FileManager.default.isReadableFile(atPath: "/proc/sys/kernel/random/boot_id"))
      #expect(SharedPages.machine == SharedPages.machine)
    }

    @Test func onlyFilesThatAreLongEnoughAreMapped() throws {
      let folder = FileManager.default.temporaryDirectory.appending(path: "pages-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(at: folder) }
      let path = folder.appending(path: "file").path
      try Data(count: 100).write(to: URL(filePath: path))
      let file = try #require(SharedPages.file(at: path, holding: 100))
      close(file)
      #expect(SharedPages.file(at: path, holding: 101) == nil)
      #expect(SharedPages.file(at: path + "s", holding: 0) == nil)
      #expect(SharedPages.file(at: folder.path, holding: 0) == nil)
      // Nobody writes to it: who waited for it would wait for ever.
      let pipe = folder.appending(path: "pipe").path
      try #require(mkfifo(pipe, 0o600) == 0)
      #expect(SharedPages.file(at: pipe, holding: 0) == nil)
    }
  }
#endif
